import { mkdir, open, readdir, readFile, rename } from 'node:fs/promises';
import { join } from 'node:path';
import type { AnchorOutside, AnchorRow } from '../../../db/audit/anchor/anchors.ts';
import { hashOfStatement, statementFrom } from '../../../db/audit/anchor/statement.ts';
import { sha256Of } from '../../../db/sha256.ts';

/** What stands outside the database of one anchor; null for what is not there. */
export interface KeptAnchor {
  /** Of its files, without what tells them apart. */
  readonly name: string;
  /** The text that was signed. */
  readonly statement: string;
  /** 64 bytes. */
  readonly signature: Buffer | null;
  /** The list of heads, compressed. */
  readonly heads: Buffer | null;
  /** The answer of a time-stamping authority. */
  readonly timeStamp: Buffer | null;
}

/** By which an anchor is found in its folder: `anchor-00042-2026-11-23`. */
export function nameOfAnchor({ n, day }: Pick<AnchorRow, 'n' | 'day'>): string {
  return `anchor-${String(n).padStart(5, '0')}-${day}`;
}

/**
 * Writes an anchor outside the database: the statement, its signature and its list of heads (`listToKeep`), each a file.
 *
 * What is there is never written over: when a file holds something else, this throws, for then either somebody changed it or
 * the database is not the one that filled the folder. Written again, the same is the same.
 */
export async function keepAnchor(folder: string, row: AnchorRow, list: Buffer): Promise<string> {
  const name = nameOfAnchor(row);
  if (row.signature === null || row.public_key === null)
    throw new Error(`anchor ${row.n} was made without a key: it stays in the database alone`);
  await mkdir(folder, { recursive: true });
  await writeOnce(folder, `anchor-key-${fingerprintOf(row.public_key)}.pem`, Buffer.from(row.public_key));
  await writeOnce(folder, `${name}.heads.gz`, list);
  await writeOnce(folder, `${name}.sig`, Buffer.from(row.signature, 'base64'));
  await writeOnce(folder, `${name}.json`, Buffer.from(row.statement));
  return name;
}

/** By which people tell public keys apart: the first 16 digits of the SHA-256 of its PEM. */
function fingerprintOf(publicKey: string): string {
  return sha256Of(publicKey).slice(0, 16);
}

/** Adds the answer of a time-stamping authority to an anchor. */
export async function keepTimeStamp(folder: string, name: string, stamp: Buffer): Promise<void> {
  await writeOnce(folder, `${name}.tsr`, stamp);
}

/** The names of all anchors in a folder, oldest first. Throws when it can't be read. */
export async function namesOfKept(folder: string): Promise<readonly string[]> {
  const files = await readdir(folder);
  return files.flatMap((file) => /^(anchor-\d+-[\d-]+)\.json$/.exec(file)?.[1] ?? []).sort();
}

/** What lies there of one anchor. */
export async function readKept(folder: string, name: string): Promise<KeptAnchor> {
  return {
    name,
    statement: (await readIfThere(join(folder, `${name}.json`)))?.toString('utf8') ?? '',
    signature: await readIfThere(join(folder, `${name}.sig`)),
    heads: await readIfThere(join(folder, `${name}.heads.gz`)),
    timeStamp: await readIfThere(join(folder, `${name}.tsr`)),
  };
}

/** The newest anchor in the folder; null where there is none. Throws when it is not what was written. */
export async function newestOutside(folder: string): Promise<AnchorOutside | null> {
  await mkdir(folder, { recursive: true });
  const name = (await namesOfKept(folder)).at(-1);
  if (name === undefined) return null;
  const { statement: text } = await readKept(folder, name);
  const { anchor: n, day } = statementFrom(text);
  return { n, day, hash: hashOfStatement(text) };
}

async function readIfThere(file: string): Promise<Buffer | null> {
  try {
    return await readFile(file);
  } catch (failure) {
    if ((failure as NodeJS.ErrnoException).code === 'ENOENT') return null;
    throw failure;
  }
}

/** Whole or not at all, and on the disk before it is named. */
async function writeOnce(folder: string, name: string, bytes: Buffer): Promise<void> {
  const path = join(folder, name);
  const there = await readIfThere(path);
  if (there?.equals(bytes)) return;
  if (there)
    throw new Error(
      `${path} holds something else than this database: somebody changed it, or the folder is that of another database`,
    );
  const file = await open(`${path}.new`, 'w');
  try {
    await file.writeFile(bytes);
    await file.sync();
  } finally {
    await file.close();
  }
  await rename(`${path}.new`, path);
}
