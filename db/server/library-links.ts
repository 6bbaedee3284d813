import { readFile, rm, stat, symlink } from 'node:fs/promises';
import { dirname, join, relative } from 'node:path';

interface Link {
  /** The file that is there, and the name it is also asked for by; both from the package's folder on. */
  readonly source: string;
  readonly target: string;
}

/**
 * Makes the links between Postgres' own libraries (`libpq.so.5` to `libpq.so.5.18`) that are missing in `native`.
 *
 * A package of npm cannot hold links, so this one makes them in a script after its installation; where npm was told to
 * run no scripts (`ignore-scripts`, usual in companies), they are missing and none of its programs runs. The package
 * names them in `pg-symlinks.json`. Two who do this at once do not disturb each other.
 */
export async function completeLibraryLinks(native: string): Promise<void> {
  for (const { source, target } of await linksOf(native)) {
    const place = join(dirname(native), target);
    if (await stat(place).catch(() => undefined)) continue;
    await rm(place, { force: true }); // A link to a library of another version leads nowhere.
    await symlink(relative(dirname(target), source), place).catch((fault: unknown) => {
      if (codeOf(fault) === 'EEXIST') return;
      throw new Error(
        `Postgres' libraries in ${native} are incomplete and cannot be completed (${String(fault)}): ` +
          'remove node_modules, and install as a user who may write there.',
      );
    });
  }
}

async function linksOf(native: string): Promise<readonly Link[]> {
  try {
    return JSON.parse(await readFile(join(native, 'pg-symlinks.json'), 'utf8')) as readonly Link[];
  } catch (fault) {
    // Platforms whose libraries need no second names have no such file.
    if (codeOf(fault) === 'ENOENT') return [];
    throw fault;
  }
}

function codeOf(fault: unknown): string | undefined {
  return (fault as NodeJS.ErrnoException).code;
}
