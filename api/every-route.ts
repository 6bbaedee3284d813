import type { FastifyInstance, FastifyRequest, RouteOptions } from 'fastify';
import { z } from 'zod';
import { Problem } from './problem.ts';
import { problems } from './shapes.ts';

declare module 'fastify' {
  interface FastifyContextConfig {
    /** Reads its body itself, as it comes from the connection. */
    readsBody?: boolean;
  }
}

/**
 * Adds to each route what is true of all: the problems that any may answer, the key that every POST takes (but where
 * nobody is known yet who could repeat himself), and that nothing is taken that the route does not know.
 *
 * So no route repeats it, and none can forget it. Where a route has no query or no body, a request with one is refused
 * as one with an unknown field is: whoever sends it believes in something that would not happen.
 */
export function describeWhatIsCommon(app: FastifyInstance, { ofCallers = true } = {}): void {
  app.addHook('onRoute', (route) => {
    const schema = route.schema ?? {};
    if (schema.hide) return;
    const isKeyed = route.method === 'POST' && ofCallers;
    route.schema = {
      ...schema,
      ...(isKeyed ? { headers: idempotencyKey } : {}),
      querystring: schema.querystring ?? nothing,
      response: {
        ...problems(400, 421, 429, 500, 503),
        ...(ofCallers ? problems(401, 403) : {}),
        ...(isKeyed ? problems(422) : {}),
        ...(takesBody(route) ? problems(413, 415) : {}),
        ...(schema.response as object | undefined),
      },
    };
  });
  app.addHook('preValidation', refuseNeedlessBody);
}

/** All other headers pass as they are. */
const idempotencyKey = z.looseObject({
  'idempotency-key': z
    .string()
    .max(255)
    .regex(/^[\x21-\x7e]{1,255}$/, 'give 1 to 255 printable characters without spaces, such as a UUID')
    .optional()
    .describe('Names the request: sent again with the same key, it is done once and gets the same answer.'),
});

const nothing = z.strictObject({});

function takesBody({ method }: RouteOptions): boolean {
  return method === 'POST' || method === 'PATCH';
}

/** An empty object says nothing, and many clients send one where there is nothing to say. */
async function refuseNeedlessBody(request: FastifyRequest): Promise<void> {
  const { schema, config } = request.routeOptions;
  if (schema?.body !== undefined || config.readsBody === true || schema?.hide === true) return;
  const { body } = request;
  if (body === undefined || body === null) return;
  const fields = typeof body === 'object' ? Object.keys(body) : ['body'];
  const [field] = fields;
  if (field === undefined) return;
  throw Problem.invalid(
    field,
    field === 'body' ? 'Nothing is to be sent here.' : `"${field}" is not known here.`,
    'Leave it out: the request has no body.',
  );
}
