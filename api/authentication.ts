import type { FastifyInstance, FastifyRequest } from 'fastify';
import { callerBehind } from '../db/users.ts';
import type { Db } from '../db/database.ts';
import type { Once } from '../db/once.ts';
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
  /** How his facts are signed. */
  readonly author: Author;
}

declare module 'fastify' {
  interface FastifyRequest {
    caller: Caller;
    once: Once | undefined;
  }
  interface FastifyContextConfig {
    /** The roles that may use the route: a route without this line does not boot. */
    may?: readonly Role[];
  }
}

/** The cookie of the plain pages, which holds the key. */
export const keyCookie = 'relance_key';

/**
 * Every route of this scope needs a key, and names the roles that may use it.
 *
 * The key travels in `Authorization: Bearer`, or, for reading alone, in the cookie of the plain pages: a page of another
 * site can make a browser send a cookie, so a cookie never changes anything. Keys are stored as hashes, and a route
 * that forgot to say who may use it keeps the process from starting.
 */
export function requireKeys(app: FastifyInstance, db: Db): void {
  app.decorateRequest('caller', null as unknown as Caller);
  app.decorateRequest('once', undefined);

  app.addHook('onRoute', (route) => {
    if (!route.config?.may)
      throw new Error(
        `route ${String(route.method)} ${route.url} does not say who may use it: give it config.may`,
      );
  });

  app.addHook('onRequest', async (request, reply) => {
    const key = keyOf(request);
    const user = key === undefined ? undefined : await callerBehind(db, key);
    if (!user) {
      void reply.header('www-authenticate', 'Bearer realm="Relance"');
      throw unauthorized(key !== undefined);
    }
    request.caller = { ...user, author: { kind: 'user', id: user.userId } };
    // What nobody may say by role, a 404 must not say either: the router answers it before this hook.
    const may = request.routeOptions.config.may ?? [];
    if (!may.includes(user.role)) throw forbidden(user.role, may);
  });
}

/**
 * The roles that read everything.
 *
 * Sales, resolvers and external firms are not among them: they have a part of the files, and until lists and pages can
 * be cut to that part they read none.
 */
export const readers: readonly Role[] = [
  'admin',
  'credit_manager',
  'collector',
  'accountant',
  'legal',
  'auditor',
];

function keyOf(request: FastifyRequest): string | undefined {
  const [scheme, key] = (request.headers.authorization ?? '').split(' ', 2);
  if (scheme?.toLowerCase() === 'bearer') return key ?? '';
  const isRead = request.method === 'GET' || request.method === 'HEAD';
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

function forbidden(role: Role, may: readonly Role[]): Problem {
  return new Problem({
    status: 403,
    code: 'role-forbidden',
    title: 'The role of the caller may not do this.',
    detail: `A user with the role ${role} may not do this.`,
    remedy: `Ask somebody with one of these roles: ${may.join(', ')}.`,
  });
}
