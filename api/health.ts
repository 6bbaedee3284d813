import type { Client } from '@temporalio/client';
import type { FastifyInstance } from 'fastify';
import { z } from 'zod';
import { databaseState } from '../db/readiness.ts';
import type { House } from '../db/house.ts';
import { isReachable } from '../temporal/connection.ts';

/**
 * Whether this process lives, and whether it should be asked.
 *
 * The API needs Postgres and nothing else: it says how Temporal is, and is ready without it. Both answers hold no
 * business, so they need no key.
 */
export function answerHealth(
  app: FastifyInstance,
  { house, temporal }: { readonly house: House; readonly temporal: Client | undefined },
): void {
  app.get(
    '/healthz',
    {
      schema: {
        summary: 'Whether the process lives',
        tags: ['health'],
        security: [],
        response: { 200: z.object({ status: z.literal('ok') }) },
      },
    },
    async () => ({ status: 'ok' as const }),
  );

  app.get(
    '/readyz',
    {
      schema: {
        summary: 'Whether it can answer',
        tags: ['health'],
        security: [],
        response: { 200: readiness, 503: readiness },
      },
    },
    async (_, reply) => {
      const [postgres, reachable] = await Promise.all([
        databaseState(house.db),
        temporal ? isReachable(temporal) : false,
      ]);
      const answer = {
        status: postgres === 'ok' ? ('ready' as const) : ('not-ready' as const),
        postgres,
        temporal: reachable ? ('ok' as const) : ('unreachable' as const),
      };
      return reply.code(postgres === 'ok' ? 200 : 503).send(answer);
    },
  );
}

const readiness = z.object({
  status: z.enum(['ready', 'not-ready']),
  postgres: z.enum(['ok', 'unreachable', 'not-migrated']),
  temporal: z
    .enum(['ok', 'unreachable'])
    .describe('Not needed to answer: facts are kept and delivered later.'),
});
