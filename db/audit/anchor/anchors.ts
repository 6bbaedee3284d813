import { sql } from 'kysely';
import type { Selectable } from 'kysely';
import { dayMs } from '../../../domain/time.ts';
import type { CivilDate, Instant } from '../../../domain/time.ts';
import { advisoryLocks } from '../../advisory-locks.ts';
import type { Db } from '../../database.ts';
import type { AnchorTable } from '../../schema.ts';
import { movedSince, packHeads, readHeads, unpackHeads } from './heads.ts';
import type { Head } from './heads.ts';
import { hashOfStatement, statementFrom, statementOf, textOfStatement } from './statement.ts';
import type { AnchorList } from './statement.ts';

export type AnchorRow = Selectable<AnchorTable>;

/** What signs a statement; both in the forms in which they are kept. */
export interface Signer {
  /** In PEM. */
  readonly publicKey: string;
  /** In base64. */
  sign(text: string): string;
}

/** The newest anchor that lies outside the database. */
export interface AnchorOutside {
  readonly n: number;
  readonly day: CivilDate;
  readonly hash: string;
}

/** The day of an anchor: that of the machine, in UTC, whatever business day it is. */
export function dayOfAnchor(machine: Instant): CivilDate {
  return new Date(machine).toISOString().slice(0, 10);
}

export async function newestAnchor(db: Db): Promise<AnchorRow | undefined> {
  return db.selectFrom('anchor').selectAll().orderBy('n', 'desc').limit(1).executeTakeFirst();
}

/**
 * Makes the anchor of that day over the heads of all chains, unless there is one of it or of a later day.
 *
 * Of several that begin at once, one makes it. An entry that commits meanwhile is in the next. Where the newest one outside is
 * unknown here, the database is an older one that was restored: the new anchor follows that one, so that the row goes on.
 */
export async function makeAnchor(
  db: Db,
  now: { readonly machine: Instant; readonly business: Instant },
  signer: Signer | null,
  outside: AnchorOutside | null = null,
): Promise<void> {
  const day = dayOfAnchor(now.machine);
  await db.transaction().execute(async (tx) => {
    await sql`select pg_advisory_xact_lock(${advisoryLocks.anchors})`.execute(tx);
    const last = await tx
      .selectFrom('anchor')
      .select(['n', 'day', 'hash', 'heads'])
      .orderBy('n', 'desc')
      .limit(1)
      .executeTakeFirst();
    const before = outside && outside.n > (last?.n ?? 0) ? outside : last;
    if (before && before.day >= day) return;
    const heads = await readHeads(tx);
    const n = (before?.n ?? 0) + 1;
    const isNext = last !== undefined && last === before && signer !== null;
    const list = listOf(heads, isNext && weekOf(last.day) === weekOf(day) ? last : null);
    const statement = statementOf(heads, list, { ...now, n, day, previous: before?.hash ?? null });
    const text = textOfStatement(statement);
    await tx
      .insertInto('anchor')
      .values({
        n,
        day,
        statement: text,
        hash: hashOfStatement(text),
        root: statement.root,
        chains: statement.chains,
        entries: statement.entries,
        at: new Date(now.business),
        made_at: new Date(now.machine),
        public_key: signer?.publicKey ?? null,
        signature: signer?.sign(text) ?? null,
        // Nobody keeps the list of an anchor that is not signed.
        heads: signer ? packHeads(heads) : null,
      })
      .execute();
  });
}

/**
 * What is listed of the heads: those that moved since the anchor before, or all where that one is not known here.
 *
 * A list of all chains each day would hold what has not moved for years, every day again. All are listed once a week, so
 * whoever takes a list away, which shows, takes away no more than what moved in one.
 */
function listOf(
  heads: readonly Head[],
  before: { readonly n: number; readonly heads: Buffer | null } | null,
): AnchorList {
  const moved = before?.heads ? movedSince(unpackHeads(before.heads), heads) : null;
  return before && moved ? { since: before.n, heads: moved } : { since: null, heads };
}

/** Weeks since 1970 that begin on a Monday. */
function weekOf(day: CivilDate): number {
  return Math.floor((Date.parse(day) / dayMs + 3) / 7);
}

/** The list of an anchor as it is kept outside; throws where the database does not know any more what it was made of. */
export async function listToKeep(db: Db, row: AnchorRow): Promise<Buffer> {
  const { listedSince = null } = statementFrom(row.statement);
  if (!row.heads) throw new Error(`anchor ${row.n} was made without a key: it stays in the database alone`);
  if (listedSince === null) return row.heads;
  const before = await db
    .selectFrom('anchor')
    .select('heads')
    .where('n', '=', listedSince)
    .executeTakeFirst();
  const moved = before?.heads && movedSince(unpackHeads(before.heads), unpackHeads(row.heads));
  if (!moved)
    throw new Error(`the heads of anchor ${listedSince}, which anchor ${row.n} follows, are no longer here`);
  return packHeads(moved);
}

/** Those that were signed and are not kept outside the database yet, oldest first. */
export async function anchorsToKeep(db: Db): Promise<readonly AnchorRow[]> {
  return db
    .selectFrom('anchor')
    .selectAll()
    .where('kept_at', 'is', null)
    .where('signature', 'is not', null)
    .orderBy('n')
    .execute();
}

/** An anchor is kept outside now: its list of heads is no longer needed here, once there is a newer one. */
export async function anchorIsKept(db: Db, n: number, name: string, machine: Instant): Promise<void> {
  await db
    .updateTable('anchor')
    .set({ kept_as: name, kept_at: new Date(machine) })
    .where('n', '=', n)
    .execute();
  await db
    .updateTable('anchor')
    .set({ heads: null })
    .where('kept_at', 'is not', null)
    .where('heads', 'is not', null)
    .where('n', '<', n)
    .execute();
}

/** Somebody else says when it was there at the latest. */
export async function anchorIsStamped(db: Db, n: number, stamp: Buffer, machine: Instant): Promise<void> {
  await db
    .updateTable('anchor')
    .set({ time_stamp: stamp, stamped_at: new Date(machine) })
    .where('n', '=', n)
    .execute();
}
