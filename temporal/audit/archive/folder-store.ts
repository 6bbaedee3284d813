import { randomBytes } from 'node:crypto';
import { mkdir, open, readFile, rename, rm } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import type { ArchiveStore } from './store.ts';

/** Keeps histories as files of a folder, each whole or not there at all, readable by their owner alone. */
export function folderStore(folder: string): ArchiveStore {
  return {
    name: 'folder',
    put: async (place, bytes) => {
      const path = join(folder, place);
      await mkdir(dirname(path), { recursive: true, mode: 0o700 });
      const unfinished = `${path}.${randomBytes(4).toString('hex')}.new`;
      try {
        const file = await open(unfinished, 'wx', 0o600);
        try {
          await file.writeFile(bytes);
          await file.sync();
        } finally {
          await file.close();
        }
        await rename(unfinished, path);
      } catch (failure) {
        await rm(unfinished, { force: true });
        throw failure;
      }
      await keptForGood(dirname(path));
    },
    get: async (place) => {
      try {
        return await readFile(join(folder, place));
      } catch (failure) {
        if ((failure as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
        throw failure;
      }
    },
    remove: (place) => rm(join(folder, place), { force: true }),
  };
}

/** A name is kept by its folder: after a lost power supply a file without it would be nowhere. */
async function keptForGood(folder: string): Promise<void> {
  const handle = await open(folder, 'r');
  try {
    await handle.sync();
  } finally {
    await handle.close();
  }
}
