import type { Db } from '../../database.ts';
import type { AnchorRow } from './anchors.ts';

export type AnchorInList = Omit<AnchorRow, 'heads'>;

/** So many anchors and one more, the newest first, before the one with that number. */
export async function listAnchors(
  db: Db,
  limit: number,
  before: number | undefined,
): Promise<readonly AnchorInList[]> {
  return db
    .selectFrom('anchor')
    .select(['n', 'day', 'statement', 'hash', 'root', 'chains', 'entries', 'at', 'made_at', 'public_key'])
    .select(['signature', 'kept_as', 'kept_at', 'time_stamp', 'stamped_at'])
    .$if(before !== undefined, (query) => query.where('n', '<', before ?? 0))
    .orderBy('n', 'desc')
    .limit(limit + 1)
    .execute();
}

/** The keys that signed anchors, in PEM; the newest first. */
export async function publicKeysOfAnchors(db: Db): Promise<readonly string[]> {
  const rows = await db
    .selectFrom('anchor')
    .select(['public_key', ({ fn }) => fn.max('n').as('last')])
    .where('public_key', 'is not', null)
    .groupBy('public_key')
    .orderBy('last', 'desc')
    .execute();
  return rows.flatMap(({ public_key: key }) => key ?? []);
}
