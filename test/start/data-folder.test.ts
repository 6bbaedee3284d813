import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { prepareDataFolder } from '../../start/data-folder.ts';
import { BadOption } from '../../start/options.ts';

let home: string;
const startedAt = new Date('2026-11-22T05:06:07Z');

beforeEach(() => {
  home = mkdtempSync(join(tmpdir(), 'relance-home-'));
});
afterEach(() => {
  rmSync(home, { recursive: true });
});

describe('the data folder of a start', () => {
  it('is .data in real time, the same at each start', () => {
    const first = prepareDataFolder({ home, data: undefined, speed: 1, startedAt });
    const second = prepareDataFolder({ home, data: undefined, speed: 1, startedAt });

    expect(first).toBe(join(home, '.data'));
    expect(second).toBe(first);
  });

  it('is a fresh one of its own at any other speed', () => {
    const folder = prepareDataFolder({ home, data: undefined, speed: 14_400, startedAt });

    expect(folder).toBe(join(home, '.data', 'speed-14400-20261122-050607'));
    expect(existsSync(folder)).toBe(true);
  });

  it('does not stand in the way of a later start in real time', () => {
    prepareDataFolder({ home, data: undefined, speed: 14_400, startedAt });

    expect(() => prepareDataFolder({ home, data: undefined, speed: 1, startedAt })).not.toThrow();
  });

  // A clock that changes under a sleeping workflow would make all its dates wrong at once.
  it('keeps the speed that it was made with for life', () => {
    prepareDataFolder({ home, data: 'mine', speed: 60, startedAt });

    expect(prepareDataFolder({ home, data: 'mine', speed: 60, startedAt })).toBe(join(home, 'mine'));
    expect(() => prepareDataFolder({ home, data: 'mine', speed: 1, startedAt })).toThrow(
      /made with --speed 60/,
    );
  });

  it('is never a folder that holds something else', () => {
    writeFileSync(join(home, 'thesis.txt'), '');

    expect(() => prepareDataFolder({ home, data: '.', speed: 1, startedAt })).toThrow(BadOption);
    expect(() => prepareDataFolder({ home, data: '.', speed: 1, startedAt })).toThrow(/thesis\.txt/);
  });

  it('is never a file', () => {
    writeFileSync(join(home, 'file'), '');

    expect(() => prepareDataFolder({ home, data: 'file', speed: 1, startedAt })).toThrow(/is not one/);
  });
});
