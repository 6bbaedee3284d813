import type { FastifyRequest } from 'fastify';
import { z } from 'zod';
import { endAccessory } from '../../db/accessory-ends.ts';
import { dueOf } from '../../db/accessory-money.ts';
import { accessoriesOf, lastAccessoryOf } from '../../db/accessory-reads.ts';
import type { Accessory } from '../../db/accessory-reads.ts';
import { lumpSumCurrency } from '../../db/claims.ts';
import type { Desk } from '../../db/desk.ts';
import { sees } from '../../db/visible.ts';
import { earlierClaim } from '../../domain/refusal.ts';
import type { Routes } from '../route-parts.ts';
import { onInvoice, reasonCode } from '../at-the-counter.ts';
import { gravely } from '../gravely.ts';
import { Problem } from '../problem.ts';
import { instant, instantOf, invoiceParams, money, moneyOf, problems, uuid } from '../shapes.ts';

/**
 * Accessories: penalties that were claimed and were not paid when the price was.
 *
 * They are the debtor's, beside his invoices: no invoice is chased for them. They are paid from what stands to the
 * debtor's credit, or waived once a second person has said yes.
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

const endedShape = accessory.extend({
  approvalId: z.string().optional().describe('The question to the other person; they stay open meanwhile.'),
});

export const accessoryRoutes: Routes = async (app, { house }) => {
  app.get(
    '/debtors/:debtorId/accessories',
    {
      schema: {
        summary: 'Penalties that were claimed and outlived the price, the last ones first',
        tags: ['debtors'],
        params: z.object({ debtorId: uuid }),
        response: {
          200: z.object({ items: z.array(accessory.extend({ number: z.string(), term: z.int() })) }),
          ...problems(404),
        },
      },
    },
    async ({ params: { debtorId }, eyes }) => {
      if (!(await sees(house.db, eyes, 'debtor', debtorId))) throw Problem.notFound('debtor', debtorId);
      const items = await accessoriesOf(eyes, house.db, debtorId);
      return { items: items.map((one) => ({ ...told(one), number: one.number, term: one.term })) };
    },
  );

  app.post(
    '/invoices/:invoiceId/accessories/end',
    {
      schema: {
        summary:
          'Pay the accessories of an invoice from the credit of its debtor, or waive them once another person has said yes',
        tags: ['money'],
        params: invoiceParams,
        body: z.strictObject({ outcome: z.enum(['paid', 'waived']), reason: reasonCode.optional() }),
        response: {
          201: endedShape,
          ...problems(404, 409),
        },
      },
    },
    async (request, reply) => {
      const { invoiceId } = request.params;
      const { outcome, reason = null } = request.body;
      const ended = await onInvoice(request, house, invoiceId, async (desk) => {
        const last = await lastAccessoryOf(desk.tx, invoiceId);
        if (last?.state !== 'open') throw nothingOwed(last?.state ?? null);
        if (outcome === 'waived') return waived(desk, last, reason, request);
        const answer = await endAccessory(desk, invoiceId, outcome, request.caller.author, reason);
        if (answer?.kind === 'insolvent') throw Problem.refused(earlierClaim(answer.judgmentOn));
        if (answer?.kind === 'no-credit') throw noCredit(answer);
        if (answer?.kind !== 'ended') throw nothingOwed(answer?.state ?? null);
        return told(answer.accessory);
      });
      return reply.code(201).send(ended);
    },
  );
};

/** Waives them or asks for it, as the house has it. */
async function waived(
  desk: Desk,
  accessory: Accessory,
  reason: string | null,
  request: FastifyRequest,
): Promise<z.infer<typeof endedShape>> {
  const { id, invoice_id: invoiceId, currency } = accessory;
  const { interest_cents: interestCents, lump_sum_cents: lumpSumCents } = accessory;
  const amountCents = dueOf(accessory).get(currency) ?? 0;
  const deed = { does: 'waiveAccessory', accessoryId: id, reason, interestCents, lumpSumCents } as const;
  const lines = [{ invoiceId, amountCents }];
  const asked = { act: 'waiver', lines, about: id, ofClosed: true, deed } as const;
  const { approvalId } = await gravely(desk, asked, request);
  const now = await lastAccessoryOf(desk.tx, invoiceId);
  return { ...told(now ?? accessory), ...(approvalId === null ? {} : { approvalId }) };
}

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
