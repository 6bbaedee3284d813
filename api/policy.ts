import type { Area } from '../domain/area.ts';
import { approverRoles } from '../domain/approval/approval.ts';
import type { Role } from '../domain/role.ts';
import type { RowKind } from './row-kinds.ts';

/**
 * Who may do what, and to which rows: one line per route, and no route without its line.
 *
 * A line says which roles may use the route, to which area of the API it belongs (a key can be cut to areas), and what
 * of it is bound to rows. A caller who sees a part of the files (`db/visible.ts`) meets, on a route bound to rows, no row
 * but his: others are answered 404, as if they were not there, and are missing from lists and sums. What a
 * route asks of its caller beyond its line is no authorisation. `docs/policy.md` is written from this.
 */
export type Line = readonly [may: readonly Role[], area: Area, rows: Rows];

/**
 * `none`: nothing in it belongs to a part of the files. `every`: it is about all files at once, so it is refused to
 * whoever sees a part. `event`: what it tells is seen by its invoice, as it comes. Else what the first parameter of its
 * address names, or what it lists, or what its body names (`row-kinds.ts`).
 */
export type Rows = 'none' | 'every' | 'event' | RowKind;

/**
 * What fewer may send than the rest of a request: by route, then by a field of its body.
 *
 * Whoever may use the route and not the field is refused with 403 that names the field, and nothing of his request is done.
 */
export type FieldPolicy = Readonly<Record<string, Readonly<Record<string, readonly Role[]>>>>;

/** By subject, then by method and address as the router knows it. */
export type Policy = Readonly<Record<string, Readonly<Record<string, Line>>>>;

/** Those who are no guests of the house. */
const insiders = [
  'admin',
  'credit_manager',
  'collector',
  'accountant',
  'legal',
  'auditor',
] as const satisfies readonly Role[];

/** Those who know of a part of the files, by what concerns them. */
const guests = ['sales', 'resolver', 'external_firm'] as const satisfies readonly Role[];

/** The whole house: whoever works here reads what is his. Written out: a new role is let in nowhere unasked. */
const everybody: readonly Role[] = placed([...insiders, ...guests]);

/** Compiles for as long as each role has its place above. */
function placed<Placed extends Role>(
  list: readonly Placed[] & ([Role] extends [Placed] ? unknown : never),
): readonly Role[] {
  return list;
}

/** Who reads what was said and written: no sales, for letters and mails tell where to pay. */
const correspondents: readonly Role[] = [...insiders, 'resolver', 'external_firm'];

/** Who follows files outside the house: nobody who sold or delivered, and the partner himself. */
export const litigators: readonly Role[] = [...insiders, 'external_firm'];

/** Who works files: agrees with debtors, answers tasks, approves drafts. */
const collectors: readonly Role[] = ['admin', 'credit_manager', 'collector', 'legal'];

/** Who records money and corrects papers. */
const accountants: readonly Role[] = ['admin', 'credit_manager', 'collector', 'accountant'];

/** Who hears of objections first: those who sold or delivered among them. They say so of a file, in a dispute or a note. */
const objectors: readonly Role[] = [...collectors, 'accountant', 'sales', 'resolver'];

/** Who keeps what is known of a debtor: it holds for all his files, those of colleagues too. */
const keepers: readonly Role[] = [...collectors, 'accountant'];

/** Who gives up money or cancels papers. */
const deciders: readonly Role[] = ['admin', 'credit_manager', 'accountant'];

/** Who gives up a part by agreement. */
export const waivers: readonly Role[] = [...deciders, 'collector'];

/** Who examines what was done, by whom and why. */
export const examiners: readonly Role[] = ['admin', 'credit_manager', 'legal', 'auditor'];

/** They, and whoever closes the books. */
export const mayAudit: readonly Role[] = [...examiners, 'accountant'];

/** Who is told who looked, who took lists away and who came in: those alone who answer for it (`audit/told-of-people.ts`). */
export const toldOfPeople: readonly Role[] = ['admin', 'auditor'];

/** Who sets how the house works. */
const heads: readonly Role[] = ['admin', 'credit_manager'];

/** What is public by nature, and has no line: a way in, signs of life, the reference, and what is signed by others. */
export const publicByNature: readonly string[] = [
  'GET /',
  'GET /style.css',
  'GET /icon.svg',
  'GET /enter',
  'POST /enter',
  'POST /leave',
  'GET /invitation',
  'POST /invitation',
  'GET /healthz',
  'GET /readyz',
  'GET /metrics',
  'GET /docs',
  'GET /openapi.json',
  'GET /v1/session',
  'POST /v1/session',
  'DELETE /v1/session',
  'GET /v1/oidc/start',
  'GET /v1/oidc/callback',
  'POST /v1/invitations/acceptance',
  'POST /v1/webhooks/sendgrid/:account',
  'POST /v1/webhooks/twilio/:account',
];

export const policy: Policy = {
  'Reading files': {
    'GET /v1/invoices': [everybody, 'read', 'invoice'],
    'GET /v1/invoices/:invoiceId': [everybody, 'read', 'invoice'],
    'GET /v1/invoices/:invoiceId/timeline': [everybody, 'read', 'invoice'],
    'GET /v1/invoices/:invoiceId/why': [everybody, 'read', 'invoice'],
    'GET /v1/legal-clocks': [everybody, 'read', 'invoice'],
    'GET /v1/invoices/:invoiceId/clocks': [everybody, 'read', 'invoice'],
    'GET /v1/invoices/:invoiceId/facts': [correspondents, 'read', 'invoice'],
    // It tells of payments, of which sales is not told.
    'GET /v1/invoices/:invoiceId/claim': [correspondents, 'read', 'invoice'],
    'GET /v1/invoices/:invoiceId/history': [insiders, 'read', 'invoice'],
    'GET /v1/debtors': [everybody, 'read', 'debtor'],
    'GET /v1/debtors/:debtorId': [everybody, 'read', 'debtor'],
    // They are about all files of two debtors.
    'GET /v1/likely-twins': [insiders, 'read', 'every'],
    'GET /v1/merges': [insiders, 'read', 'every'],
    // It tells of what is left, with its interest, as the claim of an invoice does.
    'GET /v1/debtors/:debtorId/insolvency': [correspondents, 'read', 'debtor'],
    'GET /v1/debtors/:debtorId/insolvency/declarations/:creditorId': [correspondents, 'read', 'debtor'],
    'GET /v1/tasks': [everybody, 'read', 'task'],
    'GET /v1/approvals': [insiders, 'read', 'approval'],
    'GET /v1/promises': [everybody, 'read', 'promise'],
    'GET /v1/plans': [everybody, 'read', 'plan'],
    'GET /v1/plans/:planId': [everybody, 'read', 'plan'],
    'GET /v1/plans/:planId/agreement': [correspondents, 'read', 'plan'],
    'GET /v1/debtors/:debtorId/plans': [everybody, 'read', 'debtor'],
    'GET /v1/debtors/:debtorId/accessories': [correspondents, 'read', 'debtor'],
    'GET /v1/disputes': [everybody, 'read', 'dispute'],
    // What is shown page by page may be taken as a file: it holds the same rows.
    'GET /v1/exports/invoices': [everybody, 'read', 'invoice'],
    'GET /v1/exports/tasks': [everybody, 'read', 'task'],
    'GET /v1/disputes/causes': [everybody, 'read', 'debtor'],
    'GET /v1/litigation': [litigators, 'read', 'litigation'],
    'GET /v1/litigation/:litigationId': [litigators, 'read', 'litigation'],
    'GET /v1/litigation/:litigationId/pack': [litigators, 'read', 'litigation'],
    'GET /v1/litigation/:litigationId/accounting': [insiders, 'read', 'litigation'],
    'GET /v1/disputes/:disputeId': [everybody, 'read', 'dispute'],
    'GET /v1/dispute-documents/:documentId': [everybody, 'read', 'dispute document'],
    'GET /v1/dispute-reasons': [everybody, 'read', 'none'],
    'GET /v1/messages': [everybody, 'read', 'message'],
    'GET /v1/messages/:messageId': [correspondents, 'read', 'message'],
    'GET /v1/drafts': [correspondents, 'read', 'draft'],
    'GET /v1/documents/:documentId': [correspondents, 'read', 'document'],
    'GET /v1/events': [everybody, 'read', 'event'],
    'GET /v1/creditors': [everybody, 'read', 'creditor'],
    'GET /v1/creditors/:creditorId': [everybody, 'read', 'creditor'],
    'GET /v1/creditors/:creditorId/bank-data': [insiders, 'read', 'creditor'],
    'GET /v1/scenarios': [everybody, 'read', 'none'],
    'GET /v1/settings': [insiders, 'read', 'none'],
    'GET /v1/law-values': [everybody, 'read', 'none'],
    'GET /v1/holds': [insiders, 'read', 'stop'],
    'GET /v1/stops': [insiders, 'read', 'stop'],
    // Totals of all files: they can be cut to no part.
    'GET /v1/metrics': [insiders, 'read', 'every'],
    // Temporal's pages show what workflows were told of any file. Nothing is sealed for anybody.
    'POST /v1/codec/decode': [['admin', 'auditor'], 'read', 'every'],
    'POST /v1/codec/encode': [['admin', 'auditor'], 'read', 'every'],
  },

  Audit: {
    'GET /v1/audit/accesses': [toldOfPeople, 'read', 'every'],
    'GET /v1/audit/entries': [examiners, 'read', 'every'],
    'GET /v1/invoices/:invoiceId/bundle': [examiners, 'read', 'invoice'],
    'GET /v1/invoices/:invoiceId/replay': [examiners, 'read', 'invoice'],
    'GET /v1/audit/questions': [mayAudit, 'read', 'every'],
    'GET /v1/audit/questions/:key': [mayAudit, 'read', 'every'],
    'GET /v1/audit/as-it-was': [mayAudit, 'read', 'every'],
    'GET /v1/audit/anchors': [mayAudit, 'read', 'every'],
  },

  'The plain pages': {
    'GET /outbox': [correspondents, 'read', 'message'],
    'GET /outbox/:messageId': [correspondents, 'read', 'message'],
    'GET /outbox/:messageId/mail': [correspondents, 'read', 'message'],
    'GET /outbox/:messageId/document': [correspondents, 'read', 'message'],
    'GET /i/:number': [everybody, 'read', 'invoice'],
    'GET /causes': [everybody, 'read', 'debtor'],
    'GET /approvals': [insiders, 'read', 'approval'],
    'POST /approvals/:approvalId/decision': [approverRoles, 'files', 'approval'],
    'GET /merges': [insiders, 'read', 'every'],
    'GET /audit': [mayAudit, 'read', 'every'],
    'GET /audit/questions/:key': [mayAudit, 'read', 'every'],
    'GET /audit/as-it-was': [mayAudit, 'read', 'every'],
    'GET /audit/accesses': [toldOfPeople, 'read', 'every'],
    'GET /litigation': [litigators, 'read', 'litigation'],
    'GET /litigation/:litigationId': [litigators, 'read', 'litigation'],
    'GET /account': [everybody, 'people', 'none'],
    'POST /account/password': [everybody, 'people', 'none'],
    'POST /account/factor': [everybody, 'people', 'none'],
    'POST /account/factor/confirmation': [everybody, 'people', 'none'],
    'POST /account/factor/removal': [everybody, 'people', 'none'],
    'POST /account/proof': [everybody, 'people', 'none'],
    'POST /account/sessions': [everybody, 'people', 'none'],
  },

  'Working files': {
    'POST /v1/invoices/:invoiceId/promises': [
      [...collectors, 'accountant', 'sales', 'external_firm'],
      'files',
      'invoice',
    ],
    'POST /v1/plans': [collectors, 'files', 'invoice'],
    'POST /v1/plans/:planId/acceptance': [collectors, 'files', 'plan'],
    'POST /v1/plans/:planId/withdrawal': [collectors, 'files', 'plan'],
    'POST /v1/promises': [[...collectors, 'accountant', 'sales', 'external_firm'], 'files', 'invoice'],
    'POST /v1/promises/:promiseId/withdrawal': [collectors, 'files', 'promise'],
    'POST /v1/invoices/:invoiceId/disputes': [objectors, 'files', 'invoice'],
    'POST /v1/disputes/:disputeId/assignment': [collectors, 'files', 'dispute'],
    'POST /v1/disputes/:disputeId/qualification': [collectors, 'files', 'dispute'],
    'POST /v1/disputes/:disputeId/messages': [objectors, 'files', 'dispute'],
    'POST /v1/disputes/:disputeId/documents': [objectors, 'files', 'dispute'],
    'POST /v1/disputes/:disputeId/resolution': [[...collectors, 'resolver'], 'files', 'dispute'],
    'POST /v1/invoices/:invoiceId/limitation-events': [collectors, 'files', 'invoice'],
    'POST /v1/invoices/:invoiceId/insurer-notices': [collectors, 'files', 'invoice'],
    'POST /v1/invoices/:invoiceId/holds': [collectors, 'files', 'invoice'],
    'POST /v1/invoices/:invoiceId/holds/:holdId/lift': [collectors, 'files', 'invoice'],
    'POST /v1/invoices/:invoiceId/notes': [[...objectors, 'external_firm'], 'files', 'invoice'],
    'POST /v1/invoices/:invoiceId/steps/:step/skip': [collectors, 'files', 'invoice'],
    'POST /v1/invoices/:invoiceId/samples': [
      ['admin', 'credit_manager', 'collector', 'accountant', 'legal'],
      'files',
      'invoice',
    ],
    // Names and roles of colleagues and firms, for whoever gives them something.
    'GET /v1/assignees': [collectors, 'files', 'none'],
    'POST /v1/invoices/:invoiceId/hand-over': [[...heads, 'legal'], 'files', 'invoice'],
    'POST /v1/invoices/:invoiceId/hand-over/withdrawal': [[...heads, 'legal'], 'files', 'invoice'],
    'POST /v1/litigation': [collectors, 'files', 'invoice'],
    'POST /v1/litigation/:litigationId/route': [[...heads, 'legal'], 'files', 'litigation'],
    'POST /v1/litigation/:litigationId/pieces': [collectors, 'files', 'litigation'],
    'POST /v1/litigation/:litigationId/not-needed': [collectors, 'files', 'litigation'],
    'DELETE /v1/litigation/:litigationId/pieces/:pieceId': [collectors, 'files', 'litigation'],
    'POST /v1/litigation/:litigationId/hand-over': [[...heads, 'legal'], 'files', 'litigation'],
    // Whoever has the file says himself what he does.
    'POST /v1/litigation/:litigationId/statuses': [
      [...heads, 'legal', 'external_firm'],
      'files',
      'litigation',
    ],
    'POST /v1/litigation/:litigationId/costs': [[...heads, 'legal', 'external_firm'], 'files', 'litigation'],
    'POST /v1/litigation/:litigationId/recoveries': [
      [...heads, 'legal', 'external_firm'],
      'files',
      'litigation',
    ],
    'POST /v1/litigation/:litigationId/remittances': [
      [...heads, 'legal', 'accountant'],
      'files',
      'litigation',
    ],
    'POST /v1/litigation/:litigationId/withdrawal': [[...heads, 'legal'], 'files', 'litigation'],
    'POST /v1/litigation/:litigationId/closing': [[...heads, 'legal'], 'files', 'litigation'],
    'POST /v1/tasks/:taskId/outcome': [[...collectors, 'accountant'], 'files', 'task'],
    'POST /v1/drafts/:messageId/approval': [collectors, 'files', 'draft'],
    'POST /v1/messages/:messageId/letter': [[...collectors, 'accountant'], 'files', 'message'],
    'POST /v1/approvals/:approvalId/decision': [approverRoles, 'files', 'approval'],
    'PATCH /v1/debtors/:debtorId': [collectors, 'files', 'debtor'],
    'POST /v1/merges': [heads, 'files', 'every'],
    'POST /v1/merges/:mergeId/undo': [heads, 'files', 'every'],
    'POST /v1/debtors/:debtorId/insolvency': [keepers, 'files', 'debtor'],
    'POST /v1/debtors/:debtorId/holds': [collectors, 'files', 'debtor'],
    'POST /v1/debtors/:debtorId/holds/:holdId/lift': [collectors, 'files', 'debtor'],
    'POST /v1/debtors/:debtorId/contacts': [keepers, 'files', 'debtor'],
    'PATCH /v1/contacts/:contactId': [keepers, 'files', 'contact'],
    'POST /v1/contacts/:contactId/erasure': [['admin'], 'files', 'contact'],
    'POST /v1/holds': [collectors, 'files', 'stop'],
    'POST /v1/stops': [collectors, 'files', 'stop'],
    'POST /v1/stops/:stopId/lift': [heads, 'files', 'stop'],
  },

  'Papers and money': {
    'POST /v1/invoices': [accountants, 'money', 'creditor'],
    'POST /v1/invoices/:invoiceId/correction': [accountants, 'money', 'invoice'],
    'POST /v1/invoices/:invoiceId/cancellation': [deciders, 'money', 'invoice'],
    'POST /v1/invoices/:invoiceId/write-off': [deciders, 'money', 'invoice'],
    'POST /v1/invoices/:invoiceId/waiver': [waivers, 'money', 'invoice'],
    'POST /v1/invoices/:invoiceId/accessories/end': [[...deciders, 'collector'], 'money', 'invoice'],
    'POST /v1/invoices/:invoiceId/discount': [waivers, 'money', 'invoice'],
    'POST /v1/invoices/:invoiceId/payments': [accountants, 'money', 'invoice'],
    'POST /v1/creditors/:creditorId/bank-data': [accountants, 'money', 'creditor'],
    'POST /v1/payments': [accountants, 'money', 'debtor'],
    'POST /v1/payments/:paymentId/allocations': [accountants, 'money', 'payment'],
    'POST /v1/payments/:paymentId/return': [accountants, 'money', 'payment'],
    'POST /v1/credit-notes': [accountants, 'money', 'debtor'],
    'POST /v1/credit-notes/:creditNoteId/allocations': [accountants, 'money', 'credit note'],
  },

  // A file of invoices is everybody's: it names whatever the seller sold, and says what differs from what is known.
  Imports: {
    'POST /v1/imports': [accountants, 'imports', 'every'],
    'GET /v1/imports': [insiders, 'imports', 'every'],
    'GET /v1/imports/:importId': [insiders, 'imports', 'every'],
    'GET /v1/imports/:importId/rows': [insiders, 'imports', 'every'],
    'GET /v1/imports/:importId/rejected-rows': [insiders, 'imports', 'every'],
    'GET /v1/imports/:importId/preview': [insiders, 'imports', 'every'],
    'POST /v1/imports/:importId/release': [[...deciders, 'collector'], 'imports', 'every'],
  },

  'How the house works': {
    'POST /v1/creditors/:creditorId/insurance-policy': [heads, 'settings', 'creditor'],
    'POST /v1/creditors': [heads, 'settings', 'none'],
    'PATCH /v1/creditors/:creditorId': [heads, 'settings', 'creditor'],
    'GET /v1/firms': [insiders, 'read', 'none'],
    'POST /v1/firms': [[...heads, 'legal'], 'settings', 'none'],
    'PATCH /v1/firms/:firmId': [[...heads, 'legal'], 'settings', 'none'],
    'POST /v1/firms/:firmId/mandates': [[...heads, 'legal'], 'settings', 'none'],
    'PATCH /v1/dispute-reasons': [heads, 'settings', 'none'],
    'PATCH /v1/settings': [heads, 'settings', 'none'],
    // What the law says is claimed from everybody: it is entered by one who answers for the whole house.
    'POST /v1/law-values': [['admin'], 'settings', 'none'],
  },

  People: {
    'GET /v1/me': [everybody, 'people', 'none'],
    'GET /v1/sessions': [everybody, 'people', 'none'],
    'DELETE /v1/sessions': [everybody, 'people', 'none'],
    'DELETE /v1/sessions/:sessionId': [everybody, 'people', 'none'],
    'POST /v1/session/proof': [everybody, 'people', 'none'],
    'POST /v1/password': [everybody, 'people', 'none'],
    'POST /v1/totp': [everybody, 'people', 'none'],
    'POST /v1/totp/confirmation': [everybody, 'people', 'none'],
    'POST /v1/totp/removal': [everybody, 'people', 'none'],
    'GET /v1/users': [[...heads, 'auditor'], 'people', 'none'],
    'POST /v1/users': [['admin'], 'people', 'none'],
    'POST /v1/users/:userId/keys': [['admin'], 'people', 'none'],
    'GET /v1/keys': [['admin', 'auditor'], 'people', 'none'],
    'DELETE /v1/keys/:prefix': [['admin'], 'people', 'none'],
    'PATCH /v1/users/:userId': [['admin'], 'people', 'none'],
    'GET /v1/users/:userId/sessions': [['admin'], 'people', 'none'],
    'DELETE /v1/users/:userId/sessions': [['admin'], 'people', 'none'],
    'DELETE /v1/users/:userId/sessions/:sessionId': [['admin'], 'people', 'none'],
    'DELETE /v1/users/:userId/totp': [['admin'], 'people', 'none'],
    'POST /v1/invitations': [['admin'], 'people', 'none'],
  },
};

export const fieldPolicy: FieldPolicy = {
  // Whoever is kept from acting alone must not be able to keep himself from it no longer.
  'PATCH /v1/settings': { fourEyes: ['admin'] },
  // A promise beyond the bounds of the scenario.
  'POST /v1/promises': { override: heads },
  // A plan that pauses for longer than anybody may let it alone.
  'POST /v1/plans': { override: heads },
  // What is claimed from him, as the settings of a creditor say it for all, and whether the law asks for it at all.
  'PATCH /v1/debtors/:debtorId': { penaltyRateHundredths: heads, kind: [...heads, 'legal'] },
  'POST /v1/invoices/:invoiceId/promises': { override: heads },
};
