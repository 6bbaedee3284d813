import { randomUUID } from 'node:crypto';
import { sql } from 'kysely';
import type { FastifyInstance, InjectOptions } from 'fastify';
import type { Line, Policy } from '../../../api/policy.ts';
import { parameterOf } from '../../../api/row-kinds.ts';
import type { Area } from '../../../domain/area.ts';
import type { Role } from '../../../domain/role.ts';
import type { Office } from '../../setup/office.ts';
import { examples, firstStep, narrower } from './examples.ts';
import type { Rows } from './rows.ts';

/** Somebody who asks every route. */
export interface Actor {
  readonly name: string;
  /** Null: nobody. */
  readonly role: Role | null;
  readonly key: string | null;
  /** Whether he sees a part of the files: that of the rows made for him. */
  readonly seesPart: boolean;
  /** Asks each route with the key that opens every area but that of the route. */
  readonly keysWithout?: Readonly<Record<Area, string>>;
}

/**
 * Which row a cell is about: one of the actor's own part, one of a stranger's, one that is not there; and of disputes one
 * that is nobody's, of an invoice of his own.
 */
const kinds = ['own', 'other', 'absent'] as const;
type Kind = (typeof kinds)[number] | 'beside';

/** The row that a route is about when the cell is about one beside the actor's own. */
const beside: Readonly<Record<string, string>> = { dispute: 'dispute of another' };

export interface Failure {
  readonly cell: string;
  readonly expected: string;
  readonly got: string;
}

export interface Matrix {
  readonly office: Office;
  /** What is asked: the API, with its own policy or with one that was tampered with. */
  readonly app: FastifyInstance;
  readonly actors: readonly Actor[];
  /** What is right. */
  readonly policy: Policy;
  /** Bound to the actors who see a part. */
  readonly ownRows: () => Rows;
  readonly otherRows: () => Rows;
  /** The routes to ask, by method and address; all of the document and the policy when absent. */
  readonly only?: (route: string, line: Line) => boolean;
}

/**
 * Asks every route as everybody, for rows of every kind, and returns the cells that are not answered as the policy says.
 *
 * What is expected comes from the lines of `policy` and the rule of rows alone; what is asked comes from the OpenAPI
 * document, with an example where a route is sent something.
 */
export async function failingCells(matrix: Matrix): Promise<{ cells: number; failures: Failure[] }> {
  const failures: Failure[] = [];
  let cells = 0;
  const shared = { own: matrix.ownRows(), other: matrix.otherRows() };
  const routes = routesOf(matrix);
  // All that is only read is read before anything is changed, of rows that are all there.
  const reads = routes.filter(({ method }) => method === 'GET');
  for (const route of reads) await madeFor(route, shared);
  await matrix.office.house.db
    .updateTable('outbox')
    .set({ position: sql`id` })
    .where('fact', 'is not', null)
    .where('position', 'is', null)
    .execute();

  for (const route of reads) cells += await readCells(matrix, route, shared, failures);
  for (const route of routes.filter(({ method }) => method !== 'GET')) {
    const rows = { own: matrix.ownRows(), other: matrix.otherRows() };
    await madeFor(route, rows);
    cells += await changeCells(matrix, route, rows, failures);
  }
  return { cells, failures };
}

interface Route {
  readonly name: string;
  readonly method: 'GET' | 'POST' | 'PATCH' | 'DELETE';
  readonly url: string;
  readonly line: Line;
  /** The row that the address or the body names. */
  readonly named: string | undefined;
  /** The row that shows in its list. */
  readonly listed: string | undefined;
  /** Whether its list comes in pages. */
  readonly pages: boolean;
}

type Pair = Readonly<Record<'own' | 'other', Rows>>;

interface Cell {
  readonly route: Route;
  readonly actor: Actor;
  readonly kind: Kind;
}

interface Got {
  readonly status: number;
  readonly text: string;
}

/** The routes of the OpenAPI document and those of the policy that it leaves out, the plain pages. */
function routesOf({ app, policy, only }: Matrix): readonly Route[] {
  const lines = new Map(Object.values(policy).flatMap((section) => Object.entries(section)));
  const described = describedRoutes(app).filter((name) => lines.has(name));
  const hidden = [...lines.keys()].filter((name) => !described.includes(name));
  const all = [...described, ...hidden].flatMap((name) => {
    const line = lines.get(name);
    if (!line || only?.(name, line) === false) return [];
    const [method = '', url = ''] = name.split(' ');
    const parameter = parameterOf(url);
    const row = rowOf(line, url);
    const named = parameter === undefined ? examples[name]?.bodyNames : row;
    const listed = method === 'GET' && parameter === undefined ? row : undefined;
    const pages = parametersOf(app, name).includes('limit');
    return [{ name, method: method as Route['method'], url, line, named, listed, pages }];
  });
  return [...all, ...all.flatMap(narrowerThan)];
}

/** What of a route is asked by fewer, as routes of their own that name no row. */
function narrowerThan(route: Route): readonly Route[] {
  const [, area, rows] = route.line;
  return narrower
    .filter((one) => one.of === route.name)
    .map(({ url, may }) => ({
      ...{ ...route, name: `GET ${url}`, url, line: [may, area, rows] as const },
      ...{ named: undefined, listed: undefined },
    }));
}

function parametersOf(app: FastifyInstance, route: string): readonly string[] {
  const [method = '', url = ''] = route.split(' ');
  const { paths } = app.swagger() as {
    paths: Record<string, Record<string, { parameters?: { name: string }[] }>>;
  };
  const path = url.replace(/:(\w+)/g, '{$1}');
  return (paths[path]?.[method.toLowerCase()]?.parameters ?? []).map(({ name }) => name);
}

/** Every route of the OpenAPI document, as the policy writes it. */
export function describedRoutes(app: FastifyInstance): readonly string[] {
  const { paths } = app.swagger() as { paths: Record<string, Record<string, unknown>> };
  return Object.entries(paths).flatMap(([path, methods]) =>
    Object.keys(methods).map((method) => `${method.toUpperCase()} ${path.replace(/\{(\w+)\}/g, ':$1')}`),
  );
}

/** What addresses name that belongs to no part of the files. */
const bound: Readonly<Record<string, string>> = {
  importId: 'import',
  userId: 'user',
  firmId: 'firm',
  mergeId: 'merge',
  prefix: 'key',
};

function rowOf([, , rows]: Line, url: string): string | undefined {
  const parameter = parameterOf(url);
  if (parameter !== undefined && parameter in bound) return bound[parameter];
  if (url === '/v1/imports') return 'import';
  if (rows === 'event') return 'invoice';
  return rows === 'none' || rows === 'every' ? undefined : rows;
}

async function madeFor(route: Route, rows: Pair): Promise<void> {
  for (const side of [rows.own, rows.other]) {
    await side.id('invoice');
    for (const name of [route.named, route.listed, secondRow(route.url)])
      for (const one of [name, beside[name ?? '']]) if (one !== undefined) await side.id(one);
  }
}

function secondRow(url: string): string | undefined {
  if (!url.includes(':holdId')) return undefined;
  return url.includes('/debtors/') ? 'debtor hold' : 'hold';
}

/** What the policy and the rule of rows say of a cell: a status, or that it is answered. */
function expected({ route, actor, kind }: Cell): number | 'answered' {
  const [may, , rows] = route.line;
  if (actor.role === null) return route.url.startsWith('/v1/') ? 401 : 303;
  if (!may.includes(actor.role)) return 403;
  if (actor.keysWithout) return 403;
  if (rows === 'every' && actor.seesPart) return 403;
  if (route.named === undefined) return 'answered';
  if (kind === 'absent') return 404;
  return isHidden(route, actor, kind) ? 404 : 'answered';
}

/** Whether the row that a cell is about is hidden from the actor. */
function isHidden({ line: [, , rows] }: Route, { seesPart, role }: Actor, kind: Kind): boolean {
  if (!seesPart || rows === 'none' || kind === 'own') return false;
  if (kind === 'beside') return role === 'resolver';
  return !(rows === 'creditor' && role === 'collector');
}

function kindsOf({ named, listed }: Route): readonly Kind[] {
  const row = named ?? listed;
  if (row === undefined) return ['own'];
  return beside[row] === undefined ? kinds : [...kinds, 'beside'];
}

async function readCells(matrix: Matrix, route: Route, rows: Pair, failures: Failure[]): Promise<number> {
  const { actors } = matrix;
  const counts = await Promise.all(
    actors.map(async (actor) => {
      const absent: Got | undefined =
        route.named === undefined ? undefined : await ask(matrix, { route, actor, kind: 'absent' }, rows);
      for (const kind of kindsOf(route)) {
        const cell = { route, actor, kind };
        const got = kind === 'absent' && absent ? absent : await ask(matrix, cell, rows);
        await judge(cell, got, rows, absent, failures);
      }
      return kindsOf(route).length;
    }),
  );
  return counts.reduce((sum, count) => sum + count, 0);
}

async function changeCells(matrix: Matrix, route: Route, rows: Pair, failures: Failure[]): Promise<number> {
  const all = matrix.actors.flatMap((actor) => kindsOf(route).map((kind) => ({ route, actor, kind })));
  const refused = all.filter((cell) => expected(cell) !== 'answered');
  const before = await digest(matrix.office);
  const absents = new Map<Actor, Got>();
  // The rows that are not there first: with their answers those of strangers' rows are compared.
  for (const kind of ['absent', 'other', 'beside', 'own'])
    await Promise.all(
      refused
        .filter((cell) => cell.kind === kind)
        .map(async (cell) => {
          const got = await ask(matrix, cell, rows);
          if (kind === 'absent') absents.set(cell.actor, got);
          await judge(cell, got, rows, absents.get(cell.actor), failures);
        }),
    );
  const after = await digest(matrix.office);
  if (after !== before)
    failures.push({ cell: route.name, expected: 'nothing changed by those refused', got: 'something did' });

  let done = 0;
  const allowed = all.filter((cell) => expected(cell) === 'answered');
  for (const cell of allowed) {
    const once = examples[route.name]?.once === true;
    const asked = once ? { own: matrix.ownRows(), other: matrix.otherRows() } : rows;
    if (once) await madeFor(route, asked);
    const got = await ask(matrix, cell, asked);
    if (got.status < 400) done += 1;
    await judge(cell, got, asked, undefined, failures);
  }
  if (allowed.length > 0 && done === 0 && examples[route.name]?.refusedWith === undefined)
    failures.push({ cell: route.name, expected: 'done for somebody', got: 'refused to all' });
  return all.length;
}

async function judge(
  cell: Cell,
  got: Got,
  rows: Pair,
  absent: Got | undefined,
  failures: Failure[],
): Promise<void> {
  const { route, actor, kind } = cell;
  const wanted = expected(cell);
  const fail = (what: string, found: string): void =>
    void failures.push({ cell: `${route.name} as ${actor.name}, row: ${kind}`, expected: what, got: found });
  if (wanted !== 'answered') {
    if (got.status !== wanted) return void fail(String(wanted), `${got.status} ${got.text.slice(0, 200)}`);
    if (wanted === 404 && kind !== 'absent' && absent) {
      const other = await namedId(route, kind, rows);
      const [left, right] = [withoutIds(got.text, other), withoutIds(absent.text, absentId)];
      if (left !== right) fail(`the answer to what is not there: ${right}`, left);
    }
    return;
  }
  if (!isAnswered(route, got)) return void fail('answered', `${got.status} ${got.text.slice(0, 200)}`);
  if (route.listed !== undefined) {
    const id = await rowId(route.listed, kind, rows);
    const wantsIt = kind !== 'absent' && !isHidden(route, actor, kind);
    if (got.text.includes(id) !== wantsIt)
      fail(wantsIt ? `lists ${id}` : `does not list ${id}`, 'the contrary');
  }
  if (actor.seesPart && kind !== 'other' && route.line[2] !== 'none') {
    const creditorId = actor.role === 'collector' ? await rows.other.id('creditor') : undefined;
    const secrets = [...rows.other.secrets, ...rows.own.neighbourSecrets].filter((one) => one !== creditorId);
    const told = secrets.filter((secret) => got.text.includes(secret));
    if (told.length > 0) fail('nothing of strangers', `tells ${told.join(', ')}`);
  }
}

function withoutIds(text: string, named: string): string {
  return text.replaceAll(named, '#').replace(/[0-9a-f]{8}-[0-9a-f-]{27}/g, '#');
}

/** A refusal of the domain lies beyond the policy: whoever gets it was let in. */
function isAnswered({ name, method }: Route, { status, text }: Got): boolean {
  const refusal = examples[name]?.refusedWith;
  if (refusal !== undefined) return status >= 400 && status < 500 && text.includes(refusal);
  // A form is answered with the page that follows it.
  if (method !== 'GET' && !name.includes(' /v1/') && status === 303) return true;
  if (method !== 'GET') return (status >= 200 && status < 300) || status === 409;
  return status === 200 || (status === 503 && text.includes('temporal-unavailable'));
}

const absentId = randomUUID();

async function namedId(route: Route, kind: Kind, rows: Pair): Promise<string> {
  if (kind === 'absent' || route.named === undefined) return absentId;
  if (route.url.includes(':number')) return rows[kind === 'beside' ? 'own' : kind].number;
  return rowId(route.named, kind, rows);
}

async function rowId(row: string, kind: Kind, rows: Pair): Promise<string> {
  if (kind === 'absent') return absentId;
  return kind === 'beside' ? rows.own.id(beside[row] ?? row) : rows[kind].id(row);
}

async function ask(matrix: Matrix, cell: Cell, rows: Pair): Promise<Got> {
  const { route, actor, kind } = cell;
  const { office } = matrix;
  const side = kind === 'other' ? rows.other : rows.own;
  const named = await namedId(route, kind, rows);
  const example = examples[route.name];
  if (route.method !== 'GET' && !example) throw new Error(`give an example for ${route.name}`);
  const second = secondRow(route.url);
  const path = route.url
    .replace(':holdId', second === undefined ? '' : await side.id(second))
    .replace(':step', await firstStep(office))
    .replace(':sessionId', absentId)
    .replace(':pieceId', absentId)
    .replace('declarations/:creditorId', `declarations/${absentId}`)
    .replace('questions/:key', 'questions/given-up')
    .replace(/:\w+/, named);
  const whole = route.listed !== undefined && route.pages ? '?limit=200' : '';
  const url = `${path}${(await example?.query?.(side)) ?? whole}`;
  if (route.name === 'GET /v1/events' && expected(cell) === 'answered') return streamed(matrix, actor);
  const key = actor.keysWithout?.[route.line[1]] ?? actor.key;
  const headers: Record<string, string> = {
    ...(key === null ? {} : { authorization: `Bearer ${key}` }),
    ...(example?.csv ? { 'content-type': 'text/csv' } : {}),
  };
  const request: InjectOptions = { method: route.method, url, headers };
  const payload = example?.csv ? example.csv() : await example?.body?.(side, office, named);
  if (payload !== undefined) request.payload = payload;
  const { statusCode: status, body: text } = await matrix.app.inject(request);
  return { status, text };
}

/** What the stream of events says until it falls silent. */
async function streamed({ app }: Matrix, { key }: Actor): Promise<Got> {
  if (!app.server.listening) await app.listen({ host: '127.0.0.1', port: 0 });
  const address = app.server.address();
  const port = typeof address === 'object' ? (address?.port ?? 0) : 0;
  const answer = await fetch(`http://127.0.0.1:${port}/v1/events?after=0`, {
    headers: { authorization: `Bearer ${key ?? ''}` },
  });
  const reader = answer.body?.getReader();
  let text = '';
  for (;;) {
    const silence = new Promise<undefined>((resolve) => setTimeout(() => resolve(undefined), 800));
    const read = await Promise.race([reader?.read(), silence]);
    if (read?.value === undefined) break;
    text += Buffer.from(read.value).toString();
  }
  await reader?.cancel();
  return { status: answer.status, text };
}

/** Everything that is on record, as one hash. */
async function digest({ house: { db } }: Office): Promise<string> {
  const hashes = recorded.map(
    (table) =>
      sql`select ${table}::text || coalesce(md5(string_agg(one::text, '' order by one::text)), '') as hash from ${sql.table(table)} one`,
  );
  const { rows } = await sql<{ hash: string }>`${sql.join(hashes, sql` union all `)}`.execute(db);
  // Of so many tables Postgres reads several at once, and answers in the order in which it is done.
  return rows
    .map(({ hash }) => hash)
    .sort()
    .join();
}

const recorded = [
  ...['creditor', 'debtor', 'contact', 'debtor_hold', 'invoice', 'payment', 'credit_note', 'ledger_entry'],
  ...['dispute_message', 'dispute_document', 'dispute_reason'],
  ...['promise', 'dispute', 'invoice_hold', 'contact_request', 'message', 'message_line', 'document', 'task'],
  ...['task_invoice', 'stop', 'journal', 'private_text', 'outbox', 'import', 'import_row', 'idempotency'],
  ...['setting', 'app_user', 'hand_over', 'approval', 'approval_invoice', 'discount_offer'],
  ...['firm', 'mandate', 'litigation', 'litigation_invoice', 'litigation_piece', 'litigation_entry'],
];
