import { sql } from 'kysely';
import { numbersIn } from '../domain/allocation.ts';
import type { OpenItem } from '../domain/allocation.ts';
import type { Collection } from '../domain/collection.ts';
import { silencedByJudgmentOn } from '../domain/insolvency/claim-side.ts';
import type { CivilDate } from '../domain/time.ts';
import { noteAccounts } from './audit/money-noted.ts';
import type { Db, Tx } from './database.ts';
import type { Desk } from './desk.ts';
import { openInsolvencyOf } from './insolvencies.ts';
import type { LedgerKind } from './schema.ts';
import { uuidv7 } from './uuid.ts';

/**
 * One movement of money owed. A positive entry raises what is owed, a negative one lowers it.
 *
 * Entries are only ever added. The balance of an invoice is the sum of its entries, the credit of a debtor with a
 * creditor the sum of those that name no invoice; whatever must be undone gets an entry that says the opposite.
 */
export interface NewEntry {
  readonly creditorId: string;
  /** The debtor of the invoice, or the one whose account is meant. */
  readonly debtorId: string;
  /** Null: the account of the debtor with that creditor. */
  readonly invoiceId: string | null;
  readonly currency: string;
  readonly kind: LedgerKind;
  readonly amountCents: number;
  readonly paymentId?: string | null;
  readonly creditNoteId?: string | null;
  /** The civil day that the movement speaks of. */
  readonly day: CivilDate;
}

/** Adds the entries, without those of nothing; the journal says which of them are of no invoice. */
export async function enter(desk: Pick<Desk, 'tx' | 'now'>, entries: readonly NewEntry[]): Promise<void> {
  const rows = entries
    .filter((entry) => entry.amountCents !== 0)
    .map((entry) => ({
      id: uuidv7(),
      creditor_id: entry.creditorId,
      debtor_id: entry.debtorId,
      invoice_id: entry.invoiceId,
      currency: entry.currency,
      kind: entry.kind,
      amount_cents: entry.amountCents,
      payment_id: entry.paymentId ?? null,
      credit_note_id: entry.creditNoteId ?? null,
      day: entry.day,
      at: new Date(desk.now),
    }));
  for (let from = 0; from < rows.length; from += 1000)
    await desk.tx
      .insertInto('ledger_entry')
      .values(rows.slice(from, from + 1000))
      .execute();
  await noteAccounts(desk, rows);
}

/** What each of these invoices still holds, in cents: the sum of its entries. */
export async function balancesOf(
  tx: Db | Tx,
  invoiceIds: readonly string[],
): Promise<ReadonlyMap<string, number>> {
  return sumsOf(tx, invoiceIds);
}

/** What money settles of each of these invoices now, in positive cents: payments less those that came back. */
export async function paidOn(
  tx: Db | Tx,
  invoiceIds: readonly string[],
): Promise<ReadonlyMap<string, number>> {
  const sums = await sumsOf(tx, invoiceIds, ['payment', 'payment_return']);
  return new Map([...sums].map(([invoiceId, cents]) => [invoiceId, -cents]));
}

/** What money has settled of the price of each: the same without what went to interest. */
export async function paidOfPrice(
  tx: Db | Tx,
  invoiceIds: readonly string[],
): Promise<ReadonlyMap<string, number>> {
  const sums = await sumsOf(tx, invoiceIds, ['payment', 'payment_return', 'interest']);
  return new Map([...sums].map(([invoiceId, cents]) => [invoiceId, -cents]));
}

/** The sum of the entries of each of these invoices, of some kinds where they are given. */
async function sumsOf(
  tx: Db | Tx,
  invoiceIds: readonly string[],
  kinds?: readonly LedgerKind[],
): Promise<ReadonlyMap<string, number>> {
  if (invoiceIds.length === 0) return new Map();
  const rows = await tx
    .selectFrom('ledger_entry')
    .select(['invoice_id', ({ fn }) => fn.sum<string>('amount_cents').as('cents')])
    .where('invoice_id', 'in', invoiceIds)
    .$if(kinds !== undefined, (query) => query.where('kind', 'in', kinds ?? []))
    .groupBy('invoice_id')
    .execute();
  return new Map(rows.map((row) => [row.invoice_id ?? '', Number(row.cents)]));
}

/**
 * The debts of a debtor with a creditor that money may still settle; those handed over are among them.
 *
 * So are the invoices that the reference names, settled or in another currency: the money speaks of those and of no
 * other. Of thousands of settled invoices only these are read. A file that is over has not heard of a judgment, so the
 * procedure that the debtor is in says which of them he may not pay.
 */
export async function openItemsOf(
  tx: Tx,
  account: { debtorId: string; creditorId: string; currency: string; reference: string | null },
): Promise<readonly OpenItem[]> {
  const named = [...numbersIn(account.reference ?? '')];
  const insolvency = await openInsolvencyOf(tx, account.debtorId);
  const rows = await tx
    .selectFrom('invoice')
    .select(['id', 'number', 'currency', 'due_date', 'balance_cents', 'collection'])
    .where('debtor_id', '=', account.debtorId)
    .where('creditor_id', '=', account.creditorId)
    .where((row) =>
      row.or([
        row.and([row('currency', '=', account.currency), row('balance_cents', '>', 0)]),
        ...(named.length > 0 ? [sql<boolean>`${comparable} = any(${named})`] : []),
      ]),
    )
    .execute();
  return rows.map((row) => ({
    invoiceId: row.id,
    number: row.number,
    currency: row.currency,
    dueDate: row.due_date,
    balanceCents: row.balance_cents,
    isBarred: silencedByJudgmentOn(row.collection as Collection, insolvency?.judgment_on) !== null,
  }));
}

/** The number of an invoice as `comparableNumber` of the domain gives it. */
const comparable = sql`regexp_replace(upper(number), '[^A-Z0-9]+', '', 'g')`;

/** What one source (a payment, a credit note) has left in one place (an invoice, or the account of a debtor). */
export interface Share {
  readonly invoiceId: string | null;
  readonly debtorId: string;
  readonly creditorId: string;
  readonly currency: string;
  readonly kind: LedgerKind;
  readonly paymentId: string | null;
  readonly creditNoteId: string | null;
  /** Positive: what it settles there, or what stands there as credit. */
  readonly cents: number;
}

/** Where a payment is now: its net share of each invoice and of accounts, oldest entry first. */
export async function sharesOfPayment(tx: Db | Tx, paymentId: string): Promise<readonly Share[]> {
  return shares(tx, 'payment_id', paymentId);
}

/** What lowers an invoice now: its net shares of payments, credit notes, waivers and write-offs, oldest entry first. */
export async function sharesOnInvoice(tx: Db | Tx, invoiceId: string): Promise<readonly Share[]> {
  return shares(tx, 'invoice_id', invoiceId);
}

async function shares(
  tx: Db | Tx,
  column: 'payment_id' | 'invoice_id',
  id: string,
): Promise<readonly Share[]> {
  const rows = await tx
    .selectFrom('ledger_entry')
    .select([
      'invoice_id',
      'debtor_id',
      'creditor_id',
      'currency',
      'payment_id',
      'credit_note_id',
      sourceKind.as('source'),
      ({ fn }) => fn.sum<string>('amount_cents').as('cents'),
    ])
    .where(column, '=', id)
    .where('kind', 'in', ['payment', 'payment_return', 'credit_note', 'write_off', 'waiver'])
    .groupBy([
      'invoice_id',
      'debtor_id',
      'creditor_id',
      'currency',
      'payment_id',
      'credit_note_id',
      sourceKind,
    ])
    .orderBy(({ fn }) => fn.min(sql<string>`id::text`))
    .execute();
  return rows.flatMap((row) =>
    Number(row.cents) < 0
      ? {
          invoiceId: row.invoice_id,
          debtorId: row.debtor_id,
          creditorId: row.creditor_id,
          currency: row.currency,
          kind: row.source,
          paymentId: row.payment_id,
          creditNoteId: row.credit_note_id,
          cents: -Number(row.cents),
        }
      : [],
  );
}

/** A return belongs to the payment that it takes back. */
const sourceKind = sql<LedgerKind>`case kind when 'payment_return' then 'payment' else kind end`;

/** What stands as credit of a debtor, by creditor and currency, in positive cents. */
export async function unallocatedOf(
  tx: Db | Tx,
  debtorId: string,
): Promise<readonly { creditorId: string; currency: string; cents: number }[]> {
  const rows = await tx
    .selectFrom('ledger_entry')
    .select(['creditor_id', 'currency', ({ fn }) => fn.sum<string>('amount_cents').as('cents')])
    .where('debtor_id', '=', debtorId)
    .where('invoice_id', 'is', null)
    .groupBy(['creditor_id', 'currency'])
    .having(({ fn }) => fn.sum('amount_cents'), '<', 0)
    .execute();
  return rows.map((row) => ({
    creditorId: row.creditor_id,
    currency: row.currency,
    cents: -Number(row.cents),
  }));
}

/** What stands as credit of a debtor with one creditor in one currency, in positive cents; 0 for none. */
export async function creditOf(
  tx: Db | Tx,
  account: { debtorId: string; creditorId: string; currency: string },
): Promise<number> {
  const there = (await unallocatedOf(tx, account.debtorId)).find(
    (one) => one.creditorId === account.creditorId && one.currency === account.currency,
  );
  return there?.cents ?? 0;
}
