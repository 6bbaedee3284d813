import { randomUUID } from 'node:crypto';
import type { Role } from '../../../domain/role.ts';
import type { Office } from '../../setup/office.ts';
import type { Rows } from './rows.ts';

/** What is sent to a route, beside its address: a right request, so that whoever may is not refused for another reason. */
export interface Example {
  /** The JSON of the request; `named` is the id of the row that the cell is about, or one that is not there. */
  readonly body?: (rows: Rows, office: Office, named: string) => object | Promise<object>;
  readonly csv?: () => string;
  readonly query?: (rows: Rows) => Promise<string>;
  /** Which row the body names, where the address names none. */
  readonly bodyNames?: 'debtor' | 'creditor' | 'invoice';
  /** The code of the refusal that whoever may gets: it lies beyond what the matrix is about. */
  readonly refusedWith?: string;
  /** What it does can be done once: each cell has rows of its own. */
  readonly once?: boolean;
}

/** What fewer may ask than the rest of a route: the address, and who is answered; everybody else is refused. */
export const narrower: readonly {
  readonly of: string;
  readonly url: string;
  readonly may: readonly Role[];
}[] = [
  ...['audit', 'exports', 'payloads', 'login', 'user/01890000-0000-7000-8000-000000000000'].map(
    (subject) => ({
      of: 'GET /v1/audit/entries',
      url: `/v1/audit/entries?subject=${subject}`,
      may: ['admin', 'auditor'] as const,
    }),
  ),
  {
    of: 'GET /v1/audit/entries',
    url: '/v1/audit/entries?subject=settings',
    may: ['admin', 'credit_manager', 'legal', 'auditor'],
  },
  ...['/v1/audit/questions/looked-or-taken', '/audit/questions/looked-or-taken'].map((url) => ({
    of: `GET ${url.replace('looked-or-taken', ':key')}`,
    url,
    may: ['admin', 'auditor'] as const,
  })),
];

const eur = (amount: number) => ({ amount, currency: 'EUR' });
const nothing = (): Example => ({});
const saying = (body: object): Example => ({ body: () => body });

/** An example for each route that is sent something, by method and address. */
export const examples: Readonly<Record<string, Example>> = {
  'POST /v1/invoices/:invoiceId/promises': {
    ...saying({ date: '2026-03-10', amount: eur(200) }),
    once: true,
  },
  'POST /v1/plans': {
    body: (_rows, _office, named) => ({
      invoiceIds: [named],
      equal: { count: 3, firstOn: '2026-04-01' },
    }),
    bodyNames: 'invoice',
    once: true,
  },
  'POST /v1/plans/:planId/acceptance': { ...saying({ on: '2026-03-01', how: 'signed' }), once: true },
  'POST /v1/plans/:planId/withdrawal': { ...saying({ reason: 'other' }), once: true },
  'POST /v1/promises': {
    body: (_rows, _office, named) => ({ date: '2026-03-10', invoices: [{ invoiceId: named }] }),
    bodyNames: 'invoice',
    once: true,
  },
  'POST /v1/promises/:promiseId/withdrawal': saying({}),
  'POST /v1/invoices/:invoiceId/disputes': saying({ reason: 'quality', amount: eur(200) }),
  'POST /v1/disputes/:disputeId/assignment': {
    body: (_, office) => ({ userId: office.users.resolver }),
  },
  'GET /v1/disputes/causes': { query: causesByDebtor },
  'GET /causes': { query: causesByDebtor },
  // The office opens on 2 March 2026.
  'GET /v1/audit/as-it-was': { query: async () => '?on=2026-02-27' },
  'GET /v1/legal-clocks': { query: async () => '?limit=200&within=400' },
  'POST /v1/disputes/:disputeId/qualification': saying({ verdict: 'dispute' }),
  'POST /v1/disputes/:disputeId/messages': saying({ way: 'internal', text: 'Bon de livraison demandé.' }),
  'POST /v1/disputes/:disputeId/documents': { csv: () => 'Bon de livraison 4711' },
  'POST /v1/disputes/:disputeId/resolution': saying({ outcome: 'unjustified' }),
  'POST /v1/invoices/:invoiceId/holds': saying({ reason: 'other' }),
  'POST /v1/invoices/:invoiceId/holds/:holdId/lift': nothing(),
  'POST /v1/invoices/:invoiceId/notes': saying({ text: 'Rappeler lundi.' }),
  'POST /v1/invoices/:invoiceId/steps/:step/skip': saying({ reason: 'other' }),
  'POST /v1/invoices/:invoiceId/samples': {
    body: async (_, office) => ({ step: await firstStep(office) }),
  },
  'POST /v1/invoices/:invoiceId/hand-over': {
    body: (_, office) => ({ firmId: office.users.external_firm, incompleteBecause: 'Urgent.' }),
    // What is promised or in a plan by now goes to no firm.
    once: true,
  },
  'POST /v1/invoices/:invoiceId/hand-over/withdrawal': saying({}),
  'POST /v1/tasks/:taskId/outcome': saying({ outcome: 'done' }),
  'POST /v1/messages/:messageId/letter': {
    body: () => ({ state: 'received', on: '2026-03-01' }),
    refusedWith: 'letter-not-posted',
  },
  'POST /v1/approvals/:approvalId/decision': saying({ decision: 'approve' }),
  'POST /approvals/:approvalId/decision': saying({ decision: 'approve' }),
  'POST /v1/drafts/:messageId/approval': {
    body: () => ({ digest: 'of another draft' }),
    refusedWith: 'draft-changed',
  },
  'PATCH /v1/debtors/:debtorId': saying({ grade: 'B' }),
  'POST /v1/invoices/:invoiceId/limitation-events': saying({
    kind: 'court_claim',
    on: '2026-03-01',
    reference: 'summons of 1 March',
  }),
  'POST /v1/invoices/:invoiceId/insurer-notices': {
    body: () => ({ notice: 'overdue', on: '2026-03-01', reference: 'mail of 1 March' }),
    refusedWith: 'not-insured',
  },
  'POST /v1/creditors/:creditorId/insurance-policy': saying({ policy: { number: 'P-1' } }),
  'POST /v1/debtors/:debtorId/insolvency': saying({ judgmentOn: '2026-03-01' }),
  'GET /v1/debtors/:debtorId/insolvency/declarations/:creditorId': { refusedWith: 'no-declaration' },
  // Whoever may is told that there are no such debtors: whatever is made for a request counts as changed by it.
  'POST /v1/merges': {
    body: () => ({ goneId: randomUUID(), intoId: randomUUID() }),
    refusedWith: 'not-found',
  },
  'POST /v1/merges/:mergeId/undo': { once: true },
  'POST /v1/debtors/:debtorId/holds': saying({ reason: 'other' }),
  'POST /v1/debtors/:debtorId/holds/:holdId/lift': nothing(),
  'POST /v1/debtors/:debtorId/contacts': saying({ email: 'direction@debiteur.example' }),
  'PATCH /v1/contacts/:contactId': saying({ name: 'Claire Grand' }),
  'POST /v1/contacts/:contactId/erasure': {
    body: () => ({ reason: 'left' }),
    refusedWith: 'erasure-last-contact',
  },
  'POST /v1/holds': {
    body: (_rows, _office, named) => ({ scope: 'invoice', subjectId: named, reason: 'test' }),
    bodyNames: 'invoice',
  },
  'POST /v1/stops': {
    body: (_rows, _office, named) => ({ scope: 'invoice', subjectId: named, reason: 'test' }),
    bodyNames: 'invoice',
  },
  'POST /v1/stops/:stopId/lift': { once: true },
  'POST /v1/invoices': {
    body: (_rows, _office, named) => ({
      creditorId: named,
      debtor: { name: `Nouveau client ${randomUUID()}` },
      number: randomUUID(),
      dueDate: '2026-04-01',
      amount: eur(1_000),
    }),
    bodyNames: 'creditor',
  },
  'POST /v1/invoices/:invoiceId/correction': saying({ dueDate: '2026-04-02' }),
  'POST /v1/invoices/:invoiceId/cancellation': saying({ reason: 'other' }),
  'POST /v1/invoices/:invoiceId/write-off': saying({ reason: 'other', amount: eur(1) }),
  'POST /v1/invoices/:invoiceId/waiver': saying({ reason: 'other', amount: eur(1) }),
  'POST /v1/invoices/:invoiceId/discount': { ...saying({ percent: 5, payBy: '2026-03-10' }), once: true },
  'POST /v1/invoices/:invoiceId/payments': saying({ amount: eur(10) }),
  'POST /v1/payments': {
    // No wish: the oldest due of the debtor may be an invoice that the caller does not see.
    body: async (rows, _office, named) => ({
      debtorId: named,
      creditorId: await rows.id('creditor'),
      amount: eur(300),
      valueDate: '2026-03-01',
    }),
    bodyNames: 'debtor',
  },
  'POST /v1/payments/:paymentId/return': saying({ reason: 'other' }),
  'POST /v1/payments/:paymentId/allocations': { body: async (rows) => allocated(await rows.id('invoice')) },
  'POST /v1/credit-notes/:creditNoteId/allocations': {
    body: async (rows) => allocated(await rows.id('invoice')),
  },
  'POST /v1/credit-notes': {
    body: async (rows, _office, named) => ({
      debtorId: named,
      creditorId: await rows.id('creditor'),
      number: randomUUID(),
      amount: eur(100),
      issueDate: '2026-03-01',
      allocations: [],
    }),
    bodyNames: 'debtor',
  },
  'POST /v1/imports': {
    csv: () =>
      `Invoice number;Customer;Amount;Currency;Due date\n${randomUUID()};Dupont SA;120.00;EUR;2026-04-30\n`,
    query: async (rows) => `?seller=${await rows.id('creditor')}`,
  },
  'POST /v1/imports/:importId/release': nothing(),
  'POST /v1/creditors': { body: () => ({ legalName: `Ateliers ${randomUUID()}` }) },
  'POST /v1/creditors/:creditorId/bank-data': saying({ completeTo: '2026-03-01' }),
  'PATCH /v1/creditors/:creditorId': saying({ senderName: 'Comptabilité' }),
  // The office of the matrix seals nothing: whoever may is told so.
  'POST /v1/codec/decode': { ...saying({ payloads: [] }), refusedWith: 'nothing-sealed' },
  'POST /v1/codec/encode': { ...saying({ payloads: [] }), refusedWith: 'sealing-refused' },
  'POST /v1/litigation': {
    body: (_rows, _office, named) => ({ invoiceIds: [named] }),
    bodyNames: 'invoice',
    once: true,
  },
  // Files of the matrix are with a partner: what is prepared is tried by test/api/litigation.test.ts.
  'POST /v1/litigation/:litigationId/route': {
    ...saying({ insured: true }),
    refusedWith: 'litigation-not-preparing',
  },
  'POST /v1/litigation/:litigationId/pieces': {
    csv: () => 'Bon de livraison 4711',
    query: async () => '?piece=delivery_proof',
    refusedWith: 'litigation-not-preparing',
  },
  'POST /v1/litigation/:litigationId/not-needed': {
    ...saying({ piece: 'contract', because: 'Conditions générales acceptées.' }),
    refusedWith: 'litigation-not-preparing',
  },
  'DELETE /v1/litigation/:litigationId/pieces/:pieceId': {
    refusedWith: 'litigation-not-preparing',
  },
  'POST /v1/litigation/:litigationId/hand-over': {
    body: (_, office) => ({ firmId: office.users.external_firm }),
    refusedWith: 'litigation-not-preparing',
  },
  'POST /v1/litigation/:litigationId/statuses': saying({ status: 'in_progress', on: '2026-03-01' }),
  'POST /v1/litigation/:litigationId/costs': saying({ amount: eur(100), what: 'fee', on: '2026-03-01' }),
  'POST /v1/litigation/:litigationId/recoveries': saying({ amount: eur(100), on: '2026-03-02' }),
  'POST /v1/litigation/:litigationId/remittances': {
    ...saying({ amount: eur(100), on: '2026-03-01' }),
    refusedWith: 'remittance-too-large',
  },
  'POST /v1/litigation/:litigationId/withdrawal': { ...saying({ reason: 'other' }), once: true },
  'POST /v1/litigation/:litigationId/closing': {
    ...saying({ outcome: 'doubtful', reason: 'other' }),
    once: true,
  },
  'POST /v1/firms': { body: () => ({ name: `Cabinet ${randomUUID()}`, kind: 'collection_firm' }) },
  'PATCH /v1/firms/:firmId': saying({ kind: 'commissaire_de_justice' }),
  'POST /v1/firms/:firmId/mandates': saying({ signedOn: '2026-01-05', mayReceive: true }),
  'PATCH /v1/dispute-reasons': saying({ reason: 'price', department: 'sales' }),
  'PATCH /v1/settings': saying({ gapDaysMin: 2 }),
  'POST /v1/invoices/:invoiceId/accessories/end': {
    ...saying({ outcome: 'waived' }),
    refusedWith: 'no-accessories',
  },
  'POST /v1/law-values': saying({ code: 'lump_sum', from: '2027-01-01', value: 4000, source: 'D441-5' }),
  'POST /v1/users': { body: () => ({ name: `User ${randomUUID()}`, role: 'auditor' }) },
  'POST /v1/users/:userId/keys': nothing(),
  'DELETE /v1/keys/:prefix': nothing(),
  'POST /v1/invitations': { body: () => ({ user: { name: `User ${randomUUID()}`, role: 'auditor' } }) },
  'PATCH /v1/users/:userId': saying({ role: 'auditor' }),
  'DELETE /v1/users/:userId/sessions': nothing(),
  // Nobody here has a browser open: test/api/login tries it.
  'DELETE /v1/users/:userId/sessions/:sessionId': { refusedWith: 'not-found' },
  // Nobody here has a second factor, and the office has no key to seal one.
  'DELETE /v1/users/:userId/totp': { refusedWith: 'There is no such second factor' },
  // The page of one's own account is for whoever has a browser open.
  ...Object.fromEntries(
    [
      'GET /account',
      'POST /account/password',
      'POST /account/factor',
      'POST /account/factor/confirmation',
      'POST /account/factor/removal',
      'POST /account/proof',
      'POST /account/sessions',
    ].map((route) => [route, { ...saying({}), refusedWith: 'Only a person who is logged in' }]),
  ),
  'DELETE /v1/sessions': nothing(),
  // Whose session it is, is no matter of rows: test/api/login tries it.
  'DELETE /v1/sessions/:sessionId': { refusedWith: 'not-found' },
  // Of whoever has a browser open, and these ask with keys.
  'POST /v1/password': {
    ...saying({ current: 'x', password: 'x'.repeat(15) }),
    refusedWith: 'session-needed',
  },
  'POST /v1/session/proof': { ...saying({ password: 'x' }), refusedWith: 'session-needed' },
  'POST /v1/totp': { ...saying({ password: 'x' }), refusedWith: 'second-factor-off' },
  'POST /v1/totp/confirmation': { ...saying({ code: '123456' }), refusedWith: 'second-factor-off' },
  'POST /v1/totp/removal': { ...saying({ password: 'x', code: '123456' }), refusedWith: 'session-needed' },
};

/** Only debtors who contest are listed. */
async function causesByDebtor(rows: Rows): Promise<string> {
  await rows.id('dispute');
  return '?by=debtor';
}

function allocated(invoiceId: string): object {
  return { allocations: [{ invoiceId, amount: 10 }] };
}

/** A step that every file has. */
export async function firstStep(office: Office): Promise<string> {
  const scenarios = await office.house.rules.scenarios(office.house.db);
  const standard = scenarios.find(({ id }) => id.startsWith('standard@'));
  return standard?.steps[0]?.key ?? '';
}
