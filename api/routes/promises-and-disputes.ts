import { z } from 'zod';
import { addNote } from '../../db/notes.ts';
import { invoiceOf } from '../../db/whose.ts';
import { uuidv7 } from '../../db/uuid.ts';
import { askedCentsOf } from '../../domain/collection.ts';
import type { Routes } from '../route-parts.ts';
import { answered, centsFor, comment, onInvoice } from '../at-the-counter.ts';
import { Problem } from '../problem.ts';
import { civilDate, invoiceParams, positiveMoney, problems, recorded, uuid } from '../shapes.ts';

/**
 * What a debtor says when he will pay.
 *
 * The route checks the shape and records the fact; whether it makes sense is a rule of the domain, asked under the
 * lock of the debtor. The answer already holds what the workflow will do next.
 */
export const promiseRoutes: Routes = async (app, { house }) => {
  app.post(
    '/invoices/:invoiceId/promises',
    {
      schema: {
        summary: 'Record a promise to pay',
        tags: ['facts'],
        params: invoiceParams,
        body: z.strictObject({
          date: civilDate,
          amount: positiveMoney.optional().describe('All that is asked when absent.'),
          comment,
        }),
        response: { 201: recorded.extend({ promiseId: z.string() }), ...problems(404, 409) },
      },
    },
    async (request, reply) => {
      const { date, amount, comment: text } = request.body;
      const { author } = request.caller;
      const answer = await onInvoice(request, house, request.params.invoiceId, async (desk, file) => {
        const promiseId = uuidv7();
        const amountCents = centsFor(file, amount) ?? askedCentsOf(file.collection);
        const answer = answered(
          request,
          desk,
          await desk.ask(file.id, { type: 'promiseMade', promiseId, amountCents, promisedOn: date }, author),
        );
        await addNote(desk, file.id, 'promiseNote', text, { promiseId }, author);
        return { ...answer, promiseId };
      });
      return reply.code(201).send(answer);
    },
  );

  app.post(
    '/promises/:promiseId/withdrawal',
    {
      schema: {
        summary: 'Take back a promise',
        tags: ['facts'],
        params: z.object({ promiseId: uuid }),
        body: z.strictObject({ comment }).nullish(),
        response: { 201: recorded, ...problems(404, 409) },
      },
    },
    async (request, reply) => {
      const { promiseId } = request.params;
      const { author } = request.caller;
      const invoiceId = await invoiceOf(house.db, 'promise', promiseId);
      if (!invoiceId) throw Problem.notFound('promise', promiseId);
      const answer = await onInvoice(request, house, invoiceId, async (desk, file) => {
        const answer = answered(
          request,
          desk,
          await desk.ask(file.id, { type: 'promiseWithdrawn', promiseId }, author),
        );
        await addNote(desk, file.id, 'promiseNote', request.body?.comment, { promiseId }, author);
        return answer;
      });
      return reply.code(201).send(answer);
    },
  );
};
