import { mkdir, mkdtemp, readFile, readlink, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { completeLibraryLinks } from '../../../db/server/library-links.ts';

describe("Postgres' libraries after an installation without scripts", () => {
  let native: string;
  beforeEach(async () => {
    native = join(await mkdtemp(join(tmpdir(), 'relance-links-')), 'native');
    await mkdir(join(native, 'lib'), { recursive: true });
    await writeFile(join(native, 'lib', 'libpq.so.5.18'), 'the library');
  });
  afterEach(() => rm(join(native, '..'), { recursive: true }));

  it('get the names that their programs ask for', async () => {
    await named('libpq.so.5', 'libpq.so');

    await Promise.all([completeLibraryLinks(native), completeLibraryLinks(native)]);

    expect(await readFile(join(native, 'lib', 'libpq.so.5'), 'utf8')).toBe('the library');
    expect(await readlink(join(native, 'lib', 'libpq.so'))).toBe('libpq.so.5.18');
  });

  it('keep what is there already', async () => {
    await named('libpq.so.5');
    await writeFile(join(native, 'lib', 'libpq.so.5'), 'a copy');

    await completeLibraryLinks(native);

    expect(await readFile(join(native, 'lib', 'libpq.so.5'), 'utf8')).toBe('a copy');
  });

  it('are left alone where the package names none', async () => {
    await expect(completeLibraryLinks(native)).resolves.toBeUndefined();
  });

  function named(...names: readonly string[]): Promise<void> {
    const links = names.map((name) => ({ source: 'native/lib/libpq.so.5.18', target: `native/lib/${name}` }));
    return writeFile(join(native, 'pg-symlinks.json'), JSON.stringify(links));
  }
});
