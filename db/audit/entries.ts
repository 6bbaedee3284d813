import { sql } from 'kysely';
import type { Instant } from '../../domain/time.ts';
import type { Db } from '../database.ts';
import { isChainOfPeople } from './chains-of-people.ts';

/** What is looked for in the journal; what is absent cuts nothing. */
export interface EntryFilter {
  /** One chain: `invoice/<id>`, `settings`, `audit` … */
  readonly subject?: string | undefined;
  readonly type?: string | undefined;
  /** The id of a user, a file, a bank or a provider, or `relance`. */
  readonly by?: string | undefined;
  /** By business time, this moment included. */
  readonly from?: Instant | undefined;
  /** Exclusive. */
  readonly to?: Instant | undefined;
  /** Without the chains that tell of people (`chains-of-people.ts`). */
  readonly ofFilesAlone?: boolean;
}

export interface FoundEntry {
  readonly subject: string;
  readonly seq: number;
  readonly fact: number | null;
  readonly type: string;
  readonly at: Instant;
  /** As it was written; ids, codes, amounts and dates. */
  readonly body: string;
  readonly hash: string;
}

/** Where a page of entries begins. */
export type AfterEntry = readonly [at: Instant, subject: string, seq: number];

/** Entries of all chains in the order of their moments, the oldest first; one more than `limit` where there are more. */
export async function findEntries(
  db: Db,
  { subject, type, by, from, to, ofFilesAlone = false }: EntryFilter,
  limit: number,
  after?: AfterEntry,
): Promise<readonly FoundEntry[]> {
  const { rows } = await sql<FoundEntry>`
    select subject, seq, fact, type, at, body, hash from journal
    where true
      ${ofFilesAlone ? sql`and not ${isChainOfPeople}` : sql``}
      ${subject === undefined ? sql`` : sql`and subject = ${subject}`}
      ${type === undefined ? sql`` : sql`and type = ${type}`}
      ${by === undefined ? sql`` : sql`and (body::jsonb -> 'by' ->> 'id' = ${by} or body::jsonb ->> 'by' = ${by})`}
      ${from === undefined ? sql`` : sql`and at >= ${new Date(from)}`}
      ${to === undefined ? sql`` : sql`and at < ${new Date(to)}`}
      ${after === undefined ? sql`` : sql`and at >= ${new Date(after[0])} and (at, subject, seq) > (${new Date(after[0])}, ${after[1]}, ${after[2]}::int)`}
    order by at, subject, seq limit ${limit + 1}`.execute(db);
  return rows;
}
