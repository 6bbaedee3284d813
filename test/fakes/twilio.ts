import { randomBytes } from 'node:crypto';
import { describedApi } from './described-api.ts';
import { HttpProvider } from './http-provider.ts';
import type { Answer, Call } from './http-provider.ts';

/** A text message in Twilio's ledger. */
export interface TextMessage {
  readonly sid: string;
  readonly to: string;
  readonly from: string | null;
  readonly body: string;
  /** Where it would report; our message's id is in it. */
  readonly statusCallback: string | null;
  readonly createdAt: Date;
  /** Null while it is queued. */
  readonly sentAt: Date | null;
  /** As Twilio says it; `sent` or `queued` by `sentAt` when absent. */
  readonly status?: string;
  readonly errorCode?: number;
}

export interface FakeTwilio {
  readonly server: HttpProvider;
  /** What it has taken over, in order: tests may add what others sent, or change what it shows. */
  readonly messages: TextMessage[];
  readonly accountSid: string;
  readonly authToken: string;
  close(): Promise<void>;
}

/** Whether Twilio's own description of its API is at hand; without it calls are not checked. */
export const twilioApi = describedApi('twilio-messages-calls');

const described = '/2010-04-01/Accounts/{AccountSid}/Messages.json';

const describedOne = '/2010-04-01/Accounts/{AccountSid}/Messages/{Sid}.json';

/** Twilio as we use it: takes text messages, lists what it took, and tells what became of one. Who has not the account's token is turned away. */
export async function openFakeTwilio({ secure = false } = {}): Promise<FakeTwilio> {
  const accountSid = `AC${randomBytes(16).toString('hex')}`;
  const authToken = randomBytes(16).toString('hex');
  const messages: TextMessage[] = [];
  const path = described.replace('{AccountSid}', accountSid);
  const basic = `Basic ${Buffer.from(`${accountSid}:${authToken}`).toString('base64')}`;
  const server = await HttpProvider.open(
    {
      faultsOf: (call) => [
        ...(call.headers.authorization === basic ? [] : ['the account and its token do not fit']),
        ...(call.path === path || (call.method === 'GET' && sidIn(call))
          ? []
          : [`there is nothing at ${call.path}`]),
        ...(call.method === 'GET'
          ? (twilioApi?.faultsOfQuery(sidIn(call) ? describedOne : described, call.query) ?? [])
          : (twilioApi?.faultsOfForm(described, new URLSearchParams(call.body)) ?? [])),
      ],
      take: (call) => {
        if (call.method === 'POST') return taken(call, messages);
        const sid = sidIn(call);
        if (sid === undefined) return listFor(call, messages);
        const one = messages.find((message) => message.sid === sid);
        return one ? { status: 200, body: shown(one) } : { status: 404, body: { code: 20404, status: 404 } };
      },
    },
    { secure },
  );
  return { server, messages, accountSid, authToken, close: () => server.close() };
}

function sidIn({ path }: Call): string | undefined {
  return /\/Messages\/(\w+)\.json$/.exec(path)?.[1];
}

function taken(call: Call, messages: TextMessage[]): Answer {
  const form = new URLSearchParams(call.body);
  const message: TextMessage = {
    sid: `SM${randomBytes(16).toString('hex')}`,
    to: form.get('To') ?? '',
    from: form.get('From'),
    body: form.get('Body') ?? '',
    statusCallback: form.get('StatusCallback'),
    createdAt: new Date(),
    sentAt: null,
  };
  messages.push(message);
  return { status: 201, body: shown(message) };
}

function listFor({ query }: Call, messages: readonly TextMessage[]): Answer {
  const day = query.get('DateSent');
  const found = messages
    .filter(({ to }) => query.get('To') === null || to === query.get('To'))
    .filter(({ sentAt }) => day === null || sentAt?.toISOString().slice(0, 10) === day)
    .toReversed()
    .slice(0, Number(query.get('PageSize') ?? 50));
  return { status: 200, body: { messages: found.map(shown), page: 0, next_page_uri: null } };
}

function shown(message: TextMessage): object {
  return {
    sid: message.sid,
    to: message.to,
    from: message.from,
    body: message.body,
    status: message.status ?? (message.sentAt ? 'sent' : 'queued'),
    direction: 'outbound-api',
    date_created: message.createdAt.toUTCString(),
    date_sent: message.sentAt?.toUTCString() ?? null,
    date_updated: message.createdAt.toUTCString(),
    error_code: message.errorCode ?? null,
    error_message: null,
  };
}
