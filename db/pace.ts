import { sql } from 'kysely';
import type { Db } from './database.ts';

/** When an account may be called: after a moment of waiting, or only much later. */
export type Turn =
  { readonly kind: 'now'; readonly waitMs: number } | { readonly kind: 'later'; readonly afterMs: number };

/**
 * Takes the next turn of an account, in one statement, so that all processes together keep its rate.
 *
 * Turns follow each other at `1 / perSecond`, by the database's clock. Who would have to wait longer than `waitMsMax`
 * takes none, and is told when to come back: each at another moment, at the same rate, so that a thousand who were sent
 * away do not return together.
 */
export async function takeTurn(db: Db, account: string, perSecond: number, waitMsMax: number): Promise<Turn> {
  const gap = sql`${1 / perSecond}::float8 * interval '1 second'`;
  const patience = sql`${waitMsMax}::float8 * interval '1 millisecond'`;
  const { rows } = await sql<{ turn: number | null; later: number }>`
    insert into account_pace as pace (account, next_at, later_at, turn_at)
    values (${account}, statement_timestamp() + ${gap}, statement_timestamp(), statement_timestamp())
    on conflict (account) do update set
      turn_at = case when pace.next_at <= statement_timestamp() + ${patience} then greatest(pace.next_at, statement_timestamp()) end,
      next_at = case when pace.next_at <= statement_timestamp() + ${patience} then greatest(pace.next_at, statement_timestamp()) + ${gap} else pace.next_at end,
      later_at = case when pace.next_at <= statement_timestamp() + ${patience} then pace.later_at else greatest(pace.later_at, pace.next_at) + ${gap} end
    returning extract(epoch from turn_at - clock_timestamp())::float8 * 1000 as turn,
      extract(epoch from later_at - clock_timestamp())::float8 * 1000 as later`.execute(db);
  const [row] = rows;
  if (!row) throw new Error(`account ${account} took no turn`);
  const { turn, later } = row;
  return turn === null
    ? { kind: 'later', afterMs: Math.ceil(later) }
    : { kind: 'now', waitMs: Math.max(0, Math.ceil(turn)) };
}

/** Leaves an account alone for a time, as its provider has asked; never shortens what was asked before. */
export async function leaveAlone(db: Db, account: string, ms: number): Promise<void> {
  const until = sql<Date>`statement_timestamp() + ${ms}::float8 * interval '1 millisecond'`;
  await sql`
    insert into account_pace as pace (account, next_at, later_at) values (${account}, ${until}, ${until})
    on conflict (account) do update set next_at = greatest(pace.next_at, excluded.next_at)`.execute(db);
}
