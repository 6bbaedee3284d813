import type { Author } from '../domain/fact.ts';
import { askedCentsOf, isClosed } from '../domain/collection.ts';
import { dayAt } from '../domain/calendar.ts';
import { correctInvoice } from './corrections.ts';
import type { Correction } from './corrections.ts';
import { termFromToday } from './disputes.ts';
import type { Desk, InvoiceFile } from './desk.ts';
import { recordPayment } from './payments.ts';
import { importedReason } from './registration.ts';
import type { IncomingInvoice } from './registration.ts';
import { uuidv7 } from './uuid.ts';

/** Something that a file says otherwise than before: what was, what it says, and whether it is so now. */
export interface Change {
  readonly field: string;
  readonly from: unknown;
  readonly to: unknown;
  /** False: it is only shown, and a person decides. */
  readonly applied: boolean;
}

export interface Update {
  readonly file: InvoiceFile;
  readonly row: IncomingInvoice;
  /** What the latest earlier file said of this invoice; null when none did. */
  readonly last: IncomingInvoice | null;
}

/**
 * Brings a known invoice up to what a file says of it now, and lists the differences.
 *
 * Only what the file says otherwise than the last file did is touched: what people changed in between stays, however
 * often the same export comes in. More paid than before is a payment; less paid is never guessed to be a return, but
 * shown, and of an invoice that is closed as paid again with each file: it would sleep for ever on one side's word.
 */
export async function updateInvoice(
  desk: Desk,
  { file, row, last }: Update,
  by: Author,
): Promise<readonly Change[]> {
  const changes: Change[] = [];
  const corrected = await correct(desk, file, row, last, by, changes);
  if (!corrected) return changes;
  await changeDetails(desk, file, row, last, by, changes);
  await pay(desk, file, row, last, by, changes);
  await dispute(desk, file, row, last, by, changes);
  return changes;
}

/** Whether the file says something new of the field, other than what holds. */
function isNews(
  field: keyof IncomingInvoice,
  row: IncomingInvoice,
  last: IncomingInvoice | null,
  holds: unknown,
): boolean {
  const said = row[field];
  return said !== undefined && said !== last?.[field] && said !== holds;
}

async function correct(
  desk: Desk,
  file: InvoiceFile,
  row: IncomingInvoice,
  last: IncomingInvoice | null,
  by: Author,
  changes: Change[],
): Promise<boolean> {
  const { collection } = file;
  const news: readonly [keyof IncomingInvoice, keyof Correction, unknown][] = [
    ['amountCents', 'amountCents', collection.amountCents],
    ['issueDate', 'issueDate', collection.issueDate],
    ['dueDate', 'dueDate', collection.dueDate],
    ['paymentMethod', 'paidBy', collection.paidBy],
    ['factored', 'factored', collection.factored],
  ];
  const found = news.filter(([field, , holds]) => isNews(field, row, last, holds));
  if (found.length === 0) return true;
  const correction: Correction = Object.fromEntries(found.map(([field, column]) => [column, row[field]]));
  const answer = await correctInvoice(desk, file.id, correction, by, { lane: 'bulk' });
  const applied = answer.kind === 'recorded';
  changes.push(...found.map(([field, , from]) => ({ field, from, to: row[field], applied })));
  return applied;
}

/** What no decision reads: it stands beside the invoice, and its journal says that it changed. */
async function changeDetails(
  desk: Desk,
  file: InvoiceFile,
  row: IncomingInvoice,
  last: IncomingInvoice | null,
  by: Author,
  changes: Change[],
): Promise<void> {
  const columns = { orderNumber: 'order_number', collector: 'collector', salesOwner: 'sales_owner' } as const;
  const holds = await desk.tx
    .selectFrom('invoice')
    .select(['order_number', 'collector', 'sales_owner'])
    .where('id', '=', file.id)
    .executeTakeFirst();
  if (!holds) return;
  const found = (Object.keys(columns) as (keyof typeof columns)[]).filter((field) =>
    isNews(field, row, last, holds[columns[field]]),
  );
  if (found.length === 0) return;
  await desk.tx
    .updateTable('invoice')
    .set(Object.fromEntries(found.map((field) => [columns[field], row[field]])))
    .where('id', '=', file.id)
    .execute();
  await desk.note(file.id, 'detailsChanged', { fields: found, by });
  changes.push(
    ...found.map((field) => ({ field, from: holds[columns[field]], to: row[field], applied: true })),
  );
}

async function pay(
  desk: Desk,
  file: InvoiceFile,
  row: IncomingInvoice,
  last: IncomingInvoice | null,
  by: Author,
  changes: Change[],
): Promise<void> {
  const { paidCents: said } = row;
  if (said === undefined) return;
  const before = last?.paidCents ?? 0;
  const { amountCents, balanceCents, currency, creditorId, debtorId, calendar, end } = file.collection;
  const settledCents = amountCents - balanceCents;
  const isNew = last === null || said !== before;
  const isLess = isNew && said < before && said !== settledCents;
  const isPaid = end === null && balanceCents <= 0;
  if (isLess || (isPaid && said < amountCents)) {
    changes.push({ field: 'paidCents', from: settledCents, to: said, applied: false });
    return;
  }
  if (!isNew) return;
  // A person, the bank or a credit note may have told us already.
  const unknown = said - settledCents;
  const isSettledNow = row.settledDate !== undefined && last?.settledDate === undefined;
  const more = Math.min(unknown, last === null || isSettledNow ? unknown : said - before);
  if (more <= 0) return;
  const allocations =
    balanceCents > 0 ? [{ invoiceId: file.id, amountCents: Math.min(more, balanceCents) }] : [];
  const valueDate = row.settledDate ?? dayAt(calendar, desk.now);
  const payment = {
    creditorId,
    debtorId,
    currency,
    amountCents: more,
    valueDate,
    reference: null,
    allocations,
  };
  const answer = await recordPayment(desk, payment, by, { lane: 'bulk' });
  changes.push({ field: 'paidCents', from: said - more, to: said, applied: answer.kind === 'recorded' });
}

async function dispute(
  desk: Desk,
  file: InvoiceFile,
  row: IncomingInvoice,
  last: IncomingInvoice | null,
  by: Author,
  changes: Change[],
): Promise<void> {
  if (row.disputed === undefined || row.disputed === last?.disputed) return;
  const { disputes } = file.collection;
  if (!row.disputed) {
    // Only a person knows whether it was justified.
    if (disputes.length > 0) changes.push({ field: 'disputed', from: true, to: false, applied: false });
    return;
  }
  const contestedCents = askedCentsOf(file.collection);
  if (disputes.length > 0 || isClosed(file.collection) || contestedCents <= 0) return;
  await desk.state(
    file.id,
    {
      type: 'disputeOpened',
      disputeId: uuidv7(),
      contestedCents,
      reason: importedReason,
      qualifyBy: await termFromToday(desk, file.id),
    },
    by,
    { lane: 'bulk' },
  );
  changes.push({ field: 'disputed', from: false, to: true, applied: true });
}
