import swagger from '@fastify/swagger';
import swaggerUi from '@fastify/swagger-ui';
import type { FastifyInstance } from 'fastify';
import { createJsonSchemaTransform, createJsonSchemaTransformObject } from 'fastify-type-provider-zod';

/**
 * The description of the API, made from the schemas that check it: `/openapi.json`, and `/docs` to read it.
 *
 * It holds nothing but what the public source says, so it needs no key. `npm run docs` keeps a copy of it in `docs/`.
 */
export async function describeApi(app: FastifyInstance): Promise<void> {
  await app.register(swagger, {
    openapi: {
      openapi: '3.1.0',
      info: {
        title: 'Relance',
        description:
          'Facts in, state out. Money is integer cents with a currency, days are `YYYY-MM-DD`, instants ISO 8601 in UTC. Lists are `{ items, nextCursor }`. Errors are RFC 9457 problem documents that name the field and the remedy. Every POST takes an `Idempotency-Key`.',
        version: '1',
        license: { name: 'Apache-2.0', identifier: 'Apache-2.0' },
      },
      components: {
        securitySchemes: {
          key: { type: 'http', scheme: 'bearer', description: 'As `relance user add NAME ROLE` prints it.' },
        },
      },
      security: [{ key: [] }],
    },
    transform: createJsonSchemaTransform({ zodToJsonConfig }),
    transformObject: (document) =>
      withoutUnused(asAnswered(createJsonSchemaTransformObject({ zodToJsonConfig })(document))),
  });
  await app.register(swaggerUi, {
    routePrefix: '/docs',
    uiConfig: { docExpansion: 'list', deepLinking: true },
    staticCSP: readerPolicy,
  });
  app.get('/openapi.json', { schema: { hide: true } }, () => app.swagger());
}

/** An integer is bounded by what JSON can carry; saying so a thousand times tells nobody anything. */
const zodToJsonConfig = {
  override: ({ jsonSchema }: { jsonSchema: { minimum?: number; maximum?: number } }): void => {
    if (jsonSchema.minimum === Number.MIN_SAFE_INTEGER) delete jsonSchema.minimum;
    if (jsonSchema.maximum === Number.MAX_SAFE_INTEGER) delete jsonSchema.maximum;
  },
};

interface Described {
  readonly requestBody?: {
    required?: boolean;
    readonly content: Readonly<
      Record<string, { readonly schema: { readonly anyOf?: readonly { readonly type?: string }[] } }>
    >;
  };
  readonly responses?: Readonly<
    Record<string, { content?: Readonly<Record<string, unknown>>; headers?: object }>
  >;
}

/** What no schema of a body says: one that may be null may be left out, 204 and 303 have none, and who is to come back later is told when. */
function asAnswered<T extends object>(description: T): T {
  const { paths = {} } = description as { paths?: Record<string, Record<string, Described>> };
  for (const { requestBody, responses = {} } of Object.values(paths).flatMap((path) => Object.values(path))) {
    const { schema } = requestBody?.content['application/json'] ?? {};
    if (requestBody && schema?.anyOf?.some(({ type }) => type === 'null') === true)
      requestBody.required = false;
    for (const status of ['204', '303']) delete responses[status]?.content;
    for (const status of ['429', '503']) {
      const answer = responses[status];
      if (answer?.content?.['application/problem+json']) answer.headers = retryAfter;
    }
  }
  return description;
}

const retryAfter = {
  'Retry-After': {
    description: 'Seconds after which to ask again.',
    required: true,
    schema: { type: 'integer', minimum: 0 },
  },
};

/** Each named shape comes in a version for requests and one for answers, though few are used for both. */
function withoutUnused<T extends object>(description: T): T {
  const schemas =
    (description as { components?: { schemas?: Record<string, unknown> } }).components?.schemas ?? {};
  for (;;) {
    const text = JSON.stringify(description);
    const unused = Object.keys(schemas).filter((name) => !text.includes(`"#/components/schemas/${name}"`));
    if (unused.length === 0) return description;
    for (const name of unused) Reflect.deleteProperty(schemas, name);
  }
}

/** The reader of the reference brings scripts and inline styles of its own, unlike any page of ours. */
const readerPolicy =
  "default-src 'none'; script-src 'self'; style-src 'self' 'unsafe-inline'; img-src 'self' data:; connect-src 'self'; frame-ancestors 'none'; base-uri 'none'";
