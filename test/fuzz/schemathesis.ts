import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, mkdtempSync, readFileSync, renameSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { cacheFolder } from '../../temporal/server/binary.ts';

/** What `schemathesis.txt` asks for; a new pin is another folder. */
const requirements = fileURLToPath(new URL('schemathesis.txt', import.meta.url));

/**
 * Schemathesis, installed once into the cache beside Temporal's programs: a virtual environment of pinned versions, each
 * checked against its SHA-256.
 *
 * It is moved into place at the end, so two who install at once do not disturb each other; therefore it is asked through its
 * Python, and not by its scripts, which know where they were made. `missing` says why there is none on machines that lack
 * Python, its venv or a package index; whatever else goes wrong throws.
 */
export function findSchemathesis(): { readonly python: string } | { readonly missing: string } {
  const digest = createHash('sha256').update(readFileSync(requirements)).digest('hex').slice(0, 12);
  const folder = join(cacheFolder(), `schemathesis-${digest}-${process.platform}-${process.arch}`);
  const whole = { python: join(folder, 'bin', 'python') };
  if (existsSync(folder)) return whole;

  const python = ['python3', 'python'].find((name) =>
    works(name, ['-c', 'import sys, venv; sys.exit(sys.version_info < (3, 11))']),
  );
  if (python === undefined) return { missing: 'Python 3.11 or newer with venv is not on the PATH' };
  const scratch = mkdtempSync(`${folder}-`);
  try {
    if (!works(python, ['-m', 'venv', scratch]))
      return {
        missing: 'Python cannot make a virtual environment (on Debian and Ubuntu: apt install python3-venv)',
      };
    const pip = ['-m', 'pip', 'install', '--quiet', '--disable-pip-version-check', '--no-compile'];
    const installed = spawnSync(
      join(scratch, 'bin', 'python'),
      [...pip, '--only-binary=:all:', '--require-hashes', '--requirement', requirements],
      { encoding: 'utf8', timeout: 600_000 },
    );
    if (installed.status !== 0) {
      const said = installed.stderr.trim().split('\n').slice(-4).join('\n');
      // Bytes other than those that we know are a reason to stop, not to look away.
      if (/hash/i.test(said)) throw new Error(`Schemathesis is not what schemathesis.txt pins:\n${said}`);
      return { missing: `pip could not install it: ${said}` };
    }
    renameSync(scratch, folder);
    return whole;
  } catch (fault) {
    if (existsSync(folder)) return whole; // Somebody else was quicker.
    throw fault;
  } finally {
    rmSync(scratch, { recursive: true, force: true });
  }
}

function works(program: string, args: readonly string[]): boolean {
  return spawnSync(program, args, { timeout: 120_000 }).status === 0;
}
