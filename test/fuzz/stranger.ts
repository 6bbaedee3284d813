import { spawn } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Description } from './description.ts';

export interface Trial {
  /** The Python that has Schemathesis, as `findSchemathesis` found it. */
  readonly python: string;
  readonly url: string;
  readonly description: Description;
  readonly key: string;
  /** Where its notes go. */
  readonly folder: string;
  readonly name: string;
  readonly secondsMax: number;
}

export interface Outcome {
  /** Everything that it has to say against the API; empty when it has nothing. */
  readonly failures: string;
  readonly operations: number;
  readonly requests: number;
}

const here = fileURLToPath(new URL('.', import.meta.url));

/**
 * Tries an API as a stranger would who has its reference and a key: what is asked for, and what is not.
 *
 * `schemathesis.toml` says what is looked at. The dice are the same at each run, so that what was found once is found again.
 */
export async function tryEverything(trial: Trial): Promise<Outcome> {
  const file = join(trial.folder, `${trial.name}.json`);
  writeFileSync(file, JSON.stringify(trial.description));
  const report = join(trial.folder, `${trial.name}.txt`);
  const args = ['--config-file', join(here, 'schemathesis.toml'), 'run', file];
  const limits = ['--max-time', String(trial.secondsMax), '--generation-database', 'none', '--seed', '1'];
  const child = spawn(
    trial.python,
    [
      '-c',
      'from schemathesis.cli import schemathesis; schemathesis()',
      ...args,
      '--url',
      trial.url,
      '--no-color',
      // One thread: Python 3.11 counts the depth of its syntax trees wrongly when two read source at once (gh-106905).
      '--workers',
      '1',
      ...limits,
    ],
    {
      cwd: here,
      env: {
        ...process.env,
        FUZZ_KEY: trial.key,
        PYTHONDONTWRITEBYTECODE: '1',
        HYPOTHESIS_STORAGE_DIRECTORY: trial.folder,
      },
      stdio: ['ignore', 'pipe', 'inherit'],
    },
  );
  let said = '';
  child.stdout.on('data', (piece: Buffer) => (said += piece.toString()));
  const code = await new Promise<number | null>((resolve, reject) => {
    child.once('error', reject);
    child.once('close', resolve);
  });
  writeFileSync(report, said);
  return {
    failures: code === 0 ? '' : whatFailed(readFileSync(report, 'utf8')),
    operations: Number(/Tested: (\d+)/.exec(said)?.[1] ?? 0),
    requests: Number(/(\d+) generated/.exec(said)?.[1] ?? 0),
  };
}

/** From the heading of the failures on; all of it where there is none, as when it could not begin. */
function whatFailed(said: string): string {
  const begin = said.search(/^=+ (FAILURES|ERRORS) =+$/m);
  return said.slice(Math.max(0, begin)).slice(0, 20_000);
}
