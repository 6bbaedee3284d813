import type { Selectable } from 'kysely';
import type { Fact } from '../domain/fact.ts';
import type { Instant } from '../domain/time.ts';
import { apply, openCollection } from '../domain/apply.ts';
import type { Collection } from '../domain/collection.ts';
import { authorOf } from './authors.ts';
import type { Db, Tx } from './database.ts';
import type { House } from './house.ts';
import { factFrom, readFacts, subjectOf } from './journal.ts';
import type { JournalTable, MessageTable } from './schema.ts';
import { toldOf } from './told.ts';
import { onlySeen } from './visible.ts';
import type { Eyes } from './visible.ts';

/**
 * The past of one invoice, as the journal and the messages tell it.
 *
 * The log is the truth and is only read here; names and words of people, which the log holds by reference, are looked
 * up beside it and may be gone, when somebody had them erased.
 */
export interface Past {
  readonly entries: readonly PastEntry[];
  readonly messages: readonly PastMessage[];
  /** The words of people, by the id under which entries name them. */
  readonly texts: ReadonlyMap<string, string>;
  /** The names of the users who appear. */
  readonly people: ReadonlyMap<string, string>;
}

export interface PastEntry {
  readonly seq: number;
  readonly at: Instant;
  readonly type: string;
  readonly fact: Fact | null;
  /** The entry as stored, for entries that are no facts. */
  readonly body: Readonly<Record<string, unknown>>;
}

export type PastMessage = Pick<
  Selectable<MessageTable>,
  | 'id'
  | 'purpose'
  | 'channel'
  | 'level'
  | 'state'
  | 'provider'
  | 'recipient'
  | 'subject'
  | 'planned_at'
  | 'claimed_at'
  | 'state_at'
  | 'document_id'
  | 'erased_at'
> & {
  readonly asked_cents: number;
  readonly taken: boolean;
};

/** Reads the past of an invoice that is seen, as far as he may know it who looks, oldest first. */
export async function readPast(eyes: Eyes, db: Db | Tx, house: House, invoiceId: string): Promise<Past> {
  const rows = await db
    .selectFrom('journal')
    .selectAll()
    .where('subject', '=', subjectOf(invoiceId))
    .orderBy('seq')
    .execute();
  const told = await toldOf(eyes, db, rows);
  const entries = await Promise.all(told.map((row) => pastEntry(db, house, row)));
  const messages = await messagesAbout(eyes, db, invoiceId);
  const texts = await textsNamedIn(db, entries);
  return { entries, messages, texts, people: await peopleNamedIn(db, entries) };
}

/** The journal of an invoice as it is stored and hashed, from an entry on. */
export async function readJournal(
  db: Db,
  invoiceId: string,
  afterSeq: number,
  limit: number,
): Promise<readonly Selectable<JournalTable>[]> {
  return db
    .selectFrom('journal')
    .selectAll()
    .where('subject', '=', subjectOf(invoiceId))
    .where('seq', '>', afterSeq)
    .orderBy('seq')
    .limit(limit + 1)
    .execute();
}

/** The file as its facts up to that moment had made it; undefined before its first one. */
export async function collectionAt(
  db: Db,
  house: House,
  invoiceId: string,
  at: Instant,
): Promise<Collection | undefined> {
  const [first, ...rest] = (await readFacts(db, house.rules, invoiceId, 0)).filter((fact) => fact.at <= at);
  if (first?.type !== 'invoiceRegistered') return undefined;
  return rest.reduce(apply, openCollection(first));
}

/** Names of users by id, for authors of facts. */
export async function namesOf(db: Db | Tx, userIds: readonly string[]): Promise<ReadonlyMap<string, string>> {
  const ids = [...new Set(userIds)].filter((id) => uuidPattern.test(id));
  if (ids.length === 0) return new Map();
  const rows = await db.selectFrom('app_user').select(['id', 'name']).where('id', 'in', ids).execute();
  return new Map(rows.map(({ id, name }) => [id, name]));
}

const uuidPattern = /^[0-9a-f-]{36}$/;

async function pastEntry(db: Db | Tx, house: House, row: Selectable<JournalTable>): Promise<PastEntry> {
  const fact = row.fact === null ? null : await factFrom(db, house.rules, row.body);
  return {
    seq: row.seq,
    at: row.at,
    type: row.type,
    fact,
    body: fact ? {} : (JSON.parse(row.body) as Record<string, unknown>),
  };
}

/** What was or may have been said about an invoice; drafts are no past. */
async function messagesAbout(eyes: Eyes, db: Db | Tx, invoiceId: string): Promise<readonly PastMessage[]> {
  const rows = await db
    .selectFrom('message')
    .innerJoin('message_line', 'message_line.message_id', 'message.id')
    .select([
      'message.id',
      'purpose',
      'channel',
      'level',
      'state',
      'provider',
      'recipient',
      'subject',
      'planned_at',
      'claimed_at',
      'state_at',
      'document_id',
      'message.erased_at',
      'asked_cents',
      'request_id',
    ])
    .where('message_line.invoice_id', '=', invoiceId)
    .$call(onlySeen(eyes, 'message'))
    .where('state', 'not in', ['planned', 'cancelled'])
    .orderBy('claimed_at')
    .execute();
  return rows.map(({ request_id: requestId, ...row }) => ({ ...row, taken: requestId !== null }));
}

async function textsNamedIn(
  db: Db | Tx,
  entries: readonly PastEntry[],
): Promise<ReadonlyMap<string, string>> {
  const ids = entries.flatMap(({ body }) => textIdOf(body) ?? []);
  if (ids.length === 0) return new Map();
  const rows = await db
    .selectFrom('private_text')
    .select(['id', 'content'])
    .where('id', 'in', ids)
    .where('erased_at', 'is', null)
    .execute();
  return new Map(rows.map(({ id, content }) => [id, content]));
}

/** Entries name a text by its id, at the top or as `text`. */
export function textIdOf(body: Readonly<Record<string, unknown>>): string | undefined {
  const nested = body['text'] as { textId?: unknown } | undefined;
  const id = body['textId'] ?? nested?.textId;
  return typeof id === 'string' ? id : undefined;
}

async function peopleNamedIn(
  db: Db | Tx,
  entries: readonly PastEntry[],
): Promise<ReadonlyMap<string, string>> {
  return namesOf(
    db,
    entries.flatMap(({ fact, body }) => fact?.by.id ?? authorOf(body)?.id ?? []),
  );
}
