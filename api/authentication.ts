import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import type { Db } from '../db/database.ts';
import type { Once } from '../db/once.ts';
import { personInSession, stillInSession } from '../db/sessions.ts';
import { callerBehind, stillBehindKey } from '../db/keys.ts';
import type { Person } from '../db/person.ts';
import type { Area } from '../domain/area.ts';
import type { Author } from '../domain/fact.ts';
import type { Instant } from '../domain/time.ts';
import { readCookie } from './login/cookies.ts';
import { isSafe, mustBeOurPage } from './login/same-site.ts';
import type { LoginSettings } from './login/settings.ts';
import { lackOf } from './login/step-up.ts';
import type { Lack } from './login/step-up.ts';
import { Problem } from './problem.ts';

/** Who asks. */
export interface Caller extends Person {
  /** How his facts are signed. */
  readonly author: Author;
  /** What his key was cut to; null for all that his role may do. */
  readonly areas: readonly Area[] | null;
  /** Who else may hold his key. */
  readonly hands: readonly string[];
  /** By what he is known. */
  readonly by: { readonly kind: 'key'; readonly prefix: string } | BySession;
}

/** Whoever may act by what the caller hands out: he, and who may hold his own key. */
export function handsOf({ userId, hands }: Pick<Caller, 'userId' | 'hands'>): readonly string[] {
  return [...new Set([userId, ...hands])];
}

export interface BySession {
  readonly kind: 'session';
  readonly id: string;
  /** When he last proved to be himself in it. */
  readonly provedAt: Instant | null;
  /** What he must do before it opens anything (`login/step-up.ts`). */
  readonly lacks: Lack | null;
}

declare module 'fastify' {
  interface FastifyRequest {
    caller: Caller;
    once: Once | undefined;
  }
  interface FastifyContextConfig {
    /** An origin whose pages may ask this too, with the cookie of whoever sits before them. */
    alsoFrom?: string;
  }
}

/** By what a request can say who sends it. */
export interface Door {
  readonly db: Db;
  readonly login: LoginSettings;
}

/**
 * Every route of this scope needs a caller; what he may do is said by the policy (`policing.ts`).
 *
 * A program shows a key in `Authorization: Bearer`; a browser has the cookie of a session, and what it changes must come
 * from a page of ours. A request with both is that of the key. Both are stored as hashes.
 */
export function requireCaller(app: FastifyInstance, door: Door): void {
  app.decorateRequest('caller', null as unknown as Caller);
  app.decorateRequest('once', undefined);

  app.addHook('onRequest', async (request, reply) => {
    const caller = await callerOf(request, door);
    if (!caller) throw turnedAway(request, reply, door);
    request.caller = caller;
    // Every line from here on says who asked, by an id that names nobody.
    request.log = reply.log = request.log.child({ caller: caller.userId });
  });
  app.addHook('preHandler', async (request, reply) => {
    if (!isSafe(request.method)) await mustStillBeLetIn(request, reply, door);
  });
}

/**
 * Throws a Problem when the caller is not let in any more: a body may take minutes to come, and whoever was shut out
 * meanwhile does nothing with it. To be asked again by a route that reads its body itself.
 */
export async function mustStillBeLetIn(
  request: FastifyRequest,
  reply: FastifyReply,
  door: Door,
): Promise<void> {
  if (!(await isStillLetIn(request.caller, door))) throw turnedAway(request, reply, door);
}

/** The answer to whoever is not let in, which says what he showed; also for the routes that find out themselves. */
export function turnedAway(request: FastifyRequest, reply: FastifyReply, { login }: Door): Problem {
  void reply.header('www-authenticate', 'Bearer realm="Relance"');
  return unauthorized(shownBy(request, login));
}

/**
 * Who sends a request; undefined when what it shows is nothing, or opens nothing any more.
 *
 * Throws a Problem when it would change something by a cookie that a page of others made the browser send.
 */
export async function callerOf(request: FastifyRequest, { db, login }: Door): Promise<Caller | undefined> {
  const key = keyOf(request);
  if (key !== undefined) {
    const found = await callerBehind(db, key, login.machine());
    if (!found) return undefined;
    const { prefix, ...person } = found;
    return { ...person, author: { kind: 'user', id: person.userId }, by: { kind: 'key', prefix } };
  }
  const token = readCookie(request, 'session', login);
  if (token === undefined) return undefined;
  mustBeOurPage(request, login, { withCookie: true });
  const found = await personInSession(db, login.machine(), login.limits, token);
  if (!found) return undefined;
  const { sessionId: id, provedAt, secondFactor, hasSecondFactor, ...person } = found;
  const author = { kind: 'user', id: person.userId } as const;
  const lacks = lackOf({ role: person.role, secondFactor, hasSecondFactor }, login);
  return { ...person, author, areas: null, hands: [], by: { kind: 'session', id, provedAt, lacks } };
}

/**
 * Whether a caller is still let in, and still who he was when his request was: for an answer that goes on after that.
 *
 * Another role, portfolio, name or address is another part of the files, and what shows the old one must end; which files
 * belong to the part is asked with each query anyway. It keeps no session awake: an open page is nobody at his desk.
 */
export async function isStillLetIn(caller: Caller, { db, login }: Door): Promise<boolean> {
  const { userId, by } = caller;
  const now = await (by.kind === 'session'
    ? stillInSession(db, login.machine(), by.id)
    : stillBehindKey(db, login.machine(), userId, by.prefix));
  const decides = ['role', 'portfolio', 'name', 'email'] as const;
  return now !== undefined && decides.every((one) => now[one] === caller[one]);
}

/** What a request shows to be let in: a key, else the token of a session; what else it brings opens nothing. */
export function tokenShown(request: FastifyRequest, login: LoginSettings): string | undefined {
  return keyOf(request) ?? readCookie(request, 'session', login);
}

function keyOf(request: FastifyRequest): string | undefined {
  const [scheme, key] = (request.headers.authorization ?? '').split(' ', 2);
  return scheme?.toLowerCase() === 'bearer' ? (key ?? '') : undefined;
}

type Shown = 'key' | 'session' | 'nothing';

function shownBy(request: FastifyRequest, login: LoginSettings): Shown {
  if (keyOf(request) !== undefined) return 'key';
  return readCookie(request, 'session', login) === undefined ? 'nothing' : 'session';
}

/** Whoever shows nothing that opens; also for the routes that find out themselves. */
export function unauthorized(shown: Shown): Problem {
  const [code, detail] = (
    {
      key: ['key-unknown', 'The key is not, or no longer, known here.'],
      session: ['session-ended', 'The session is over.'],
      nothing: ['key-missing', 'The request has neither a key nor the cookie of a session.'],
    } as const
  )[shown];
  return new Problem({
    status: 401,
    code,
    title: 'Relance does not know who asks.',
    detail,
    remedy:
      'Send "Authorization: Bearer <key>"; `relance user add NAME ROLE` prints one. In a browser log in at /enter.',
  });
}
