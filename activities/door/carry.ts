import { performance } from 'node:perf_hooks';
import { recordOutcome, releaseMessage, takeAttempt } from '../../db/deliveries.ts';
import type { Outcome } from '../../db/deliveries.ts';
import { atTheDesk } from '../../db/desk.ts';
import { isIllegible } from '../../db/erasure/sealed-value.ts';
import type { House } from '../../db/house.ts';
import { papersOf } from '../../db/words.ts';
import { debtorsOfMessage } from '../../db/whose.ts';
import type { Carrier, CarrierOutcome, Outgoing } from '../carriers/carrier.ts';
import type { Addressed } from '../carriers/carriers.ts';
import { dialled } from '../carriers/dialled.ts';
import { outboxCarrier } from '../carriers/outbox.ts';
import type { Workshop } from '../workshop.ts';

/** A claim older than this is no longer worth its figures: it is given up and planned again. */
const claimAgeMsMax = 30_000;
/** A carrier that has not answered by then is not waited for; what it did is found out by evidence. */
const callMsMax = 20_000;

/** Carries a claimed message out of the house and records what became of it; answers whether the door may rest now. */
export async function carry(
  { house, carriers, tell }: Workshop,
  messageId: string,
  claimStarted: number,
): Promise<{ readonly mayRest: boolean }> {
  const message = await toCarry(house, messageId);
  const way = carriers.carrierFor(addressed(message));
  const outgoing = await outgoingFrom(house, message);

  const away = await carriers.turnOf(way);
  if (away) return letGo(house, message, 'account_busy', away.awayMs);
  if (performance.now() - claimStarted > claimAgeMsMax) return letGo(house, message, 'claim_too_old');
  if (!(await takeAttempt(house.db, messageId, message.attempt, way.name))) return { mayRest: false };

  const outcome = await way.send(outgoing, AbortSignal.timeout(callMsMax));
  // Whoever calls next must know of a carrier's limits now, however long this debtor is locked.
  const [recorded] = await Promise.all([
    recordOutcome(house, message, outcomeFrom(house, way, outcome)),
    carriers.learn(way, outcome),
  ]);
  // At most one call finds out in each such time: the log says once what an operator has to mend.
  if (outcome.kind === 'not_sent' && outcome.busy)
    tell('an account is left alone', {
      account: way.name,
      reason: outcome.reason,
      seconds: Math.ceil(outcome.retryAfterMs / 1000),
    });
  return recorded;
}

/** Gives a claim up that was not attempted; it is planned again, not before the carrier has time for it. */
async function letGo(
  house: House,
  { id }: Pick<ToCarry, 'id'>,
  reason: string,
  awayMs?: number,
): Promise<{ readonly mayRest: boolean }> {
  await atTheDesk(
    house,
    () => debtorsOfMessage(house.db, id),
    (desk) =>
      releaseMessage(
        desk,
        id,
        reason,
        awayMs === undefined ? null : desk.now + awayMs * house.clock.settings.speed,
      ),
  );
  return { mayRest: false };
}

/** What the choice of a carrier needs to know of a message. */
export function addressed(
  message: Pick<ToCarry, 'channel' | 'purpose' | 'demonstration' | 'mail_account' | 'sms_account'>,
): Addressed {
  return {
    channel: message.channel,
    purpose: message.purpose,
    demonstration: message.demonstration ?? false,
    mailAccount: message.mail_account,
    smsAccount: message.sms_account,
  };
}

/** The message with what the way out depends on. */
type ToCarry = Awaited<ReturnType<typeof toCarry>>;

function toCarry(house: House, messageId: string) {
  return house.db
    .selectFrom('message')
    .leftJoin('debtor', 'debtor.id', 'message.debtor_id')
    .leftJoin('creditor', 'creditor.id', 'message.creditor_id')
    .selectAll('message')
    .select(['debtor.demonstration', 'debtor.country'])
    .select(['creditor.sender_name', 'creditor.legal_name', 'creditor.reply_to'])
    .select(['creditor.mail_account', 'creditor.sms_account'])
    .where('message.id', '=', messageId)
    .executeTakeFirstOrThrow();
}

async function outgoingFrom(house: House, message: ToCarry): Promise<Outgoing> {
  const parts = await house.db
    .selectFrom('message_part')
    .selectAll()
    .where('message_id', '=', message.id)
    .execute();
  if ([message.recipient, message.subject, message.body_html, message.body_text].some(isIllegible))
    throw new Error(`message ${message.id} does not open with the key of its reader: it was changed`);
  const papers = message.purpose === 'word' ? await papersOf(house.db, message.id) : [];
  return {
    messageId: message.id,
    channel: message.channel === 'sms' ? 'sms' : 'email',
    recipient: reachedAt(message),
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
    attached: papers.map(({ name: filename, media_type: contentType, bytes }) => ({
      filename,
      contentType,
      bytes,
    })),
  };
}

/** A number as providers take it; as it is written where that cannot be told, for them to refuse. */
function reachedAt({ purpose, channel, recipient, country }: ToCarry): string {
  if (channel !== 'sms' || purpose !== 'contact') return recipient;
  return dialled(recipient, country ?? 'FR') ?? recipient;
}

function outcomeFrom(house: House, carrier: Carrier, outcome: CarrierOutcome): Outcome {
  // Carriers count in real time; the door waits by the clock of the house.
  if (outcome.kind === 'not_sent')
    return { ...outcome, retryAfterMs: outcome.retryAfterMs * house.clock.settings.speed };
  if (outcome.kind === 'accepted' || outcome.kind === 'delivered')
    return { ...outcome, provider: carrier.name, proof: carrier === outboxCarrier ? 'outbox' : 'provider' };
  return outcome;
}
