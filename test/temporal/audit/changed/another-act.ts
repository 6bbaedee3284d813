import { proxyLocalActivities } from '@temporalio/workflow';
import type { Activities } from '../../../../activities/activities.ts';
import type { Outcome } from '../../../../domain/decision.ts';
import { collectInvoice as faithful } from '../../../../workflows/collect-invoice.ts';
import type { InvoiceLife } from '../../../../workflows/collect-invoice.ts';

export { contactDebtor } from '../../../../workflows/contact-debtor.ts';

const { readFacts } = proxyLocalActivities<Activities>({ startToCloseTimeout: '10 seconds' });

/** A careless change: it reads its log first, beside the workflow, where the first act was another. */
export async function collectInvoice(life: InvoiceLife): Promise<Outcome> {
  await readFacts({ invoiceId: life.collection.invoiceId, after: life.collection.fact });
  return faithful(life);
}
