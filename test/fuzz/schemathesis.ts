import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, renameSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { cacheFolder } from '../../temporal/server/binary.ts';

/** What `schemathesis.txt` asks for; a new pin is another folder. */
const requirements = fileURLToPath(new URL('schemathesis.txt', import.meta.url));

/**
 * Schemathesis, installed once into the cache beside Temporal's programs: a virtual environment of pinned versions, each
 * checked against its SHA-256.
 *
 * `missing` says why there is none on machines that lack Python, its venv or a package index; whatever else goes wrong
 * throws. Two who install at once do not disturb each other: the one who ends last finds it there.
 */
export function findSchemathesis(): { readonly program: string } | { readonly missing: string } {
  const digest = createHash('sha256').update(readFileSync(requirements)).digest('hex').slice(0, 12);
  const folder = join(cacheFolder(), `schemathesis-${digest}-${process.platform}-${process.arch}`);
  const done = join(folder, 'whole');
  const program = join(folder, 'venv', 'bin', 'python');
  if (existsSync(done)) return { program };

  const python = ['python3', 'python'].find((name) =>
    works(name, ['-c', 'import sys, venv; sys.exit(sys.version_info < (3, 11))']),
  );
  if (python === undefined) return { missing: 'Python 3.11 or newer with venv is not on the PATH' };
  rmSync(folder, { recursive: true, force: true });
  mkdirSync(folder, { recursive: true });
  if (!works(python, ['-m', 'venv', join(folder, 'venv')]))
    return {
      missing: 'Python cannot make a virtual environment (on Debian and Ubuntu: apt install python3-venv)',
    };
  const pip = ['-m', 'pip', 'install', '--quiet', '--disable-pip-version-check', '--no-compile'];
  const installed = spawnSync(
    program,
    [...pip, '--only-binary=:all:', '--require-hashes', '--requirement', requirements],
    { encoding: 'utf8', timeout: 600_000 },
  );
  if (installed.status !== 0) {
    const said = installed.stderr.trim().split('\n').slice(-4).join('\n');
    // Bytes other than those that we know are a reason to stop, not to look away.
    if (/hash/i.test(said)) throw new Error(`Schemathesis is not what schemathesis.txt pins:\n${said}`);
    return { missing: `pip could not install it: ${said}` };
  }
  mkdirSync(`${done}.new`);
  renameSync(`${done}.new`, done);
  return { program };
}

function works(program: string, args: readonly string[]): boolean {
  return spawnSync(program, args, { timeout: 120_000 }).status === 0;
}
