import { z } from 'zod';
import { silencedBy } from '../../db/stop-effect.ts';
import { liftStop, listStops } from '../../db/stops.ts';
import type { StopInForce } from '../../db/stops.ts';
import type { Routes } from '../route-parts.ts';
import { inTransactionOnce } from '../idempotency.ts';
import { Problem } from '../problem.ts';
import { instant, instantOf, lines, problems, uuid } from '../shapes.ts';
import {
  scope,
  silences,
  silencesOf,
  silencing,
  stopped,
  subjectIsNamed,
  wouldSilence,
} from '../silencing.ts';

/**
 * The stop switch: silence over everything, a creditor, a debtor or an invoice, through a last day or until somebody lifts it.
 *
 * Facts go on being recorded and decided under a stop; only nothing leaves. Lifting it lets what has gathered leave
 * little by little.
 */
const stop = z
  .object({
    id: z.string(),
    scope,
    subjectId: z.string().nullable(),
    reason: z.string(),
    until: z.string().nullable().describe('The last silent day; until it is lifted when null.'),
    endsAt: instant.nullable().describe('When it is lifted by itself.'),
    since: instant,
    placedBy: z.string(),
  })
  .meta({ id: 'Stop' });

export const stopRoutes: Routes = async (app, { house }) => {
  app.get(
    '/stops',
    {
      schema: {
        summary: 'The stops in force',
        tags: ['stops'],
        response: { 200: z.object({ items: z.array(stop.extend({ silences })) }) },
      },
    },
    async ({ eyes }) => {
      const stops = await listStops(eyes, house.db);
      return {
        items: await Promise.all(
          stops.map(async (row) => ({
            ...stopOf(row),
            silences: silencesOf(await silencedBy(eyes, house.db, row.scope, row.subjectId)),
          })),
        ),
      };
    },
  );

  app.post(
    '/stops',
    {
      schema: {
        summary: 'Pull the stop switch',
        tags: ['stops'],
        body: z.strictObject({ ...silencing, reason: lines(500) }).refine(...subjectIsNamed),
        response: {
          200: z.object({ silences }).describe('What would be silent, of a dry run.'),
          201: stop.extend({ silences }),
          ...problems(404, 409),
        },
      },
    },
    async (request, reply) => {
      const { scope: width, subjectId = null, reason, until = null, dryRun } = request.body;
      if (dryRun) return reply.code(200).send(await wouldSilence(request, house, width, subjectId));
      const { eyes, caller } = request;
      const wanted = { scope: width, subjectId, reason, until, by: caller.userId };
      const answer = await inTransactionOnce(request, house, async (tx, now) => {
        const { stop: pulled, silenced } = await stopped(eyes, tx, house, now, wanted);
        return { ...stopOf(pulled), silences: silencesOf(silenced) };
      });
      return reply.code(201).send(answer);
    },
  );

  app.post(
    '/stops/:stopId/lift',
    {
      schema: {
        summary: 'Lift a stop; what has gathered leaves little by little',
        tags: ['stops'],
        params: z.object({ stopId: uuid }),
        response: {
          200: z.object({
            stop,
            restarting: z.int().describe('Debtors who get their turn.'),
            lastAt: instant,
          }),
          ...problems(404),
        },
      },
    },
    async (request) =>
      inTransactionOnce(request, house, async (tx, now) => {
        const lifted = await liftStop(tx, house, now, request.params.stopId, request.caller.userId);
        if (lifted.kind === 'unknown') throw Problem.notFound('stop', request.params.stopId);
        return { stop: stopOf(lifted.stop), restarting: lifted.restarting, lastAt: instantOf(lifted.lastAt) };
      }),
  );
};

function stopOf(row: StopInForce): z.infer<typeof stop> {
  return {
    id: row.id,
    scope: row.scope,
    subjectId: row.subjectId,
    reason: row.reason,
    until: row.until,
    endsAt: instantOf(row.endsAt),
    since: instantOf(row.since),
    placedBy: row.placedBy,
  };
}
