import type { Db, Tx } from '../../database.ts';
import { leafOf, unpackHeads } from './heads.ts';
import type { Head } from './heads.ts';
import { merklePath } from './merkle.ts';

/** What the newest anchor says of some chains, with what it takes to compute its root from each. */
export interface Inclusion {
  readonly n: number;
  readonly statement: string;
  /** In base64. */
  readonly signature: string | null;
  readonly publicKey: string | null;
  readonly timeStamp: Buffer | null;
  readonly heads: readonly (Head & {
    /** The place of its leaf among so many, and the hashes beside its way to the root, from the bottom. */
    readonly index: number;
    readonly count: number;
    readonly path: readonly string[];
  })[];
}

/** The newest signed anchor with these chains, as far as it knows them; null while there is none. */
export async function inclusionOf(db: Db | Tx, subjects: readonly string[]): Promise<Inclusion | null> {
  const row = await db
    .selectFrom('anchor')
    .selectAll()
    .where('heads', 'is not', null)
    .orderBy('n', 'desc')
    .limit(1)
    .executeTakeFirst();
  if (!row?.heads) return null;
  const heads = unpackHeads(row.heads);
  const leaves = heads.map(leafOf);
  const asked = new Set(subjects);
  return {
    n: row.n,
    statement: row.statement,
    signature: row.signature,
    publicKey: row.public_key,
    timeStamp: row.time_stamp,
    heads: heads.flatMap((head, index) =>
      asked.has(head.subject) ? { ...head, index, count: heads.length, path: merklePath(leaves, index) } : [],
    ),
  };
}
