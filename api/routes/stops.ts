import { z } from 'zod';
import { silencedBy } from '../../db/stop-effect.ts';
import type { Silenced } from '../../db/stop-effect.ts';
import { liftStop, listStops, pullStop, seesSubject } from '../../db/stops.ts';
import type { StopInForce } from '../../db/stops.ts';
import type { Routes } from '../route-parts.ts';
import { inTransactionOnce } from '../idempotency.ts';
import { Problem } from '../problem.ts';
import { civilDate, instant, instantOf, lines, money, moneyOf, problems, uuid } from '../shapes.ts';

/**
 * The stop switch: silence over everything, a creditor, a debtor or an invoice, through a last day or until somebody lifts it.
 *
 * Facts go on being recorded and decided under a stop; only nothing leaves. Lifting it lets what has gathered leave
 * little by little.
 */
export const scope = z.enum(['everything', 'creditor', 'debtor', 'invoice']);

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

export const silences = z.object({
  invoices: z.int(),
  debtors: z.int(),
  requests: z.int().describe('Messages that stand at the door and stay there.'),
  owed: z.array(money).describe('What these invoices owe, by currency.'),
});

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
        body: z
          .strictObject({
            scope,
            subjectId: uuid.optional(),
            reason: lines(500),
            until: civilDate
              .nullish()
              .describe('The last silent day, where it is silent; until it is lifted when absent.'),
            dryRun: z.boolean().default(false).describe('Counts what would be silent, and stops nothing.'),
          })
          .refine(({ scope: width, subjectId }) => (width === 'everything') === (subjectId === undefined), {
            path: ['subjectId'],
            error: 'give the id of the creditor, debtor or invoice, and none for everything',
          }),
        response: {
          200: z.object({ silences }).describe('What would be silent, of a dry run.'),
          201: stop.extend({ silences }),
          ...problems(404, 409),
        },
      },
    },
    async (request, reply) => {
      const { scope: width, subjectId = null, reason, until = null, dryRun } = request.body;
      const { eyes } = request;
      if (dryRun) {
        const counted = await inTransactionOnce(request, house, async (tx) => {
          if (!(await seesSubject(eyes, tx, width, subjectId)))
            throw Problem.notFound(width, subjectId ?? '');
          return { silences: silencesOf(await silencedBy(eyes, tx, width, subjectId)) };
        });
        return reply.code(200).send(counted);
      }
      const answer = await inTransactionOnce(request, house, async (tx, now) => {
        const pulled = await pullStop(eyes, tx, house, now, {
          scope: width,
          subjectId,
          reason,
          until,
          by: request.caller.userId,
        });
        if (pulled.kind === 'unknown') throw Problem.notFound(width, subjectId ?? '');
        if (pulled.kind === 'refused') throw Problem.refused(pulled.refusal);
        if (pulled.kind === 'already') throw alreadyStopped(pulled.stop);
        return { ...stopOf(pulled.stop), silences: silencesOf(pulled.silenced) };
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

export function silencesOf({ owed, ...counted }: Silenced): z.infer<typeof silences> {
  return { ...counted, owed: owed.map(({ cents, currency }) => moneyOf(cents, currency)) };
}

export function alreadyStopped(inForce: StopInForce): Problem {
  return Problem.conflict(
    'already-stopped',
    'It is stopped already.',
    `A stop over this has been in force since ${instantOf(inForce.since)}.`,
    `Lift it with POST /v1/stops/${inForce.id}/lift.`,
  );
}
