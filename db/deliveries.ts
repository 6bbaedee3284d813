import { sql } from 'kysely';
import type { Selectable } from 'kysely';
import { recordOf } from '../domain/collection.ts';
import { dayAt } from '../domain/calendar.ts';
import type { Author, Proof } from '../domain/fact.ts';
import type { Channel } from '../domain/message.ts';
import type { DeferralReason } from '../domain/door-caps.ts';
import type { Instant } from '../domain/time.ts';
import { proofOf } from './audit/message-proof.ts';
import type { Db, Tx } from './database.ts';
import { changeDebtor } from './debtors.ts';
import { atTheDesk, ourselves } from './desk.ts';
import type { Desk } from './desk.ts';
import type { House } from './house.ts';
import type { MessageTable } from './schema.ts';
import { noteWord, wordCameBack } from './words.ts';
import { asRead, debtorsOfMessage } from './whose.ts';

/**
 * How far a message has come, from the claim to its outcome.
 *
 * The row tells at every moment what may have happened outside: claimed without an attempt, nothing; an attempt
 * without an outcome, nobody knows. So whatever kills the process in between, what comes after it does not guess.
 */
export type MessageRow = Selectable<MessageTable>;

export type Outcome =
  | {
      readonly kind: 'accepted' | 'delivered';
      readonly provider: string;
      /** What the provider calls it; null while it has reported of the message and not answered the call. */
      readonly ref: string | null;
      readonly proof: Proof;
    }
  | { readonly kind: 'refused'; readonly reason: string; readonly addressInvalid: boolean }
  | { readonly kind: 'not_sent'; readonly reason: string; readonly retryAfterMs: number }
  | { readonly kind: 'unknown'; readonly reason: string };

/**
 * Takes the right to call the carrier for that very attempt, and notes whose account it is called by; false when somebody
 * else has it, or the message is no longer claimed.
 */
export async function takeAttempt(
  db: Db,
  messageId: string,
  attempt: number,
  account: string,
): Promise<boolean> {
  const taken = await db
    .updateTable('message')
    .set({ attempt: attempt + 1, account, touched_at: sql<Date>`clock_timestamp()` })
    .where('id', '=', messageId)
    .where('attempt', '=', attempt)
    .where('state', '=', 'claimed')
    .executeTakeFirst();
  return taken.numUpdatedRows === 1n;
}

/** A message without an outcome, and whether its call may still be running, in a process that we took for dead. */
export type UnsettledMessage = MessageRow & { readonly called: boolean };

/** Longer than any call lasts, by the machine's time: before that nobody asks what became of it. */
const callSecondsMax = 25;

/** Messages of a debtor whose delivery was interrupted or whose outcome is unknown, oldest first. */
export async function unsettledMessages(db: Db | Tx, debtorId: string): Promise<readonly UnsettledMessage[]> {
  return db
    .selectFrom('message')
    .selectAll()
    .select(
      sql<boolean>`state = 'claimed' and attempt > 0 and touched_at > clock_timestamp() - ${callSecondsMax} * interval '1 second'`.as(
        'called',
      ),
    )
    .where('debtor_id', '=', debtorId)
    .where('state', 'in', ['claimed', 'unknown'])
    .orderBy('id')
    .execute();
}

/**
 * Writes down what became of a message, with its facts for each invoice that took a step with it.
 *
 * Says nothing twice: a message that is settled keeps its first outcome, also where the provider's report was quicker
 * than its answer. One that was given up and turns out to have left is marked as a possible duplicate, for people to see. Answers whether the door may rest: the message has left, and
 * nothing else waits at it.
 */
export async function recordOutcome(
  house: House,
  { id: messageId, debtor_id: knownAs }: Pick<MessageRow, 'id' | 'debtor_id'>,
  outcome: Outcome,
): Promise<{ readonly mayRest: boolean }> {
  // The debtor may have been merged during the call: what has left is written down all the same.
  const debtors = asRead(knownAs === null ? [] : [knownAs], () => debtorsOfMessage(house.db, messageId));
  return atTheDesk(house, debtors, async (desk) => {
    const message = await desk.tx
      .selectFrom('message')
      .selectAll()
      .where('id', '=', messageId)
      .forUpdate()
      .executeTakeFirstOrThrow();
    const left = outcome.kind === 'accepted' || outcome.kind === 'delivered';
    if (message.state !== 'claimed' && message.state !== 'unknown') {
      if (left) await leftAfterAll(desk, message, outcome);
      return { mayRest: false };
    }
    await settle(desk, message, outcome);
    const debtorId = message.debtor_id;
    return { mayRest: left && debtorId !== null && (await restsWhenEmpty(desk, debtorId)) };
  });
}

/** A message is settled, and a provider says that he has it: only what he calls it may be news. */
export async function leftAfterAll(
  desk: Desk,
  message: MessageRow,
  { provider, ref }: { readonly provider: string; readonly ref: string | null },
): Promise<void> {
  const known = message.state === 'cancelled' ? null : message.provider_ref;
  await desk.tx
    .updateTable('message')
    .set({
      provider,
      provider_ref: known ?? ref,
      possible_duplicate: message.possible_duplicate || givenUp.includes(message.state),
    })
    .where('id', '=', message.id)
    .execute();
}

/** States of a message of which we took for certain that it had not left. */
const givenUp: readonly MessageRow['state'][] = ['planned', 'cancelled', 'refused'];

/** Most doors are empty once a message has left: seen here, it saves a look that would find nothing. */
async function restsWhenEmpty(desk: Desk, debtorId: string): Promise<boolean> {
  const rested = await desk.tx
    .updateTable('debtor')
    .set({ look_at: null })
    .where('id', '=', debtorId)
    .where(({ not, exists, selectFrom }) =>
      not(
        exists(
          selectFrom('contact_request')
            .select('id')
            .where('debtor_id', '=', debtorId)
            .where('state', '=', 'waiting'),
        ),
      ),
    )
    .where(({ not, exists, selectFrom }) =>
      not(
        exists(
          selectFrom('message')
            .select('id')
            .where('debtor_id', '=', debtorId)
            .where('purpose', '=', 'word')
            .where('state', '=', 'planned'),
        ),
      ),
    )
    .executeTakeFirst();
  return rested.numUpdatedRows === 1n;
}

/** The sweep's safety net for a message whose outcome is still to be asked for: should the workflow be lost, somebody looks by then. */
export async function lookBy(db: Db, debtorId: string, at: Instant): Promise<void> {
  const by = new Date(at);
  await db
    .updateTable('debtor')
    .set({ look_at: by })
    .where('id', '=', debtorId)
    .where(({ or, eb }) => or([eb('look_at', 'is', null), eb('look_at', '>', sql<Instant>`${by}`)]))
    .execute();
}

/** Leaves these requests alone until then, because their message could not be composed. */
export async function setAside(db: Db, requestIds: readonly string[], until: Instant): Promise<void> {
  await db
    .updateTable('contact_request')
    .set({ reason: 'cannot_be_composed' satisfies DeferralReason, deferred_until: new Date(until) })
    .where('id', 'in', requestIds)
    .where('state', '=', 'waiting')
    .execute();
}

/** Gives a claim up before anything was tried: its requests wait again. One that somebody attempts by now is his. */
export async function releaseMessage(
  desk: Desk,
  messageId: string,
  reason: string,
  notBefore: number | null = null,
): Promise<void> {
  const { state, attempt } = await desk.tx
    .selectFrom('message')
    .select(['state', 'attempt'])
    .where('id', '=', messageId)
    .forUpdate()
    .executeTakeFirstOrThrow();
  if (state === 'claimed' && attempt === 0) await planAgain(desk, messageId, reason, notBefore);
}

/** Lets the requests of a message that has not left wait again. */
async function planAgain(
  desk: Desk,
  messageId: string,
  reason: string,
  notBefore: number | null,
): Promise<void> {
  if (await isPlannedAgain(desk, messageId, notBefore)) return;
  await messageNow(desk, messageId, { state: 'cancelled', reason });
  const requests = await desk.tx
    .selectFrom('message_line')
    .select('request_id')
    .where('message_id', '=', messageId)
    .where('request_id', 'is not', null)
    .execute();
  const ids = requests.flatMap((line) => line.request_id ?? []);
  await desk.tx
    .updateTable('message_line')
    .set({ open: false })
    .where('message_id', '=', messageId)
    .execute();
  if (ids.length === 0) return;
  await desk.tx
    .updateTable('contact_request')
    .set({ state: 'waiting', reason, restart_at: notBefore === null ? null : new Date(notBefore) })
    .where('id', 'in', ids)
    .where('state', 'in', ['claimed', 'done'])
    .execute();
}

/** What stands for no request that could be asked for again, a mail to our own people or a word, goes back to where it was planned. */
async function isPlannedAgain(
  desk: Desk,
  messageId: string,
  notBefore: number | null = null,
): Promise<boolean> {
  const restart = notBefore === null ? null : new Date(notBefore);
  const again = await desk.tx
    .updateTable('message')
    .set({
      state: 'planned',
      attempt: 0,
      claimed_at: null,
      state_at: new Date(desk.now),
      restart_at: restart,
    })
    .where('id', '=', messageId)
    .where('purpose', '!=', 'contact')
    .executeTakeFirst();
  return again.numUpdatedRows === 1n;
}

/** Evidence says that an unknown message never left: its invoices take their step back and ask for it again. */
export async function giveUpUnsent(desk: Desk, messageId: string): Promise<void> {
  const message = await desk.tx
    .selectFrom('message')
    .select('state')
    .where('id', '=', messageId)
    .executeTakeFirstOrThrow();
  if (message.state !== 'unknown' || (await isPlannedAgain(desk, messageId))) return;
  await messageNow(desk, messageId, { state: 'cancelled', reason: 'not_left' });
  for (const { invoiceId, step, occurrence } of await closeLines(desk, messageId))
    await desk.state(invoiceId, { type: 'stepWithdrawn', step, occurrence, reason: 'not_left' }, ourselves);
}

/** The step of an invoice that a message takes. */
export interface MessageStep {
  readonly invoiceId: string;
  readonly requestId: string;
  readonly step: string;
  readonly occurrence: number;
}

/** The steps that a message takes: the invoices whose requests it answers. */
export async function stepsOf(tx: Tx, messageId: string): Promise<readonly MessageStep[]> {
  const rows = await tx
    .selectFrom('message_line')
    .innerJoin('contact_request', 'contact_request.id', 'message_line.request_id')
    .select([
      'message_line.invoice_id',
      'contact_request.id',
      'contact_request.step',
      'contact_request.occurrence',
    ])
    .where('message_line.message_id', '=', messageId)
    .orderBy('message_line.invoice_id')
    .execute();
  return rows.map((row) => ({
    invoiceId: row.invoice_id,
    requestId: row.id,
    step: row.step,
    occurrence: row.occurrence,
  }));
}

/** Writes the outcome of a message that has none yet, with its facts. */
export async function settle(desk: Desk, message: MessageRow, outcome: Outcome): Promise<void> {
  switch (outcome.kind) {
    case 'accepted':
    case 'delivered':
      await messageNow(desk, message.id, {
        state: outcome.kind,
        provider: outcome.provider,
        provider_ref: outcome.ref,
        reason: null,
      });
      if (message.purpose === 'word') await noteWord(desk, message, 'wordSent');
      return tookSteps(desk, message, await closeLines(desk, message.id), outcome);
    case 'refused': {
      await messageNow(desk, message.id, { state: 'refused', reason: outcome.reason });
      const failed = await closeLines(desk, message.id);
      if (message.purpose === 'word') await wordCameBack(desk, message.id);
      if (outcome.addressInvalid) await markAddress(desk, message, outcome.reason);
      return failedSteps(desk, message, failed, outcome.reason);
    }
    case 'not_sent':
      return planAgain(desk, message.id, outcome.reason, desk.now + outcome.retryAfterMs);
    case 'unknown':
      if (message.state === 'unknown') return;
      await messageNow(desk, message.id, { state: 'unknown', reason: outcome.reason });
      if (message.purpose === 'word') await noteWord(desk, message, 'wordUnconfirmed');
      for (const { invoiceId, step, occurrence } of await stepsOf(desk.tx, message.id))
        await desk.state(
          invoiceId,
          { type: 'stepUnconfirmed', step, occurrence, messageId: message.id, ...proofOf(message) },
          ourselves,
        );
  }
}

async function tookSteps(
  desk: Desk,
  message: MessageRow,
  steps: readonly MessageStep[],
  outcome: Extract<Outcome, { kind: 'accepted' | 'delivered' }>,
): Promise<void> {
  for (const { invoiceId, step, occurrence } of steps) {
    const file = await desk.file(invoiceId);
    if (!file || !recordOf(file.collection, step)) continue;
    const asked = {
      step,
      occurrence,
      messageId: message.id,
      channel: message.channel,
      ...proofOf(message),
    };
    if (outcome.kind === 'accepted') await desk.state(invoiceId, { type: 'stepSent', ...asked }, ourselves);
    else
      await desk.state(
        invoiceId,
        {
          type: 'stepDelivered',
          ...asked,
          on: dayAt(file.collection.calendar, desk.now),
          proof: outcome.proof,
        },
        ourselves,
      );
  }
}

async function failedSteps(
  desk: Desk,
  message: MessageRow,
  steps: readonly MessageStep[],
  reason: string,
): Promise<void> {
  for (const { invoiceId, step, occurrence } of steps)
    await desk.state(
      invoiceId,
      { type: 'stepFailed', step, occurrence, messageId: message.id, channel: message.channel, reason },
      ourselves,
    );
}

/**
 * Notes of an address that it is no good, at every contact of the debtor who has it.
 *
 * A contact whose address was corrected meanwhile keeps the new one. All open invoices of the debtor learn that there is
 * one way less.
 */
export async function markAddress(
  desk: Desk,
  message: Pick<MessageRow, 'purpose' | 'debtor_id' | 'channel' | 'recipient'>,
  reason: string,
  by: Author = ourselves,
): Promise<void> {
  const { purpose, debtor_id: debtorId, channel, recipient } = message;
  const columns = addressColumns(channel);
  // A mail to our own people is about a debtor, and goes to none of his addresses.
  if ((purpose !== 'contact' && purpose !== 'word') || debtorId === null || columns === null) return;
  const [address, invalid] = columns;
  const contacts = await desk.tx
    .selectFrom('contact')
    .selectAll()
    .where('debtor_id', '=', debtorId)
    .execute();
  const concerned = contacts.filter(
    (contact) => isSame(contact[address], recipient) && mayReplace(contact[invalid], reason),
  );
  if (concerned.length === 0) return;
  const set = { [invalid]: reason };
  await changeDebtor(desk, debtorId, { contacts: concerned.map(({ id }) => ({ contactId: id, set })) }, by);
}

/** Whoever asked for silence keeps it, whatever else is found out about his address. */
function mayReplace(known: string | null, reason: string): boolean {
  return known === null || (known !== reason && (silences as readonly string[]).includes(reason));
}

/** Reasons that are somebody's will, and no property of the address. */
export const silences = ['opted_out', 'complained'] as const;

function isSame(address: string | readonly string[] | null, recipient: string): boolean {
  const text = typeof address === 'string' || address === null ? address : address.join('\n');
  return text?.trim().toLowerCase() === recipient.trim().toLowerCase();
}

function addressColumns(channel: Channel) {
  if (channel === 'email') return ['email', 'email_invalid'] as const;
  if (channel === 'sms') return ['mobile', 'mobile_invalid'] as const;
  if (channel === 'call') return ['phone', 'phone_invalid'] as const;
  return channel === 'internal' ? null : (['address', 'address_invalid'] as const);
}

/** Brings a message to a state, at the business time of the desk. */
export async function messageNow(
  desk: Desk,
  messageId: string,
  change: {
    state: MessageRow['state'];
    reason: string | null;
    provider?: string;
    provider_ref?: string | null;
  },
): Promise<void> {
  await desk.tx
    .updateTable('message')
    .set({ ...change, state_at: new Date(desk.now), touched_at: sql<Date>`clock_timestamp()` })
    .where('id', '=', messageId)
    .execute();
}

/** Closes the lines of a message and says which steps it was to take; a line without a request was never open. */
async function closeLines(desk: Desk, messageId: string): Promise<readonly MessageStep[]> {
  const rows = await desk.tx
    .updateTable('message_line')
    .from('contact_request')
    .set({ open: false })
    .whereRef('contact_request.id', '=', 'message_line.request_id')
    .where('message_line.message_id', '=', messageId)
    .returning([
      'message_line.invoice_id',
      'contact_request.id',
      'contact_request.step',
      'contact_request.occurrence',
    ])
    .execute();
  return rows
    .map((row) => ({
      invoiceId: row.invoice_id,
      requestId: row.id,
      step: row.step,
      occurrence: row.occurrence,
    }))
    .sort((a, b) => (a.invoiceId < b.invoiceId ? -1 : 1));
}
