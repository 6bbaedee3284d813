import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { claim } from '../../activities/door/claim.ts';
import { prepare } from '../../activities/door/prepared.ts';
import { messageProof } from '../../db/audit/message-proof.ts';
import { recordOutcome, takeAttempt } from '../../db/deliveries.ts';
import type { Outcome } from '../../db/deliveries.ts';
import type { Channel } from '../../domain/message.ts';
import { openOffice } from '../setup/office.ts';
import type { Office } from '../setup/office.ts';

let office: Office;
beforeAll(async () => {
  office = await openOffice();
});
afterAll(() => office.close());

interface Left {
  readonly invoiceId: string;
  readonly messageId: string;
}

/** A reminder that left the door by that channel, to such an end. */
async function left(channel: Channel, outcome?: Outcome): Promise<Left> {
  office.clock.set('2026-03-02');
  const debtorId = await office.debtor();
  const creditorId = await office.creditor();
  const { id: invoiceId } = await office.invoice({ debtorId, creditorId, dueDate: '2026-02-27' });
  office.clock.set(Date.parse('2026-03-06T11:00:00Z'));
  if (channel !== 'email')
    await office.state(invoiceId, { type: 'stepRequested', step: 'reminder', occurrence: 1, channel });
  const found = await claim(office.house, debtorId, await prepare(office.house, debtorId));
  const { id: messageId } = await office.house.db
    .selectFrom('message')
    .select('id')
    .where('debtor_id', '=', debtorId)
    .executeTakeFirstOrThrow();
  if (found.kind === 'claimed' && outcome) {
    await takeAttempt(office.house.db, messageId, 0, 'mail');
    await recordOutcome(office.house, { id: messageId, debtor_id: debtorId }, outcome);
  }
  return { invoiceId, messageId };
}

const provider = { provider: 'mail', ref: null } as const;

/** The facts about that step that carry a proof, and whether it is that of the row. */
async function proofs({ invoiceId, messageId }: Left): Promise<readonly string[]> {
  const message = await office.house.db
    .selectFrom('message')
    .selectAll()
    .where('id', '=', messageId)
    .executeTakeFirstOrThrow();
  const rows = await office.house.db
    .selectFrom('journal')
    .select(['type', 'body'])
    .where('subject', '=', `invoice/${invoiceId}`)
    .orderBy('seq')
    .execute();
  return rows.flatMap(({ type, body }) => {
    const { messageProof: proof } = JSON.parse(body) as { messageProof?: string };
    if (proof === undefined) return [];
    return `${type} ${proof === messageProof(message) ? 'proves it' : 'proves something else'}`;
  });
}

describe('the fact that says first that a message left', () => {
  it.each([
    ['stepSent', 'email', { kind: 'accepted', proof: 'provider', ...provider }],
    ['stepSent', 'sms', { kind: 'accepted', proof: 'provider', ...provider }],
    ['stepDelivered', 'email', { kind: 'delivered', proof: 'outbox', ...provider }],
    ['stepUnconfirmed', 'email', { kind: 'unknown', reason: 'timeout' }],
    ['stepHanded', 'letter', undefined],
    ['stepHanded', 'registered_letter', undefined],
    ['stepHanded', 'call', undefined],
  ] as const)('carries its proof: %s by %s', async (type, channel, outcome) => {
    const sent = await left(channel, outcome);

    expect(await proofs(sent)).toEqual([`${type} proves it`]);
  });

  it.each([
    ['its recipient', { recipient: 'somebody@else.example' }],
    ['the hash of its bytes', { sha256: 'f'.repeat(64) }],
    ['its channel', { channel: 'sms' }],
    ['its salt', { salt: '0'.repeat(32) }],
  ] as const)('proves nothing of a row in which %s was changed', async (_what, change) => {
    const sent = await left('email', { kind: 'accepted', proof: 'provider', ...provider });

    await office.house.db.updateTable('message').set(change).where('id', '=', sent.messageId).execute();

    expect(await proofs(sent)).toEqual(['stepSent proves something else']);
  });

  it('has another digest for the same words to the same people', async () => {
    const [one, other] = [await left('call'), await left('call')];
    const rows = await office.house.db
      .selectFrom('message')
      .select('salt')
      .where('id', 'in', [one.messageId, other.messageId])
      .execute();

    expect(new Set(rows.map(({ salt }) => salt)).size).toBe(2);
  });
});
