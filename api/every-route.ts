import type { FastifyInstance } from 'fastify';
import { z } from 'zod';
import { problems } from './shapes.ts';

/**
 * Adds to each route what is true of all: the problems that any may answer, and the key that every POST takes.
 *
 * So no route repeats it, and none can forget it.
 */
export function describeWhatIsCommon(app: FastifyInstance): void {
  app.addHook('onRoute', (route) => {
    const schema = route.schema ?? {};
    if (schema.hide) return;
    const isPost = route.method === 'POST';
    route.schema = {
      ...schema,
      ...(isPost ? { headers: idempotencyKey } : {}),
      response: {
        ...problems(400, 401, 403, 503),
        ...(isPost ? problems(422) : {}),
        ...(schema.response as object | undefined),
      },
    };
  });
}

/** All other headers pass as they are. */
const idempotencyKey = z.looseObject({
  'idempotency-key': z
    .string()
    .regex(/^[\x21-\x7e]{1,255}$/, 'give 1 to 255 printable characters without spaces, such as a UUID')
    .optional()
    .describe('Names the request: sent again with the same key, it is done once and gets the same answer.'),
});
