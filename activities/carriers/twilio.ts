import twilio from 'twilio';
import type { TwilioAccount } from './accounts.ts';
import type { Carrier, CarrierOutcome, Evidence, Outgoing } from './carrier.ts';
import type { Hearsay, Sought } from './hearsay.ts';
import { httpCall } from './http-call.ts';
import type { HttpAnswer } from './http-call.ts';
import { jsonOf, outcomeOfHttp } from './http-outcome.ts';
import type { ProviderWords } from './http-outcome.ts';

/** A text message that has waited for an hour would come at another time of the day than the one we chose. */
const validitySeconds = 3_600;

/** Twilio's list may lag behind, and a call that we gave up on may still be under way to it. */
const listSettlesMs = 15 * 60_000;
/** Twilio's clock and ours need not agree. */
const clocksDifferMs = 2 * 60_000;
/** The longest page that Twilio gives. */
const listedMax = 1_000;

/**
 * Text messages through Twilio.
 *
 * Its API takes no key against a second send and no reference of ours, except in the address to which it reports: that
 * address names our message and is signed. So evidence is a report that came there, or else Twilio's own list.
 */
export function twilioCarrier(account: TwilioAccount, publicUrl: string, hearsay: Hearsay): Carrier {
  return {
    name: account.name,
    send: (message, signal) => send(account, publicUrl, message, signal),
    async evidence(messageId, signal) {
      const heard = await hearsay.evidenceOf(messageId);
      if (heard.kind === 'accepted') return heard;
      const sought = await hearsay.sought(messageId);
      const all = sought && (await listed(account, sought, signal).catch(() => undefined));
      return all ? findIn(all, sought) : { kind: 'silent' };
    },
    fateOf: (sid, signal) => fateOf(account, sid, signal),
  };
}

async function send(
  account: TwilioAccount,
  publicUrl: string,
  message: Outgoing,
  signal: AbortSignal,
): Promise<CarrierOutcome> {
  if (!/^\+[1-9]\d{7,14}$/.test(message.recipient))
    return { kind: 'refused', reason: 'no_mobile_number', addressInvalid: true };
  const callback = new URL(`${publicUrl}/v1/webhooks/twilio/${encodeURIComponent(account.name)}`);
  callback.searchParams.set('message', message.messageId);
  const { client, answer } = clientFor(account, signal);
  await client.messages
    .create({
      to: message.recipient,
      ...(account.messagingServiceSid === undefined
        ? { from: account.from ?? '' }
        : { messagingServiceSid: account.messagingServiceSid }),
      body: message.text,
      statusCallback: callback.toString(),
      validityPeriod: validitySeconds,
      // The text was made to fit its segments, and is later looked for as it is.
      smartEncoded: false,
    })
    .catch(() => undefined);
  const answered = answer();
  if (!answered) return { kind: 'refused', reason: 'not_a_text_message', addressInvalid: false };
  return failedAtOnce(answered) ?? outcomeOfHttp(answered, words);
}

/** Twilio may take a message over and say in the same breath that it failed. */
function failedAtOnce(answer: HttpAnswer): CarrierOutcome | null {
  if (answer.kind !== 'answered' || answer.status !== 201) return null;
  const { status, error_code: code } = jsonOf(answer);
  if (status !== 'failed' && status !== 'undelivered' && status !== 'canceled') return null;
  return { kind: 'refused', ...refusalBy(Number(code), 'failed') };
}

const words: ProviderWords = {
  acceptedAs: (answer) => {
    const { sid } = jsonOf(answer);
    return typeof sid === 'string' && /^(SM|MM)[0-9a-f]{32}$/i.test(sid) ? sid : null;
  },
  refusal: (answer) => refusalBy(Number(jsonOf(answer)['code']), `status_${answer.status}`),
  // Twilio's codes from 21000 to 21999 concern one message: its number, its country, its words.
  forbidsAccount: (answer) => Math.floor(Number(jsonOf(answer)['code']) / 1_000) !== 21,
};

/** Twilio's codes that concern the number; all others concern us. */
function refusalBy(code: number, otherwise: string): { reason: string; addressInvalid: boolean } {
  if (code === 21211 || code === 21614) return { reason: 'no_mobile_number', addressInvalid: true };
  // He has answered STOP: this number gets no text message any more, which is what an invalid number says.
  if (code === 21610) return { reason: 'opted_out', addressInvalid: true };
  return { reason: Number.isInteger(code) && code > 0 ? `twilio_${code}` : otherwise, addressInvalid: false };
}

async function fateOf(account: TwilioAccount, sid: string, signal: AbortSignal) {
  const { client } = clientFor(account, signal);
  const found = await client
    .messages(sid)
    .fetch()
    .catch(() => null);
  // The library types an error code as a number that is always there.
  const errorCode = found?.errorCode as number | string | null | undefined;
  return found && { status: found.status as string, errorCode: errorCode ? String(errorCode) : null };
}

interface Listed {
  readonly sid: string;
  readonly to: string;
  readonly body: string | null;
  readonly dateCreated: Date | null;
}

/**
 * All that Twilio lists for the number, newest first.
 *
 * Not by the day it was sent, though the API offers that: what is still queued has no such day and would be missing, so
 * that its absence would prove nothing. One number has far fewer messages than a page.
 */
async function listed(
  account: TwilioAccount,
  { recipient }: Sought,
  signal: AbortSignal,
): Promise<readonly Listed[]> {
  const { client } = clientFor(account, signal);
  return client.messages.list({ to: recipient, pageSize: listedMax, limit: listedMax });
}

/**
 * What Twilio's list says of a message.
 *
 * The reference is the text itself, with the number and a time not before ours: Twilio lists no reference of callers,
 * and one inside the text would cost signs that the debtor reads. It can mislead where the same words went to the same
 * number: entries whose id we know from another message are left out, and while a second such message has no outcome
 * either, the list says nothing. `absent` needs more than not being found: the whole list, a quarter of an hour without
 * an attempt, and nothing since then to this number that we do not know (Twilio can hide texts on request).
 */
function findIn(all: readonly Listed[], sought: Sought): Evidence {
  const since = sought.writtenAt - clocksDifferMs;
  const unaccounted = all.filter(
    ({ sid, to, dateCreated }) =>
      digitsOf(to) === digitsOf(sought.recipient) &&
      !sought.otherRefs.has(sid) &&
      (dateCreated === null || dateCreated.getTime() >= since),
  );
  const found = unaccounted.find(({ body }) => body === sought.text);
  if (found) return sought.hasTwin ? { kind: 'silent' } : { kind: 'accepted', ref: found.sid };
  const isAuthoritative =
    all.length < listedMax && unaccounted.length === 0 && sought.quietMs >= listSettlesMs;
  return isAuthoritative ? { kind: 'absent' } : { kind: 'silent' };
}

function digitsOf(number: string): string {
  return number.replaceAll(/\D/g, '');
}

/** The library makes requests and reads answers; the call is ours, with one try and one signal. */
function clientFor(account: TwilioAccount, signal: AbortSignal) {
  let answer: HttpAnswer | undefined;
  const httpClient = {
    async request(options: LibraryRequest) {
      answer = await httpCall(requestOf(options, account.baseUrl), signal);
      if (answer.kind !== 'answered') throw new Error(answer.reason);
      return { statusCode: answer.status, headers: answer.headers, body: answer.body };
    },
  };
  const client = twilio(account.accountSid, account.authToken, {
    httpClient: httpClient as unknown as NonNullable<NonNullable<Parameters<typeof twilio>[2]>['httpClient']>,
    autoRetry: false,
  });
  return { client, answer: () => answer };
}

type Field = string | number | boolean | null | undefined;
type Fields = Readonly<Record<string, Field | readonly Field[]>>;

interface LibraryRequest {
  readonly method: string;
  readonly uri: string;
  readonly username: string;
  readonly password: string;
  readonly headers: Record<string, string>;
  readonly params?: Fields;
  readonly data?: Fields;
}

function requestOf(options: LibraryRequest, baseUrl: string | undefined): Parameters<typeof httpCall>[0] {
  const real = new URL(options.uri);
  const url = baseUrl === undefined ? real : new URL(`${real.pathname}${real.search}`, baseUrl);
  for (const [key, value] of form(options.params)) url.searchParams.append(key, value);
  const basic = Buffer.from(`${options.username}:${options.password}`).toString('base64');
  const headers = { ...options.headers, authorization: `Basic ${basic}` };
  const method = options.method.toUpperCase();
  return options.data === undefined
    ? { method, url, headers }
    : { method, url, headers, body: form(options.data).toString() };
}

function form(given: Fields = {}): URLSearchParams {
  const fields = new URLSearchParams();
  for (const [key, value] of Object.entries(given)) {
    for (const one of typeof value === 'object' && value !== null ? value : [value])
      if (one !== undefined && one !== null) fields.append(key, String(one));
  }
  return fields;
}
