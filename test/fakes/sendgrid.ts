import { randomBytes } from 'node:crypto';
import { Ajv } from 'ajv';
import { describedApi, inWords } from './described-api.ts';
import { HttpProvider } from './http-provider.ts';

export interface SendGridMail {
  readonly personalizations: readonly {
    readonly to: readonly { readonly email: string }[];
    readonly custom_args: { readonly relance_message: string };
  }[];
  readonly from: { readonly email: string; readonly name?: string };
  readonly reply_to?: { readonly email: string };
  readonly subject: string;
  readonly content: readonly { readonly type: string; readonly value: string }[];
  readonly attachments?: readonly {
    readonly content: string;
    readonly type: string;
    readonly filename: string;
    readonly disposition: string;
    readonly content_id: string;
  }[];
  readonly headers: Readonly<Record<string, string>>;
  readonly tracking_settings: object;
}

export interface FakeSendGrid {
  readonly server: HttpProvider;
  /** What it has taken over, in order. */
  readonly mails: SendGridMail[];
  readonly apiKey: string;
  close(): Promise<void>;
}

/** SendGrid's document beside this clone names its operations; what they take it leaves to files that are not there. */
export const sendGridApi = describedApi('sendgrid-mail');

const address = {
  type: 'object',
  required: ['email'],
  additionalProperties: false,
  properties: {
    email: { type: 'string', pattern: '^[^\\s@]+@[^\\s@]+$' },
    name: { type: 'string', pattern: '^[^\\u0000-\\u001f]*$' },
  },
};
const switched = (more: object = {}) => ({
  type: 'object',
  additionalProperties: false,
  properties: { enable: { type: 'boolean' }, ...more },
});
const text = { type: 'string' };

/**
 * `POST /v3/mail/send` of the fields that have a use for us; others are faults. Compared field by field with SendGrid's
 * OpenAPI description of 9 July 2024, than which it is nowhere wider.
 */
const mailSend = {
  type: 'object',
  required: ['personalizations', 'from', 'subject', 'content'],
  additionalProperties: false,
  properties: {
    personalizations: {
      type: 'array',
      minItems: 1,
      maxItems: 1000,
      items: {
        type: 'object',
        required: ['to'],
        additionalProperties: false,
        properties: {
          to: { type: 'array', minItems: 1, maxItems: 1000, items: address },
          custom_args: { type: 'object', maxProperties: 10_000, additionalProperties: text },
        },
      },
    },
    from: address,
    reply_to: address,
    subject: { type: 'string', minLength: 1, pattern: '^[^\\u0000-\\u001f]*$' },
    content: {
      type: 'array',
      minItems: 1,
      items: {
        type: 'object',
        required: ['type', 'value'],
        additionalProperties: false,
        properties: { type: { enum: ['text/plain', 'text/html'] }, value: { type: 'string', minLength: 1 } },
      },
    },
    attachments: {
      type: 'array',
      items: {
        type: 'object',
        required: ['content', 'filename'],
        additionalProperties: false,
        properties: {
          content: { type: 'string', minLength: 1, pattern: '^[A-Za-z0-9+/]+={0,2}$' },
          type: { type: 'string', minLength: 1 },
          filename: text,
          disposition: { enum: ['inline', 'attachment'] },
          content_id: text,
        },
      },
    },
    headers: {
      type: 'object',
      additionalProperties: text,
      propertyNames: {
        not: {
          pattern:
            '^([xX]-[sS][gG]-[eE]?[iI][dD]|[rR]eceived|[dD][kK][iI][mM]-[sS]ignature|[cC]ontent-([tT]ype|[tT]ransfer-[eE]ncoding)|[tT]o|[fF]rom|[sS]ubject|[rR]eply-[tT]o|[cC][cC]|[bB][cC][cC])$',
        },
      },
    },
    tracking_settings: {
      type: 'object',
      additionalProperties: false,
      properties: {
        click_tracking: switched({ enable_text: { type: 'boolean' } }),
        open_tracking: switched({ substitution_tag: text }),
        subscription_tracking: switched({ text, html: text, substitution_tag: text }),
      },
    },
  },
};

const path = '/v3/mail/send';

/** SendGrid as we use it: takes mails. Who has not the account's key is turned away. */
export async function openFakeSendGrid({
  secure = false,
  port = 0,
  apiKey = `SG.${randomBytes(16).toString('hex')}`,
} = {}): Promise<FakeSendGrid> {
  const mails: SendGridMail[] = [];
  const check = new Ajv({ allErrors: true }).compile(mailSend);
  const server = await HttpProvider.open(
    {
      faultsOf: (call) => {
        const faults: string[] = [];
        if (call.headers.authorization !== `Bearer ${apiKey}`) faults.push('the key does not fit');
        if (call.method !== 'POST' || call.path !== path)
          faults.push(`there is nothing at ${call.method} ${call.path}`);
        if (sendGridApi && !sendGridApi.paths.includes(call.path))
          faults.push(`${call.path} is not described`);
        if (!call.headers['content-type']?.startsWith('application/json')) faults.push('it is no JSON');
        if (!check(jsonIn(call.body))) faults.push(...(check.errors ?? []).map(inWords));
        return faults;
      },
      take: (call) => {
        mails.push(JSON.parse(call.body) as SendGridMail);
        return { status: 202, headers: { 'x-message-id': randomBytes(11).toString('base64url') }, body: '' };
      },
    },
    { secure, port },
  );
  return { server, mails, apiKey, close: () => server.close() };
}

function jsonIn(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
