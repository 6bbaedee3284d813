import sendgrid from '@sendgrid/mail';
import type { SendGridAccount } from './accounts.ts';
import type { Carrier, CarrierOutcome, Outgoing } from './carrier.ts';
import type { Hearsay } from './hearsay.ts';
import { httpCall } from './http-call.ts';
import type { HttpAnswer } from './http-call.ts';
import { jsonOf, outcomeOfHttp } from './http-outcome.ts';
import type { ProviderWords } from './http-outcome.ts';
import { mailParts } from './mail-parts.ts';

/**
 * Mails through SendGrid.
 *
 * Its API takes no key against a second send, so our id goes along as a custom argument, which every event brings
 * back: an event with it is evidence that SendGrid had the mail. Its search of past mails is no evidence: a paid
 * extra, six questions a minute, minutes behind. So an unknown mail is never said to be absent.
 */
export function sendGridCarrier(account: SendGridAccount, hearsay: Hearsay): Carrier {
  return {
    name: account.name,
    send: (message, signal) => send(account, message, signal),
    evidence: (messageId) => hearsay.evidenceOf(messageId),
  };
}

async function send(
  account: SendGridAccount,
  message: Outgoing,
  signal: AbortSignal,
): Promise<CarrierOutcome> {
  const parts = mailParts(message, account.from);
  if (!parts) return { kind: 'refused', reason: 'no_mail_address', addressInvalid: true };
  let answer: HttpAnswer | undefined;
  const service = serviceFor(account, async (request) => {
    answer = await httpCall(request, signal);
    return answer;
  });
  await service
    .send({
      from: { email: account.from, name: parts.fromName },
      // Its description (OpenAPI of July 2024) knows our own arguments as an object in a personalization alone.
      personalizations: [{ to: parts.to, customArgs: { relance_message: message.messageId } }],
      ...(parts.replyTo === null ? {} : { replyTo: parts.replyTo }),
      subject: parts.subject,
      text: message.text,
      ...(message.html === null ? {} : { html: message.html }),
      ...(message.inline.length + message.attached.length === 0
        ? {}
        : {
            attachments: [
              ...message.inline.map((picture) => ({
                content: picture.bytes.toString('base64'),
                filename: picture.filename,
                type: picture.contentType,
                disposition: 'inline',
                // By SendGrid's own name: the library leaves names inside lists as they are, `contentId` too.
                content_id: picture.cid,
              })),
              ...message.attached.map(({ filename, contentType, bytes }) => ({
                content: bytes.toString('base64'),
                filename,
                // It refuses a type with a parameter such as a character set.
                type: contentType.replace(/;.*$/s, ''),
                disposition: 'attachment',
              })),
            ],
          }),
      headers: { ...parts.headers, 'Message-ID': parts.messageId },
      // A letter of a creditor is not an advertisement: links stay as they are, and nobody is watched reading.
      trackingSettings: {
        clickTracking: { enable: false, enableText: false },
        openTracking: { enable: false },
        subscriptionTracking: { enable: false },
      },
    })
    .catch(() => undefined);
  // Without a call the library itself has found fault with the mail, and would again.
  if (!answer) return { kind: 'refused', reason: 'not_a_mail', addressInvalid: false };
  return outcomeOfHttp(answer, words);
}

const words: ProviderWords = {
  acceptedAs: ({ headers }) => {
    const id = headers['x-message-id'];
    return typeof id === 'string' && id !== '' ? id : null;
  },
  refusal: (answer) => {
    const errors = jsonOf(answer)['errors'];
    const fields = Array.isArray(errors)
      ? errors.map((error: { field?: unknown } | null) => error?.field)
      : [];
    const addressInvalid = fields.some((field) => /^personalizations\.0\.to\b/.test(String(field)));
    return { reason: addressInvalid ? 'no_mail_address' : `status_${answer.status}`, addressInvalid };
  },
  // A key without the right, or a sender that is not verified: both are the account's.
  forbidsAccount: () => true,
};

/** What the library's client makes of a mail, and how it may be told to call. */
interface LibraryClient {
  setApiKey(key: string): void;
  setDataResidency(region: string): void;
  setDefaultRequest(key: 'baseUrl', value: string): void;
  createRequest(given: object): {
    readonly baseURL: string;
    readonly url: string;
    readonly method: string;
    readonly headers: Record<string, string>;
    readonly data: unknown;
  };
  request(given: object): Promise<[{ statusCode: number; headers: object; body: string }, string]>;
}

/** The package exports one service for a whole process; accounts and calls differ, so each call has one of its own. */
function serviceFor(
  account: SendGridAccount,
  call: (request: Parameters<typeof httpCall>[0]) => Promise<HttpAnswer>,
): typeof sendgrid {
  const Service = sendgrid.constructor as new () => typeof sendgrid & { readonly client: LibraryClient };
  const service = new Service();
  const { client } = service;
  client.setApiKey(account.apiKey);
  client.setDataResidency(account.host);
  if (account.baseUrl !== undefined) client.setDefaultRequest('baseUrl', account.baseUrl);
  client.request = async (given) => {
    const { baseURL, url, method, headers, data } = client.createRequest(given);
    const answer = await call({
      method,
      url: new URL(url, baseURL),
      headers,
      body: JSON.stringify(data),
    });
    if (answer.kind !== 'answered') throw new Error(answer.reason);
    return [{ statusCode: answer.status, headers: answer.headers, body: answer.body }, answer.body];
  };
  return service;
}
