import { z } from 'zod';
import { cancelInvoice, correctInvoice, debtorsAround, writeOff } from '../../db/corrections.ts';
import type { Answer, Desk, InvoiceFile } from '../../db/desk.ts';
import type { House } from '../../db/house.ts';
import { addNote } from '../../db/notes.ts';
import { dayAt } from '../../domain/calendar.ts';
import type { FastifyRequest } from 'fastify';
import type { Routes } from '../route-parts.ts';
import { answered, centsFor, comment, happenedBy, reasonCode } from '../at-the-counter.ts';
import { atTheDeskOnce } from '../idempotency.ts';
import { known } from '../known.ts';
import { Problem } from '../problem.ts';
import { civilDate, invoiceParams, positiveMoney, problems, recorded } from '../shapes.ts';

/** How an invoice is paid. */
export const paidBy = z.enum(['transfer', 'direct_debit', 'bill_of_exchange', 'cheque', 'card', 'other']);

/** What becomes of the paper itself: corrected, cancelled, written off. */
export const correctionRoutes: Routes = async (app, { house }) => {
  app.post(
    '/invoices/:invoiceId/correction',
    {
      schema: {
        summary:
          'Correct amount, dates or way of payment; what was paid beyond the new amount becomes credit of the payer',
        tags: ['facts'],
        params: invoiceParams,
        body: z
          .strictObject({
            amount: positiveMoney.optional(),
            dueDate: civilDate.optional(),
            issueDate: civilDate.nullish(),
            paymentMethod: paidBy.optional(),
            factored: z.boolean().optional(),
            comment,
          })
          .refine(({ comment: _words, ...rest }) => Object.keys(rest).length > 0, {
            error: 'give at least one of amount, dueDate, issueDate, paymentMethod, factored',
          }),
        response: { 201: recorded, ...problems(404, 409) },
      },
    },
    async (request, reply) => {
      const { amount, paymentMethod, comment: text, ...rest } = request.body;
      const answer = await around(request, house, request.params.invoiceId, text, (desk, file) =>
        correctInvoice(
          desk,
          file.id,
          known({ ...rest, amountCents: centsFor(file, amount), paidBy: paymentMethod }),
          request.caller.author,
        ),
      );
      return reply.code(201).send(answer);
    },
  );

  app.post(
    '/invoices/:invoiceId/cancellation',
    {
      schema: {
        summary: 'Cancel an invoice; what was paid of it becomes credit of the payer',
        tags: ['facts'],
        params: invoiceParams,
        body: z.strictObject({ reason: reasonCode, comment }),
        response: { 201: recorded, ...problems(404, 409) },
      },
    },
    async (request, reply) => {
      const { reason, comment: text } = request.body;
      const answer = await around(request, house, request.params.invoiceId, text, (desk, file) =>
        cancelInvoice(desk, file.id, reason, request.caller.author),
      );
      return reply.code(201).send(answer);
    },
  );

  app.post(
    '/invoices/:invoiceId/write-off',
    {
      schema: {
        summary: 'Give up what is owed, or a part of it',
        tags: ['facts'],
        params: invoiceParams,
        body: z.strictObject({
          reason: reasonCode,
          amount: positiveMoney.optional().describe('All that is owed when absent.'),
          on: civilDate.optional(),
          comment,
        }),
        response: { 201: recorded, ...problems(404, 409) },
      },
    },
    async (request, reply) => {
      const { reason, amount, on, comment: text } = request.body;
      const answer = await around(request, house, request.params.invoiceId, text, (desk, file) => {
        if (on !== undefined) happenedBy('on', on, desk.now);
        const loss = {
          reason,
          on: on ?? dayAt(file.collection.calendar, desk.now),
          ...known({ amountCents: centsFor(file, amount) }),
        };
        return writeOff(desk, file.id, loss, request.caller.author);
      });
      return reply.code(201).send(answer);
    },
  );
};

/** Works on an invoice with everybody locked whose account may change with it. */
async function around(
  request: FastifyRequest,
  house: House,
  invoiceId: string,
  text: string | undefined,
  work: (desk: Desk, file: InvoiceFile) => Promise<Answer>,
) {
  const debtorIds = await debtorsAround(house.db, invoiceId);
  if (debtorIds.length === 0) throw Problem.notFound('invoice', invoiceId);
  return atTheDeskOnce(request, house, debtorIds, async (desk) => {
    const file = await desk.file(invoiceId);
    if (!file) throw Problem.notFound('invoice', invoiceId);
    const answer = answered(request, desk, await work(desk, file));
    await addNote(desk, invoiceId, 'invoiceNote', text, {}, request.caller.author);
    return answer;
  });
}
