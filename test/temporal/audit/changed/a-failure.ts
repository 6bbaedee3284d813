import type { Outcome } from '../../../../domain/decision.ts';
import type { InvoiceLife } from '../../../../workflows/collect-invoice.ts';

export { contactDebtor } from '../../../../workflows/contact-debtor.ts';

/** A careless change: it reads a field that nobody stored. */
export async function collectInvoice(_life: InvoiceLife): Promise<Outcome> {
  throw new TypeError('a field that nobody stored');
}
