import type { Seen } from '../db/visible.ts';

/**
 * The kinds of rows that lines of the policy are bound to: in which table each is looked for, and by which parameter an
 * address names it.
 *
 * A new kind of row that stands by itself has a line here and its rule in `db/visible.ts`; an address that names it
 * otherwise does not start, and the matrix asks it as it asks all others.
 */
export const rowKinds = {
  invoice: { seenAs: 'invoice', parameter: 'invoiceId' },
  debtor: { seenAs: 'debtor', parameter: 'debtorId' },
  contact: { seenAs: 'contact', parameter: 'contactId' },
  creditor: { seenAs: 'creditor', parameter: 'creditorId' },
  promise: { seenAs: 'promise', parameter: 'promiseId' },
  plan: { seenAs: 'plan', parameter: 'planId' },
  dispute: { seenAs: 'dispute', parameter: 'disputeId' },
  'dispute document': { seenAs: 'dispute_document', parameter: 'documentId' },
  approval: { seenAs: 'approval', parameter: 'approvalId' },
  task: { seenAs: 'task', parameter: 'taskId' },
  message: { seenAs: 'message', parameter: 'messageId' },
  draft: { seenAs: 'message', parameter: 'messageId' },
  document: { seenAs: 'document', parameter: 'documentId' },
  payment: { seenAs: 'payment', parameter: 'paymentId' },
  'credit note': { seenAs: 'credit_note', parameter: 'creditNoteId' },
  litigation: { seenAs: 'litigation', parameter: 'litigationId' },
  stop: { seenAs: 'stop', parameter: 'stopId' },
} as const satisfies Readonly<Record<string, { readonly seenAs: Seen; readonly parameter: string }>>;

export type RowKind = keyof typeof rowKinds;

/** A number on an invoice names none: there may be several. Such a route asks itself which of them are seen. */
export const nameOfSeveral = 'number';

/** The first parameter of an address, which names what the route is about. */
export function parameterOf(url: string): string | undefined {
  return /:(\w+)/.exec(url)?.[1];
}
