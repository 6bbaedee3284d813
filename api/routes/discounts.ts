import { z } from 'zod';
import { addNote } from '../../db/notes.ts';
import { askedCentsOf } from '../../domain/collection.ts';
import { problemOfDiscount, shareOf } from '../../domain/discount/discount.ts';
import { centsFor, comment, onInvoice } from '../at-the-counter.ts';
import { gravely, saidGravely } from '../gravely.ts';
import { Problem } from '../problem.ts';
import type { Routes } from '../route-parts.ts';
import { civilDate, invoiceParams, positiveMoney, problems, recorded } from '../shapes.ts';

/**
 * A discount for early settlement: whoever pays the rest by a day need not pay the whole.
 *
 * It gives up money, so a second person says yes to the offer; whoever then pays in time gets it without another question.
 * Taking it back is lifting its hold.
 */
export const discountRoutes: Routes = async (app, { house }) => {
  app.post(
    '/invoices/:invoiceId/discount',
    {
      schema: {
        summary: 'Offer a discount for early settlement, once another person has said yes',
        tags: ['facts'],
        params: invoiceParams,
        body: z
          .strictObject({
            percent: z
              .number()
              .positive()
              .lt(100)
              .multipleOf(0.01)
              .optional()
              .describe('Of what is asked now, rounded to the cent.'),
            amount: positiveMoney.optional().describe('What is given up; this or percent.'),
            payBy: civilDate.describe('By value date, this day included; the invoice is silent until then.'),
            comment,
          })
          .refine(({ percent, amount }) => (percent === undefined) !== (amount === undefined), {
            path: ['percent'],
            error: 'give either percent or amount',
          }),
        response: { 201: recorded, ...problems(404, 409) },
      },
    },
    async (request, reply) => {
      const { percent = 0, amount, payBy, comment: text } = request.body;
      const answer = await onInvoice(request, house, request.params.invoiceId, async (desk, file) => {
        const asked = askedCentsOf(file.collection);
        const discountCents = centsFor(file, amount) ?? shareOf(asked, Math.round(percent * 100));
        const problem = problemOfDiscount(file.collection, { discountCents, payBy }, desk.now);
        if (problem) throw Problem.refused(problem);
        const done = await gravely(
          desk,
          {
            act: 'waiver',
            lines: [{ invoiceId: file.id, amountCents: discountCents }],
            about: null,
            deed: { does: 'offerDiscount', payBy },
          },
          request,
        );
        const [one] = done.recorded;
        if (!one) throw new Error(`nothing was recorded of the discount on ${file.id}`);
        await addNote(desk, file.id, 'invoiceNote', text, {}, request.caller.author);
        return saidGravely(request, desk, done, one);
      });
      return reply.code(201).send(answer);
    },
  );
};
