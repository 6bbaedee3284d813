import { z } from 'zod';
import { planSample } from '../../db/drafts.ts';
import { handOverOfHold } from '../../db/hand-overs.ts';
import { addNote } from '../../db/notes.ts';
import { uuidv7 } from '../../db/uuid.ts';
import { recordOf } from '../../domain/collection.ts';
import type { Routes } from '../route-parts.ts';
import { answered, comment, onInvoice, reasonCode, unlessRefused } from '../at-the-counter.ts';
import { Problem } from '../problem.ts';
import { civilDate, invoiceParams, line, lines, problems, recorded, uuid } from '../shapes.ts';

/** Holds, notes and steps of one invoice, as people decide them. */
export const invoiceFactRoutes: Routes = async (app, { house }) => {
  app.post(
    '/invoices/:invoiceId/holds',
    {
      schema: {
        summary: 'Keep silent about an invoice for a reason',
        tags: ['facts'],
        params: invoiceParams,
        body: z.strictObject({
          reason: reasonCode,
          until: civilDate.nullish().describe('The last silent day; until it is lifted when absent.'),
          comment,
        }),
        response: { 201: recorded.extend({ holdId: z.string() }), ...problems(404, 409) },
      },
    },
    async (request, reply) => {
      const { reason, until = null, comment: text } = request.body;
      const { author } = request.caller;
      const answer = await onInvoice(request, house, request.params.invoiceId, async (desk, file) => {
        const holdId = uuidv7();
        const answer = answered(
          request,
          desk,
          await desk.ask(file.id, { type: 'holdPlaced', holdId, reason, until }, author),
        );
        await addNote(desk, file.id, 'holdNote', text, { holdId }, author);
        return { ...answer, holdId };
      });
      return reply.code(201).send(answer);
    },
  );

  app.post(
    '/invoices/:invoiceId/holds/:holdId/lift',
    {
      schema: {
        summary: 'Lift a hold',
        tags: ['facts'],
        params: invoiceParams.extend({ holdId: uuid }),
        response: { 201: recorded, ...problems(404, 409) },
      },
    },
    async (request, reply) => {
      const { invoiceId, holdId } = request.params;
      const answer = await onInvoice(request, house, invoiceId, async (desk) => {
        const firm = await handOverOfHold(desk.tx, holdId);
        if (firm) throw withFirm(firm.name, invoiceId);
        return answered(
          request,
          desk,
          await desk.ask(invoiceId, { type: 'holdLifted', holdId }, request.caller.author),
        );
      });
      return reply.code(201).send(answer);
    },
  );

  app.post(
    '/invoices/:invoiceId/notes',
    {
      schema: {
        summary: 'Write a note to the file of an invoice',
        tags: ['facts'],
        params: invoiceParams,
        body: z.strictObject({ text: lines(5_000) }),
        response: { 201: z.object({ noteId: z.string(), sha256: z.string() }), ...problems(404) },
      },
    },
    async (request, reply) => {
      const answer = await onInvoice(request, house, request.params.invoiceId, async (desk, file) => {
        const kept = await addNote(desk, file.id, 'noteAdded', request.body.text, {}, request.caller.author);
        return { noteId: kept?.textId ?? '', sha256: kept?.sha256 ?? '' };
      });
      return reply.code(201).send(answer);
    },
  );

  app.post(
    '/invoices/:invoiceId/steps/:step/skip',
    {
      schema: {
        summary: 'Skip a step; it counts as skipped, never as delivered',
        tags: ['facts'],
        params: invoiceParams.extend({ step: line(60) }),
        body: z.strictObject({ reason: reasonCode, comment }),
        response: { 201: recorded, ...problems(404, 409) },
      },
    },
    async (request, reply) => {
      const { invoiceId, step } = request.params;
      const { author } = request.caller;
      const answer = await onInvoice(request, house, invoiceId, async (desk, file) => {
        const occurrence = recordOf(file.collection, step)?.occurrence ?? 1;
        const answer = answered(
          request,
          desk,
          await desk.ask(
            invoiceId,
            { type: 'stepSkipped', step, occurrence, reason: request.body.reason },
            author,
          ),
        );
        await addNote(desk, invoiceId, 'stepNote', request.body.comment, { step }, author);
        desk.poke(file.debtorId);
        return answer;
      });
      return reply.code(201).send(answer);
    },
  );

  app.post(
    '/invoices/:invoiceId/samples',
    {
      schema: {
        summary: 'Send to yourself what the debtor would get with a step',
        tags: ['facts'],
        params: invoiceParams,
        body: z.strictObject({ step: line(60) }),
        response: { 202: z.object({ messageId: z.string(), recipient: z.string() }), ...problems(404, 409) },
      },
    },
    async (request, reply) => {
      const { userId, email } = request.caller;
      const answer = await onInvoice(request, house, request.params.invoiceId, async (desk, file) => {
        const sample = unlessRefused(await planSample(desk, file, request.body.step, { userId, email }));
        return { messageId: sample.messageId, recipient: email ?? '' };
      });
      return reply.code(202).send(answer);
    },
  );
};

function withFirm(firm: string, invoiceId: string): Problem {
  return Problem.conflict(
    'hold-of-hand-over',
    'A firm has the file.',
    `${firm} speaks with the debtor, so we are silent: two voices at once would chase him.`,
    `Take the file back with POST /v1/invoices/${invoiceId}/hand-over/withdrawal.`,
  );
}
