import { mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { payloadKeysFile } from '../../start/payload-keys.ts';
import { readKeyRing } from '../../temporal/sealing/key-ring.ts';

describe('the keys of a data folder', () => {
  const day = new Date('2026-11-22T10:00:00Z');
  let folder: string;
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'relance-keys-'));
  });
  afterEach(() => {
    vi.unstubAllEnvs();
    rmSync(folder, { recursive: true });
  });

  it('are made at the first start, for one user alone, and kept at the next', () => {
    const file = payloadKeysFile(folder, day);
    const made = readFileSync(file, 'utf8');

    expect(statSync(file).mode & 0o777).toBe(0o600);
    expect(readKeyRing(made).map(({ id }) => id)).toEqual(['2026-11-22']);
    expect(payloadKeysFile(folder, new Date('2026-12-01T10:00:00Z'))).toBe(file);
    expect(readFileSync(file, 'utf8')).toBe(made);
  });

  it('are those of PAYLOAD_KEYS_FILE where it names some, and none is made then', () => {
    const own = join(folder, 'own-keys');
    writeFileSync(own, readFileSync(payloadKeysFile(folder, day)));
    rmSync(join(folder, 'payload-keys'));
    vi.stubEnv('PAYLOAD_KEYS_FILE', own);

    expect(payloadKeysFile(folder, day)).toBe(own);
    expect(statSync(join(folder, 'payload-keys'), { throwIfNoEntry: false })).toBeUndefined();
  });

  it('keep a start from going on when they are spoilt, and are left as they are', () => {
    writeFileSync(join(folder, 'payload-keys'), 'a:AAAA\n');

    expect(() => payloadKeysFile(folder, day)).toThrow(/payload-keys can't be used: a has 3 bytes/);
    expect(readFileSync(join(folder, 'payload-keys'), 'utf8')).toBe('a:AAAA\n');
  });
});
