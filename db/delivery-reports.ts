import { sql } from 'kysely';
import { dayAt } from '../domain/calendar.ts';
import { isClosed, recordOf } from '../domain/collection.ts';
import type { Collection } from '../domain/collection.ts';
import type { Author } from '../domain/fact.ts';
import { isUnderWay, takenOn } from '../domain/schedule.ts';
import type { Instant } from '../domain/time.ts';
import type { Db, Tx } from './database.ts';
import { leftAfterAll, markAddress, messageNow, settle, silences, stepsOf } from './deliveries.ts';
import type { MessageRow, MessageStep } from './deliveries.ts';
import { atTheDesk } from './desk.ts';
import type { Desk } from './desk.ts';
import type { House } from './house.ts';
import { eventsFollowed, takeEvents, waitingEvents } from './provider-events.ts';
import type { EventPlace, ProviderEvent } from './provider-events.ts';
import { isNotThereYet } from './retrying.ts';
import { wordCameBack } from './words.ts';
import { debtorsOfMessage } from './whose.ts';

/**
 * What follows from the reports of providers: the message's state, the facts of its invoices, what we know of an address.
 *
 * One transaction per message, with its debtor locked and its events taken for it: killed in between, nothing has
 * happened and the next round does it. States have a rank, and a report never lowers one, so whatever the order in which
 * reports come, the message ends in the same state. A report that can't be followed is told and left for the next round,
 * and holds up no other.
 */
export async function followReports(
  house: House,
  tell: (line: string, detail?: object) => void,
): Promise<void> {
  let after: EventPlace | undefined;
  for (;;) {
    const events = await waitingEvents(house.db, eventsAtOnce, after);
    const messageIds = [...new Set(events.flatMap((event) => event.message_id ?? []))];
    for (const messageId of messageIds)
      await orTell(tell, { messageId }, () => followMessage(house, messageId));
    const strays = events.filter((event) => event.message_id === null);
    for (const event of strays.filter(isAnswerOfSomebody))
      await orTell(tell, { provider: event.provider, event: event.event_id }, () =>
        followAnswer(house, event),
      );
    await eventsFollowed(
      house.db,
      strays.filter((event) => !isAnswerOfSomebody(event)),
    );
    if (events.length < eventsAtOnce) return;
    after = events.at(-1);
  }
}

const eventsAtOnce = 500;

/** A database that is gone ends the round; anything else concerns this one report. */
async function orTell(
  tell: (line: string, detail?: object) => void,
  of: object,
  act: () => Promise<void>,
): Promise<void> {
  try {
    await act();
  } catch (failure) {
    if (isNotThereYet(failure)) throw failure;
    // The message of an error of Postgres may quote a value; its code does not.
    const { name, code } = failure as { name?: string; code?: string };
    tell('a report of a provider waits', { ...of, reason: code ?? name });
  }
}

async function followMessage(house: House, messageId: string): Promise<void> {
  await atTheDesk(
    house,
    () => debtorsOfMessage(house.db, messageId),
    async (desk) => {
      const known = await desk.tx
        .selectFrom('message')
        .select('debtor_id')
        .where('id', '=', messageId)
        .executeTakeFirst();
      if (known?.debtor_id) desk.mustHold(known.debtor_id);
      const events = await takeEvents(desk.tx, { messageId });
      // Other systems on the same account have ids of their own: stored, and no business of ours.
      if (known)
        for (const event of events) await follow(desk, await messageNamed(desk.tx, messageId), event);
      await eventsFollowed(desk.tx, events);
    },
  );
}

function messageNamed(tx: Tx, messageId: string): Promise<MessageRow> {
  return tx
    .selectFrom('message')
    .selectAll()
    .where('id', '=', messageId)
    .forUpdate()
    .executeTakeFirstOrThrow();
}

/** What a kind of report says of the message and of the address. */
interface Meaning {
  /** The state that the message comes to, unless it has gone further. */
  readonly state?: 'delivered' | 'bounced' | 'complained';
  /** Why, as a code: for the message, the facts of its invoices, and, where `address` is set, for the address. */
  readonly reason?: string;
  readonly address?: true;
  /** Told on the invoice, though nothing follows: the provider goes on trying. */
  readonly told?: true;
}

const meanings: Readonly<Record<string, Meaning>> = {
  accepted: {},
  deferred: { told: true },
  // The last word on this mail, not on its address: a full mailbox, a filter, a reputation.
  blocked: { state: 'bounced', reason: 'blocked' },
  delivered: { state: 'delivered' },
  bounced: { state: 'bounced', reason: 'hard_bounce', address: true },
  undelivered: { state: 'bounced', reason: 'undelivered' },
  failed: { state: 'bounced', reason: 'failed' },
  opted_out: { state: 'bounced', reason: 'opted_out', address: true },
  complained: { state: 'complained', reason: 'complained', address: true },
};

async function follow(desk: Desk, message: MessageRow, event: ProviderEvent): Promise<void> {
  if (!carries(event.provider, message)) return;
  const by: Author = { kind: 'provider', id: event.provider };
  const meaning = meanings[event.kind] ?? {};
  const provider = { provider: message.account ?? event.provider, ref: referenceIn(event) };

  // Whatever a provider says of a message, it has it: an answer that is still under way can say no more.
  if (message.state === 'claimed' || message.state === 'unknown') {
    const isThere = meaning.state === 'delivered';
    await settle(desk, message, { ...provider, kind: isThere ? 'delivered' : 'accepted', proof: 'provider' });
    if (isThere) return;
    return follow(desk, await messageNamed(desk.tx, message.id), event);
  }

  if (meaning.address && meaning.reason) await markAddress(desk, message, meaning.reason, by);
  if (message.state === 'planned' || message.state === 'cancelled' || message.state === 'refused') {
    if (showsThatItLeft(message.state, event.kind)) await leftAfterAll(desk, message, provider);
    return;
  }
  if (meaning.told) return noteReport(desk, message, event, by);
  const { state, reason = null } = meaning;
  if (state === undefined || rankOf({ state, reason }) <= rankOf(message)) return;
  await messageNow(desk, message.id, { state, reason });
  if (message.purpose === 'word' && state === 'bounced') await wordCameBack(desk, message.id);
  await followSteps(desk, message, event, meaning, by);
}

/**
 * Whether a message that we took for not sent has reached somebody after all. That it failed says nothing new, and of what
 * the provider refused only an arrival does.
 */
function showsThatItLeft(state: 'planned' | 'cancelled' | 'refused', kind: string): boolean {
  const arrived = ['delivered', 'complained', 'opened'].includes(kind);
  return arrived || (state !== 'refused' && meanings[kind]?.state === undefined);
}

/** What the provider calls the message, where its event says so. */
function referenceIn({ provider, event_id: eventId }: ProviderEvent): string | null {
  return provider === 'twilio' && eventId.includes('/') ? (eventId.split('/', 1)[0] ?? null) : null;
}

/** An id of ours in the reports of the other kind of provider was put there by somebody else. */
function carries(provider: string, { channel }: MessageRow): boolean {
  return channel === (provider === 'twilio' ? 'sms' : 'email');
}

/**
 * How much a state says of a message. That its reader wants no more says less than that it arrived: both may be true,
 * and the one that is shown must not depend on which came first.
 */
function rankOf({ state, reason }: Pick<MessageRow, 'state' | 'reason'>): number {
  if (state === 'bounced') return reason === 'opted_out' ? 2 : 4;
  return { accepted: 1, delivered: 3, complained: 5 }[state as string] ?? 0;
}

async function followSteps(
  desk: Desk,
  message: MessageRow,
  event: ProviderEvent,
  meaning: Meaning,
  by: Author,
): Promise<void> {
  const { channel, id: messageId } = message;
  for (const { invoiceId, step, occurrence } of await stepsOf(desk.tx, messageId)) {
    const file = await desk.file(invoiceId);
    const place = file ? placeOf(file.collection, { step, occurrence }, desk.now) : 'over';
    const asked = { step, occurrence, messageId, channel };
    if (file && meaning.state === 'delivered' && place === 'under way') {
      const on = dayAt(file.collection.calendar, desk.now);
      await desk.state(invoiceId, { type: 'stepDelivered', ...asked, on, proof: 'provider' }, by);
    } else if (meaning.state !== 'delivered' && place !== 'over' && !(place === 'taken' && isWill(meaning)))
      await desk.state(invoiceId, { type: 'stepFailed', ...asked, reason: meaning.reason ?? event.kind }, by);
    else if (file) await desk.note(invoiceId, 'deliveryReported', reportOf(message, event, by));
  }
}

/** Somebody who wants no more mails has read this one: a step that counts as taken stays without a question. */
function isWill({ reason }: Meaning): boolean {
  return (silences as readonly string[]).includes(reason ?? '');
}

/** How far the asking has come that a message answers. */
function placeOf(
  c: Collection,
  { step, occurrence }: Pick<MessageStep, 'step' | 'occurrence'>,
  now: Instant,
): 'under way' | 'taken' | 'over' {
  const record = recordOf(c, step);
  if (!record || record.occurrence !== occurrence || isClosed(c)) return 'over';
  if (isUnderWay(c, record, now)) return 'under way';
  return takenOn(c, record, now) === null ? 'over' : 'taken';
}

/** Tells the invoices whose step the message takes, on their chain, without a fact. */
async function noteReport(desk: Desk, message: MessageRow, event: ProviderEvent, by: Author): Promise<void> {
  for (const { invoiceId } of await stepsOf(desk.tx, message.id))
    await desk.note(invoiceId, 'deliveryReported', reportOf(message, event, by));
}

/** Codes alone: the provider's own words may hold an address, and stand in its event. */
function reportOf({ id: messageId, channel }: MessageRow, { kind }: ProviderEvent, by: Author) {
  return { by, messageId, channel, kind };
}

/** A STOP that names no message: whoever has this number says it, whatever he was sent. */
function isAnswerOfSomebody(event: ProviderEvent): boolean {
  return event.provider === 'twilio' && event.kind === 'opted_out' && event.address !== null;
}

async function followAnswer(house: House, event: ProviderEvent): Promise<void> {
  const by: Author = { kind: 'provider', id: event.provider };
  const lookUp = async (): Promise<readonly string[]> => [
    ...new Set((await ownersOf(house.db, event.address ?? '')).map((owner) => owner.debtor_id)),
  ];
  await atTheDesk(house, lookUp, async (desk) => {
    // Asked again under their locks: a contact that was given to another debtor meanwhile must not go on being written to.
    const owners = await ownersOf(desk.tx, event.address ?? '');
    for (const { debtor_id: debtorId } of owners) desk.mustHold(debtorId);
    const [taken] = await takeEvents(desk.tx, { provider: event.provider, event_id: event.event_id });
    if (!taken) return;
    for (const { debtor_id, mobile: recipient } of owners)
      await markAddress(desk, { purpose: 'contact', debtor_id, channel: 'sms', recipient }, 'opted_out', by);
    await eventsFollowed(desk.tx, [taken]);
  });
}

/** Who has the number, as people write numbers: with blanks, with 00 for +, or, at home, without the country. */
async function ownersOf(
  db: Db | Tx,
  number: string,
): Promise<readonly { readonly debtor_id: string; readonly mobile: string }[]> {
  const digits = number.replaceAll(/\D/g, '');
  if (digits.length < 9) return [];
  const { rows } = await sql<{ debtor_id: string; mobile: string }>`
    select distinct debtor_id, mobile from (
      select debtor_id, mobile, regexp_replace(mobile, '[^0-9+]', '', 'g') as dialled from contact where mobile is not null) known
    where dialled in (${`+${digits}`}, ${`00${digits}`})
       or (dialled ~ '^0[1-9]' and right(dialled, 9) = ${digits.slice(-9)})`.execute(db);
  return rows;
}
