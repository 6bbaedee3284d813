import { describe, expect, it } from 'vitest';
import { figuresOf } from './figures.ts';

describe('bench audit', () => {
  it('archives and replays what has lived, and says in a last line of JSON how fast', () => {
    const figures = figuresOf('audit');

    expect(figures['broken']).toEqual([]);
    expect(figures['invoices']).toBe(20);
    // Each has a door beside it.
    expect(figures['histories']).toBeGreaterThanOrEqual(40);
    for (const name of ['replayPerS', 'ratio', 'barePerS', 'archivedPerS', 'verifiedPerS', 'bytesPerRun'])
      expect(figures[name], name).toBeGreaterThan(0);
  }, 300_000);
});
