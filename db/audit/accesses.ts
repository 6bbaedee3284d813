import { sql } from 'kysely';
import type { Instant } from '../../domain/time.ts';
import type { Db, Tx } from '../database.ts';
import { note } from '../journal.ts';

/** Somebody looks at something that is kept for proof, or looks on behalf of others. */
export interface Access {
  /** The id of the user; `operator` for whoever works at the machine itself. */
  readonly by: string;
  /** The route or the command, never what was typed into it. */
  readonly what: string;
  /** The rows that it names, as `invoice/<id>`. */
  readonly about?: readonly string[];
  /** What cut the answer: `on=2026-03-31`; of what may be somebody's name, the name of the filter alone. */
  readonly filters?: readonly string[];
  /** By which key or session: `key/rl_1a2b`, `session/<id>`. */
  readonly through?: string;
}

/**
 * Writes into the journal who looks at what, when; all such entries are one chain, `audit`.
 *
 * To be committed before the first byte of the answer leaves, in a transaction of its own: the chain has one lock, which nobody
 * may hold while he reads.
 */
export async function noteAccess(tx: Tx, now: Instant, access: Access): Promise<void> {
  await note(tx, 'audit', 'accessed', now, access);
}

export interface AccessFilter {
  readonly by?: string | undefined;
  /** A row, as `invoice/<id>`. */
  readonly about?: string | undefined;
  readonly from?: Instant | undefined;
  /** Exclusive. */
  readonly to?: Instant | undefined;
}

export interface AccessInList {
  readonly subject: string;
  readonly seq: number;
  readonly at: Instant;
  readonly by: string;
  /** Null when the user is no longer here, or was none. */
  readonly byName: string | null;
  readonly what: string;
  readonly about: readonly string[];
  readonly filters: readonly string[];
  readonly through: string | null;
}

/** Where a page of accesses begins. */
export type AfterAccess = readonly [at: Instant, subject: string, seq: number];

/**
 * Who looked at what, and who took a list with him, the newest first; one row more than `limit` where there are more.
 *
 * Both chains are read: `audit`, and `exports`, in which lists that leave as files are noted.
 */
export async function listAccesses(
  db: Db,
  { by, about, from, to }: AccessFilter,
  limit: number,
  after?: AfterAccess,
): Promise<readonly AccessInList[]> {
  const { rows } = await sql<AccessInList>`
    select entry.subject, entry.seq, entry.at, said.body ->> 'by' as by, app_user.name as "byName",
      case when entry.subject = 'exports' then 'export of ' || (said.body ->> 'what') else said.body ->> 'what' end as what,
      coalesce(said.body -> 'about', case when said.body ? 'importId'
        then jsonb_build_array('import/' || (said.body ->> 'importId')) end, '[]') as about,
      coalesce(said.body -> 'filters', '[]') as filters, said.body ->> 'through' as through
    from journal entry
      cross join lateral (select entry.body::jsonb as body) said
      left join app_user on app_user.id::text = said.body ->> 'by'
    where entry.subject in ('audit', 'exports') and entry.type in ('accessed', 'exported')
      ${by === undefined ? sql`` : sql`and said.body ->> 'by' = ${by}`}
      ${about === undefined ? sql`` : sql`and said.body -> 'about' ? ${about}`}
      ${from === undefined ? sql`` : sql`and entry.at >= ${new Date(from)}`}
      ${to === undefined ? sql`` : sql`and entry.at < ${new Date(to)}`}
      ${after === undefined ? sql`` : sql`and (entry.at, entry.subject, entry.seq) < (${new Date(after[0])}, ${after[1]}, ${after[2]}::int)`}
    order by entry.at desc, entry.subject desc, entry.seq desc limit ${limit + 1}`.execute(db);
  return rows;
}
