import { spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { expect } from 'vitest';

const clone = fileURLToPath(new URL('../..', import.meta.url));

/** Runs a bench in its quick form as a person would, and reads its last line; whatever it says in error fails the test. */
export function figuresOf(bench: string): Readonly<Record<string, unknown>> {
  const args = ['--import', import.meta.resolve('tsx'), 'bench/run.ts', bench, '--quick'];
  const run = spawnSync(process.execPath, args, { cwd: clone, encoding: 'utf8' });
  expect(run.stderr).toBe('');
  const figures = JSON.parse(run.stdout.trimEnd().split('\n').at(-1) ?? '') as Record<string, unknown>;
  expect(figures['bench']).toBe(bench);
  return figures;
}
