import type { Tx } from '../database.ts';
import { grouped } from '../grouped.ts';
import type { MoneyRows } from './verify-money.ts';

/** What the tables say of the money of these invoices, by invoice. */
export async function readMoney(
  tx: Tx,
  invoiceIds: readonly string[],
): Promise<(invoiceId: string) => MoneyRows> {
  const entries = await tx
    .selectFrom('ledger_entry')
    .select(['id', 'invoice_id', 'kind', 'amount_cents', 'payment_id', 'credit_note_id', 'day', 'at'])
    .where('invoice_id', 'in', invoiceIds)
    .orderBy('id')
    .execute();
  const paymentIds = [...new Set(entries.flatMap((entry) => entry.payment_id ?? []))];
  const noteIds = [...new Set(entries.flatMap((entry) => entry.credit_note_id ?? []))];
  const payments = await tx
    .selectFrom('payment')
    .select(['id', 'value_date', 'returned_on'])
    .where('id', '=', (eb) => eb.fn.any(eb.val(paymentIds)))
    .execute();
  const creditNotes = await tx
    .selectFrom('credit_note')
    .select(['id', 'issue_date'])
    .where('id', '=', (eb) => eb.fn.any(eb.val(noteIds)))
    .execute();
  const entriesOf = grouped(entries, (entry) => entry.invoice_id);
  const sources = {
    payments: new Map(payments.map((row) => [row.id, row])),
    creditNotes: new Map(creditNotes.map((row) => [row.id, row])),
  };
  return (invoiceId) => ({ ...sources, entries: entriesOf.get(invoiceId) ?? [] });
}
