import type { FastifyInstance, FastifyRequest } from 'fastify';
import { callerBehind } from '../db/users.ts';
import type { Db } from '../db/database.ts';
import type { Once } from '../db/once.ts';
import type { Portfolio } from '../db/visible.ts';
import type { Area } from '../domain/area.ts';
import type { Author } from '../domain/fact.ts';
import type { Language } from '../domain/message.ts';
import type { Role } from '../domain/role.ts';
import { Problem } from './problem.ts';

/** Who asks. */
export interface Caller {
  readonly userId: string;
  readonly name: string;
  readonly role: Role;
  readonly email: string | null;
  readonly language: Language;
  /** Of a collector: whether he sees all files, or those alone that name him. */
  readonly portfolio: Portfolio;
  /** The areas of the API that his key was made for; null: all. */
  readonly areas: readonly Area[] | null;
  /** How his facts are signed. */
  readonly author: Author;
}

declare module 'fastify' {
  interface FastifyRequest {
    caller: Caller;
    once: Once | undefined;
  }
  interface FastifyContextConfig {
    /** A POST that changes nothing, and looks itself at where it comes from: a cookie is enough for it. */
    onlyReads?: boolean;
  }
}

/** The cookie of the plain pages, which holds the key. */
export const keyCookie = 'relance_key';

/**
 * Every route of this scope needs a key; what it opens is said by the policy (`policing.ts`).
 *
 * The key travels in `Authorization: Bearer`, or, for reading alone, in the cookie of the plain pages: a page of another
 * site can make a browser send a cookie, so a cookie never changes anything. Keys are stored as hashes.
 */
export function requireKeys(app: FastifyInstance, db: Db): void {
  app.decorateRequest('caller', null as unknown as Caller);
  app.decorateRequest('once', undefined);

  app.addHook('onRequest', async (request, reply) => {
    const key = keyOf(request);
    const user = key === undefined ? undefined : await callerBehind(db, key);
    if (!user) {
      void reply.header('www-authenticate', 'Bearer realm="Relance"');
      throw unauthorized(key !== undefined);
    }
    request.caller = { ...user, areas: null, author: { kind: 'user', id: user.userId } };
  });
}

function keyOf(request: FastifyRequest): string | undefined {
  const [scheme, key] = (request.headers.authorization ?? '').split(' ', 2);
  if (scheme?.toLowerCase() === 'bearer') return key ?? '';
  const isRead =
    request.method === 'GET' || request.method === 'HEAD' || request.routeOptions.config.onlyReads === true;
  return isRead ? cookieOf(request, keyCookie) : undefined;
}

function cookieOf(request: FastifyRequest, name: string): string | undefined {
  const pairs = (request.headers.cookie ?? '').split(';').map((pair) => pair.trim());
  return pairs.find((pair) => pair.startsWith(`${name}=`))?.slice(name.length + 1);
}

function unauthorized(given: boolean): Problem {
  return new Problem({
    status: 401,
    code: given ? 'key-unknown' : 'key-missing',
    title: 'Relance does not know who asks.',
    detail: given ? 'The key is not, or no longer, known here.' : 'The request has no key.',
    remedy:
      'Send "Authorization: Bearer <key>"; `relance user add NAME ROLE` prints one. In a browser open /enter.',
  });
}
