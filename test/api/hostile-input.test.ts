import { readFileSync } from 'node:fs';
import { sql } from 'kysely';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { uuidv7 } from '../../db/uuid.ts';
import { openOffice } from '../setup/office.ts';
import type { Office } from '../setup/office.ts';

/**
 * Every field of every route, as the reference describes them, filled with what no honest client sends.
 *
 * Whatever is wrong with a request is the caller's mistake: a 5xx would be ours. Paths name things that exist, and the
 * other fields are as they should be, so that what is tried gets as far as it can.
 */
let office: Office;
let ids: Readonly<Record<string, string>>;

beforeAll(async () => {
  office = await openOffice();
  ids = await thingsThatExist();
});
afterAll(() => office.close());

interface Schema {
  readonly type?: string;
  readonly format?: string;
  readonly pattern?: string;
  readonly enum?: readonly unknown[];
  readonly minimum?: number;
  readonly minItems?: number;
  readonly anyOf?: readonly Schema[];
  readonly properties?: Readonly<Record<string, Schema>>;
  readonly required?: readonly string[];
  readonly items?: Schema;
}

interface Operation {
  readonly method: string;
  readonly path: string;
  readonly parameters: readonly {
    readonly in: string;
    readonly name: string;
    readonly required?: boolean;
    readonly schema: Schema;
  }[];
  readonly body: Schema | undefined;
}

const operations = operationsOf(
  JSON.parse(readFileSync(new URL('../../docs/openapi.json', import.meta.url), 'utf8')) as Description,
);

describe('what no honest client sends', () => {
  it.each(operations.map((operation) => [`${operation.method} ${operation.path}`, operation] as const))(
    'is never answered with a fault of ours by %s',
    { timeout: 60_000 },
    async (_, operation) => {
      const faults: string[] = [];
      for (const [where, request] of attacksOn(operation)) {
        const status = await send(operation.method, request);
        if (status >= 500) faults.push(`${where}: ${status}`);
      }

      // The history of a workflow is in Temporal, which no office has.
      expect(
        faults.filter((fault) => !(operation.path.endsWith('/history') && fault.endsWith('503'))),
      ).toEqual([]);
    },
  );

  it.each<[list: string, order: string, places: unknown[][]]>([
    ['debtors', 'debtors', [['x'], ['x', 1], ['a\0b', uuidv7()], [1, uuidv7()], [null, null]]],
    ['messages', 'messages', [[], ['x', 'y'], [1e300, uuidv7()], [-1, uuidv7()], ['2026-01-01', uuidv7()]]],
    [
      'drafts',
      'drafts',
      [
        ['x', 'y'],
        [1e300, uuidv7()],
      ],
    ],
    [
      'tasks',
      'tasks',
      [
        ['x', 'y'],
        ['0000-01-01', uuidv7()],
        ['2026-02-30', uuidv7()],
        [1, 2],
      ],
    ],
    [
      'promises',
      'promises',
      [
        ['x', 'y'],
        ['0000-01-01', uuidv7()],
      ],
    ],
    [
      'disputes',
      'disputes',
      [
        ['x', 'y'],
        [1e300, uuidv7()],
        [null, uuidv7()],
      ],
    ],
    ['imports', 'imports', [['zzz'], [1], []]],
    [
      'invoices',
      'dueDate',
      [
        ['x', 'y'],
        [1, uuidv7()],
        ['0000-01-01', uuidv7()],
      ],
    ],
    [
      'invoices?sort=-balance',
      '-balance',
      [
        ['x', uuidv7()],
        [1e300, uuidv7()],
        [0.5, uuidv7()],
      ],
    ],
    [
      'invoices?sort=wakeAt',
      'wakeAt',
      [
        ['x', uuidv7()],
        [1e300, uuidv7()],
      ],
    ],
  ])('a forged cursor of %s in the order %s is the caller’s mistake', async (list, order, places) => {
    const answers = await Promise.all(
      places.map((values) =>
        office.ask('GET', `/v1/${list}${list.includes('?') ? '&' : '?'}cursor=${cursorOf(order, values)}`),
      ),
    );

    expect(answers.map(({ status, body }) => [status, body.field])).toEqual(
      places.map(() => [400, 'cursor']),
    );
  });

  it('is a page of words, not a fault, where a browser asks', async () => {
    const nothing = '------------------------------------';
    const urls = [
      '/i/%00',
      '/i/%ED%A0%80',
      '/i/x?id=%00',
      `/outbox/${nothing}`,
      `/outbox/${nothing}/mail`,
      `/outbox/${nothing}/document`,
      `/outbox?cursor=${cursorOf('outbox/all', ['x', 'y'])}`,
      '/outbox?view=constructor',
      '/outbox?view=__proto__',
      '/outbox?cursor=a&cursor=b',
    ];

    const answers = await Promise.all(urls.map((url) => office.ask('GET', url)));

    expect(answers.map(({ status }) => status).filter((status) => status >= 500)).toEqual([]);
  });
});

describe('a day that cannot be', () => {
  const eur = (amount: number) => ({ amount, currency: 'EUR' });

  it.each(['0000-01-01', '0001-01-01', '1899-12-31', '2100-01-01'])(
    'such as the due date %s is refused with the years that there are',
    async (dueDate) => {
      const creditorId = await office.creditor();
      const invoice = { creditorId, debtor: { name: 'X' }, number: dueDate, dueDate, amount: eur(100) };

      const { status, body } = await office.ask('POST', '/v1/invoices', invoice);

      expect([status, body.field, body.remedy]).toEqual([
        400,
        'dueDate',
        'Give a day from 1980 to 2099, or 9999-12-31 for never.',
      ]);
    },
  );

  it('is never, for a due date', async () => {
    const creditorId = await office.creditor();
    const invoice = {
      creditorId,
      debtor: { name: 'X' },
      number: 'never',
      dueDate: '9999-12-31',
      amount: eur(100),
    };

    expect((await office.ask('POST', '/v1/invoices', invoice)).status).toBe(201);
  });

  it('is one to come, of money that has come', async () => {
    const invoice = await office.invoice();

    const answers = [
      await office.ask('POST', `/v1/invoices/${invoice.id}/payments`, {
        amount: eur(100),
        valueDate: '2090-01-01',
      }),
      await office.ask('POST', '/v1/payments', {
        debtorId: invoice.debtorId,
        amount: eur(100),
        valueDate: '2026-03-04',
      }),
      await office.ask('POST', `/v1/invoices/${invoice.id}/write-off`, { reason: 'other', on: '2090-01-01' }),
    ];

    expect(answers.map(({ status, body }) => [status, body.field])).toEqual([
      [400, 'valueDate'],
      [400, 'valueDate'],
      [400, 'on'],
    ]);
  });

  it('is one before the payment, of its return', async () => {
    const invoice = await office.invoice();
    const payment = await office.ask('POST', `/v1/invoices/${invoice.id}/payments`, {
      amount: eur(100),
      valueDate: '2026-02-20',
    });
    const back = (on: string) =>
      office.ask('POST', `/v1/payments/${payment.body.id}/return`, { reason: 'insufficient_funds', on });

    expect((await back('1990-01-01')).body).toMatchObject({ status: 400, field: 'on' });
    expect((await back('2026-02-19')).body).toMatchObject({ status: 400, field: 'on' });
    expect((await back('2026-02-20')).status).toBe(201);
  });
});

interface Description {
  readonly paths: Readonly<
    Record<
      string,
      Readonly<
        Record<
          string,
          {
            readonly parameters?: Operation['parameters'];
            readonly requestBody?: {
              readonly content: Readonly<Record<string, { readonly schema: Schema }>>;
            };
          }
        >
      >
    >
  >;
}

function operationsOf({ paths }: Description): readonly Operation[] {
  return Object.entries(paths).flatMap(([path, methods]) =>
    Object.entries(methods).map(([method, { parameters = [], requestBody }]) => ({
      method: method.toUpperCase(),
      path,
      parameters: parameters.filter((parameter) => parameter.in !== 'header'),
      body: requestBody?.content['application/json']?.schema,
    })),
  );
}

interface Request {
  readonly url: string;
  readonly payload: string | undefined;
}

const badTexts = [
  '\0',
  'a\0b',
  'a\ud800b',
  '\udfff',
  '\u202e\u0007',
  'x'.repeat(20_000),
  "'; drop table invoice; --",
  '0000-01-01',
  '0000-01-01T00:00:00Z',
  '0001-01-01',
  '9999-12-31',
  '9999-12-31T23:59:59Z',
  '1e400',
  '-1',
  '9007199254740991',
  '99999999999999999999',
  '__proto__',
  '{}',
  cursorOf('dueDate', ['x', 'y']),
];
/** As they stand in JSON: the first is more than a double can hold. */
const badNumbers = [
  '1e400',
  '1e308',
  '-1',
  '0',
  '0.5',
  '9007199254740991',
  '9007199254740993',
  'null',
  '"x"',
];

function* attacksOn(operation: Operation): Generator<readonly [where: string, request: Request]> {
  const body = operation.body === undefined ? undefined : sampleOf(operation.body, 'body');
  const plain = body === undefined ? undefined : JSON.stringify(body);
  yield ['as it should be', { url: urlOf(operation), payload: plain }];
  for (const parameter of operation.parameters)
    for (const text of badTexts) {
      if (parameter.in === 'path' && text.length > 200) continue;
      yield [
        `${parameter.name}=${JSON.stringify(text.slice(0, 30))}`,
        { url: urlOf(operation, { [parameter.name]: text }), payload: plain },
      ];
    }
  if (!operation.body) return;
  for (const { path, schema } of leavesOf(operation.body, []))
    for (const value of schema.type === 'string' ? badTexts.map((text) => JSON.stringify(text)) : badNumbers)
      yield [
        `${path.join('.')}: ${value.slice(0, 30)}`,
        { url: urlOf(operation), payload: withValue(body, path, value) },
      ];
}

async function send(method: string, { url, payload }: Request): Promise<number> {
  const isCsv = url.startsWith('/v1/imports') && method === 'POST';
  // Live events never end by themselves: whoever still listens after a while was not turned away.
  const patience = new AbortController();
  const timer = url.startsWith('/v1/events') ? setTimeout(() => patience.abort(), 200) : undefined;
  try {
    const { statusCode } = await office.app.inject({
      method: method as 'GET',
      url,
      signal: patience.signal,
      headers: {
        authorization: `Bearer ${office.keys.admin}`,
        ...(payload !== undefined ? { 'content-type': 'application/json' } : {}),
        ...(isCsv ? { 'content-type': 'text/csv' } : {}),
      },
      ...(payload !== undefined ? { payload } : {}),
      ...(isCsv ? { payload: 'Facture;Client\nF-1;X\n' } : {}),
    });
    return statusCode;
  } catch (failure) {
    if (patience.signal.aborted) return 200;
    throw failure;
  } finally {
    clearTimeout(timer);
  }
}

function urlOf({ path, parameters }: Operation, given: Readonly<Record<string, string>> = {}): string {
  const asked = parameters
    .filter((one) => one.in === 'query' && (one.required === true || given[one.name] !== undefined))
    .map(({ name, schema }) => `${name}=${escaped(given[name] ?? String(sampleOf(schema, name)))}`);
  const place = path.replace(/\{(\w+)\}/g, (_, name: string) => escaped(given[name] ?? idOf(path, name)));
  return asked.length > 0 ? `${place}?${asked.join('&')}` : place;
}

/** Half a character has bytes of its own, which no URL of an honest client has. */
function escaped(text: string): string {
  return [...text]
    .map((character) =>
      /\p{Cs}/u.test(character)
        ? [...Buffer.from([0xed, 0xa0, 0x80])].map((byte) => `%${byte.toString(16)}`).join('')
        : encodeURIComponent(character),
    )
    .join('');
}

function idOf(path: string, name: string): string {
  if (name === 'holdId') return ids[path.includes('/debtors/') ? 'debtorHoldId' : 'holdId'] ?? '';
  if (name === 'id') return ids[path.includes('/payments/') ? 'paymentId' : 'creditNoteId'] ?? '';
  return ids[name] ?? uuidv7();
}

/** Values that the shapes accept, where a type and a format do not say enough. */
const samples: Readonly<Record<string, unknown>> = {
  currency: 'EUR',
  country: 'FR',
  siren: '552100554',
  vat: 'FR83404833048',
  vatNumber: 'FR83404833048',
  iban: 'FR1420041010050500013M02606',
  bic: 'BNPAFRPP',
  zone: 'Europe/Paris',
  language: 'fr',
  email: 'a@b.example',
  replyTo: 'a@b.example',
  reason: 'other',
  mobile: '+33612345678',
  phone: '+33472123456',
  date: '2026-03-20',
  until: '2026-03-20',
  step: 'reminder',
  scope: 'debtor',
};

function sampleOf(schema: Schema, name: string): unknown {
  if (schema.anyOf) return sampleOf(schema.anyOf[0] ?? {}, name);
  if (name === 'subjectId') return ids['debtorId'];
  if (name.endsWith('Id') && ids[name] !== undefined) return ids[name];
  if (name in samples) return samples[name];
  if (schema.enum) return schema.enum[0];
  switch (schema.type) {
    case 'object':
      return Object.fromEntries(
        Object.entries(schema.properties ?? {})
          .filter(([key]) => (schema.required ?? []).includes(key))
          .map(([key, value]) => [key, sampleOf(value, key)]),
      );
    case 'array':
      return [];
    case 'integer':
    case 'number':
      return Math.max(1, schema.minimum ?? 1);
    case 'boolean':
      return true;
    case 'null':
      return null;
    default:
      return schema.format === 'uuid' ? uuidv7() : schema.format === 'date' ? '2026-03-01' : 'x';
  }
}

interface Leaf {
  readonly path: readonly string[];
  readonly schema: Schema;
}

/** Every text and number of a body, with the way to it; an array is entered at its first place. */
function leavesOf(schema: Schema, path: readonly string[]): readonly Leaf[] {
  if (schema.anyOf) return schema.anyOf.flatMap((one) => leavesOf(one, path));
  if (schema.type === 'array') return leavesOf(schema.items ?? {}, [...path, '0']);
  if (schema.type === 'object')
    return Object.entries(schema.properties ?? {}).flatMap(([key, value]) => leavesOf(value, [...path, key]));
  return schema.type === undefined || schema.type === 'null' ? [] : [{ path, schema }];
}

/** The body with that JSON at that place; what lies on the way is made as it should be. */
function withValue(body: unknown, path: readonly string[], json: string): string {
  const mark = 'the value under attack';
  const whole = structuredClone(body ?? {}) as Record<string, unknown>;
  let at: Record<string, unknown> = whole;
  path.forEach((key, depth) => {
    if (depth === path.length - 1) at[key] = mark;
    else {
      at[key] ??= path[depth + 1] === '0' ? [] : around(key);
      at = at[key] as Record<string, unknown>;
      if (Array.isArray(at) && depth + 2 < path.length) at[0] ??= around(key);
    }
  });
  return JSON.stringify(whole).replace(JSON.stringify(mark), json);
}

/** The other fields of an object that a body may have and need not. */
function around(key: string): Record<string, unknown> {
  if (key === 'amount') return { amount: 100, currency: 'EUR' };
  if (key === 'allocations') return { invoiceId: ids['invoiceId'], amount: 100 };
  return {};
}

function cursorOf(order: string, values: readonly unknown[]): string {
  return Buffer.from(JSON.stringify([order, ...values])).toString('base64url');
}

/** One of each thing that a path can name. */
async function thingsThatExist(): Promise<Readonly<Record<string, string>>> {
  const { db, clock } = office.house;
  const eur = (amount: number) => ({ amount, currency: 'EUR' });
  const invoice = await office.invoice();
  const post = async (url: string, body: object): Promise<Record<string, string>> =>
    (await office.ask('POST', url, body, { as: 'admin' })).body as Record<string, string>;
  const promise = await post(`/v1/invoices/${invoice.id}/promises`, { date: '2026-03-10' });
  const dispute = await post(`/v1/invoices/${invoice.id}/disputes`, { reason: 'price', amount: eur(100) });
  const hold = await post(`/v1/invoices/${invoice.id}/holds`, { reason: 'other' });
  const debtorHold = await post(`/v1/debtors/${invoice.debtorId}/holds`, { reason: 'other' });
  const payment = await post('/v1/payments', {
    debtorId: invoice.debtorId,
    amount: eur(100),
    valueDate: '2026-03-01',
    allocations: [],
  });
  const note = await post('/v1/credit-notes', {
    debtorId: invoice.debtorId,
    number: 'A-1',
    amount: eur(100),
    issueDate: '2026-03-01',
    allocations: [],
  });
  const stop = await post('/v1/stops', { scope: 'creditor', subjectId: invoice.creditorId, reason: 'x' });
  const at = new Date(await clock.now());
  const [taskId, messageId, documentId, importId] = [uuidv7(), uuidv7(), uuidv7(), uuidv7()];
  await db
    .insertInto('task')
    .values({
      id: taskId,
      kind: 'escalation',
      debtor_id: invoice.debtorId,
      creditor_id: invoice.creditorId,
      due_on: '2026-03-03',
      state: 'open',
      opened_at: at,
    })
    .execute();
  await db
    .insertInto('message')
    .values({
      id: messageId,
      key: 'one',
      purpose: 'contact',
      creditor_id: invoice.creditorId,
      debtor_id: invoice.debtorId,
      channel: 'email',
      language: 'fr',
      template: 'reminder',
      state: 'planned',
      planned_at: at,
      state_at: at,
      figures: '{}',
      recipient: 'a@b.example',
      sha256: 'x',
    })
    .execute();
  await db
    .insertInto('document')
    .values({
      id: documentId,
      kind: 'letter',
      name: 'a.pdf',
      media_type: 'application/pdf',
      bytes: Buffer.from('x'),
      sha256: 'x',
      at,
    })
    .execute();
  await sql`insert into import (id, sha256, name, state, answers, reading, rows, imported_by, at) values (${importId}, 'x', 'a.csv', 'applied', '{}', '{}', 0, 'test', ${at})`.execute(
    db,
  );
  const { id: contactId } = await db
    .selectFrom('contact')
    .select('id')
    .where('debtor_id', '=', invoice.debtorId)
    .executeTakeFirstOrThrow();
  return {
    invoiceId: invoice.id,
    debtorId: invoice.debtorId,
    creditorId: invoice.creditorId,
    contactId,
    taskId,
    messageId,
    documentId,
    importId,
    promiseId: promise['promiseId'] ?? '',
    disputeId: dispute['disputeId'] ?? '',
    holdId: hold['holdId'] ?? '',
    debtorHoldId: debtorHold['holdId'] ?? '',
    paymentId: payment['id'] ?? '',
    creditNoteId: note['id'] ?? '',
    stopId: stop['id'] ?? '',
    userId: office.users.sales,
    prefix: 'nobody',
    step: 'reminder',
  };
}
