import type { FastifyInstance, FastifyRequest } from 'fastify';
import type { Db, Tx } from '../db/database.ts';
import { allEyes, eyesOf, sees } from '../db/visible.ts';
import type { Eyes } from '../db/visible.ts';
import type { Area } from '../domain/area.ts';
import type { Role } from '../domain/role.ts';
import type { Caller } from './authentication.ts';
import type { FieldPolicy, Line, Policy, Rows } from './policy.ts';
import { Problem } from './problem.ts';
import { nameOfSeveral, parameterOf, rowKinds } from './row-kinds.ts';
import type { RowKind } from './row-kinds.ts';
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
  /** The rows that the address and the body name, for whoever sees a part. */
  readonly rows: { readonly what: RowKind; readonly id: string }[];
  /** Whether anybody has asked for the eyes: rows that are bound are neither acted upon nor answered without. */
  looked: boolean;
  /** Whether the rows were asked for again where the act is done. */
  askedAgain: boolean;
}

/**
 * The policy at work. Every route that it keeps has its line, and every line its route, or the process does not start.
 *
 * A request passes three questions: may the role, may the key, may he know of the row; and of some fields of a body, may
 * the role send them. The row that the address names is
 * looked for before the handler, one that the body names by it (`mustSee`), and all again under the lock of the act
 * (`mustStillSee`), so a file taken back in between is not acted upon. A route bound to rows for which nobody looked is a fault of ours: it does not act, and sends no answer.
 */
export class Police {
  readonly #lines: ReadonlyMap<string, Line>;
  readonly #fields: FieldPolicy;
  readonly #kept = new Set<string>();

  constructor(policy: Policy, fields: FieldPolicy = {}) {
    this.#lines = new Map(Object.values(policy).flatMap((lines) => Object.entries(lines)));
    this.#fields = fields;
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
        mustNameItsRow(one, url, this.#line(one, url));
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
      const isFree = !isBound(rows);
      const onlyReads = ['GET', 'HEAD'].includes(request.method);
      request.sight = { eyes, rows: [], looked: isFree, askedAgain: isFree || onlyReads };
    });

    // After the shape was checked: a malformed request is answered alike whoever sends it.
    app.addHook('preHandler', async (request) => {
      const [, , rows] = this.#lineOf(request);
      this.#maySendFields(request);
      const parameter = parameterOf(request.routeOptions.url ?? '');
      if (!isKind(rows) || parameter === undefined || parameter === nameOfSeveral) return;
      const { sight } = request;
      sight.looked = true;
      if (sight.eyes.sees === 'all') return;
      await mustSee(db, request, rows, (request.params as Record<string, string>)[parameter] ?? '');
    });

    app.addHook('onSend', async (request, reply) => {
      const sight = request.sight as Sight | null;
      if (reply.statusCode >= 400 || sight === null) return;
      const route = `${request.method} ${request.routeOptions.url}`;
      if (!sight.looked) throw new Error(`${route} answered without asking what is seen`);
      if (!sight.askedAgain)
        throw new Error(`${route} acted without asking again, where it acts, what is seen`);
    });
  }

  /** Throws for a line whose route is gone: it would be read as a promise. */
  everyLineHasItsRoute(): void {
    const named = [...this.#lines.keys(), ...Object.keys(this.#fields)];
    const idle = named.filter((name) => !this.#kept.has(name));
    if (idle.length > 0)
      throw new Error(
        `the policy has a line for ${idle.join(', ')}, and there is no such route: take it out`,
      );
  }

  /** Throws a 403 for a field that is not the caller's to send; what stands in it has been checked as the rest. */
  #maySendFields({ method, routeOptions: { url }, body, caller: { role } }: FastifyRequest): void {
    for (const [field, may] of Object.entries(this.#fields[nameOf(method, url ?? '')] ?? {})) {
      const sent = (body as Readonly<Record<string, unknown>> | null)?.[field];
      if (sent !== undefined && !may.includes(role)) throw fieldForbidden(role, field, may);
    }
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

/** Whether the caller may use that route too, by his role and his key: for what another does along the way. */
export function mayUse(policy: Policy, { role, areas }: Caller, route: string): boolean {
  const line = Object.values(policy).find((lines) => route in lines)?.[route];
  if (!line) throw new Error(`the policy has no line for ${route}`);
  const [may, area] = line;
  return may.includes(role) && (areas === null || areas.includes(area));
}

/** Fastify answers HEAD by the route of GET. */
function nameOf(method: string, url: string): string {
  return `${method === 'HEAD' ? 'GET' : method} ${url}`;
}

/** Throws 404 when a row that the request names is not here, or none that the caller may know of; the act asks again. */
export async function mustSee(db: Db, { sight }: FastifyRequest, what: RowKind, id: string): Promise<void> {
  sight.looked = true;
  await mustBeSeen(db, sight.eyes, what, id);
  if (sight.eyes.sees !== 'all') sight.rows.push({ what, id });
}

/**
 * Asks once more, in the transaction of the act and before it: throws 404 when a row that the request names is not, or
 * no longer, one that the caller may know of. Throws an Error, so that nothing is done, when nobody has looked before.
 */
export async function mustStillSee(tx: Tx, { sight, method, routeOptions }: FastifyRequest): Promise<void> {
  if (!sight.looked) throw new Error(`${method} ${routeOptions.url} acts without asking what is seen`);
  sight.askedAgain = true;
  for (const { what, id } of sight.rows) await mustBeSeen(tx, sight.eyes, what, id);
}

async function mustBeSeen(db: Db | Tx, eyes: Eyes, what: RowKind, id: string): Promise<void> {
  if (!uuid.safeParse(id).success || !(await sees(db, eyes, rowKinds[what].seenAs, id)))
    throw Problem.notFound(what, id);
}

function isKind(rows: Rows): rows is RowKind {
  return rows in rowKinds;
}

function isBound(rows: Rows): boolean {
  return rows !== 'none' && rows !== 'every';
}

/** Throws for an address that names something else than its line is bound to: nobody would look for it. */
function mustNameItsRow(method: string, url: string, [, , rows]: Line): void {
  const named = parameterOf(url);
  if (named === undefined || !isBound(rows)) return;
  const wanted = isKind(rows) ? rowKinds[rows].parameter : undefined;
  if (named === wanted || (named === nameOfSeveral && rows === 'invoice')) return;
  throw new Error(
    `the line of ${nameOf(method, url)} is bound to "${rows}", and :${named} names none: call it :${wanted ?? 'nothing'}`,
  );
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

function fieldForbidden(role: Role, field: string, may: readonly Role[]): Problem {
  return new Problem({
    status: 403,
    code: 'role-forbidden',
    title: 'The role of the caller may not do this.',
    detail: `A user with the role ${role} may not send "${field}".`,
    field,
    remedy: `Leave "${field}" out, or ask somebody with one of these roles: ${may.join(', ')}.`,
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
