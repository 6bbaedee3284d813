import { describe, expect, it } from 'vitest';
import { figuresOf } from './figures.ts';

// Peaks of memory come from /proc.
describe.runIf(process.platform === 'linux')('bench import', () => {
  it('sends a file through the whole house and says what it cost in a last line of JSON', () => {
    const figures = figuresOf('import');

    expect(figures).toMatchObject({ rows: 2_000, created: 2_000, rejected: 0, held: 0, started: 2_000 });
    expect(figures).toMatchObject({ invoices: 2_000, open: 2_000, running: 2_000, previewed: 2_000 });
    expect(figures['broken']).toEqual([]);
    for (const name of ['rowsPerS', 'stagedPerS', 'recordedPerS', 'releasedPerS', 'startsPerS', 'peakMb'])
      expect(figures[name], name).toBeGreaterThan(0);
    const waits = { both: expect.any(Number), list: expect.any(Number), one: expect.any(Number) };
    expect(figures['p95Ms']).toMatchObject({ before: waits, meanwhile: waits, ratio: expect.any(Number) });
  }, 300_000);
});
