import { z } from 'zod';
import type { RecordedFact } from '../../db/approvals.ts';
import { lawDay } from '../../db/calendars.ts';
import { debtorsAround, refusalOfLoss } from '../../db/corrections.ts';
import type { Correction } from '../../db/corrections.ts';
import type { Desk, InvoiceFile } from '../../db/desk.ts';
import type { House } from '../../db/house.ts';
import { addNote } from '../../db/notes.ts';
import { cancelGravely, correctGravely } from '../../db/paper-deeds.ts';
import { dayAt } from '../../domain/calendar.ts';
import { daysBetween } from '../../domain/time.ts';
import type { CivilDate, Instant } from '../../domain/time.ts';
import type { FastifyRequest } from 'fastify';
import type { Routes } from '../route-parts.ts';
import { centsFor, comment, happenedBy, reasonCode } from '../at-the-counter.ts';
import { gravely, noteAlone, saidGravely, saidOrThrown } from '../gravely.ts';
import type { Gravely } from '../gravely.ts';
import { atTheDeskOnce } from '../idempotency.ts';
import { known } from '../known.ts';
import { Problem } from '../problem.ts';
import { civilDate, invoiceParams, positiveMoney, problems, recorded } from '../shapes.ts';

/** How an invoice is paid. */
export const paidBy = z.enum(['transfer', 'direct_debit', 'bill_of_exchange', 'cheque', 'card', 'other']);

/** What becomes of the paper itself: corrected, cancelled, written off, waived in part. */
export const correctionRoutes: Routes = async (app, { house }) => {
  app.post(
    '/invoices/:invoiceId/correction',
    {
      schema: {
        summary:
          'Correct amount, dates or way of payment; what was paid beyond the new amount becomes credit of the payer',
        description:
          'With four eyes, a lower amount, or a later due date that gives up what late payment costs since, waits for the yes of another person. A credit note, an import and an electronic invoice are papers of their own and wait for nobody.',
        tags: ['facts'],
        params: invoiceParams,
        body: z
          .strictObject({
            amount: positiveMoney.optional(),
            dueDate: civilDate.optional(),
            issueDate: civilDate.nullish(),
            performedOn: civilDate
              .nullish()
              .describe('When what is invoiced was delivered or done: the law dates the claim by it.'),
            paymentMethod: paidBy.optional(),
            factored: z.boolean().optional(),
            comment,
          })
          .refine(({ comment: _words, ...rest }) => Object.keys(rest).length > 0, {
            error: 'give at least one of amount, dueDate, issueDate, performedOn, paymentMethod, factored',
          }),
        response: { 201: recorded, ...problems(404, 409) },
      },
    },
    async (request, reply) => {
      const { amount, paymentMethod, comment: text, ...rest } = request.body;
      const answer = await around(request, house, request.params.invoiceId, text, async (desk, file) => {
        const correction = known({ ...rest, amountCents: centsFor(file, amount), paidBy: paymentMethod });
        const isSilencing = silences(file, correction);
        const done = saidOrThrown(await correctGravely(desk, file, correction, request.caller.author));
        if (done.approvalId === null && isSilencing) await noteAlone(desk, 'not_chased', [file.id], request);
        return saidGravely(request, desk, done, theOne(done, file));
      });
      return reply.code(201).send(answer);
    },
  );

  app.post(
    '/invoices/:invoiceId/cancellation',
    {
      schema: {
        summary: 'Cancel an invoice; what was paid of it becomes credit of the payer',
        description: 'With four eyes it waits for the yes of another person.',
        tags: ['facts'],
        params: invoiceParams,
        body: z.strictObject({ reason: reasonCode, comment }),
        response: { 201: recorded, ...problems(404, 409) },
      },
    },
    async (request, reply) => {
      const { reason, comment: text } = request.body;
      const answer = await around(request, house, request.params.invoiceId, text, async (desk, file) => {
        const done = saidOrThrown(await cancelGravely(desk, file, reason, request.caller.author));
        return saidGravely(request, desk, done, theOne(done, file));
      });
      return reply.code(201).send(answer);
    },
  );

  for (const { path, type, summary, amountSays } of losses)
    app.post(
      `/invoices/:invoiceId/${path}`,
      {
        schema: {
          summary,
          tags: ['facts'],
          params: invoiceParams,
          body: z.strictObject({
            reason: reasonCode,
            amount: positiveMoney.optional().describe(amountSays),
            on: civilDate.optional(),
            comment,
          }),
          response: { 201: recorded, ...problems(404, 409) },
        },
      },
      async (request, reply) => {
        const { reason, amount, on, comment: text } = request.body;
        const answer = await around(request, house, request.params.invoiceId, text, async (desk, file) => {
          if (on !== undefined) mustBeLossOf(file, on, desk.now);
          const given = on ?? dayAt(file.collection.calendar, desk.now);
          const loss = { reason, on: given, amountCents: centsFor(file, amount) ?? owedOf(file) };
          const refusal = refusalOfLoss(file, type, loss, desk.now);
          if (refusal) throw Problem.refused(refusal);
          const done = await gravely(
            desk,
            {
              act: type === 'waived' ? 'waiver' : 'write_off',
              lines: [{ invoiceId: file.id, amountCents: loss.amountCents }],
              about: null,
              deed: { does: type === 'waived' ? 'waive' : 'writeOff', on: given, reason },
            },
            request,
          );
          return saidGravely(request, desk, done, theOne(done, file));
        });
        return reply.code(201).send(answer);
      },
    );
};

function theOne({ recorded: [one] }: Gravely, { id }: InvoiceFile): RecordedFact {
  if (!one) throw new Error(`nothing was recorded of what was done with ${id}`);
  return one;
}

/** Whether nobody is asked for the invoice any more, or not for long: a factor's, presented to the bank, due much later. */
function silences({ collection }: InvoiceFile, { factored, paidBy: by, dueDate }: Correction): boolean {
  const presented = (way: string | undefined): boolean =>
    way === 'direct_debit' || way === 'bill_of_exchange';
  return (
    (factored === true && !collection.factored) ||
    (presented(by) && !presented(collection.paidBy)) ||
    (dueDate !== undefined && daysBetween(collection.dueDate, dueDate) > postponedDaysMax)
  );
}

/** As long as two promises: who gives a debtor more says so with his name. */
const postponedDaysMax = 60;

/** What is given up: nobody will pay it, or we have agreed not to ask for it. Grave, so a second person says yes. */
const losses = [
  {
    path: 'write-off',
    type: 'writtenOff',
    summary: 'Give up what is owed, or a part of it, once another person has said yes',
    amountSays: 'All that is owed when absent; never more than is owed when it is done.',
  },
  {
    path: 'waiver',
    type: 'waived',
    summary: 'Waive what is owed, or a part of it, by agreement, once another person has said yes',
    amountSays: 'All that is owed when absent; never more than is owed when it is done.',
  },
] as const;

/** What is given up on a day stops bearing interest then: one of before it was late gives that up too, unseen. */
function mustBeLossOf({ collection: { dueDate } }: InvoiceFile, on: CivilDate, now: Instant): void {
  happenedBy('on', on, now);
  if (on < dueDate && dueDate < lawDay(now))
    throw Problem.invalid(
      'on',
      `The invoice was due on ${dueDate}, and bears interest since.`,
      `Give ${dueDate} or a later day.`,
    );
}

function owedOf({ collection }: InvoiceFile): number {
  return Math.max(0, collection.balanceCents);
}

/** Works on an invoice with everybody locked whose account may change with it. */
async function around(
  request: FastifyRequest,
  house: House,
  invoiceId: string,
  text: string | undefined,
  work: (desk: Desk, file: InvoiceFile) => Promise<z.infer<typeof recorded>>,
) {
  const debtorIds = await debtorsAround(house.db, invoiceId);
  if (debtorIds.length === 0) throw Problem.notFound('invoice', invoiceId);
  return atTheDeskOnce(request, house, debtorIds, async (desk) => {
    const file = await desk.file(invoiceId);
    if (!file) throw Problem.notFound('invoice', invoiceId);
    const answer = await work(desk, file);
    await addNote(desk, invoiceId, 'invoiceNote', text, {}, request.caller.author);
    return answer;
  });
}
