import { performance } from 'node:perf_hooks';
import { recordOutcome, releaseMessage, takeAttempt } from '../db/deliveries.ts';
import type { Outcome } from '../db/deliveries.ts';
import { atTheDesk } from '../db/desk.ts';
import type { House } from '../db/house.ts';
import type { Instant } from '../domain/time.ts';
import type { Carrier, CarrierOutcome, Outgoing } from './carriers/carrier.ts';
import { outboxCarrier } from './carriers/outbox.ts';
import { claim, prepare } from './door/claim.ts';
import { sendOwnMail } from './door/own-mail.ts';
import { settleUnsettled } from './door/unsettled.ts';
import type { Workshop } from './workshop.ts';

/** A claim older than this is no longer worth its figures: it is given up and planned again. */
const claimAgeMsMax = 30_000;
/** A carrier that has not answered by then is not waited for; what it did is found out by evidence. */
const callMsMax = 20_000;

/**
 * Lets one message of a debtor leave, or says when to look again.
 *
 * One attempt, in this order: commit the claim, check its age on a clock that nobody sets, take the attempt by a
 * compare-and-set that is committed before the first byte, call, commit the outcome with its facts. Whatever interrupts
 * it, the row says how far it came. A wake-up that comes twice finds the attempt taken.
 */
export async function deliver(workshop: Workshop, debtorId: string): Promise<{ readonly lookAt: Instant | null }> {
  const { house } = workshop;
  const evidenceAt = await settleUnsettled(workshop, debtorId);
  await sendOwnMail(workshop, debtorId);

  const prepared = await prepare(house, debtorId);
  const started = performance.now();
  const claimed = await claim(house, debtorId, prepared);
  if (claimed.kind === 'rest') return { lookAt: earlier(claimed.lookAt, evidenceAt) };
  const mayRest = claimed.kind === 'claimed' && (await carry(workshop, claimed.messageId, started)).mayRest;
  return { lookAt: mayRest ? evidenceAt : await house.clock.now() };
}

/** Carries a claimed message out of the house and records what became of it; answers whether the door may rest now. */
export async function carry({ house, carrier }: Workshop, messageId: string, claimStarted: number): Promise<{ readonly mayRest: boolean }> {
  const message = await toCarry(house, messageId);
  // Demonstration debtors are reached in the built-in outbox only, whatever the settings.
  const way = message.demonstration ? outboxCarrier : carrier;
  const outgoing = await outgoingFrom(house, message);

  if (performance.now() - claimStarted > claimAgeMsMax) {
    await atTheDesk(house, message.debtor_id ? [message.debtor_id] : [], (desk) => releaseMessage(desk, messageId, 'claim_too_old'));
    return { mayRest: false };
  }
  if (!(await takeAttempt(house.db, messageId, message.attempt))) return { mayRest: false };

  const outcome = await way.send(outgoing, AbortSignal.timeout(callMsMax));
  return recordOutcome(house, message, outcomeFrom(way, outcome));
}

/** The message with what the way out depends on. */
type ToCarry = Awaited<ReturnType<typeof toCarry>>;

function toCarry(house: House, messageId: string) {
  return house.db
    .selectFrom('message')
    .leftJoin('debtor', 'debtor.id', 'message.debtor_id')
    .leftJoin('creditor', 'creditor.id', 'message.creditor_id')
    .selectAll('message')
    .select(['debtor.demonstration', 'creditor.sender_name', 'creditor.legal_name', 'creditor.reply_to'])
    .where('message.id', '=', messageId)
    .executeTakeFirstOrThrow();
}

async function outgoingFrom(house: House, message: ToCarry): Promise<Outgoing> {
  const parts = await house.db.selectFrom('message_part').selectAll().where('message_id', '=', message.id).execute();
  return {
    messageId: message.id,
    channel: message.channel === 'sms' ? 'sms' : 'email',
    recipient: message.recipient,
    from: { name: message.sender_name ?? message.legal_name ?? 'Relance', replyTo: message.reply_to ?? '' },
    subject: message.subject,
    html: message.body_html,
    text: message.body_text ?? '',
    inline: parts.map((part) => ({ cid: part.cid, filename: `${part.cid}.png`, contentType: 'image/png' as const, bytes: part.bytes })),
  };
}

function outcomeFrom(carrier: Carrier, outcome: CarrierOutcome): Outcome {
  if (outcome.kind === 'accepted' || outcome.kind === 'delivered')
    return { ...outcome, provider: carrier.name, proof: carrier === outboxCarrier ? 'outbox' : 'provider' };
  return outcome;
}

function earlier(a: Instant | null, b: Instant | null): Instant | null {
  if (a === null || b === null) return a ?? b;
  return Math.min(a, b);
}
