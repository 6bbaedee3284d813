import { sql } from 'kysely';
import type { Calendar } from '../domain/calendar.ts';
import type { Collection } from '../domain/collection.ts';
import type { Fact } from '../domain/fact.ts';
import type { Scenario } from '../domain/scenario.ts';
import type { Instant } from '../domain/time.ts';
import type { Db, Tx } from './database.ts';
import type { Rules } from './rules.ts';
import { sha256Of } from './sha256.ts';

/**
 * The journal: one hash chain per subject, over the stored text of each entry.
 *
 * An entry can't be changed, removed or slipped in without breaking every hash after it. The facts of an invoice are
 * entries of `invoice/<id>`; notes and other happenings that touch no Collection stand in the same chain.
 */
export interface JournalEntry {
  readonly subject: string;
  readonly seq: number;
  readonly fact: number | null;
  readonly type: string;
  readonly at: Instant;
  readonly body: string;
  readonly prev_hash: string;
  readonly hash: string;
}

export interface JournalHead {
  readonly seq: number;
  readonly hash: string;
}

/** What stands before the first entry of a subject, so that a chain can't be moved to another one. */
export function genesisOf(subject: string): JournalHead {
  return { seq: 0, hash: sha256Of(`relance\n${subject}`) };
}

/** The entry that follows `head` in the chain of `subject`. */
export function nextEntry(
  subject: string,
  head: JournalHead,
  entry: { fact: number | null; type: string; at: Instant; body: string },
): JournalEntry {
  const seq = head.seq + 1;
  return { subject, seq, ...entry, prev_hash: head.hash, hash: hashOf(head.hash, seq, entry) };
}

/** The hash that an entry must have after `prevHash`; `verify` computes it again from the stored text. */
export function hashOf(
  prevHash: string,
  seq: number,
  entry: { fact: number | null; type: string; at: Instant; body: string },
): string {
  const text = [
    prevHash,
    seq,
    entry.fact ?? '',
    entry.type,
    new Date(entry.at).toISOString(),
    entry.body,
  ].join('\n');
  return sha256Of(text);
}

/** An entry that is no fact, of the chain of a subject other than an invoice. */
export interface Note {
  readonly subject: string;
  readonly type: string;
  readonly body: object;
}

/**
 * Adds an entry that is no fact to the chain of a subject other than an invoice (a user, the stop switch, a creditor).
 *
 * Two at once would both follow the same entry, so the second waits for the first to commit.
 */
export async function note(tx: Tx, subject: string, type: string, at: Instant, body: object): Promise<void> {
  await noteAll(tx, at, [{ subject, type, body }]);
}

/** Adds many, each behind the last one of its chain, in the order given: three statements whatever their number. */
export async function noteAll(tx: Tx, at: Instant, notes: readonly Note[]): Promise<void> {
  if (notes.length === 0) return;
  const subjects = [...new Set(notes.map(({ subject }) => subject))].sort();
  // In one order, so that two who need the same chains never wait for each other.
  await sql`
    select pg_advisory_xact_lock(hashtextextended('journal/' || subject, 0))
    from (select subject from unnest(${subjects}::text[]) with ordinality as wanted (subject, place) order by place) wanted`.execute(
    tx,
  );
  const { rows } = await sql<{ subject: string } & JournalHead>`
    select subject, seq, hash from unnest(${subjects}::text[]) as wanted (subject)
      cross join lateral (select seq, hash from journal where journal.subject = wanted.subject order by seq desc limit 1) last`.execute(
    tx,
  );
  const heads = new Map<string, JournalHead>(rows.map((row) => [row.subject, row]));
  const entries = notes.map(({ subject, type, body }) => {
    const entry = nextEntry(subject, heads.get(subject) ?? genesisOf(subject), {
      fact: null,
      type,
      at,
      body: JSON.stringify(body),
    });
    heads.set(subject, entry);
    return entry;
  });
  for (let from = 0; from < entries.length; from += 1000)
    await tx
      .insertInto('journal')
      .values(entries.slice(from, from + 1000).map((entry) => ({ ...entry, at: new Date(entry.at) })))
      .execute();
}

/** Whether the chain of a subject has an entry. */
export async function hasBegun(db: Db | Tx, subject: string): Promise<boolean> {
  const entry = await db
    .selectFrom('journal')
    .select('seq')
    .where('subject', '=', subject)
    .limit(1)
    .executeTakeFirst();
  return entry !== undefined;
}

/** The facts of an invoice with numbers above `after`, whole, in order. */
export async function readFacts(
  db: Db | Tx,
  rules: Rules,
  invoiceId: string,
  after: number,
): Promise<readonly Fact[]> {
  const rows = await db
    .selectFrom('journal')
    .select('body')
    .where('subject', '=', subjectOf(invoiceId))
    .where('fact', '>', after)
    .orderBy('fact')
    .execute();
  return Promise.all(rows.map((row) => factFrom(db, rules, row.body)));
}

export function subjectOf(invoiceId: string): string {
  return `invoice/${invoiceId}`;
}

/** The text of a fact as the journal keeps it: rules by id, since they are immutable rows of their own. */
export function textOf(fact: Fact): string {
  return JSON.stringify(fact, (key, value: unknown) =>
    isRule(key) ? { id: (value as { id: string }).id } : value,
  );
}

/** A fact from its text, with its rules in full. */
export async function factFrom(db: Db | Tx, rules: Rules, text: string): Promise<Fact> {
  const fact = JSON.parse(text) as Fact;
  if (fact.type === 'invoiceRegistered')
    return {
      ...fact,
      scenario: await rules.scenario(db, fact.scenario.id),
      calendar: await rules.calendar(db, fact.calendar.id),
    };
  return fact.type === 'calendarExtended'
    ? { ...fact, calendar: await rules.calendar(db, fact.calendar.id) }
    : fact;
}

/** A Collection as its row keeps it. */
export function storedFrom(collection: Collection): string {
  return JSON.stringify(collection, (key, value: unknown) =>
    isRule(key) ? { id: (value as { id: string }).id } : value,
  );
}

/** A Collection from its row. */
export async function collectionFrom(db: Db | Tx, rules: Rules, stored: object): Promise<Collection> {
  const file = stored as Omit<Collection, 'scenario' | 'calendar'> & {
    scenario: Pick<Scenario, 'id'>;
    calendar: Pick<Calendar, 'id'>;
  };
  return {
    ...file,
    scenario: await rules.scenario(db, file.scenario.id),
    calendar: await rules.calendar(db, file.calendar.id),
  };
}

function isRule(key: string): boolean {
  return key === 'scenario' || key === 'calendar';
}
