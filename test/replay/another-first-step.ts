import { proxyActivities } from '@temporalio/workflow';
import type { Activities } from '../../activities/activities.ts';
import type { Outcome } from '../../domain/decision.ts';
import { collectInvoice as faithful } from '../../workflows/collect-invoice.ts';
import type { InvoiceLife } from '../../workflows/collect-invoice.ts';

export { contactDebtor } from '../../workflows/contact-debtor.ts';

const { readFacts } = proxyActivities<Activities>({ startToCloseTimeout: '30 seconds' });

/** The life of an invoice as a careless change would make it: it reads its log first, without `patched`. */
export async function collectInvoice(life: InvoiceLife): Promise<Outcome> {
  await readFacts({ invoiceId: life.collection.invoiceId, after: life.collection.fact });
  return faithful(life);
}
