/** Asks the API; whoever is turned away throws, for all that is asked here must work. */
export type Ask = (method: 'GET' | 'POST', path: string, body?: object | string) => Promise<Found>;

/** The id of what a part of a path may name. */
export type IdOf = (path: string, parameter: string) => string;

/** As much of an answer as is read here. */
export interface Found {
  readonly id: string;
  readonly [member: string]: unknown;
}

/**
 * One of each thing that a path can name, and each path has an invoice of its own where there are enough.
 *
 * A made-up id is answered 404, and what lies behind it is never tried. So the fuzzer is given things that exist: from the
 * demonstration, and made here where it has none. What one path does to its invoice, such as cancelling it, keeps no other
 * from being tried.
 */
export async function thingsThatExist(ask: Ask): Promise<IdOf> {
  const list = async (path: string): Promise<Found[]> => (await ask('GET', path))['items'] as Found[];
  const post = (path: string, body?: object | string) => ask('POST', path, body);
  const invoices = await list('/v1/invoices?open=true&sort=-balance');
  const largest = invoices[0];
  if (!largest) throw new Error('the demonstration has no open invoice');
  const debtorId = (largest['debtor'] as Found).id;
  const creditorId = (largest['creditor'] as Found).id;
  const [draft] = await list('/v1/drafts');
  const [task] = await list('/v1/tasks');
  const [message] = await list('/v1/messages');
  const [promise] = await list('/v1/promises?state=active');
  const [dispute] = await list('/v1/disputes?state=open');
  const [approval] = await list('/v1/approvals');
  const paper = dispute && (await post(`/v1/disputes/${dispute.id}/documents`, 'A delivery note.'));
  const stamp = String(Date.now());
  const free = invoices.filter(
    (invoice) => invoice['state'] !== 'in_plan' && (invoice['balance'] as { amount: number }).amount >= 1_000,
  );
  const smallest = free.at(-1);
  const late = free.find((invoice) => String(invoice['dueDate']) < inDays(-1));
  const plan =
    smallest &&
    (await post('/v1/plans', {
      invoiceIds: [smallest.id],
      equal: { count: 2, firstOn: inDays(20) },
    }));
  const user = (await post('/v1/users', { name: `Fuzzed ${stamp}`, role: 'sales' }))['user'] as Found;
  const money = { debtorId, creditorId, amount: { amount: 100, currency: 'EUR' }, allocations: [] };
  const payment = async () => (await post('/v1/payments', { ...money, valueDate: inDays(-3) })).id;

  const ids: Readonly<Record<string, string | undefined>> = {
    debtorId,
    creditorId,
    contactId: ((await ask('GET', `/v1/debtors/${debtorId}`))['contacts'] as Found[])[0]?.id,
    messageId: (draft ?? message)?.id,
    documentId: draft && ((await ask('GET', `/v1/messages/${draft.id}`))['document'] as Found | null)?.id,
    taskId: task?.id,
    promiseId: promise?.id,
    disputeId: dispute?.id,
    approvalId: approval?.id,
    planId: plan?.id,
    paymentId: await payment(),
    stopId: (await post('/v1/stops', { scope: 'invoice', subjectId: largest.id, reason: 'A trial.' })).id,
    importId: (await post(`/v1/imports?name=trial-${stamp}.csv`, oneInvoice(stamp))).id,
    userId: user.id,
    mergeId: await mergeOfTwo(ask, creditorId, stamp),
    litigationId: late && (await post('/v1/litigation', { invoiceIds: [late.id] })).id,
    firmId: (await post('/v1/firms', { name: `Assureur ${stamp}`, kind: 'insurer' })).id,
    // A key has no sessions.
    sessionId: undefined,
    // What is handed in of a file is tried by its own test.
    pieceId: undefined,
    prefix: (await post(`/v1/users/${user.id}/keys`))['prefix'] as string,
    step: 'formal-notice',
    key: 'given-up',
    account: 'nobody',
  };
  const heldInvoice = invoices[1] ?? largest;
  const places: Readonly<Record<string, string>> = {
    '/v1/invoices/{invoiceId}/holds/{holdId}/lift invoiceId': heldInvoice.id,
    '/v1/invoices/{invoiceId}/holds/{holdId}/lift holdId': (
      await post(`/v1/invoices/${heldInvoice.id}/holds`, { reason: 'other' })
    )['holdId'] as string,
    '/v1/debtors/{debtorId}/holds/{holdId}/lift holdId': (
      await post(`/v1/debtors/${debtorId}/holds`, { reason: 'other' })
    )['holdId'] as string,
    '/v1/dispute-documents/{documentId} documentId': (paper?.['documentId'] as string | undefined) ?? nothing,
    '/v1/payments/{paymentId}/allocations paymentId': await payment(),
    '/v1/credit-notes/{creditNoteId}/allocations creditNoteId': (
      await post('/v1/credit-notes', { ...money, number: `A-${stamp}`, issueDate: inDays(-3) })
    ).id,
  };
  const given = new Map<string, string>();
  return (path, parameter) => {
    const place = `${path} ${parameter}`;
    if (parameter === 'invoiceId' && !(place in places) && !given.has(place))
      given.set(place, (invoices[given.size % invoices.length] ?? largest).id);
    // Where the demonstration has none, as no draft once it was approved, an id that names nothing must do.
    const id =
      places[place] ?? given.get(place) ?? (parameter in ids ? (ids[parameter] ?? nothing) : undefined);
    if (id === undefined) throw new Error(`nobody says what {${parameter}} of ${path} may be`);
    return id;
  };
}

const nothing = '01890000-0000-7000-8000-000000000000';

function oneInvoice(stamp: string): string {
  return `Facture;Client;Montant TTC;Echeance;Emission
FZ-${stamp};Société Essai;1200,00;${inDays(-20)};${inDays(-50)}
`;
}

function inDays(days: number): string {
  return new Date(Date.now() + days * 86_400_000).toISOString().slice(0, 10);
}

/** Two debtors of one invoice each, made one. */
async function mergeOfTwo(ask: Ask, creditorId: string, stamp: string): Promise<string> {
  const made = async (name: string): Promise<string> => {
    const { invoice } = await ask('POST', '/v1/invoices', {
      creditorId,
      debtor: { name },
      number: `${stamp}-${name}`,
      dueDate: inDays(20),
      amount: { amount: 10_000, currency: 'EUR' },
    });
    return ((await ask('GET', `/v1/invoices/${(invoice as Found).id}`))['debtor'] as Found).id;
  };
  const pair = { goneId: await made(`Twin ${stamp}`), intoId: await made(`Other ${stamp}`) };
  return (await ask('POST', '/v1/merges', pair))['mergeId'] as string;
}
