import type { FastifyInstance, FastifyRequest } from 'fastify';
import type { Db, Tx } from '../db/database.ts';
import { allEyes, eyesOf, sees } from '../db/visible.ts';
import type { Eyes, Seen } from '../db/visible.ts';
import type { Area } from '../domain/area.ts';
import type { Role } from '../domain/role.ts';
import type { Line, Policy, Rows } from './policy.ts';
import { Problem } from './problem.ts';
import { uuid } from './shapes.ts';

declare module 'fastify' {
  interface FastifyRequest {
    /** What the caller sees: what every query of a route that is bound to rows is asked with. */
    readonly eyes: Eyes;
    /** Set before the handler; `eyes` is the way to it. */
    sight: Sight;
  }
}

interface Sight {
  readonly eyes: Eyes;
  /** The row that the address names, for whoever sees a part. */
  row?: { readonly what: Rows; readonly id: string };
  /** Whether anybody has asked for the eyes: rows that are bound are never answered without. */
  looked: boolean;
}

/**
 * The policy at work. Every route that it keeps has its line, and every line its route, or the process does not start.
 *
 * A request passes three questions: may the role, may the key, may he know of the row. The row that the address names is
 * looked for before the handler and again under the lock of the act (`mustStillSee`), so a file taken back in between is
 * not acted upon. An answer of a route bound to rows for which nobody looked is a fault of ours, and is not sent.
 */
export class Police {
  readonly #lines: ReadonlyMap<string, Line>;
  readonly #kept = new Set<string>();

  constructor(policy: Policy) {
    this.#lines = new Map(Object.values(policy).flatMap((lines) => Object.entries(lines)));
  }

  /** Keeps every route that is registered in the scope from now on. */
  keep(app: FastifyInstance, db: Db): void {
    app.decorateRequest('sight', null as unknown as Sight);
    app.decorateRequest('eyes', {
      getter(this: FastifyRequest): Eyes {
        this.sight.looked = true;
        return this.sight.eyes;
      },
    });

    app.addHook('onRoute', ({ method, url }) => {
      for (const one of [method].flat()) {
        this.#line(one, url);
        this.#kept.add(nameOf(one, url));
      }
    });

    // What nobody may say by role, a 404 must not say either: the router answers it before this hook.
    app.addHook('onRequest', async (request) => {
      const [may, area, rows] = this.#lineOf(request);
      const { role, areas } = request.caller;
      if (!may.includes(role)) throw roleForbidden(role, may);
      if (areas !== null && !areas.includes(area)) throw scopeForbidden(area);
      const eyes = rows === 'none' ? allEyes : eyesOf(request.caller);
      if (rows === 'every' && eyes.sees !== 'all') throw partForbidden();
      request.sight = { eyes, looked: rows === 'none' || rows === 'every' };
    });

    // After the shape was checked: a malformed request is answered alike whoever sends it.
    app.addHook('preHandler', async (request) => {
      const [, , rows] = this.#lineOf(request);
      const named = rowNamed(request.routeOptions.url ?? '', request.params as Record<string, string>);
      if (named === undefined || !(rows in seenAs)) return;
      request.sight.looked = true;
      if (request.sight.eyes.sees === 'all') return;
      request.sight.row = { what: rows, id: named };
      await mustStillSee(db, request);
    });

    app.addHook('onSend', async (request, reply) => {
      const sight = request.sight as Sight | null;
      if (reply.statusCode < 400 && sight?.looked === false)
        throw new Error(`${request.method} ${request.routeOptions.url} answered without asking what is seen`);
    });
  }

  /** Throws for a line whose route is gone: it would be read as a promise. */
  everyLineHasItsRoute(): void {
    const idle = [...this.#lines.keys()].filter((name) => !this.#kept.has(name));
    if (idle.length > 0)
      throw new Error(
        `the policy has a line for ${idle.join(', ')}, and there is no such route: take it out`,
      );
  }

  #lineOf({ method, routeOptions: { url } }: FastifyRequest): Line {
    return this.#line(method, url ?? '');
  }

  #line(method: string, url: string): Line {
    const line = this.#lines.get(nameOf(method, url));
    if (line) return line;
    throw new Error(
      `route ${nameOf(method, url)} does not say who may use it: give it a line in api/policy.ts`,
    );
  }
}

/** Fastify answers HEAD by the route of GET. */
function nameOf(method: string, url: string): string {
  return `${method === 'HEAD' ? 'GET' : method} ${url}`;
}

/** Throws 404 when the row that the address names is not, or no longer, one that the caller may know of. */
export async function mustStillSee(db: Db | Tx, { sight }: FastifyRequest): Promise<void> {
  if (!sight.row) return;
  const { what, id } = sight.row;
  const as = seenAs[what];
  if (as === undefined) return;
  if (!uuid.safeParse(id).success || !(await sees(db, sight.eyes, as, id))) throw Problem.notFound(what, id);
}

/** The tables that rows are looked for in. An event is seen by its invoice, as it comes. */
const seenAs: Partial<Record<Rows, Seen>> = {
  invoice: 'invoice',
  debtor: 'debtor',
  contact: 'contact',
  creditor: 'creditor',
  promise: 'promise',
  dispute: 'dispute',
  task: 'task',
  message: 'message',
  draft: 'message',
  document: 'document',
  payment: 'payment',
  'credit note': 'credit_note',
  stop: 'stop',
};

/** The first parameter of an address; a number on an invoice names none: there may be several. */
function rowNamed(url: string, params: Record<string, string>): string | undefined {
  const name = /:(\w+)/.exec(url)?.[1];
  return name === undefined || name === 'number' ? undefined : params[name];
}

function roleForbidden(role: Role, may: readonly Role[]): Problem {
  return new Problem({
    status: 403,
    code: 'role-forbidden',
    title: 'The role of the caller may not do this.',
    detail: `A user with the role ${role} may not do this.`,
    remedy: `Ask somebody with one of these roles: ${may.join(', ')}.`,
  });
}

function scopeForbidden(area: Area): Problem {
  return new Problem({
    status: 403,
    code: 'scope-forbidden',
    title: 'The key was not made for this.',
    detail: `The key does not open the area "${area}".`,
    remedy: `Use a key with the area "${area}", or ask an admin for one.`,
  });
}

function partForbidden(): Problem {
  return new Problem({
    status: 403,
    code: 'part-forbidden',
    title: 'This is about all files.',
    detail: 'The caller sees a part of the files, and this is about all of them.',
    remedy: 'Ask somebody who sees all files.',
  });
}
