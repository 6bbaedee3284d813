export { collectInvoice } from './collect-invoice.ts';
export { contactDebtor } from './contact-debtor.ts';
export {
  attendMatter as resolveDispute,
  attendMatter as followPlan,
  attendMatter as litigate,
  attendMatter as declareClaims,
  attendMatter as endStop,
  attendMatter as followDiscount,
  attendMatter as awaitApproval,
} from './attend-matter.ts';
