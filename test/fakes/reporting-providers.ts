import { generateKeyPairSync, randomBytes, sign } from 'node:crypto';
import type { KeyObject } from 'node:crypto';
import twilio from 'twilio';
import type { Accounts, SendGridAccount, TwilioAccount } from '../../activities/carriers/accounts.ts';
import { outboxOnly } from '../../activities/carriers/accounts.ts';

/** A request as it comes in from outside, for `inject` and `fetch` alike. */
export interface Call {
  readonly method: 'POST';
  readonly url: string;
  readonly headers: Record<string, string>;
  readonly payload: Buffer;
}

/** The address before `/v1` under which the providers know us; nothing listens there. */
export const publicUrl = 'https://relance.example';

/** Which account reports; `mail` and `text` unless a test has others. */
export const mailAccount = 'mail';
export const textAccount = 'text';

/** A provider that signs with a key of its own, as SendGrid does. */
export class ReportingSendGrid {
  readonly publicKey: string;
  readonly #privateKey: KeyObject;

  constructor() {
    const { publicKey, privateKey } = generateKeyPairSync('ec', { namedCurve: 'prime256v1' });
    this.publicKey = publicKey.export({ format: 'der', type: 'spki' }).toString('base64');
    this.#privateKey = privateKey;
  }

  /** A signed request with these events, or with these very bytes. */
  call(
    events: readonly object[] | Buffer,
    { account = mailAccount, at = Date.now() }: { readonly account?: string; readonly at?: number } = {},
  ): Call {
    const payload = Buffer.isBuffer(events) ? events : Buffer.from(JSON.stringify(events));
    const timestamp = String(Math.floor(at / 1_000));
    return {
      method: 'POST',
      url: `/v1/webhooks/sendgrid/${account}`,
      headers: {
        'content-type': 'application/json',
        'x-twilio-email-event-webhook-timestamp': timestamp,
        'x-twilio-email-event-webhook-signature': this.sign(timestamp, payload),
      },
      payload,
    };
  }

  sign(timestamp: string, payload: Buffer): string {
    return sign('sha256', Buffer.concat([Buffer.from(timestamp), payload]), this.#privateKey).toString(
      'base64',
    );
  }
}

/** A provider that signs with a token that both know, as Twilio does: its own library signs. */
export class ReportingTwilio {
  readonly token: string;

  constructor(token = randomBytes(16).toString('hex')) {
    this.token = token;
  }

  /** A signed request with these parameters, in this order; `signedUrl` is what Twilio takes for our address. */
  call(
    form: Readonly<Record<string, string | readonly string[]>>,
    {
      messageId,
      account = textAccount,
      signedUrl = publicUrl,
    }: { readonly messageId?: string; readonly account?: string; readonly signedUrl?: string } = {},
  ): Call {
    const url = `/v1/webhooks/twilio/${account}${messageId === undefined ? '' : `?message=${messageId}`}`;
    const fields = new URLSearchParams();
    for (const [name, value] of Object.entries(form))
      for (const one of typeof value === 'string' ? [value] : value) fields.append(name, one);
    return {
      method: 'POST',
      url,
      headers: {
        'content-type': 'application/x-www-form-urlencoded; charset=UTF-8',
        'x-twilio-signature': this.sign(`${signedUrl}${url}`, form),
      },
      payload: Buffer.from(fields.toString()),
    };
  }

  sign(url: string, form: object): string {
    return twilio.getExpectedTwilioSignature(this.token, url, form as Record<string, unknown>);
  }
}

/** The settings of an installation that these providers report to. */
export function accountsReportedBy(
  { sendgrid, text }: { readonly sendgrid: ReportingSendGrid; readonly text: ReportingTwilio },
  change: {
    readonly eventKeys?: readonly string[];
    readonly previousAuthToken?: string;
    readonly authToken?: string;
    readonly publicUrl?: string;
  } = {},
): Accounts {
  const mail: SendGridAccount = {
    kind: 'sendgrid',
    name: mailAccount,
    apiKey: 'SG.nothing',
    from: 'compta@martin.example',
    eventKeys: [...(change.eventKeys ?? [sendgrid.publicKey])],
    host: 'eu',
    perSecond: 10,
  };
  const texts: TwilioAccount = {
    kind: 'twilio',
    name: textAccount,
    accountSid: `AC${'0'.repeat(32)}`,
    authToken: change.authToken ?? text.token,
    ...(change.previousAuthToken === undefined ? {} : { previousAuthToken: change.previousAuthToken }),
    from: '+33700000000',
    perSecond: 1,
  };
  return {
    ...outboxOnly,
    byName: new Map([...outboxOnly.byName, [mailAccount, mail], [textAccount, texts]]),
    publicUrl: change.publicUrl ?? publicUrl,
  };
}

let made = 0;

/** An event as SendGrid writes it. */
export function mailEvent(
  event: string,
  messageId: string | null,
  more: object = {},
): Record<string, unknown> {
  made += 1;
  return {
    email: 'compta@debiteur.example',
    timestamp: 1_772_445_600 + made,
    event,
    sg_event_id: `event-${process.pid}-${made}-${randomBytes(4).toString('hex')}`,
    sg_message_id: 'LRzXl_NHStOGhQ4kofSm_A.filterdrecv-1.0',
    ...(messageId === null ? {} : { relance_message: messageId }),
    ...more,
  };
}

/** What Twilio posts of a status. */
export function textStatus(
  status: string,
  { sid = `SM${randomBytes(16).toString('hex')}`, errorCode }: { sid?: string; errorCode?: string } = {},
): Record<string, string> {
  return {
    AccountSid: `AC${'0'.repeat(32)}`,
    ApiVersion: '2010-04-01',
    From: '+33700000000',
    MessageSid: sid,
    MessageStatus: status,
    SmsSid: sid,
    SmsStatus: status,
    To: '+33600000000',
    ...(errorCode === undefined ? {} : { ErrorCode: errorCode }),
  };
}
