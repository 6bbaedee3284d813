import { z } from 'zod';
import { lawDay } from '../../db/calendars.ts';
import { claimOfFile } from '../../db/claim-of-file.ts';
import { readInvoice } from '../../db/invoice-reads.ts';
import { usualAsks } from '../../domain/claim/asked.ts';
import type { Routes } from '../route-parts.ts';
import { claimShape, claimToldOf } from '../claim-shape.ts';
import { Problem } from '../problem.ts';
import { civilDate, invoiceParams, problems } from '../shapes.ts';

/**
 * What is claimed for an invoice: the price, interest by semester, the fixed indemnity, each with its computation.
 *
 * Letters and packs state the same sums, for they are worked out in the same place. Days are civil days in Paris, where
 * the law counts them. Of an invoice that is over, what it left beside its price and what became of that.
 */
export const claimRoutes: Routes = async (app, { house }) => {
  app.get(
    '/invoices/:invoiceId/claim',
    {
      schema: {
        summary: 'What is claimed for the invoice, with its computation',
        tags: ['invoices'],
        params: invoiceParams,
        querystring: z.strictObject({
          on: civilDate.optional().describe('The last day that is counted; today when absent.'),
        }),
        response: { 200: claimShape, ...problems(404, 409) },
      },
    },
    async ({ params: { invoiceId }, query, caller, eyes }) => {
      const found = await readInvoice(eyes, house.db, house, invoiceId);
      if (!found) throw Problem.notFound('invoice', invoiceId);
      const today = lawDay(await house.clock.now());
      const claim = await claimOfFile(house.db, found.collection, query.on ?? today, today);
      return claimToldOf(claim, found.collection.scenario.asks ?? usualAsks, caller.language);
    },
  );
};
