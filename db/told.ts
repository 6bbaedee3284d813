import { sql } from 'kysely';
import { authorOf } from './authors.ts';
import type { Db, Tx } from './database.ts';
import { seesInternal, toldTo } from './visible.ts';
import type { Eyes } from './visible.ts';

/** An entry of the journal of an invoice, as it is stored. */
export interface Entry {
  readonly subject: string;
  readonly seq: number;
  readonly type: string;
  readonly fact: number | null;
  readonly body: string;
}

/**
 * Those of the entries that are told to whom these eyes are (`toldTo`), wherever entries are told: in the story of an
 * invoice, in its journal, in the feed.
 *
 * Not told to who sells: payments and what was noted of them; hand-overs, the tasks and packs about them, and the notes of
 * lawyers and firms. Not told to a firm: the words that we wrote for ourselves before the file was handed over, and what
 * we said among us about a dispute. Not told to a resolver: what was said about disputes that are not his.
 */
export async function toldOf<Of extends Entry>(
  eyes: Eyes,
  db: Db | Tx,
  entries: readonly Of[],
): Promise<readonly Of[]> {
  const { payments, litigation, notesBefore } = toldTo(eyes);
  const read = entries.map((entry) => ({
    entry,
    body: JSON.parse(entry.body) as Readonly<Record<string, unknown>>,
  }));
  const tasks = litigation
    ? none
    : await lawyersTasks(db, read.map(({ body }) => body['taskId']).filter(isText));
  const lawyers = litigation ? none : await lawyersAndFirms(db);
  const handed = notesBefore ? new Map<string, number>() : await lastHandOvers(db, entries);

  const mine = eyes.sees === 'disputes' ? await disputesOfResolver(db, eyes.userId) : undefined;
  const isOthersDispute = ({ fact }: Entry, body: Readonly<Record<string, unknown>>): boolean =>
    (!seesInternal(eyes) && body['way'] === 'internal') ||
    (mine !== undefined && fact === null && isText(body['disputeId']) && !mine.has(body['disputeId']));

  const isPayments = ({ type }: Entry): boolean => ofPayments.has(type);
  const isLitigation = ({ type, fact }: Entry, body: Readonly<Record<string, unknown>>): boolean =>
    ofLitigation.has(type) ||
    tasks.has(String(body['taskId'])) ||
    (fact === null && (body['kind'] === 'litigation_pack' || lawyers.has(authorOf(body)?.id ?? '')));
  const isOurs = ({ subject, seq, fact }: Entry): boolean =>
    fact === null && seq < (handed.get(subject) ?? Number.POSITIVE_INFINITY);

  return read
    .filter(
      ({ entry, body }) =>
        (payments || !isPayments(entry)) &&
        (litigation || !isLitigation(entry, body)) &&
        (notesBefore || !isOurs(entry)) &&
        !isOthersDispute(entry, body),
    )
    .map(({ entry }) => entry);
}

const ofPayments: ReadonlySet<string> = new Set([
  'paymentRecorded',
  'paymentReturned',
  'paymentNote',
  'accessoriesKept',
  'accessoriesWaived',
  'accessoriesPaid',
]);

const ofLitigation: ReadonlySet<string> = new Set([
  'handedOver',
  'handedToFirm',
  'takenBackFromFirm',
  'handOverNote',
  'litigationJoined',
  'litigationLeft',
  'litigationRoute',
  'litigationPiece',
  'litigationPieceRemoved',
  'litigationHanded',
  'litigationPack',
  'litigationStatus',
  'litigationCost',
  'litigationRecovery',
  'litigationRemittance',
  'litigationTold',
  'litigationChased',
  'litigationNote',
  'litigationClosed',
]);

const none: ReadonlySet<string> = new Set();

const isText = (value: unknown): value is string => typeof value === 'string';

async function lawyersTasks(db: Db | Tx, ids: readonly string[]): Promise<ReadonlySet<string>> {
  if (ids.length === 0) return none;
  const rows = await db
    .selectFrom('task')
    .select('id')
    .where('id', 'in', [...new Set(ids)])
    .where('kind', 'in', ['hand_over', 'escalation'])
    .execute();
  return new Set(rows.map(({ id }) => id));
}

async function disputesOfResolver(db: Db | Tx, userId: string): Promise<ReadonlySet<string>> {
  const rows = await db.selectFrom('dispute').select('id').where('assigned_to', '=', userId).execute();
  return new Set(rows.map(({ id }) => id));
}

async function lawyersAndFirms(db: Db | Tx): Promise<ReadonlySet<string>> {
  const rows = await db
    .selectFrom('app_user')
    .select('id')
    .where('role', 'in', ['legal', 'external_firm'])
    .execute();
  return new Set(rows.map(({ id }) => id));
}

/** Where in its journal each file was handed over last: a firm that sees it, sees it since then. */
async function lastHandOvers(db: Db | Tx, entries: readonly Entry[]): Promise<ReadonlyMap<string, number>> {
  if (entries.length === 0) return new Map();
  const rows = await db
    .selectFrom('journal')
    .select(['subject', sql<number>`max(seq)::int`.as('seq')])
    .where('subject', 'in', [...new Set(entries.map(({ subject }) => subject))])
    .where('type', '=', 'handedToFirm')
    .groupBy('subject')
    .execute();
  return new Map(rows.map(({ subject, seq }) => [subject, seq]));
}
