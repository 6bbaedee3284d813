import { claim } from '../../activities/door/claim.ts';
import { prepare } from '../../activities/door/prepared.ts';
import { recordOutcome, takeAttempt } from '../../db/deliveries.ts';
import { openOffice } from '../setup/office.ts';
import type { Office } from '../setup/office.ts';

/** An office in which something has happened: whoever tampers with it finds chains, money, messages, papers and words. */
export interface LivedIn {
  readonly office: Office;
  /** Reminded by mail, noted upon, partly paid on 5 March. */
  readonly reminded: { readonly id: string; readonly debtorId: string };
  readonly messageId: string;
  readonly paymentId: string;
  /** Of a second debtor: a letter to post, disputed with a paper. */
  readonly letter: { readonly id: string; readonly debtorId: string };
  readonly letterId: string;
}

export async function livedIn(): Promise<LivedIn> {
  const office = await openOffice();
  const reminded = await office.invoice({ dueDate: '2026-02-27' });
  const letter = await office.invoice({ dueDate: '2026-02-27' });
  office.clock.set('2026-03-05');
  const paid = await ask(office, '/v1/payments', {
    debtorId: reminded.debtorId,
    amount: { amount: 50_000, currency: 'EUR' },
    valueDate: '2026-03-05',
    allocations: [{ invoiceId: reminded.id, amount: 50_000 }],
  });
  await ask(office, `/v1/invoices/${reminded.id}/notes`, { text: 'La comptable rappelle jeudi.' });
  office.clock.set(Date.parse('2026-03-06T11:00:00Z'));
  const messageId = await leave(office, reminded.debtorId);
  await office.state(letter.id, {
    type: 'stepRequested',
    step: 'reminder',
    occurrence: 1,
    channel: 'letter',
  });
  const letterId = await leave(office, letter.debtorId);
  office.clock.set('2026-03-09');
  await ask(office, `/v1/invoices/${letter.id}/disputes`, {
    reason: 'quality',
    amount: { amount: 10_000, currency: 'EUR' },
  });
  await ask(office, `/v1/debtors/${reminded.debtorId}/holds`, {
    reason: 'talks',
    until: '2026-03-20',
    comment: 'Pourparlers.',
  });
  return { office, reminded, messageId, paymentId: paid.id as string, letter, letterId };
}

/** Whatever is ready leaves this door now, taken over by its carrier; the message. */
async function leave({ house }: Office, debtorId: string): Promise<string> {
  const found = await claim(house, debtorId, await prepare(house, debtorId));
  const { id } = await house.db
    .selectFrom('message')
    .select('id')
    .where('debtor_id', '=', debtorId)
    .where('claimed_at', 'is not', null)
    .executeTakeFirstOrThrow();
  if (found.kind === 'claimed') {
    await takeAttempt(house.db, id, 0, 'mail');
    await recordOutcome(
      house,
      { id, debtor_id: debtorId },
      { kind: 'accepted', provider: 'mail', ref: null, proof: 'provider' },
    );
  }
  return id;
}

/** What the API answers; a refusal is a fault of the test. */
// A test looks into any answer; the shapes are the API's business.
// eslint-disable-next-line @typescript-eslint/no-explicit-any
export async function ask(office: Office, path: string, body: object): Promise<any> {
  const answer = await office.ask('POST', path, body);
  if (answer.status >= 300) throw new Error(`${path}: ${answer.status} ${answer.text}`);
  return answer.body;
}
