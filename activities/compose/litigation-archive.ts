import { zipSync } from 'fflate';
import type { Zippable } from 'fflate';
import { sha256Of } from '../../db/sha256.ts';

/** One file of a pack, by its path in the archive. */
export interface ArchivedFile {
  readonly path: string;
  readonly bytes: Buffer;
}

/** What the manifest says of each file. */
export interface ManifestLine {
  readonly path: string;
  readonly sizeBytes: number;
  readonly sha256: string;
}

/**
 * Files in one ZIP with a manifest of SHA-256, in which whoever receives it finds that nothing was lost or changed.
 *
 * `MANIFEST.sha256` is read by `sha256sum --check`, `manifest.json` says the same to programs. The same files always give
 * the same bytes: the archive itself has a hash in the journal, and its times are those of no clock.
 */
export function litigationArchive(
  files: readonly ArchivedFile[],
  about: object,
): { readonly zip: Buffer; readonly manifest: readonly ManifestLine[] } {
  const sorted = [...files].sort(byPath);
  const manifest = sorted.map(manifestLineOf);
  const entries: Zippable = Object.fromEntries(
    [...sorted, ...manifestFiles(manifest, about)].map(({ path, bytes }) => [path, bytes] as const),
  );
  return { zip: Buffer.from(zipSync(entries, { mtime: noClock, level: 6 })), manifest };
}

/** The time of every file in an archive: that of no clock. */
export const noClock = '1980-01-01T00:00:00';

/** What the manifest says of a file. */
export function manifestLineOf({ path, bytes }: ArchivedFile): ManifestLine {
  return { path, sizeBytes: bytes.length, sha256: sha256Of(bytes) };
}

/** The manifest of these files as two files; `whole` is the hash of the one that lists all hashes. */
export function manifestFiles(manifest: readonly ManifestLine[], about: object): readonly ArchivedFile[] {
  const files = [...manifest].sort(byPath);
  const lines = Buffer.from(listOf(manifest));
  const whole = wholeOf(manifest);
  return [
    {
      path: 'manifest.json',
      bytes: Buffer.from(`${JSON.stringify({ ...about, whole, files }, null, 2)}\n`),
    },
    { path: 'MANIFEST.sha256', bytes: lines },
  ];
}

/** The one hash by which an archive is known: that of its list of hashes. */
export function wholeOf(manifest: readonly ManifestLine[]): string {
  return sha256Of(listOf(manifest));
}

function listOf(manifest: readonly ManifestLine[]): string {
  return [...manifest]
    .sort(byPath)
    .map(({ path, sha256 }) => `${sha256}  ${path}\n`)
    .join('');
}

function byPath(one: { readonly path: string }, other: { readonly path: string }): number {
  return one.path < other.path ? -1 : 1;
}

/** A name that every system can unpack, and that stays in its folder. */
export function pathPart(name: string): string {
  const plain = name
    .normalize('NFKD')
    .replace(/\p{M}/gu, '')
    .replace(/[^A-Za-z0-9._-]+/g, '-')
    .replace(/^[.-]+|[.-]+$/g, '');
  return plain === '' ? 'document' : plain.slice(0, 80);
}
