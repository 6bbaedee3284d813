import type { FastifyInstance, FastifyRequest } from 'fastify';
import type { ZodTypeProvider } from 'fastify-type-provider-zod';
import { Counter } from 'prom-client';
import { z } from 'zod';
import type { Accounts } from '../../activities/carriers/accounts.ts';
import { machineTime } from '../../db/clock.ts';
import type { House } from '../../db/house.ts';
import { storeEvents } from '../../db/provider-events.ts';
import type { Provider } from '../../db/provider-events.ts';
import { sha256Of } from '../../db/sha256.ts';
import { Problem } from '../problem.ts';
import { problems } from '../shapes.ts';
import { readSendgridEvents, readTwilioEvent } from '../webhooks/read-events.ts';
import { sendgridSignature, sendgridTimestamp, verdictOnSendgrid } from '../webhooks/sendgrid-signature.ts';
import { twilioSignature, verdictOnTwilio } from '../webhooks/twilio-signature.ts';

/**
 * Where providers report what became of our messages.
 *
 * Nobody has a key here: a request proves itself by its signature over the bytes as they came, which is checked before
 * they are read as anything and before the database is touched. What is genuine is stored, once, and answered; workers
 * act on it. Whoever is refused is not told why, and a body is never logged.
 */
export interface WebhookParts {
  readonly house: Pick<House, 'db'>;
  readonly accounts: Accounts;
  readonly refused: RefusedWebhooks;
  /** The machine's time, as the providers sign it. */
  readonly now?: typeof machineTime;
}

export type RefusedWebhooks = Counter<'provider' | 'reason'>;

/** Counts the requests that were turned away: a rise is somebody who forges, or a key that was changed on one side. */
export function refusedWebhooks(): RefusedWebhooks {
  return new Counter({
    name: 'relance_webhooks_refused_total',
    help: 'Requests to webhooks that were turned away, by provider and reason.',
    labelNames: ['provider', 'reason'],
    registers: [],
  });
}

/** Above the 768 KB at which SendGrid sends a batch; a form of Twilio has some hundred bytes. */
const bytesMax = { sendgrid: 1024 * 1024, twilio: 64 * 1024 } as const satisfies Record<Provider, number>;

export function receiveWebhooks(scope: FastifyInstance, parts: WebhookParts): void {
  const { house, accounts, refused, now = machineTime } = parts;
  const app = scope.withTypeProvider<ZodTypeProvider>();
  app.removeAllContentTypeParsers();
  app.addContentTypeParser('*', { parseAs: 'buffer' }, (_, body, done) => {
    done(null, body);
  });

  const refuse = (provider: Provider, reason: string): Problem => {
    refused.inc({ provider, reason });
    return reason === 'missing' ? unsigned : untrusted;
  };
  /** Before the body is read: whoever has no signature need not send us a megabyte. */
  const mustBeSigned = (provider: Provider, ...headers: readonly string[]) => {
    return async (request: FastifyRequest): Promise<void> => {
      const { account } = request.params as { account: string };
      if (accounts.byName.get(account)?.kind !== provider) throw Problem.notFound('account', account);
      if (headers.some((header) => headerOf(request, header) === '')) throw refuse(provider, 'missing');
    };
  };

  app.post(
    '/v1/webhooks/sendgrid/:account',
    {
      bodyLimit: bytesMax.sendgrid,
      config: { anyHost: true },
      onRequest: mustBeSigned('sendgrid', sendgridSignature, sendgridTimestamp),
      schema: {
        ...common,
        summary: 'What SendGrid reports of mails',
        description:
          'For the Event Webhook of SendGrid: a JSON list of events, signed in `X-Twilio-Email-Event-Webhook-Signature` over timestamp and raw body with a key of the account.',
      },
    },
    async (request, reply) => {
      const account = accounts.byName.get(request.params.account);
      const body = bodyOf(request);
      const verdict = verdictOnSendgrid(
        {
          body,
          signature: headerOf(request, sendgridSignature),
          timestamp: headerOf(request, sendgridTimestamp),
        },
        account?.kind === 'sendgrid' ? account.eventKeys : [],
        now(),
      );
      if (verdict !== 'genuine') throw refuse('sendgrid', verdict);
      const events = readSendgridEvents(body, now());
      if (!events) {
        refused.inc({ provider: 'sendgrid', reason: 'unreadable' });
        throw unreadable;
      }
      await storeEvents(house.db, 'sendgrid', sha256Of(body), events);
      return reply.code(204).send();
    },
  );

  app.post(
    '/v1/webhooks/twilio/:account',
    {
      bodyLimit: bytesMax.twilio,
      config: { anyHost: true },
      onRequest: mustBeSigned('twilio', twilioSignature),
      schema: {
        ...common,
        summary: 'What Twilio reports of text messages',
        description:
          'For the status callbacks of Twilio, and for messages that come in: a form, signed in `X-Twilio-Signature` with the token of the account over the public address of this API. The query names our message in `message`.',
      },
    },
    async (request, reply) => {
      const account = accounts.byName.get(request.params.account);
      const tokens = account?.kind === 'twilio' ? [account.authToken, account.previousAuthToken] : [];
      const body = bodyOf(request);
      const form = new URLSearchParams(body.toString('utf8'));
      const verdict = verdictOnTwilio(
        {
          url: `${accounts.publicUrl ?? ''}${request.url}`,
          form,
          signature: headerOf(request, twilioSignature),
        },
        tokens.filter((token) => token !== undefined),
      );
      if (verdict !== 'genuine') throw refuse('twilio', verdict);
      const query = new URLSearchParams(request.url.split('?').slice(1).join('?'));
      await storeEvents(house.db, 'twilio', sha256Of(body), [readTwilioEvent(form, query, now())]);
      return reply.code(204).send();
    },
  );
}

const common = {
  tags: ['webhooks'],
  security: [],
  params: z.object({ account: z.string().max(63).describe('The name of an account of this installation.') }),
  response: {
    204: z.undefined().describe('Stored, now or before.'),
    ...described(401, 'The signature is missing.'),
    ...described(403, 'The signature is not one of the account for these bytes, or too old.'),
    ...problems(400, 404, 413, 429, 500, 503),
  },
};

/** The problem documents of a status that means something else here than where callers have keys. */
function described(status: 401 | 403, description: string) {
  const known = problems(status)[status];
  return known ? { [status]: { ...known, description } } : {};
}

const title = 'Relance does not trust this request.';
const detail = 'It does not prove that it comes from the provider.';
const remedy = 'Check the keys of the account and the public address in the settings of the channels.';
const unsigned = new Problem({ status: 401, code: 'signature-missing', title, detail, remedy });
const untrusted = new Problem({ status: 403, code: 'signature-refused', title, detail, remedy });
const unreadable = new Problem({
  status: 400,
  code: 'events-unreadable',
  title: 'Relance cannot read this request.',
  detail: 'Its signature is good, but its body is no list of events.',
});

/** A header that comes twice is none: which of the two was meant? */
function headerOf(request: FastifyRequest, name: string): string {
  const value = request.headers[name];
  return typeof value === 'string' ? value : '';
}

function bodyOf(request: FastifyRequest): Buffer {
  return Buffer.isBuffer(request.body) ? request.body : Buffer.alloc(0);
}
