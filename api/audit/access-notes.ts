import type { FastifyInstance, FastifyRequest } from 'fastify';
import { noteAccess } from '../../db/audit/accesses.ts';
import type { Access } from '../../db/audit/accesses.ts';
import { questionKeys } from '../../db/audit/questions/all.ts';
import type { House } from '../../db/house.ts';
import { isCivilDate } from '../../domain/time.ts';
import type { Role } from '../../domain/role.ts';
import type { Caller } from '../authentication.ts';
import { inTransaction } from '../idempotency.ts';
import { uuid } from '../shapes.ts';

/**
 * Every look that is to leave a trace leaves it here, one entry per request, committed before the handler reads anything.
 *
 * Of an auditor that is all he asks: he sees everything and changes nothing, so his looks are all that there is to know of
 * him. Whoever comes from outside the house leaves one for each read. Of our own people only what opens a whole
 * file, or what others looked at, is noted: a collector opens hundreds of invoices a day, and a list of that would watch
 * him rather than the data. What is taken as a file is noted by the exports themselves.
 */
const allAsked: readonly Role[] = ['auditor'];
const allRead: readonly Role[] = ['external_firm'];

/** Whatever lies under these, and these whole files, by whoever asks for them. */
const rooms = /^(\/v1)?\/audit(\/|$)|\/(bundle|replay|pack|history)$|^\/v1\/codec\//;

/** To be called after `Police.keep`: what was refused by role, key or row was not seen. */
export function noteAccesses(app: FastifyInstance, house: House): void {
  app.addHook('preHandler', async (request) => {
    if (!isNoted(request)) return;
    const access = await accessOf(request, house);
    await inTransaction(house, (tx, now) => noteAccess(tx, now, access));
  });
}

function isNoted({ caller, method, routeOptions: { url = '' } }: FastifyRequest): boolean {
  const reads = method === 'GET' || method === 'HEAD';
  return allAsked.includes(caller.role) || (reads && allRead.includes(caller.role)) || rooms.test(url);
}

async function accessOf(request: FastifyRequest, house: House): Promise<Access> {
  const { caller, method, routeOptions } = request;
  const about = await rowsNamed(request, house);
  // As it was asked: what the shape adds by itself was nobody's wish.
  const filters = [...new URLSearchParams(request.url.split('?')[1] ?? '')]
    .filter(([name]) => isFilter(request, name))
    .map(([name, value]) => (namesNobody(value) ? `${name}=${value}` : name))
    .sort();
  return {
    by: caller.userId,
    what: `${method} ${routeOptions.url ?? ''}`,
    ...(about.length > 0 ? { about } : {}),
    ...(filters.length > 0 ? { filters } : {}),
    through: throughOf(caller),
  };
}

/**
 * Whether a name in the query is that of a filter. The shape of a route of `/v1` lets no others through; a page overlooks what it does
 * not know, and there anybody's name may stand.
 */
function isFilter({ routeOptions: { url = '' } }: FastifyRequest, name: string): boolean {
  return url.startsWith('/v1/') ? !ofThePage.has(name) : filtersOfPages.has(name);
}

/** Which page of a list it is, and in which language, says nothing about what was looked for. */
const ofThePage: ReadonlySet<string> = new Set(['cursor', 'limit', 'lang', 'language']);
const filtersOfPages: ReadonlySet<string> = new Set([
  'from',
  'to',
  'on',
  'known',
  'by',
  'view',
  'id',
  'gone',
  'into',
]);

/** Words of ours that an address may name; whatever else is typed there may be somebody's name. */
const words: ReadonlySet<string> = new Set(questionKeys);

async function rowsNamed({ params }: FastifyRequest, { db }: House): Promise<readonly string[]> {
  const named = Object.entries((params ?? {}) as Readonly<Record<string, string>>);
  const rows = await Promise.all(
    named.map(async ([name, value]) => {
      if (uuid.safeParse(value).success) return [`${name.replace(/Id$/, '')}/${value}`];
      if (words.has(value)) return [`question/${value}`];
      if (name !== 'number') return [];
      // Anything may be typed where a number belongs: what is noted are the invoices that have it.
      const found = await db
        .selectFrom('invoice')
        .select('id')
        .where('number', '=', value)
        .limit(50)
        .execute();
      return found.map(({ id }) => `invoice/${id}`);
    }),
  );
  return rows.flat();
}

/** Ids, days, numbers and yes or no; any other text may be somebody's name. */
function namesNobody(text: string): boolean {
  const id = /^[a-z]+\/(.*)$/.exec(text)?.[1] ?? text;
  return uuid.safeParse(id).success || isCivilDate(text) || /^(true|false|\d{1,9})$/.test(text);
}

function throughOf({ by }: Caller): string {
  return by.kind === 'key' ? `key/${by.prefix}` : `session/${by.id}`;
}
