import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { Problem } from './problem.ts';

/**
 * Lets the pages of one other origin ask from a browser, Temporal's own, and those of no third one.
 *
 * A request that names its origin must come from there or from our own pages: a cookie travels with whatever a browser is
 * made to send. Where no such origin is set no header of CORS is ever sent.
 */
export function originOfPages(
  allowed: string | undefined,
): (request: FastifyRequest, reply: FastifyReply) => Promise<void> {
  return async (request, reply) => {
    const { origin, host } = request.headers;
    if (allowed !== undefined) void reply.header('vary', 'Origin');
    if (origin === undefined) return;
    if (allowed !== undefined && origin === allowed) {
      void reply
        .header('access-control-allow-origin', allowed)
        .header('access-control-allow-credentials', 'true');
      return;
    }
    if (host !== undefined && (origin === `http://${host}` || origin === `https://${host}`)) return;
    throw new Problem({
      status: 403,
      code: 'origin-forbidden',
      title: 'Pages of this origin may not ask this.',
      detail:
        'The browser says that the request comes from a page that is neither ours nor TEMPORAL_UI_ORIGIN.',
      remedy:
        "Set TEMPORAL_UI_ORIGIN to where browsers open Temporal's pages, or ask with a key and without a browser.",
    });
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
