import { z } from 'zod';
import { caseOf } from '../../db/litigation-case.ts';
import { lostWith } from '../../db/litigation-ends.ts';
import { litigationWith } from '../../db/litigation.ts';
import { lawDay } from '../../db/calendars.ts';
import { doubtfulEntry, impairmentEntry, lossEntries } from '../../domain/law/accounting.ts';
import { Problem } from '../problem.ts';
import type { Routes } from '../route-parts.ts';
import { money, moneyOf, problems, uuid } from '../shapes.ts';

const params = z.object({ litigationId: uuid });

/** What accounts are told of a litigation file that may bring nothing, or brings nothing: proposed, never posted. */
export const litigationAccountingRoutes: Routes = async (app, { house }) => {
  app.get(
    '/litigation/:litigationId/accounting',
    {
      schema: {
        summary: 'The accounting entries that are proposed for a file that is doubtful or lost',
        description:
          'Proposed, never posted. An impairment and a loss leave out the VAT, so its rate has to be said; it is never guessed.',
        tags: ['work'],
        params,
        querystring: z.strictObject({
          vatRateHundredths: z.coerce
            .number()
            .int()
            .min(0)
            .max(10_000)
            .optional()
            .describe('Of all its invoices, in hundredths of a percent: 2000 for 20 %.'),
          impairmentHundredths: z.coerce
            .number()
            .int()
            .min(0)
            .max(10_000)
            .default(10_000)
            .describe('How much of the claim without VAT is impaired, in hundredths of a percent.'),
          impairedCents: z.coerce.number().int().min(0).default(0).describe('Cents impaired before.'),
        }),
        response: {
          200: z.object({
            vatMissing: z.boolean(),
            proposedEntries: z.array(
              z.object({
                invoiceId: z.string(),
                number: z.string(),
                term: z.int(),
                kind: z.enum(['doubtful', 'impairment', 'reversal', 'loss']),
                source: z.string().nullable(),
                lines: z.array(z.object({ account: z.string(), debit: money, credit: money })),
              }),
            ),
          }),
          ...problems(404),
        },
      },
    },
    async ({ params: { litigationId }, query }) => {
      const { vatRateHundredths: vatRate, impairmentHundredths: impairment, impairedCents: impaired } = query;
      const row = await litigationWith(house.db, litigationId);
      if (!row) throw Problem.notFound('litigation', litigationId);
      const { invoices } = await caseOf(house.db, row, lawDay(await house.clock.now()));
      const isLost = row.outcome === 'irrecoverable';
      const lost = await lostWith(house.db, row);
      const proposedEntries = invoices
        .map((one) => ({ ...one, openCents: one.balanceCents + (lost.get(one.invoiceId) ?? 0) }))
        .filter(({ openCents }) => openCents > 0)
        .flatMap(({ invoiceId, number, term, openCents, amountCents }, place) => {
          const amount = {
            openCents,
            invoicedCents: amountCents,
            vatCents: vatRate === undefined ? null : Math.round((amountCents * vatRate) / (10_000 + vatRate)),
          };
          // What was impaired before is of the file; it is reversed once.
          const before = place === 0 ? impaired : 0;
          const entries = isLost
            ? lossEntries(amount, 'irrecoverable', { wasDoubtful: true, impairedCents: before })
            : [doubtfulEntry(amount), impairmentEntry(amount, impairment, before)].flatMap(
                (one) => one ?? [],
              );
          return entries.map(({ kind, source, lines: all }) => ({
            invoiceId,
            number,
            term,
            kind,
            source,
            lines: all.map(({ account, debitCents, creditCents }) => ({
              account,
              debit: moneyOf(debitCents, row.currency),
              credit: moneyOf(creditCents, row.currency),
            })),
          }));
        });
      return { vatMissing: vatRate === undefined, proposedEntries };
    },
  );
};
