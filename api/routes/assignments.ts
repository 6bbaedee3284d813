import { z } from 'zod';
import { assigneeRoles, assignDispute, listAssignees } from '../../db/assignments.ts';
import { handOver as giveToFirm } from '../../db/grave-deeds.ts';
import { handOverOf, mayHand, refusalOfHanding } from '../../db/hand-overs.ts';
import type { HandOver } from '../../db/hand-overs.ts';
import { takeBackInvoice } from '../../db/litigation-ends.ts';
import { fileOfInvoice } from '../../db/litigation.ts';
import { addNote } from '../../db/notes.ts';
import { invoiceOf } from '../../db/whose.ts';
import type { Routes } from '../route-parts.ts';
import { comment, onInvoice, unlessRefused } from '../at-the-counter.ts';
import { Problem } from '../problem.ts';
import { nextOf, shortOf } from '../recorded.ts';
import { instant, instantOf, invoiceInShort, invoiceParams, lines, next, problems, uuid } from '../shapes.ts';

/**
 * Whose a file is: handed to an external firm, or a dispute given to a resolver.
 *
 * From these a caller's part of the files is worked out, so each takes effect with the next request of whom it concerns.
 */
const handOver = z.object({
  handOverId: z.string().nullable().describe('Null while another person has still to say yes.'),
  approvalId: z.string().optional().describe('The question that waits for the yes of another person.'),
  litigationId: z.string().nullable().describe('The litigation file by which the firm has it.'),
  firm: z.object({ id: z.string(), name: z.string() }),
  since: instant.nullable(),
  invoice: invoiceInShort,
  next,
});

export const assignmentRoutes: Routes = async (app, { house }) => {
  app.get(
    '/assignees',
    {
      schema: {
        summary: 'Those to whom something can be given, by name',
        description:
          'Files are handed to firms and disputes given to resolvers, by their ids; invoices name collectors and those who sold.',
        tags: ['users'],
        querystring: z.strictObject({ role: z.enum(assigneeRoles).optional() }),
        response: {
          200: z.object({
            items: z.array(z.object({ id: z.string(), name: z.string(), role: z.enum(assigneeRoles) })),
          }),
        },
      },
    },
    async ({ query }) => ({ items: [...(await listAssignees(house.db, query.role))] }),
  );

  app.post(
    '/invoices/:invoiceId/hand-over',
    {
      schema: {
        summary: 'Hand a file to an external firm: it sees the file, and Relance is silent about it',
        description:
          'The invoice is in a litigation file of its own from then on, which its partner has. With four eyes it waits for the yes of another person to that very firm. Without a formal notice that reached the debtor it goes only when it is said why; not while all of it is contested, promised, in a plan or under an offer; to a lawyer or an officer only with the word of the creditor on its litigation file; who collects for others by profession needs a mandate with every field that the law asks for.',
        tags: ['facts'],
        params: invoiceParams,
        body: z.strictObject({
          firmId: uuid.describe('The firm, as GET /v1/firms or GET /v1/assignees names it.'),
          incompleteBecause: lines(500)
            .optional()
            .describe('Why it goes though no formal notice has reached the debtor.'),
          comment,
        }),
        response: { 201: handOver, ...problems(404, 409) },
      },
    },
    async (request, reply) => {
      const { firmId, incompleteBecause = null, comment: text } = request.body;
      const { author, language } = request.caller;
      const answer = await onInvoice(request, house, request.params.invoiceId, async (desk, file) => {
        const may = await mayHand(desk, file, { firmId, route: null, incompleteBecause });
        if (may.kind === 'no-firm') throw Problem.notFound('external firm', firmId);
        if (may.kind === 'already') throw alreadyHanded(may.handOver, file.id);
        if (may.kind !== 'may') throw Problem.refused(refusalOfHanding(may));
        const given = { firmId, incompleteBecause, text };
        const done = unlessRefused(await giveToFirm(desk, file, given, author));
        const now = await handOverOf(desk.tx, file.id);
        return {
          handOverId: now?.id ?? null,
          ...(done.kind === 'asked' ? { approvalId: done.approvalId } : {}),
          litigationId: (now && (await fileOfInvoice(desk.tx, file.id))?.id) ?? null,
          firm: { id: firmId, name: may.firm.name },
          since: now ? instantOf(now.since) : null,
          invoice: shortOf(file, desk.now),
          next: nextOf(file.collection, file.decision, language),
        };
      });
      return reply.code(201).send(answer);
    },
  );

  app.post(
    '/invoices/:invoiceId/hand-over/withdrawal',
    {
      schema: {
        summary: 'Take a file back from the firm that has it: the firm loses sight of it at once',
        tags: ['facts'],
        params: invoiceParams,
        body: z.strictObject({ comment }).nullish(),
        response: { 201: handOver.extend({ until: instant }), ...problems(404, 409) },
      },
    },
    async (request, reply) => {
      const { author, language } = request.caller;
      const answer = await onInvoice(request, house, request.params.invoiceId, async (desk, file) => {
        const taken = await takeBackInvoice(desk, file, author);
        if (!taken) throw notHanded();
        const { id, firm, since } = taken;
        await addNote(desk, file.id, 'handOverNote', request.body?.comment, { handOverId: id }, author);
        return {
          handOverId: id,
          litigationId: null,
          firm: { ...firm },
          since: instantOf(since),
          until: instantOf(desk.now),
          invoice: shortOf(file, desk.now),
          next: nextOf(file.collection, file.decision, language),
        };
      });
      return reply.code(201).send(answer);
    },
  );

  app.post(
    '/disputes/:disputeId/assignment',
    {
      schema: {
        summary: 'Give a dispute to a resolver, who then sees its invoice',
        tags: ['facts'],
        params: z.object({ disputeId: uuid }),
        body: z.strictObject({
          userId: uuid.nullable().describe('A resolver; null takes it from everybody.'),
        }),
        response: {
          201: z.object({ disputeId: z.string(), assignedTo: z.string().nullable() }),
          ...problems(404),
        },
      },
    },
    async (request, reply) => {
      const { disputeId } = request.params;
      const { userId } = request.body;
      const invoiceId = await invoiceOf(house.db, 'dispute', disputeId);
      if (!invoiceId) throw Problem.notFound('dispute', disputeId);
      const answer = await onInvoice(request, house, invoiceId, async (desk) => {
        const { author } = request.caller;
        if (!(await assignDispute(desk, { invoiceId, disputeId }, userId, author)))
          throw Problem.notFound('resolver', userId ?? '');
        return { disputeId, assignedTo: userId };
      });
      return reply.code(201).send(answer);
    },
  );
};

function alreadyHanded({ firm, since }: HandOver, invoiceId: string): Problem {
  return Problem.conflict(
    'already-handed-over',
    'A firm has the file already.',
    `${firm.name} has had it since ${instantOf(since)}.`,
    `Take it back first with POST /v1/invoices/${invoiceId}/hand-over/withdrawal.`,
  );
}

function notHanded(): Problem {
  return Problem.conflict(
    'not-handed-over',
    'No firm has the file.',
    'It is not, or no longer, with an external firm.',
    'Read the invoice again.',
  );
}
