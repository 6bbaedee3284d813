import { Zip, ZipDeflate } from 'fflate';
import { manifestFiles, manifestLineOf, noClock } from './litigation-archive.ts';
import type { ArchivedFile, ManifestLine } from './litigation-archive.ts';

/**
 * Files as one ZIP with a manifest of SHA-256, piece by piece as they come: no more than one of them is in memory.
 *
 * The same files in the same order give the same bytes. The manifest is the last thing written: an archive that was broken
 * off has none, and no reader opens it.
 */
export async function* streamedArchive(
  files: AsyncIterable<ArchivedFile>,
  about: (manifest: readonly ManifestLine[]) => Promise<object>,
): AsyncGenerator<Uint8Array> {
  let pieces: Uint8Array[] = [];
  const zip = new Zip((fault, piece) => {
    if (fault) throw fault;
    pieces.push(piece);
  });
  const add = ({ path, bytes }: ArchivedFile): void => {
    const entry = new ZipDeflate(path, { level: 6 });
    entry.mtime = noClock;
    zip.add(entry);
    entry.push(bytes, true);
  };
  const taken = function* (): Generator<Uint8Array> {
    yield* pieces;
    pieces = [];
  };

  const manifest: ManifestLine[] = [];
  for await (const file of files) {
    manifest.push(manifestLineOf(file));
    add(file);
    yield* taken();
  }
  for (const file of manifestFiles(manifest, await about(manifest))) add(file);
  zip.end();
  yield* taken();
}
