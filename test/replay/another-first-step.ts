import { sleep } from '@temporalio/workflow';
import { collectInvoice as faithful } from '../../workflows/collect-invoice.ts';
import type { InvoiceLife } from '../../workflows/collect-invoice.ts';
import type { Outcome } from '../../domain/decision.ts';

export { contactDebtor } from '../../workflows/contact-debtor.ts';

/** The life of an invoice as a careless change would make it: one timer more at its beginning, without `patched`. */
export async function collectInvoice(life: InvoiceLife): Promise<Outcome> {
  await sleep('1 minute');
  return faithful(life);
}
