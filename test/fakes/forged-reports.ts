import { uuidv7 } from '../../db/uuid.ts';
import {
  mailAccount,
  publicUrl,
  ReportingSendGrid,
  ReportingTwilio,
  textAccount,
} from './reporting-providers.ts';
import type { Call } from './reporting-providers.ts';

const signatureOfMail = 'x-twilio-email-event-webhook-signature';
const timestampOfMail = 'x-twilio-email-event-webhook-timestamp';
const signatureOfText = 'x-twilio-signature';

/**
 * All that a stranger, or somebody on the way, can make of a genuine report: each must be turned away.
 *
 * They differ from the genuine one by as little as can be, so that none is refused for another reason than the one that
 * it is named after.
 */
export function forgedMailReports(
  sendgrid: ReportingSendGrid,
  events: readonly object[],
  account = mailAccount,
): Readonly<Record<string, Call>> {
  const genuine = sendgrid.call(events, { account });
  const signature = genuine.headers[signatureOfMail]!;
  const body = genuine.payload.toString();
  const sixMinutes = 6 * 60_000;
  return {
    'one byte of its body changed': withBody(genuine, body.replace(/("event":"\w+)\w"/, '$1r"')),
    'its body written anew by a JSON parser': withBody(genuine, JSON.stringify(JSON.parse(body), null, 1)),
    'a line break after its body': withBody(genuine, `${body}\r\n`),
    'its body cut off': withBody(genuine, genuine.payload.subarray(0, -1)),
    'no body': withBody(genuine, ''),
    'one bit of its signature changed': withHeader(genuine, signatureOfMail, changed(signature, 20)),
    'the signature of another body': withHeader(
      genuine,
      signatureOfMail,
      sendgrid.call([{ ...events[0], event: 'open' }], { account }).headers[signatureOfMail],
    ),
    'the signature of another key': withHeader(
      genuine,
      signatureOfMail,
      new ReportingSendGrid().sign(genuine.headers[timestampOfMail]!, genuine.payload),
    ),
    'a signature in another base64': withHeader(
      genuine,
      signatureOfMail,
      `${signature.replaceAll('+', '-').replaceAll('/', '_')} `.replace(/[-_ ]?$/, '!'),
    ),
    'no signature': withHeader(genuine, signatureOfMail, undefined),
    'another timestamp': withHeader(genuine, timestampOfMail, String(Math.floor(Date.now() / 1_000) - 61)),
    'no timestamp': withHeader(genuine, timestampOfMail, undefined),
    'a timestamp that is no number': withHeader(genuine, timestampOfMail, 'now'),
    'a good signature of six minutes ago': sendgrid.call(events, { account, at: Date.now() - sixMinutes }),
    'a good signature of six minutes ahead': sendgrid.call(events, { account, at: Date.now() + sixMinutes }),
  };
}

/** The same for what Twilio reports of a message. */
export function forgedTextReports(
  text: ReportingTwilio,
  form: Readonly<Record<string, string>>,
  messageId: string,
  account = textAccount,
): Readonly<Record<string, Call>> {
  const genuine = text.call(form, { messageId, account });
  const body = genuine.payload.toString();
  const signature = genuine.headers[signatureOfText]!;
  return {
    'a value changed': withBody(genuine, body.replace(/MessageStatus=\w+/, 'MessageStatus=canceled')),
    'a parameter more': withBody(genuine, `${body}&AddOns=none`),
    'a parameter less': withBody(genuine, body.replace(/&To=[^&]*/, '')),
    'a second value of a parameter': withBody(genuine, `${body}&MessageStatus=canceled`),
    'no body': withBody(genuine, ''),
    'another message in its address': { ...genuine, url: genuine.url.replace(messageId, uuidv7()) },
    'no message in its address': { ...genuine, url: genuine.url.split('?')[0]! },
    'more in its address': { ...genuine, url: `${genuine.url}&message=${uuidv7()}` },
    'one bit of its signature changed': withHeader(genuine, signatureOfText, changed(signature, 3)),
    'the signature of another token': withHeader(
      genuine,
      signatureOfText,
      new ReportingTwilio().sign(`${publicUrl}${genuine.url}`, form),
    ),
    'the signature of another host': text.call(form, {
      messageId,
      account,
      signedUrl: 'https://somebody.example',
    }),
    'the signature of plain http': text.call(form, {
      messageId,
      account,
      signedUrl: publicUrl.replace('https', 'http'),
    }),
    'no signature': withHeader(genuine, signatureOfText, undefined),
    'half a signature': withHeader(genuine, signatureOfText, signature.slice(0, 14)),
  };
}

function withHeader(call: Call, name: string, value: string | undefined): Call {
  const { [name]: _, ...headers } = call.headers;
  return { ...call, headers: value === undefined ? headers : { ...headers, [name]: value } };
}

function withBody(call: Call, body: string | Buffer): Call {
  return { ...call, payload: Buffer.from(body) };
}

function changed(base64: string, place: number): string {
  const bytes = Buffer.from(base64, 'base64');
  bytes[place] = bytes[place]! ^ 1;
  return bytes.toString('base64');
}
