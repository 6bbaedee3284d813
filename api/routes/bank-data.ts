import { z } from 'zod';
import { dayInZone } from '../../db/calendars.ts';
import { bankDataOf, stateBankData } from '../../db/bank-data.ts';
import type { BankData } from '../../db/bank-data.ts';
import { readCreditor } from '../../db/creditors.ts';
import type { House } from '../../db/house.ts';
import { isBankDataOld } from '../../domain/promise/bank-data-age.ts';
import type { Instant } from '../../domain/time.ts';
import type { Routes } from '../route-parts.ts';
import { happenedBy } from '../at-the-counter.ts';
import { inTransactionOnce } from '../idempotency.ts';
import { Problem } from '../problem.ts';
import { civilDate, problems, uuid } from '../shapes.ts';

const params = z.object({ creditorId: uuid });

const bankData = z
  .object({
    creditorId: z.string(),
    knownTo: z
      .string()
      .nullable()
      .describe('The day up to which all that the bank booked is recorded; null when nothing is known.'),
    daysMax: z.int().nullable().describe('Working days that they may be old; null: they are not watched.'),
    old: z
      .boolean()
      .describe('Whether promises and plans wait for newer data before they are called broken.'),
  })
  .meta({ id: 'BankData' });

/**
 * How far the bank data of a creditor go.
 *
 * Payments of banks and files say it by their value date. Of a quiet account nothing comes: then a person says up to
 * which day he has looked. What waited for it is judged at once.
 */
export const bankDataRoutes: Routes = async (app, { house }) => {
  app.get(
    '/creditors/:creditorId/bank-data',
    {
      schema: {
        summary: 'How far the bank data of a creditor go',
        tags: ['creditors'],
        params,
        response: { 200: bankData, ...problems(404) },
      },
    },
    async ({ params: { creditorId }, eyes }) => {
      const creditor = await readCreditor(eyes, house.db, creditorId);
      if (!creditor) throw Problem.notFound('creditor', creditorId);
      return told(house, creditor, await bankDataOf(house.db, creditorId), await house.clock.now());
    },
  );

  app.post(
    '/creditors/:creditorId/bank-data',
    {
      schema: {
        summary: 'Say up to which day the bank data of a creditor are complete',
        tags: ['creditors'],
        params,
        body: z.strictObject({ completeTo: civilDate }),
        response: { 201: bankData, ...problems(404) },
      },
    },
    async (request, reply) => {
      const { creditorId } = request.params;
      const { completeTo } = request.body;
      const answer = await inTransactionOnce(request, house, async (tx, now) => {
        const creditor = await readCreditor(request.eyes, tx, creditorId);
        if (!creditor) throw Problem.notFound('creditor', creditorId);
        happenedBy('completeTo', completeTo, now);
        await stateBankData(tx, now, creditorId, completeTo, request.caller.userId);
        return told(house, creditor, await bankDataOf(tx, creditorId), now);
      });
      return reply.code(201).send(answer);
    },
  );
};

async function told(
  house: House,
  { id, country, zone }: { readonly id: string; readonly country: string; readonly zone: string },
  data: BankData,
  now: Instant,
): Promise<z.infer<typeof bankData>> {
  const today = dayInZone(zone, now);
  const calendar = await house.rules.calendarFrom(house.db, country, zone, data.knownTo ?? today);
  return {
    creditorId: id,
    knownTo: data.knownTo,
    daysMax: data.daysMax,
    old: isBankDataOld(calendar, data, today),
  };
}
