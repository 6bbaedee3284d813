import { sql } from 'kysely';
import type { Desk } from './desk.ts';

/**
 * Money that was booked on invoices before something was agreed about them goes back: what was agreed counts only what came
 * since, so the money is taken off what the agreement began with. Else instalments that were paid would be missed, and a
 * promise that was kept broken, by a payment that nobody had promised.
 *
 * Asked before the entries of the return are made, of the invoices on which the payment is booked.
 */
export async function forgetEarlierMoney(
  { tx }: Pick<Desk, 'tx'>,
  paymentId: string,
  invoiceIds: readonly string[],
): Promise<void> {
  if (invoiceIds.length === 0) return;
  await tx
    .updateTable('promise')
    .set({
      paid_before_cents: sql<number>`paid_before_cents + ${bookedBefore(paymentId, 'promise', 'made_at')}`,
    })
    .where('invoice_id', 'in', invoiceIds)
    .execute();
  await tx
    .updateTable('discount_offer')
    .set({
      paid_before_cents: sql<number>`paid_before_cents + ${bookedBefore(paymentId, 'discount_offer', 'offered_at')}`,
    })
    .where('invoice_id', 'in', invoiceIds)
    .execute();
  // Of a plan only what was paid of the price counts; and what is owed again beside it is no credit note taken back.
  const ofPrice = bookedBefore(paymentId, 'plan_invoice', 'started_at', ['interest']);
  await tx
    .updateTable('plan_invoice')
    .from('plan')
    .set({
      paid_before_cents: sql<number>`paid_before_cents + ${ofPrice}`,
      balance_before_cents: sql<number>`balance_before_cents - ${ofPrice}`,
    })
    .whereRef('plan.id', '=', 'plan_invoice.plan_id')
    .where('plan.started_at', 'is not', null)
    .where('plan_invoice.invoice_id', 'in', invoiceIds)
    .execute();
}

/** What of the payment was booked on the invoice of that row before that moment: negative cents, or 0. */
function bookedBefore(
  paymentId: string,
  table: 'promise' | 'discount_offer' | 'plan_invoice',
  since: 'made_at' | 'offered_at' | 'started_at',
  more: readonly 'interest'[] = [],
) {
  const kinds = ['payment', 'payment_return', ...more];
  return sql<number>`coalesce((select sum(entry.amount_cents) from ledger_entry entry
    where entry.payment_id = ${paymentId} and entry.invoice_id = ${sql.ref(`${table}.invoice_id`)}
      and entry.kind = any(${kinds}) and entry.at < ${sql.ref(since)}), 0)`;
}
