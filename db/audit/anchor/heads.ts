import { gunzipSync, gzipSync } from 'node:zlib';
import { sql } from 'kysely';
import type { Db, Tx } from '../../database.ts';
import { sha256Of } from '../../sha256.ts';

/** The last entry of a chain: an anchor says that it stood there. */
export interface Head {
  readonly subject: string;
  readonly seq: number;
  readonly hash: string;
}

/** The heads of all chains of the journal, as they stand at one moment, sorted by the bytes of their subjects. */
export async function readHeads(db: Db | Tx): Promise<readonly Head[]> {
  const { rows } = await sql<Head>`
    select distinct on (subject) subject, seq, hash from journal order by subject, seq desc`.execute(db);
  return inOrder(rows);
}

/** As they are hashed: by the bytes of their subjects, which are ASCII. */
export function inOrder(heads: readonly Head[]): readonly Head[] {
  return [...heads].sort((a, b) => (a.subject < b.subject ? -1 : 1));
}

/** A head as it is hashed and written down. */
export function leafOf({ subject, seq, hash }: Head): string {
  return `${subject}|${seq}|${hash}`;
}

/** The list of heads as a file: a line each, compressed. */
export function packHeads(heads: readonly Head[]): Buffer {
  return gzipSync(textOf(heads));
}

/** The SHA-256 of the lines of such a file, in hex. */
export function hashOfHeads(heads: readonly Head[]): string {
  return sha256Of(textOf(heads));
}

function textOf(heads: readonly Head[]): string {
  return heads.map((head) => `${leafOf(head)}\n`).join('');
}

/** Those of chains that moved or began since; null when a chain is gone, which no list of what moved could say. */
export function movedSince(before: readonly Head[], heads: readonly Head[]): readonly Head[] | null {
  const leaves = new Map(before.map((head) => [head.subject, leafOf(head)]));
  const known = heads.filter(({ subject }) => leaves.has(subject)).length;
  return known < leaves.size ? null : heads.filter((head) => leaves.get(head.subject) !== leafOf(head));
}

/** The lines of such a file; throws when it is no such file. */
export function unpackHeads(packed: Buffer): readonly Head[] {
  const lines = gunzipSync(packed).toString('utf8').split('\n');
  if (lines.pop() !== '') throw new Error('its last line is cut off');
  return lines.map((line) => {
    const [subject = '', seq = '', hash = '', ...rest] = line.split('|');
    if (subject === '' || !/^[1-9]\d*$/.test(seq) || !/^[0-9a-f]{64}$/.test(hash) || rest.length > 0)
      throw new Error('a line of it is not subject|number|hash');
    return { subject, seq: Number(seq), hash };
  });
}
