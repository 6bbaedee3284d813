export { collectInvoice } from './collect-invoice.ts';
export { contactDebtor } from './contact-debtor.ts';
