import { sql } from 'kysely';
import type { Collection } from '../domain/collection.ts';
import type { Fact } from '../domain/fact.ts';
import type { Instant } from '../domain/time.ts';
import type { Db } from './database.ts';
import type { House } from './house.ts';
import { collectionFrom, factFrom } from './journal.ts';

/** One word that waits for its workflow. */
export interface Word {
  readonly id: number;
  readonly workflow: string;
  readonly fact: number | null;
  readonly type: string;
  /** The text of its fact; null where there is none, and for the first, which a start takes along in the file. */
  readonly body: string | null;
}

/** The oldest words of a lane that nobody has delivered yet. */
export async function waitingWords(db: Db, lane: number, countMax: number): Promise<readonly Word[]> {
  return db
    .selectFrom('outbox')
    .leftJoin('journal', (join) =>
      join
        .onRef('journal.subject', '=', 'outbox.workflow')
        .onRef('journal.fact', '=', 'outbox.fact')
        .on('outbox.fact', '>', 1),
    )
    .select(['outbox.id', 'outbox.workflow', 'outbox.fact', 'outbox.type', 'journal.body'])
    .where('outbox.lane', '=', lane)
    .where('outbox.delivered_at', 'is', null)
    .orderBy('outbox.id')
    .limit(countMax)
    .execute();
}

/** Marks words as delivered, at that machine time. */
export async function wordsDelivered(db: Db, ids: readonly number[]): Promise<void> {
  if (ids.length === 0) return;
  await db
    .updateTable('outbox')
    .set({ delivered_at: sql<Date>`clock_timestamp()` })
    .where('id', 'in', ids)
    .execute();
}

/** Counts a try of words that could not be delivered; they keep their place. */
export async function wordsTried(db: Db, ids: readonly number[]): Promise<void> {
  if (ids.length === 0) return;
  await db
    .updateTable('outbox')
    .set((word) => ({ tries: word('tries', '+', 1) }))
    .where('id', 'in', ids)
    .execute();
}

/**
 * Gives every committed event that has none its place in the feed, and says whether there were any.
 *
 * Ids are taken before a transaction commits, so a reader that goes by id can miss one that commits late. Places are
 * given afterwards, by the one relay, and have no such gap.
 */
export async function numberEvents(db: Db): Promise<boolean> {
  const { rows } = await sql`
    with fresh as (select id from outbox where position is null order by id limit 5000),
         placed as (select id, nextval('event_position') as place from (select id from fresh order by id) ordered),
         numbered as (update outbox set position = placed.place from placed where outbox.id = placed.id returning outbox.id)
    select pg_notify('relance_events', '') from numbered limit 1`.execute(db);
  return rows.length > 0;
}

/** The facts with these numbers from the log of an invoice, in order. */
export async function factsNumbered(
  house: House,
  invoiceId: string,
  numbers: readonly number[],
): Promise<readonly Fact[]> {
  const rows = await house.db
    .selectFrom('journal')
    .select('body')
    .where('subject', '=', `invoice/${invoiceId}`)
    .where('fact', 'in', numbers)
    .orderBy('fact')
    .execute();
  return Promise.all(rows.map((row) => factFrom(house.db, house.rules, row.body)));
}

/** A file as its workflow would start with it. */
export interface Startable {
  readonly collection: Collection;
  readonly open: boolean;
  readonly wakeAt: Instant | null;
}

/** The stored file of an invoice, and whether a workflow was ever started for it. */
export async function storedFile(
  house: House,
  invoiceId: string,
): Promise<Startable & { readonly started: boolean }> {
  const row = await house.db
    .selectFrom('invoice')
    .select(['collection', 'open', 'wake_at', 'started'])
    .where('id', '=', invoiceId)
    .executeTakeFirstOrThrow();
  return {
    collection: await collectionFrom(house.db, house.rules, row.collection),
    open: row.open,
    wakeAt: row.wake_at,
    started: row.started,
  };
}

/**
 * Notes that a workflow is about to be started for an invoice, and returns the file to start it with; undefined when one
 * was started before. Committed before the start: a fact that is recorded from now on will be signalled, and one that
 * was recorded before is in the file.
 */
export async function firstStart(house: House, invoiceId: string): Promise<Startable | undefined> {
  const row = await house.db
    .updateTable('invoice')
    .set({ started: true })
    .where('id', '=', invoiceId)
    .where('started', '=', false)
    .returning(['collection', 'open', 'wake_at'])
    .executeTakeFirst();
  return (
    row && {
      collection: await collectionFrom(house.db, house.rules, row.collection),
      open: row.open,
      wakeAt: row.wake_at,
    }
  );
}

/**
 * The same for many invoices in one statement: the files of those for which nobody started one before.
 *
 * One that somebody is writing at this moment is left out, so that this waits for nobody; it is started by itself.
 */
export async function firstStarts(
  house: House,
  invoiceIds: readonly string[],
): Promise<ReadonlyMap<string, Startable>> {
  const files = new Map<string, Startable>();
  if (invoiceIds.length === 0) return files;
  const { rows } = await sql<{ id: string; collection: object; open: boolean; wake_at: Instant | null }>`
    with free as (select id from invoice where id = any(${[...invoiceIds]}::uuid[]) and not started order by id for update skip locked)
    update invoice set started = true from free where invoice.id = free.id
    returning invoice.id, invoice.collection, invoice.open, invoice.wake_at`.execute(house.db);
  for (const { id, collection, open, wake_at: wakeAt } of rows)
    files.set(id, { collection: await collectionFrom(house.db, house.rules, collection), open, wakeAt });
  return files;
}

/**
 * The workflows of open invoices, waiting debtors and matters whose wake-up has long passed without a word under way:
 * they were lost. Each is named once in `againAfterMs` (machine time), the longest late first, so many of a kind at most.
 */
export async function overslept(
  db: Db,
  wokenBefore: Instant,
  againAfterMs: number,
  countMax: number,
): Promise<readonly string[]> {
  const names: string[] = [];
  for (const { table, wakesAt, asleep, workflow } of sleepers) {
    const { rows } = await sql<{ workflow: string }>`
      with late as (
        select id from ${sql.table(table)}
          where ${asleep} and ${wakesAt} < ${new Date(wokenBefore)}
            and (swept_at is null or swept_at < clock_timestamp() - ${againAfterMs}::float8 * interval '1 millisecond')
            and not exists (select from outbox where outbox.workflow = ${workflow} and delivered_at is null)
          order by ${wakesAt} limit ${countMax})
      update ${sql.table(table)} set swept_at = clock_timestamp() where id in (select id from late)
        returning ${workflow} as workflow`.execute(db);
    names.push(...rows.map((row) => row.workflow));
  }
  return names;
}

/** Whoever sleeps, as the view `sleeper` names them. A closed invoice has no wake-up; its index holds the open ones. */
const sleepers = [
  { table: 'invoice', wakesAt: sql`wake_at`, asleep: sql`open`, workflow: sql`'invoice/' || id` },
  {
    table: 'debtor',
    wakesAt: sql`look_at`,
    asleep: sql`merged_into is null`,
    workflow: sql`'debtor/' || id`,
  },
  { table: 'matter', wakesAt: sql`look_at`, asleep: sql`true`, workflow: sql`kind || '/' || id` },
] as const;
