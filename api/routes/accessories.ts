import { z } from 'zod';
import { accessoriesOf, endAccessories } from '../../db/accessories.ts';
import type { Accessory } from '../../db/accessories.ts';
import { lumpSumCurrency } from '../../db/claims.ts';
import { sees } from '../../db/visible.ts';
import type { Routes } from '../route-parts.ts';
import { onInvoice, reasonCode } from '../at-the-counter.ts';
import { Problem } from '../problem.ts';
import { instant, instantOf, invoiceParams, money, moneyOf, problems, uuid } from '../shapes.ts';

/**
 * Accessories: penalties that were claimed and were not paid when the price was.
 *
 * They are the debtor's, beside his invoices: no invoice is chased for them. A person waives them, or has them paid from
 * what stands to the debtor's credit.
 */
const accessory = z
  .object({
    id: z.string(),
    invoiceId: z.string(),
    creditorId: z.string(),
    interest: money,
    lumpSum: money,
    settledOn: z.string().describe('The day on which the price was settled.'),
    state: z
      .enum(['open', 'paid', 'waived', 'reopened'])
      .describe('`reopened`: money came back, and the invoice bears interest again.'),
    reason: z.string().nullable(),
    endedAt: instant.nullable(),
  })
  .meta({ id: 'Accessory' });

export const accessoryRoutes: Routes = async (app, { house }) => {
  app.get(
    '/debtors/:debtorId/accessories',
    {
      schema: {
        summary: 'Penalties that were claimed and outlived the price, the last ones first',
        tags: ['debtors'],
        params: z.object({ debtorId: uuid }),
        response: {
          200: z.object({ items: z.array(accessory.extend({ number: z.string() })) }),
          ...problems(404),
        },
      },
    },
    async ({ params: { debtorId }, eyes }) => {
      if (!(await sees(house.db, eyes, 'debtor', debtorId))) throw Problem.notFound('debtor', debtorId);
      const items = await accessoriesOf(eyes, house.db, debtorId);
      return { items: items.map((one) => ({ ...told(one), number: one.number })) };
    },
  );

  app.post(
    '/invoices/:invoiceId/accessories/end',
    {
      schema: {
        summary: 'Waive the accessories of an invoice, or pay them from the credit of its debtor',
        tags: ['money'],
        params: invoiceParams,
        body: z.strictObject({ outcome: z.enum(['paid', 'waived']), reason: reasonCode.optional() }),
        response: { 201: accessory, ...problems(404, 409) },
      },
    },
    async (request, reply) => {
      const { invoiceId } = request.params;
      const { outcome, reason = null } = request.body;
      const by = { kind: 'user', id: request.caller.userId } as const;
      const ended = await onInvoice(request, house, invoiceId, async (desk) => {
        const answer = await endAccessories(desk, invoiceId, outcome, by, reason);
        if (!answer || answer.kind === 'not-open') throw nothingOwed(answer?.state ?? null);
        if (answer.kind === 'no-credit') throw noCredit(answer);
        return told(answer.accessory);
      });
      return reply.code(201).send(ended);
    },
  );
};

function told(row: Accessory): z.infer<typeof accessory> {
  return {
    id: row.id,
    invoiceId: row.invoice_id,
    creditorId: row.creditor_id,
    interest: moneyOf(row.interest_cents, row.currency),
    lumpSum: moneyOf(row.lump_sum_cents, lumpSumCurrency),
    settledOn: row.settled_on,
    state: row.state,
    reason: row.reason,
    endedAt: instantOf(row.ended_at),
  };
}

function nothingOwed(state: string | null): Problem {
  return Problem.conflict(
    'no-accessories',
    'No accessories are owed.',
    state === null
      ? 'Nothing beside the price was claimed of this invoice and left unpaid.'
      : `Its accessories are ${state} already.`,
    'Read the accessories of the debtor again.',
  );
}

function noCredit({ currency, missingCents }: { currency: string; missingCents: number }): Problem {
  return Problem.conflict(
    'no-credit',
    'The debtor has not enough credit.',
    `${missingCents} cents in ${currency} are missing to his credit with this creditor.`,
    'Record the payment first; what settles no invoice stands to his credit.',
    'outcome',
  );
}
