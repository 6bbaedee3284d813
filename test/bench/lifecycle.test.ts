import { spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';

const clone = fileURLToPath(new URL('../..', import.meta.url));

/** The figures that the bench promises; how large they are is no business of a test on a busy machine. */
const promised = [
  ...['ratio', 'ratioWithPostgres', 'stepCost', 'stepCostTen', 'stepCostTenPerMessage', 'invoicesPerMessage'],
  ...['stepsPerSecond', 'eventsPerInvoice', 'bytesPerInvoice', 'eventsPerStep', 'bytesPerStep'],
  ...['bareEventsPerStep', 'bareBytesPerStep'],
];

// CPU times of whole process trees come from /proc.
describe.runIf(process.platform === 'linux')('bench lifecycle', () => {
  it('measures our lives against bare ones and says so in a last line of JSON', () => {
    const bench = ['--import', import.meta.resolve('tsx'), 'bench/run.ts', 'lifecycle', '--quick'];

    const run = spawnSync(process.execPath, bench, { cwd: clone, encoding: 'utf8' });

    expect(run.stderr).toBe('');
    const figures = JSON.parse(run.stdout.trimEnd().split('\n').at(-1) ?? '') as Record<string, unknown>;
    expect(figures['bench']).toBe('lifecycle');
    for (const name of promised) expect(figures[name], name).toBeGreaterThan(0);
    expect(figures['factToWorkflowMs']).toEqual({ median: expect.any(Number), p99: expect.any(Number) });
    expect(figures['bytesPerSleepingInvoice']).toBeGreaterThanOrEqual(0);
  }, 300_000);

  it('names the benches when it is asked for one that does not exist', () => {
    const run = spawnSync(
      process.execPath,
      ['--import', import.meta.resolve('tsx'), 'bench/run.ts', 'speed'],
      {
        cwd: clone,
        encoding: 'utf8',
      },
    );

    expect(run.status).toBe(2);
    expect(run.stderr).toContain('lifecycle');
  });
});
