import { sql } from 'kysely';
import type { Expression, SqlBool } from 'kysely';
import type { Collection } from '../domain/collection.ts';
import type { Level } from '../domain/level.ts';
import type { CivilDate, Instant } from '../domain/time.ts';
import type { Db, Tx } from './database.ts';
import type { House } from './house.ts';
import { handOverOf } from './hand-overs.ts';
import { collectionFrom } from './journal.ts';
import { discountsOf } from './discounts.ts';
import { stopsOver } from './stops.ts';
import { onlySeen, toldTo } from './visible.ts';
import type { Eyes } from './visible.ts';

/**
 * Lists of invoices and the one invoice with all that is known of it.
 *
 * Lists read columns alone; only the one invoice opens its Collection. Pages go by sort value and id, so the
 * hundredth costs no more than the first.
 */
export interface InvoiceFilter {
  readonly states?: readonly string[];
  readonly open?: boolean;
  readonly creditorId?: string;
  readonly debtorId?: string;
  /** The whole number. */
  readonly number?: string;
  /** Part of the number or of the debtor's name. */
  readonly text?: string;
  readonly dueBefore?: CivilDate;
  readonly dueAfter?: CivilDate;
  /** Open, owed and due before this day. */
  readonly lateOn?: CivilDate;
  readonly level?: Level;
  readonly importId?: string;
}

export const invoiceSorts = ['dueDate', '-dueDate', 'balance', '-balance', 'wakeAt'] as const;
export type InvoiceSort = (typeof invoiceSorts)[number];

export interface InvoiceInList {
  readonly id: string;
  readonly number: string;
  readonly term: number;
  readonly creditorId: string;
  readonly creditorName: string;
  readonly debtorId: string;
  readonly debtorName: string;
  readonly issueDate: CivilDate | null;
  readonly dueDate: CivilDate;
  readonly currency: string;
  readonly amountCents: number;
  readonly balanceCents: number;
  readonly state: string;
  readonly level: Level | null;
  readonly open: boolean;
  readonly wakeAt: Instant | null;
  readonly orderNumber: string | null;
  readonly collector: string | null;
  readonly salesOwner: string | null;
  readonly flags: readonly string[];
}

/** The sort value of a row, as a cursor keeps it. */
export function sortValueOf(invoice: InvoiceInList, sort: InvoiceSort): string | number {
  if (sort === 'wakeAt') return invoice.wakeAt ?? neverMs;
  return sort.endsWith('balance') ? invoice.balanceCents : invoice.dueDate;
}

/** Up to `limit` invoices after the cursor, one more to tell whether there is a next page. */
export async function listInvoices(
  eyes: Eyes,
  db: Db,
  filter: InvoiceFilter,
  order: {
    readonly sort: InvoiceSort;
    readonly limit: number;
    readonly after?: readonly [value: string | number, id: string];
  },
): Promise<readonly InvoiceInList[]> {
  const { sort, limit, after } = order;
  const descending = sort.startsWith('-');
  const value = sortColumn(sort);
  const rows = await invoicesInList(db)
    .where((where) => where.and(conditions(filter)))
    .$call(onlySeen(eyes, 'invoice'))
    .$if(after !== undefined, (query) => query.where(beyond(value, sort, after ?? ['', ''], descending)))
    .orderBy(value, descending ? 'desc' : 'asc')
    .orderBy('invoice.id', descending ? 'desc' : 'asc')
    .limit(limit + 1)
    .execute();
  return rows;
}

/** An invoice with its Collection; undefined when it is not here. */
export async function readInvoice(
  eyes: Eyes,
  db: Db | Tx,
  house: House,
  id: string,
): Promise<
  { readonly row: InvoiceInList; readonly collection: Collection; readonly knownAt: Instant } | undefined
> {
  const row = await invoicesInList(db)
    .where('invoice.id', '=', id)
    .$call(onlySeen(eyes, 'invoice'))
    .select(['invoice.collection', 'invoice.known_at'])
    .executeTakeFirst();
  if (!row) return undefined;
  const { collection, known_at: knownAt, ...invoice } = row;
  return { row: invoice, collection: await collectionFrom(db, house.rules, collection), knownAt };
}

/** The ids of all invoices with this number: one per creditor and term. */
export async function invoicesNumbered(
  eyes: Eyes,
  db: Db,
  number: string,
): Promise<readonly { id: string; term: number; creditorName: string }[]> {
  const rows = await invoicesInList(db)
    .where('invoice.number', '=', number)
    .$call(onlySeen(eyes, 'invoice'))
    .orderBy('invoice.term')
    .orderBy('invoice.id')
    .limit(50)
    .execute();
  return rows.map(({ id, term, creditorName }) => ({ id, term, creditorName }));
}

/** What is agreed, contested, held, asked and waiting about one invoice. */
export async function readAroundInvoice(eyes: Eyes, db: Db | Tx, invoiceId: string, debtorId: string) {
  const [holds, debtorHolds, stops, discounts, disputes, promises, tasks, requests, handOver] =
    await Promise.all([
      db
        .selectFrom('invoice_hold')
        .selectAll()
        .where('invoice_id', '=', invoiceId)
        .orderBy('placed_at')
        .execute(),
      db.selectFrom('debtor_hold').selectAll().where('debtor_id', '=', debtorId).orderBy('id').execute(),
      toldTo(eyes).stops ? stopsOver(db, invoiceId) : [],
      discountsOf(db, invoiceId),
      db
        .selectFrom('dispute')
        .selectAll()
        .where('invoice_id', '=', invoiceId)
        .$call(onlySeen(eyes, 'dispute'))
        .orderBy('opened_at')
        .execute(),
      db.selectFrom('promise').selectAll().where('invoice_id', '=', invoiceId).orderBy('made_at').execute(),
      db
        .selectFrom('task')
        .innerJoin('task_invoice', 'task_invoice.task_id', 'task.id')
        .selectAll('task')
        .where('task_invoice.invoice_id', '=', invoiceId)
        .where('task.state', '=', 'open')
        .$call(onlySeen(eyes, 'task'))
        .orderBy('due_on')
        .execute(),
      db
        .selectFrom('contact_request')
        .selectAll()
        .where('invoice_id', '=', invoiceId)
        .orderBy('asked_at')
        .execute(),
      toldTo(eyes).litigation ? handOverOf(db, invoiceId) : undefined,
    ]);
  return { holds, debtorHolds, stops, discounts, disputes, promises, tasks, requests, handOver };
}

function invoicesInList(db: Db | Tx) {
  return db
    .selectFrom('invoice')
    .innerJoin('debtor', 'debtor.id', 'invoice.debtor_id')
    .innerJoin('creditor', 'creditor.id', 'invoice.creditor_id')
    .select([
      'invoice.id',
      'invoice.number',
      'invoice.term',
      'invoice.creditor_id as creditorId',
      sql<string>`coalesce(creditor.legal_name, creditor.key)`.as('creditorName'),
      'invoice.debtor_id as debtorId',
      'debtor.name as debtorName',
      'invoice.issue_date as issueDate',
      'invoice.due_date as dueDate',
      'invoice.currency',
      'invoice.amount_cents as amountCents',
      'invoice.balance_cents as balanceCents',
      'invoice.state',
      'invoice.level',
      'invoice.open',
      'invoice.wake_at as wakeAt',
      'invoice.order_number as orderNumber',
      'invoice.collector',
      'invoice.sales_owner as salesOwner',
      'invoice.flags',
    ]);
}

function conditions(filter: InvoiceFilter): Expression<SqlBool>[] {
  const { states, open, creditorId, debtorId, number, text, dueBefore, dueAfter, lateOn, level, importId } =
    filter;
  const given: (Expression<SqlBool> | undefined)[] = [
    states && sql<SqlBool>`invoice.state = any(${[...states]}::text[])`,
    open === undefined ? undefined : sql<SqlBool>`invoice.open = ${open}`,
    creditorId === undefined ? undefined : sql<SqlBool>`invoice.creditor_id = ${creditorId}`,
    debtorId === undefined ? undefined : sql<SqlBool>`invoice.debtor_id = ${debtorId}`,
    number === undefined ? undefined : sql<SqlBool>`invoice.number = ${number}`,
    text === undefined
      ? undefined
      : sql<SqlBool>`(invoice.number ilike ${pattern(text)} or debtor.name ilike ${pattern(text)})`,
    dueBefore === undefined ? undefined : sql<SqlBool>`invoice.due_date < ${dueBefore}`,
    dueAfter === undefined ? undefined : sql<SqlBool>`invoice.due_date > ${dueAfter}`,
    lateOn === undefined
      ? undefined
      : sql<SqlBool>`invoice.open and invoice.balance_cents > 0 and invoice.due_date < ${lateOn}`,
    level === undefined ? undefined : sql<SqlBool>`invoice.level = ${level}`,
    importId === undefined ? undefined : sql<SqlBool>`invoice.import_id = ${importId}`,
  ];
  return given.filter((condition) => condition !== undefined);
}

/** What is typed is looked for as it is: `%` and `_` are no wildcards to a person. */
function pattern(text: string): string {
  return `%${text.replace(/[\\%_]/g, (character) => `\\${character}`)}%`;
}

/** Later than any wake-up, for files that wait without a date. */
const neverMs = Date.UTC(9999, 0, 1);

function sortColumn(sort: InvoiceSort) {
  if (sort === 'wakeAt') return sql<number>`coalesce(invoice.wake_at, ${new Date(neverMs)}::timestamptz)`;
  return sort.endsWith('balance') ? sql<number>`invoice.balance_cents` : sql<string>`invoice.due_date`;
}

function beyond(
  value: Expression<unknown>,
  sort: InvoiceSort,
  [last, id]: readonly [string | number, string],
  descending: boolean,
): Expression<SqlBool> {
  const place =
    sort === 'wakeAt'
      ? sql`${new Date(Number(last))}::timestamptz`
      : sort.endsWith('balance')
        ? sql`${Number(last)}::bigint`
        : sql`${String(last)}::date`;
  return descending
    ? sql<SqlBool>`(${value}, invoice.id) < (${place}, ${id}::uuid)`
    : sql<SqlBool>`(${value}, invoice.id) > (${place}, ${id}::uuid)`;
}
