import { createHash } from 'node:crypto';
import rateLimit from '@fastify/rate-limit';
import type { FastifyInstance, FastifyRequest } from 'fastify';
import { tokenShown } from './authentication.ts';
import type { Caller } from './authentication.ts';
import type { LoginSettings } from './login/settings.ts';
import { networkOf } from './network-of.ts';
import { Problem } from './problem.ts';

/**
 * How often one caller may ask, so that nobody's loop, however it came about, is everybody's outage.
 *
 * Three counters, each over a minute, of the one setting `RATE_LIMIT_PER_MINUTE`:
 *
 * 1. A caller is counted as a person, whichever of his keys he uses, and apart from all others, on public routes too.
 * 2. A route that costs much (`parts`) counts for itself as well, with a part of the limit.
 * 3. Whoever has no key that proved good in the last minutes is counted by his network, with a part of the limit:
 *    strangers, wrong keys and addresses that do not exist, so that neither keys nor addresses can be searched for.
 *
 * Counters are this process's own, so with several processes a caller gets as many times the limit: a shared store would
 * cost a write at each request, and what is to be kept off is a thousand times the limit, not twice. Health and metrics
 * are asked by machines that draw conclusions from a refusal, and are not counted. Providers come from few addresses
 * with much to say; only their share keeps those in bounds who forge.
 */
export interface RateLimits {
  /** To be called in each scope after its callers are known. */
  countCallers(scope: FastifyInstance): void;
}

/** Routes that cost much, and the part of a caller's limit that each has. */
export const parts: Readonly<Record<string, number>> = {
  // Whole files are read, staged and foretold.
  'POST /v1/imports': 1 / 40,
  'GET /v1/imports/:importId/preview': 1 / 20,
  // Whole lists.
  'GET /v1/exports/invoices': 1 / 40,
  'GET /v1/exports/tasks': 1 / 40,
  'GET /v1/imports/:importId/rejected-rows': 1 / 40,
  // Searches of texts, and the history of a machine that others need.
  'GET /v1/invoices': 1 / 2,
  'GET /v1/debtors': 1 / 2,
  'GET /v1/invoices/:invoiceId/history': 1 / 10,
  // Documents of some hundred kilobytes, and a letter that is written for them.
  'GET /v1/documents/:documentId': 1 / 4,
  'GET /outbox/:id/document': 1 / 4,
  'POST /v1/invoices/:invoiceId/samples': 1 / 10,
};

/** Part of a caller's limit that all without a known key have together who come from one network. */
export const strangersPart = 1 / 4;
/** Times a caller's limit that the reports of providers from one network have. */
export const providersTimes = 5;

const uncounted = new Set(['/healthz', '/readyz', '/metrics']);
const windowMs = 60_000;
/** How long a key counts as known after it opened. */
const knownMs = 5 * 60_000;
const keptMax = 20_000;

export async function limitRates(
  app: FastifyInstance,
  perMinute: number,
  login: LoginSettings,
): Promise<RateLimits> {
  if (perMinute === 0) return { countCallers: () => undefined };
  await app.register(rateLimit, { global: false, timeWindow: windowMs, cache: keptMax });
  const of = (part: number): number => Math.max(1, Math.floor(perMinute * part));
  const stranger = app.createRateLimit({ max: of(strangersPart), keyGenerator: whereFrom });
  const provider = app.createRateLimit({ max: of(providersTimes), keyGenerator: whereFrom });
  const known = new KnownTokens(login);
  const whoAsks = (request: FastifyRequest): string =>
    // Before the hook that finds out, and on public routes, it is whom the token opened for lately.
    (request.caller as Caller | null | undefined)?.userId ?? known.whose(request) ?? '';
  const caller = app.createRateLimit({ max: perMinute, keyGenerator: whoAsks });
  const counted = new WeakSet<FastifyRequest>();
  const dear = app.createRateLimit({
    max: (request) => of(partOf(request)),
    keyGenerator: (request) => `${routeOf(request)} ${whoAsks(request)}`,
  });

  app.addHook('onRequest', async (request, reply) => {
    const { url } = request.routeOptions;
    if (url !== undefined && uncounted.has(url)) return;
    if (url?.startsWith('/v1/webhooks/')) await take(provider, request);
    else if (request.is404 || known.whose(request) === undefined) await take(stranger, request);
    else {
      counted.add(request);
      await take(caller, request).catch((fault: unknown) => {
        // He is turned away before the hook that finds him out and names him to the log.
        request.log = reply.log = request.log.child({ caller: known.whose(request) });
        throw fault;
      });
    }
  });
  app.addHook('onResponse', async (request, reply) => {
    if (reply.statusCode === 401) known.forget(request);
  });
  return {
    countCallers: (scope) => {
      scope.addHook('onRequest', async (request) => {
        if (uncounted.has(request.routeOptions.url ?? '')) return;
        known.add(request);
        if (!counted.has(request)) await take(caller, request);
        if (routeOf(request) in parts) await take(dear, request);
      });
    },
  };
}

type Counter = ReturnType<FastifyInstance['createRateLimit']>;

async function take(counter: Counter, request: FastifyRequest): Promise<void> {
  const count = await counter(request);
  if (!count.isAllowed && count.isExceeded) throw tooMany(count.ttlInSeconds);
}

function tooMany(seconds: number): Problem {
  const wait = Math.max(1, seconds);
  return new Problem({
    status: 429,
    code: 'too-many-requests',
    title: 'Too many requests.',
    detail: `More was asked in a minute than one caller may ask.`,
    remedy: `Ask again in ${wait} ${wait === 1 ? 'second' : 'seconds'}.`,
    retryAfterSeconds: wait,
  });
}

function whereFrom({ ip }: FastifyRequest): string {
  return networkOf(ip);
}

function routeOf({ method, routeOptions }: FastifyRequest): string {
  return `${method} ${routeOptions.url ?? ''}`;
}

function partOf(request: FastifyRequest): number {
  return parts[routeOf(request)] ?? 1;
}

/**
 * The keys and sessions that opened lately, by their hashes, and for whom; as many as fit, the oldest go first.
 *
 * What else a request brings beside them counts for nothing: anybody could bring it.
 */
class KnownTokens {
  readonly #login: LoginSettings;
  readonly #opened = new Map<string, { readonly userId: string; readonly until: number }>();

  constructor(login: LoginSettings) {
    this.#login = login;
  }

  whose(request: FastifyRequest): string | undefined {
    const opened = this.#opened.get(this.#of(request) ?? '');
    return opened && opened.until > performance.now() ? opened.userId : undefined;
  }

  /** Of a request whose caller is found. */
  add(request: FastifyRequest): void {
    const token = this.#of(request);
    if (token === undefined) return;
    this.#opened.delete(token);
    this.#opened.set(token, { userId: request.caller.userId, until: performance.now() + knownMs });
    const oldest = this.#opened.keys().next();
    if (this.#opened.size > keptMax && oldest.done !== true) this.#opened.delete(oldest.value);
  }

  forget(request: FastifyRequest): void {
    this.#opened.delete(this.#of(request) ?? '');
  }

  #of(request: FastifyRequest): string | undefined {
    const token = tokenShown(request, this.#login);
    return token === undefined ? undefined : createHash('sha256').update(token).digest('base64');
  }
}
