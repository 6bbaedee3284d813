import { z } from 'zod';
import { kindFromTwilio, twilioEventId } from '../../activities/carriers/twilio-statuses.ts';
import type { ReportedEvent } from '../../db/provider-events.ts';
import type { ProviderEventKind } from '../../db/schema.ts';
import { sha256Of } from '../../db/sha256.ts';
import type { Instant } from '../../domain/time.ts';

/**
 * What providers report, in our words.
 *
 * Three kinds of failure are told apart, because they mean different things for what comes next: `bounced` says that the
 * address is no good, `undelivered`, `failed` and `blocked` that this message did not arrive, `deferred` that the provider
 * goes on trying. What we have no word for keeps the provider's.
 */

/** The events of a request of SendGrid; undefined when its body is no list of events. */
export function readSendgridEvents(body: Buffer, receivedAt: Instant): readonly ReportedEvent[] | undefined {
  const events = z.array(z.looseObject({})).safeParse(jsonFrom(body));
  return events.success ? events.data.map((event) => fromSendgrid(event, receivedAt)) : undefined;
}

function fromSendgrid(event: Record<string, unknown>, receivedAt: Instant): ReportedEvent {
  const kind = kindFromSendgrid(event);
  const id = wordOf(event['sg_event_id'], 200);
  const seconds = event['timestamp'];
  const isTime = typeof seconds === 'number' && seconds > 0 && seconds < 1e11;
  return {
    eventId: id ?? digestOf(JSON.stringify(event)),
    messageId: uuidOf(event['relance_message']),
    kind,
    address: mayChangeContact.has(kind) ? wordOf(event['email'], 320) : null,
    reason: reasonOf([event['status'], event['reason'] ?? event['response']]),
    occurredAt: isTime ? Math.round(seconds * 1_000) : receivedAt,
  };
}

function kindFromSendgrid(event: Record<string, unknown>): string {
  const word = wordOf(event['event'], 40) ?? 'nameless';
  if (word === 'bounce') return event['type'] === 'blocked' ? 'blocked' : 'bounced';
  if (word === 'dropped') return kindOfDrop(wordOf(event['reason'], 300) ?? '');
  return sendgridKinds.get(word) ?? word;
}

/** A map, because the words are a stranger's: an object knows some that nobody has put into it. */
const sendgridKinds: ReadonlyMap<string, ProviderEventKind> = new Map([
  ['processed', 'accepted'],
  ['deferred', 'deferred'],
  ['delivered', 'delivered'],
  ['spamreport', 'complained'],
  ['unsubscribe', 'opted_out'],
  ['group_unsubscribe', 'opted_out'],
  ['open', 'opened'],
]);

/** SendGrid gives up before it tries, because of what it knows of the address, or for any other reason. */
function kindOfDrop(reason: string): ProviderEventKind {
  if (/^(bounced address|invalid)$/i.test(reason)) return 'bounced';
  if (/^spam reporting address$/i.test(reason)) return 'complained';
  return /^unsubscribed address$/i.test(reason) ? 'opted_out' : 'failed';
}

/** What Twilio reports with one request: the status of a message, or that somebody asked for silence. */
export function readTwilioEvent(
  form: URLSearchParams,
  query: URLSearchParams,
  receivedAt: Instant,
): ReportedEvent {
  const status = wordOf(form.get('MessageStatus') ?? form.get('SmsStatus'), 40)?.toLowerCase() ?? 'nameless';
  const sid = wordOf(form.get('MessageSid') ?? form.get('SmsSid'), 100);
  const isFromDebtor = status === 'received' || status === 'receiving';
  const kind = isFromDebtor ? kindOfAnswer(form, status) : kindFromTwilio(status, form.get('ErrorCode'));
  const address = wordOf(isFromDebtor ? form.get('From') : form.get('To'), 50);
  return {
    eventId: sid === null ? digestOf(form.toString()) : twilioEventId(sid, status),
    messageId: isFromDebtor ? null : uuidOf(query.get('message')),
    kind,
    address: mayChangeContact.has(kind) ? address : null,
    reason: reasonOf([form.get('ErrorCode'), form.get('ErrorMessage')]),
    occurredAt: receivedAt,
  };
}

/** Twilio tells STOP in the languages that it knows; other words of debtors are none of our business here. */
function kindOfAnswer(form: URLSearchParams, status: string): string {
  return form.get('OptOutType')?.toUpperCase() === 'STOP' ? 'opted_out' : status;
}

const mayChangeContact: ReadonlySet<string> = new Set(['bounced', 'complained', 'opted_out']);

function jsonFrom(body: Buffer): unknown {
  try {
    return JSON.parse(body.toString('utf8')) as unknown;
  } catch {
    return undefined;
  }
}

const uuidPattern = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i;

/** Other systems on the same account have ids of their own kind. */
function uuidOf(value: unknown): string | null {
  return typeof value === 'string' && uuidPattern.test(value) ? value.toLowerCase() : null;
}

/** A text as Postgres can keep it, or null: without character zero and halves of characters, for one event must not hold up its batch. */
function wordOf(value: unknown, lengthMax: number): string | null {
  if (typeof value !== 'string') return null;
  const text = value
    .slice(0, lengthMax)
    .replaceAll(/\0|\p{Surrogate}/gu, '')
    .trim();
  return text === '' ? null : text;
}

function reasonOf(parts: readonly unknown[]): string | null {
  return parts.flatMap((part) => wordOf(part, 300) ?? []).join(' ') || null;
}

function digestOf(text: string): string {
  return `sha256:${sha256Of(text)}`;
}
