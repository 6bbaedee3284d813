import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { openOffice } from '../setup/office.ts';
import type { Office } from '../setup/office.ts';

/**
 * What the reference says of every request and answer, walked through to its leaves.
 *
 * Requests are checked by the same shapes and answers cut to them, so what stands here is what happens.
 */
let office: Office;
let shapes: readonly Shape[];
beforeAll(async () => {
  office = await openOffice();
  await office.app.ready();
  shapes = shapesOf(office.app.swagger() as unknown as Description);
});
afterAll(() => office.close());

interface Schema {
  readonly $ref?: string;
  readonly type?: string;
  readonly properties?: Readonly<Record<string, Schema>>;
  readonly additionalProperties?: unknown;
  readonly items?: Schema;
  readonly anyOf?: readonly Schema[];
  readonly oneOf?: readonly Schema[];
  readonly allOf?: readonly Schema[];
  readonly enum?: readonly unknown[];
  readonly const?: unknown;
  readonly format?: string;
  readonly maxLength?: number;
  readonly maxItems?: number;
}

interface Content {
  readonly content?: Readonly<Record<string, { readonly schema: Schema }>>;
}

interface Description {
  readonly paths: Readonly<
    Record<
      string,
      Readonly<
        Record<
          string,
          {
            readonly parameters?: readonly {
              readonly in: string;
              readonly name: string;
              readonly schema: Schema;
            }[];
            readonly requestBody?: Content;
            readonly responses: Readonly<Record<string, Content>>;
          }
        >
      >
    >
  >;
  readonly components: { readonly schemas: Readonly<Record<string, Schema>> };
}

interface Shape {
  readonly asked: boolean;
  readonly place: string;
  readonly schema: Schema;
}

describe('every shape of the reference', () => {
  it('of a request takes no field that it does not name', () => {
    expect(shapes.filter(({ asked, schema }) => asked && isOpen(schema)).map(({ place }) => place)).toEqual(
      [],
    );
  });

  it('of a request bounds each text and each list', () => {
    const unbounded = shapes
      .filter(({ asked, schema }) => asked && isEndless(schema))
      .map(({ place }) => place);

    expect(shapes.filter(({ asked }) => asked).length).toBeGreaterThan(300);
    expect(unbounded).toEqual([]);
  });

  // What stands in a file of somebody else's making has no shape of ours; it is shown to those who imported it.
  it('of an answer lets nothing out that it does not name, but for what files and messages hold', () => {
    const open = shapes
      .filter(({ asked, schema }) => !asked && (isOpen(schema) || isAnything(schema)))
      .map(({ place }) => place.replace(/^\S+ /, '').replace(/^(\S+) \d+/, '$1'));

    expect([...new Set(open)].sort()).toEqual([
      // Sums by state and by level, and the ids, codes and amounts that differ from question to question.
      '/v1/audit/as-it-was.totals[].levels',
      '/v1/audit/as-it-was.totals[].states',
      '/v1/audit/questions/{key}.items[].more',
      // Bytes, and a stream of events.
      '/v1/debtors/{debtorId}/insolvency/declarations/{creditorId}',
      '/v1/dispute-documents/{documentId}',
      '/v1/documents/{documentId}',
      '/v1/events',
      // What was found out about a file, and what its rows hold.
      '/v1/imports.differences[].example.from',
      '/v1/imports.differences[].example.to',
      '/v1/imports.reading',
      '/v1/imports/{importId}.differences[].example.from',
      '/v1/imports/{importId}.differences[].example.to',
      '/v1/imports/{importId}.reading',
      '/v1/imports/{importId}/release.differences[].example.from',
      '/v1/imports/{importId}/release.differences[].example.to',
      '/v1/imports/{importId}/release.reading',
      '/v1/imports/{importId}/rows.items[].changes[].from',
      '/v1/imports/{importId}/rows.items[].changes[].to',
      '/v1/imports/{importId}/rows.items[].content',
      // The bytes of the file of an invoice, its replay line by line, and the bytes of a pack.
      '/v1/invoices/{invoiceId}/bundle',
      '/v1/invoices/{invoiceId}/replay',
      '/v1/litigation/{litigationId}/pack',
      // The figures from which a message was written.
      '/v1/messages/{messageId}.figures',
      // The bytes of an agreement.
      '/v1/plans/{planId}/agreement',
    ]);
  });
});

describe('what a request may not hold', () => {
  it('is an unknown field in the query of any route, which is named', async () => {
    const { paths } = office.app.swagger() as unknown as Description;
    const asked = Object.entries(paths)
      // Health is asked by whoever likes, and providers of mails and of logins say in their queries what they like.
      .filter(([path]) => path.startsWith('/v1/') && !/^\/v1\/(webhooks\/|oidc\/callback)/.test(path))
      .flatMap(([path, methods]) =>
        Object.keys(methods).map((method) => [method.toUpperCase(), path] as const),
      );

    const answers = await Promise.all(
      asked.map(async ([method, path]) => {
        const url = `${path.replace('{key}', 'looked-or-taken').replace(/\{[^}]+\}/g, '01890000-0000-7000-8000-000000000000')}?colour=red`;
        const { status, body } = await office.ask(method as 'GET', url, method === 'GET' ? undefined : {}, {
          as: 'admin',
        });
        const fields = (body as { errors?: { field: string }[] }).errors?.map(({ field }) => field) ?? [];
        return { route: `${method} ${path}`, status, names: fields.includes('colour') };
      }),
    );

    // A body is checked before a query: where it is wrong as well, it alone is named.
    const bodies = answers.filter(({ route }) => !/^(GET|DELETE)/.test(route));
    const others = answers.filter(({ route }) => /^(GET|DELETE)/.test(route));
    expect(others.length).toBeGreaterThan(20);
    expect(others.filter(({ status, names }) => status !== 400 || !names)).toEqual([]);
    expect(bodies.filter(({ status }) => status !== 400 && status !== 415)).toEqual([]);
  });

  it('is a body where none is read: whoever sends it believes in what would not happen', async () => {
    const invoice = await office.invoice();
    const { body: promise } = await office.ask('POST', `/v1/invoices/${invoice.id}/holds`, {
      reason: 'other',
    });
    const url = `/v1/invoices/${invoice.id}/holds/${String(promise.holdId)}/lift`;

    const refused = await office.ask('POST', url, { until: '2026-04-01' });
    const taken = await office.ask('POST', url, {});

    expect(refused).toMatchObject({ status: 400, body: { field: 'until' } });
    expect(taken.status).toBe(201);
  });

  it('is more than 64 KB where facts come in', async () => {
    const invoice = await office.invoice();

    const answer = await office.ask('POST', `/v1/invoices/${invoice.id}/notes`, { text: 'x'.repeat(66_000) });

    expect(answer).toMatchObject({ status: 413, body: { code: 'ctp-body-too-large' } });
  });

  it.each([
    ['arrays in arrays, thirty thousand deep', `${'['.repeat(30_000)}${']'.repeat(30_000)}`],
    ['objects in objects, ten thousand deep', `${'{"a":'.repeat(10_000)}1${'}'.repeat(10_000)}`],
    ['the prototype of all objects', '{"__proto__":{"role":"admin"},"text":"x"}'],
    ['a constructor', '{"constructor":{"prototype":{"role":"admin"}},"text":"x"}'],
    ['a number that no computer holds', `{"text":${'9'.repeat(10_000)}}`],
    [
      'ten thousand fields',
      JSON.stringify(Object.fromEntries([...Array(5_000).keys()].map((n) => [`f${n}`, 1]))),
    ],
  ])('is %s', async (_, payload) => {
    const invoice = await office.invoice();

    const { statusCode } = await office.app.inject({
      method: 'POST',
      url: `/v1/invoices/${invoice.id}/notes`,
      headers: { authorization: `Bearer ${office.keys.admin}`, 'content-type': 'application/json' },
      payload,
    });

    expect(statusCode).toBe(400);
  });
});

function isOpen({ type, properties, additionalProperties }: Schema): boolean {
  return (type === 'object' || properties !== undefined) && additionalProperties !== false;
}

function isAnything({ type, $ref, anyOf, oneOf, allOf, enum: among, const: only }: Schema): boolean {
  return [type, $ref, anyOf, oneOf, allOf, among, only].every((one) => one === undefined);
}

function isEndless(schema: Schema): boolean {
  if (schema.type === 'array') return schema.maxItems === undefined;
  const isBounded = schema.enum ?? schema.const ?? schema.maxLength;
  return (
    schema.type === 'string' && isBounded === undefined && !['uuid', 'date'].includes(schema.format ?? '')
  );
}

function shapesOf({ paths, components }: Description): readonly Shape[] {
  const walk = (
    schema: Schema,
    place: string,
    asked: boolean,
    within: readonly string[],
  ): readonly Shape[] => {
    if (schema.$ref !== undefined) {
      const name = schema.$ref.split('/').at(-1) ?? '';
      return within.includes(name)
        ? []
        : walk(components.schemas[name] ?? {}, place, asked, [...within, name]);
    }
    return [
      { asked, place, schema },
      ...[...(schema.anyOf ?? []), ...(schema.oneOf ?? []), ...(schema.allOf ?? [])].flatMap((one) =>
        walk(one, place, asked, within),
      ),
      ...Object.entries(schema.properties ?? {}).flatMap(([name, one]) =>
        walk(one, `${place}.${name}`, asked, within),
      ),
      ...(schema.items ? walk(schema.items, `${place}[]`, asked, within) : []),
    ];
  };
  return Object.entries(paths).flatMap(([path, methods]) =>
    Object.entries(methods).flatMap(([method, { parameters = [], requestBody, responses }]) => {
      const route = `${method.toUpperCase()} ${path}`;
      const contents = (content: Content | undefined): readonly Schema[] =>
        Object.values(content?.content ?? {}).map(({ schema }) => schema);
      return [
        ...parameters.flatMap((one) => walk(one.schema, `${route} ${one.in}:${one.name}`, true, [])),
        ...contents(requestBody).flatMap((schema) => walk(schema, route, true, [])),
        ...Object.entries(responses).flatMap(([status, answer]) =>
          contents(answer).flatMap((schema) => walk(schema, `${route} ${status}`, false, [])),
        ),
      ];
    }),
  );
}
