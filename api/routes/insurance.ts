import { z } from 'zod';
import { readCreditor } from '../../db/creditors.ts';
import { insure, recordInsurerNotice } from '../../db/insurance.ts';
import { addNote } from '../../db/notes.ts';
import { sees } from '../../db/visible.ts';
import { insurerNoticeKinds } from '../../domain/law/insurer-dates.ts';
import { answered, comment, happenedBy, onInvoice } from '../at-the-counter.ts';
import { inTransactionOnce } from '../idempotency.ts';
import { mustSee } from '../policing.ts';
import { Problem } from '../problem.ts';
import type { Routes } from '../route-parts.ts';
import { civilDate, invoiceParams, line, problems, recorded, uuid } from '../shapes.ts';

const days = z.int().min(0).max(1_000).nullable().default(null);

/**
 * The credit insurer of a creditor: the terms of his policy, and what he was told of a claim.
 *
 * What was told stops the clocks that it makes good, and begins that of the indemnity.
 */
export const insuranceRoutes: Routes = async (app, { house }) => {
  app.post(
    '/invoices/:invoiceId/insurer-notices',
    {
      schema: {
        summary: 'Record what the credit insurer was told of a claim, with its proof: that clock stops',
        tags: ['facts'],
        params: invoiceParams,
        body: z.strictObject({
          notice: z
            .enum(insurerNoticeKinds)
            .describe('That it is overdue, that he shall intervene, that its debtor is insolvent.'),
          on: civilDate,
          documentId: uuid.optional().describe('A document of this installation.'),
          reference: line(300).optional().describe('Where the proof is kept, in words.'),
          comment,
        }),
        response: { 201: recorded, ...problems(404, 409) },
      },
    },
    async (request, reply) => {
      const { invoiceId } = request.params;
      const { comment: words, documentId = null, reference = null, notice, on } = request.body;
      if (documentId === null && reference === null)
        throw Problem.invalid('reference', 'is missing', 'Say where the proof is, or give its document.');
      if (documentId !== null && !(await sees(house.db, request.eyes, 'document', documentId)))
        throw Problem.notFound('document', documentId);
      const answer = await onInvoice(request, house, invoiceId, async (desk, file) => {
        happenedBy('on', on, desk.now);
        const { author } = request.caller;
        const said = await recordInsurerNotice(
          desk,
          file.id,
          { notice, on },
          { documentId, reference },
          author,
        );
        await addNote(desk, file.id, 'invoiceNote', words, { about: 'insurer' }, author);
        return answered(request, desk, said);
      });
      return reply.code(201).send(answer);
    },
  );

  app.post(
    '/creditors/:creditorId/insurance-policy',
    {
      schema: {
        summary: 'Give a creditor the terms of his credit insurer, or take them away',
        tags: ['settings'],
        params: z.object({ creditorId: uuid }),
        body: z.strictObject({
          policy: z
            .strictObject({
              number: line(60),
              overdueNoticeDays: days.describe('After the due date, to tell that the invoice is overdue.'),
              interventionDays: days.describe('After the due date, to ask the insurer to intervene.'),
              extensionDays: days.describe(
                'After the due date, how far the payment may be moved without asking.',
              ),
              insolvencyNoticeDays: days.describe('After an insolvency was opened, to tell of it.'),
              indemnityDays: days.describe('After the insurer was asked, until he indemnifies.'),
            })
            .nullable(),
        }),
        response: { 201: z.object({ creditorId: z.string() }), ...problems(404) },
      },
    },
    async (request, reply) => {
      const { creditorId } = request.params;
      await mustSee(house.db, request, 'creditor', creditorId);
      if (!(await readCreditor(request.eyes, house.db, creditorId)))
        throw Problem.notFound('creditor', creditorId);
      const now = await house.clock.now();
      const answer = await inTransactionOnce(request, house, async (tx) => {
        await insure(tx, now, creditorId, request.body.policy, request.caller.author.id);
        return { creditorId };
      });
      return reply.code(201).send(answer);
    },
  );
};
