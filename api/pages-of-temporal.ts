import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';

/**
 * Lets the pages of one other origin, Temporal's own, read our answers in a browser. Which pages may ask at all is said by
 * the route (`alsoFrom`, see `login/same-site.ts`); where no such origin is set no header of CORS is ever sent.
 */
export function answersReadBy(
  allowed: string | undefined,
): (request: FastifyRequest, reply: FastifyReply) => Promise<void> {
  return async ({ headers: { origin } }, reply) => {
    if (allowed === undefined) return;
    void reply.header('vary', 'Origin');
    if (origin !== allowed) return;
    void reply
      .header('access-control-allow-origin', allowed)
      .header('access-control-allow-credentials', 'true');
  };
}

/**
 * Answers what a browser asks before it lets such a page ask: without a login, for a browser sends none with it, and with
 * nothing but which headers it may send.
 */
export function answerPreflight(app: FastifyInstance, path: string, allowed: string): void {
  app.options(path, { schema: { hide: true } }, async (request, reply) => {
    void reply.header('vary', 'Origin');
    if (request.headers.origin !== allowed) return void reply.callNotFound();
    return reply
      .code(204)
      .headers({
        'access-control-allow-origin': allowed,
        'access-control-allow-credentials': 'true',
        'access-control-allow-methods': 'POST',
        'access-control-allow-headers': 'authorization, content-type, x-namespace',
        'access-control-max-age': '600',
      })
      .send();
  });
}
