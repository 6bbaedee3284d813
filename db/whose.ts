import type { CivilDate } from '../domain/time.ts';
import type { Db } from './database.ts';
import { onlySeen } from './visible.ts';
import type { Eyes } from './visible.ts';

/** Whose things are: what must be known of an id before the right debtors can be locked. It changes only when debtors are merged or parted. */

/** The invoice of a promise or dispute; undefined when it is not here. */
export async function invoiceOf(
  db: Db,
  what: 'promise' | 'dispute',
  id: string,
): Promise<string | undefined> {
  return (await db.selectFrom(what).select('invoice_id').where('id', '=', id).executeTakeFirst())?.invoice_id;
}

/** The debtor of a contact; undefined when it is not here. */
export async function debtorOfContact(db: Db, contactId: string): Promise<string | undefined> {
  return (await db.selectFrom('contact').select('debtor_id').where('id', '=', contactId).executeTakeFirst())
    ?.debtor_id;
}

/**
 * Debtors as they were read a moment ago, and read again each further time: what `atTheDesk` takes, at no cost where nobody
 * was merged meanwhile.
 */
export function asRead(
  debtorIds: readonly string[],
  again: () => Promise<readonly string[]>,
): () => Promise<readonly string[]> {
  let isFirst = true;
  return async () => {
    if (!isFirst) return again();
    isFirst = false;
    return debtorIds;
  };
}

/** The debtor whom a message is about, as those whose lock it needs; nobody for a message to the house that names none. */
export async function debtorsOfMessage(db: Db, messageId: string): Promise<readonly string[]> {
  const row = await db
    .selectFrom('message')
    .select('debtor_id')
    .where('id', '=', messageId)
    .executeTakeFirst();
  return row?.debtor_id ? [row.debtor_id] : [];
}

/** Whose money a payment or credit note is, in which currency, and of which day. */
export interface MoneyHere {
  readonly debtorId: string;
  readonly currency: string;
  readonly day: CivilDate;
}

/** A payment or credit note by its id; undefined when it is not here. */
export async function moneyOfId(
  db: Db,
  what: 'payment' | 'credit_note',
  id: string,
): Promise<MoneyHere | undefined> {
  const row =
    what === 'payment'
      ? await db
          .selectFrom('payment')
          .select(['debtor_id', 'currency', 'value_date as day'])
          .where('id', '=', id)
          .executeTakeFirst()
      : await db
          .selectFrom('credit_note')
          .select(['debtor_id', 'currency', 'issue_date as day'])
          .where('id', '=', id)
          .executeTakeFirst();
  return row && { debtorId: row.debtor_id, currency: row.currency, day: row.day };
}

/** The parties of an invoice; undefined when it is not seen. */
export async function partiesOfInvoice(
  eyes: Eyes,
  db: Db,
  invoiceId: string,
): Promise<{ readonly debtorId: string; readonly creditorId: string } | undefined> {
  const row = await db
    .selectFrom('invoice')
    .select(['creditor_id', 'debtor_id'])
    .where('id', '=', invoiceId)
    .$call(onlySeen(eyes, 'invoice'))
    .executeTakeFirst();
  return row && { debtorId: row.debtor_id, creditorId: row.creditor_id };
}

/** The creditor to whom alone the debtor ever owed anything. */
export async function onlyCreditorOf(db: Db, debtorId: string): Promise<string | undefined> {
  const rows = await db
    .selectFrom('invoice')
    .select('creditor_id')
    .distinct()
    .where('debtor_id', '=', debtorId)
    .limit(2)
    .execute();
  return rows.length === 1 ? rows[0]?.creditor_id : undefined;
}
