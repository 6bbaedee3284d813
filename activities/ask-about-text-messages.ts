import { messagesToAskAbout, storeEvents } from '../db/provider-events.ts';
import type { MessageToAskAbout } from '../db/provider-events.ts';
import { sha256Of } from '../db/sha256.ts';
import { kindFromTwilio, twilioEventId } from './carriers/twilio-statuses.ts';
import type { Workshop } from './workshop.ts';

/** How long a carrier may take to answer, in real time. */
const answerMsMax = 10_000;

/** Asked about side by side: a carrier that hangs must not hold up the reports that come in meanwhile. */
const messagesAtOnce = 10;

/**
 * Asks what became of text messages of which nobody has reported the end.
 *
 * A report may be lost, and of a text message, unlike a mail, its carrier can be asked. What it says is stored as if it
 * had been reported, under the same name, so that the two are one event. A carrier that can't be asked, or does not
 * answer, is asked again later; after 48 hours silence is proof anyway.
 */
export async function askAboutTextMessages(workshop: Workshop, signal: AbortSignal): Promise<void> {
  for (let isWorthIt = true; isWorthIt && !signal.aborted;) {
    const messages = await messagesToAskAbout(workshop.house.db, messagesAtOnce);
    const told = await Promise.all(messages.map((message) => askAbout(workshop, message, signal)));
    isWorthIt = messages.length === messagesAtOnce && told.includes(true);
  }
}

/** Whether the carrier has said something. */
async function askAbout(
  { house, carriers }: Workshop,
  message: MessageToAskAbout,
  signal: AbortSignal,
): Promise<boolean> {
  const way = carriers.carrierThatHad({
    channel: 'sms',
    purpose: message.purpose,
    demonstration: message.demonstration,
    mailAccount: null,
    smsAccount: null,
    account: message.account,
  });
  const { provider_ref: ref } = message;
  const patience = AbortSignal.any([signal, AbortSignal.timeout(answerMsMax)]);
  const fate = await way.fateOf?.(ref, patience).catch(() => null);
  if (!fate) return false;
  const event = {
    eventId: twilioEventId(ref, fate.status),
    messageId: message.id,
    kind: kindFromTwilio(fate.status, fate.errorCode),
    address: null,
    reason: fate.errorCode,
    occurredAt: message.asked_at,
  };
  await storeEvents(house.db, 'twilio', sha256Of(event.eventId), [event]);
  return true;
}
