import { describe, expect } from 'vitest';
import { figuresOf } from '../bench/figures.ts';
import { long } from './split.ts';

// CPU times of whole process trees come from /proc.
describe.runIf(process.platform === 'linux')('bench morning', () => {
  long(
    'lets everything leave once in its morning, and compares its lateness with bare timers',
    () => {
      const figures = figuresOf('morning');

      expect(figures).toMatchObject({ messages: 200, left: 200, invoices: 200, taken: 200, bare: 200 });
      // How many leave in one second is a matter of time: it belongs to the figures alone.
      expect((figures['broken'] as readonly string[]).filter((what) => !/in one second/.test(what))).toEqual(
        [],
      );
      const lateness = { p50: expect.any(Number), p99: expect.any(Number), max: expect.any(Number) };
      expect(figures['latenessMs']).toEqual(lateness);
      expect(figures['bareLatenessMs']).toEqual(lateness);
      expect(figures['ratio']).toBeGreaterThan(0);
    },
    300_000,
  );
});
