import { giveUpUnsent, recordOutcome, releaseMessage, unsettledMessages } from '../../db/deliveries.ts';
import type { MessageRow } from '../../db/deliveries.ts';
import { atTheDesk } from '../../db/desk.ts';
import type { House } from '../../db/house.ts';
import { debtorsOfMessage } from '../../db/whose.ts';
import { hourMs, minuteMs } from '../../domain/time.ts';
import type { Instant } from '../../domain/time.ts';
import type { Evidence } from '../carriers/carrier.ts';
import type { Addressed } from '../carriers/carriers.ts';
import type { Workshop } from '../workshop.ts';
import { addressed } from './carry.ts';

/** When evidence is asked for after an outcome became unknown; providers' look-ups lag behind by minutes. */
const askAfterMs = [0, 2, 5, 15, 30, 60, 240, 720].map((minutes) => minutes * minuteMs);

/** When to look again, in real time, whether a call has come to its end. */
const stillCalledMs = 5_000;

/** How long a carrier may take to answer, in real time. */
const evidenceMsMax = 10_000;

/** After this a person decides: `decide` has opened the task by then. */
const evidenceHours = 24;

/**
 * Finds out what became of messages whose delivery was interrupted, and says when to ask again.
 *
 * A claim that was never attempted has sent nothing and is given up. An attempt without an outcome is unknown: it is
 * settled by the carrier's evidence, never by a guess, and meanwhile blocks no other message of the debtor. Workflows let
 * one delivery of a debtor run at a time; but where one was reset or given up for lost, its call may still run, and
 * evidence of what is under way would be none.
 */
export async function settleUnsettled(workshop: Workshop, debtorId: string): Promise<Instant | null> {
  const { house } = workshop;
  let next: Instant | null = null;
  for (const message of await unsettledMessages(house.db, debtorId)) {
    if (message.state === 'claimed' && message.attempt === 0) {
      await atTheDesk(
        house,
        () => debtorsOfMessage(house.db, message.id),
        (desk) => releaseMessage(desk, message.id, 'interrupted'),
      );
      continue;
    }
    if (message.called) {
      const soon = (await house.clock.now()) + stillCalledMs * house.clock.settings.speed;
      next = next === null ? soon : Math.min(next, soon);
      continue;
    }
    if (message.state === 'claimed')
      await recordOutcome(house, message, { kind: 'unknown', reason: 'interrupted' });
    const again = await askForEvidence(workshop, message, await house.clock.now());
    if (again !== null && (next === null || again < next)) next = again;
  }
  return next;
}

/** Asks the carrier, if it is time; answers when to ask next, or null when the message is settled or a person's. */
async function askForEvidence(
  { house, carriers }: Workshop,
  message: MessageRow,
  now: Instant,
): Promise<Instant | null> {
  const since = message.state === 'unknown' ? message.state_at : now;
  const way = carriers.carrierThatHad(await addressOf(house, message));
  // A look-up that fails says nothing; the debtor's other messages must not wait for it.
  const evidence = await way
    .evidence(message.id, AbortSignal.timeout(evidenceMsMax))
    .catch((): Evidence => ({ kind: 'silent' }));

  if (evidence.kind === 'accepted') {
    await recordOutcome(house, message, {
      kind: 'accepted',
      provider: way.name,
      ref: evidence.ref,
      proof: 'provider',
    });
    return null;
  }
  if (evidence.kind === 'absent') {
    await atTheDesk(
      house,
      () => debtorsOfMessage(house.db, message.id),
      (desk) => giveUpUnsent(desk, message.id),
    );
    return null;
  }
  const next = askAfterMs.map((wait) => since + wait).find((at) => at > now);
  return next ?? (now < since + evidenceHours * hourMs ? since + evidenceHours * hourMs : null);
}

/** What was chosen for the message, and what would be today. */
async function addressOf(house: House, message: MessageRow): Promise<Addressed & { account: string | null }> {
  const chosen = await house.db
    .selectFrom('message')
    .leftJoin('debtor', 'debtor.id', 'message.debtor_id')
    .leftJoin('creditor', 'creditor.id', 'message.creditor_id')
    .select(['debtor.demonstration', 'creditor.mail_account', 'creditor.sms_account'])
    .where('message.id', '=', message.id)
    .executeTakeFirstOrThrow();
  return { ...addressed({ ...message, ...chosen }), account: message.account };
}
