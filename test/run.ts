import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { fileURLToPath } from 'node:url';

interface Totals {
  readonly passed: number;
  readonly failed: number;
  readonly skipped: number;
}

/** What we read of the report that vitest writes. */
interface VitestReport {
  readonly numPassedTests: number;
  readonly numFailedTests: number;
  readonly numPendingTests: number;
  readonly numTodoTests: number;
  readonly testResults: readonly { readonly status: string; readonly assertionResults: readonly unknown[] }[];
}

const HOME = fileURLToPath(new URL('..', import.meta.url));

/** Each counts as one check in the totals. The programs are run by this Node, so npm need not be there. */
const CHECKS = [
  { name: 'types', program: 'typescript/bin/tsc', args: ['--noEmit'] },
  { name: 'lint', program: 'eslint/bin/eslint.js', args: ['.', '--max-warnings=0'] },
  {
    name: 'arrows',
    program: 'dependency-cruiser/bin/dependency-cruise.mjs',
    args: ['--config', '.dependency-cruiser.cjs', '.'],
  },
];

/**
 * What `npm test` runs: types, lint, the arrows between folders, and all tests; with arguments, vitest alone, which gets them.
 *
 * Everything is run even when something failed, and the last line is always `N passed, N failed, N skipped`. Returns the
 * exit code.
 */
export async function runTests(args: readonly string[]): Promise<number> {
  const checks = args.length > 0 ? [] : await Promise.all(CHECKS.map(passes));
  const tests = runVitest(args);

  const passed = tests.passed + checks.filter(Boolean).length;
  const failed = tests.failed + checks.filter((check) => !check).length;
  console.log(`${passed} passed, ${failed} failed, ${tests.skipped} skipped`);
  return failed === 0 ? 0 : 1;
}

/** The checks run side by side, so each says what it has to say when it is over. */
async function passes({ name, program, args }: (typeof CHECKS)[number]): Promise<boolean> {
  const startedAt = performance.now();
  const child = spawn(process.execPath, [programOf(program), ...args], {
    cwd: HOME,
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const ended = once(child, 'close') as Promise<[number | null]>;
  const [said, complained, [code]] = await Promise.all([text(child.stdout), text(child.stderr), ended]);
  const seconds = ((performance.now() - startedAt) / 1_000).toFixed(1);
  console.log(`${said}${complained}${code === 0 ? '✓' : '✗'} ${name} (${seconds} s)`);
  return code === 0;
}

function runVitest(args: readonly string[]): Totals {
  const scratch = mkdtempSync(join(tmpdir(), 'relance-totals-'));
  const report = join(scratch, 'report.json');
  try {
    const reporters = ['--reporter=default', '--reporter=json', `--outputFile.json=${report}`];
    const code = runNode('vitest/vitest.mjs', ['run', ...reporters, ...args]);
    const totals = totalsOf(report);
    // A fault outside any test, in a set-up or left unhandled, fails the run without failing a test.
    return code !== 0 && totals.failed === 0 ? { ...totals, failed: 1 } : totals;
  } finally {
    rmSync(scratch, { recursive: true });
  }
}

function totalsOf(report: string): Totals {
  try {
    const found = JSON.parse(readFileSync(report, 'utf8')) as VitestReport;
    // A file that could not be loaded failed without a failed test: it counts as one.
    const broken = found.testResults.filter(
      (file) => file.status === 'failed' && file.assertionResults.length === 0,
    );
    return {
      passed: found.numPassedTests,
      failed: found.numFailedTests + broken.length,
      skipped: found.numPendingTests + found.numTodoTests,
    };
  } catch {
    return { passed: 0, failed: 1, skipped: 0 }; // Vitest ended without a report.
  }
}

function runNode(program: string, args: readonly string[]): number | null {
  return spawnSync(process.execPath, [programOf(program), ...args], { cwd: HOME, stdio: 'inherit' }).status;
}

function programOf(program: string): string {
  return join(HOME, 'node_modules', program);
}
