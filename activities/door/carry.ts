import { performance } from 'node:perf_hooks';
import { recordOutcome, releaseMessage, takeAttempt } from '../../db/deliveries.ts';
import type { Outcome } from '../../db/deliveries.ts';
import { atTheDesk } from '../../db/desk.ts';
import type { House } from '../../db/house.ts';
import type { Carrier, CarrierOutcome, Outgoing } from '../carriers/carrier.ts';
import { outboxCarrier } from '../carriers/outbox.ts';
import type { Workshop } from '../workshop.ts';

/** A claim older than this is no longer worth its figures: it is given up and planned again. */
const claimAgeMsMax = 30_000;
/** A carrier that has not answered by then is not waited for; what it did is found out by evidence. */
const callMsMax = 20_000;

/** Carries a claimed message out of the house and records what became of it; answers whether the door may rest now. */
export async function carry(
  { house, carrier }: Workshop,
  messageId: string,
  claimStarted: number,
): Promise<{ readonly mayRest: boolean }> {
  const message = await toCarry(house, messageId);
  // Demonstration debtors are reached in the built-in outbox only, whatever the settings.
  const way = message.demonstration ? outboxCarrier : carrier;
  const outgoing = await outgoingFrom(house, message);

  if (performance.now() - claimStarted > claimAgeMsMax) {
    await atTheDesk(house, message.debtor_id ? [message.debtor_id] : [], (desk) =>
      releaseMessage(desk, messageId, 'claim_too_old'),
    );
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
  const parts = await house.db
    .selectFrom('message_part')
    .selectAll()
    .where('message_id', '=', message.id)
    .execute();
  return {
    messageId: message.id,
    channel: message.channel === 'sms' ? 'sms' : 'email',
    recipient: message.recipient,
    from: { name: message.sender_name ?? message.legal_name ?? 'Relance', replyTo: message.reply_to ?? '' },
    subject: message.subject,
    html: message.body_html,
    text: message.body_text ?? '',
    inline: parts.map((part) => ({
      cid: part.cid,
      filename: `${part.cid}.png`,
      contentType: 'image/png' as const,
      bytes: part.bytes,
    })),
  };
}

function outcomeFrom(carrier: Carrier, outcome: CarrierOutcome): Outcome {
  if (outcome.kind === 'accepted' || outcome.kind === 'delivered')
    return { ...outcome, provider: carrier.name, proof: carrier === outboxCarrier ? 'outbox' : 'provider' };
  return outcome;
}
