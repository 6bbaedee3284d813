import { sleep } from '@temporalio/workflow';
import type { Outcome } from '../../../../domain/decision.ts';
import { collectInvoice as faithful } from '../../../../workflows/collect-invoice.ts';
import type { InvoiceLife } from '../../../../workflows/collect-invoice.ts';

export { contactDebtor } from '../../../../workflows/contact-debtor.ts';

/** A careless change: it takes a breath before it looks. */
export async function collectInvoice(life: InvoiceLife): Promise<Outcome> {
  await sleep('1 second');
  return faithful(life);
}
