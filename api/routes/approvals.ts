import { z } from 'zod';
import { deedWord, listApprovals } from '../../db/approval-reads.ts';
import type { DeedInShort } from '../../db/approval-reads.ts';
import { lumpSumCurrency } from '../../db/claims.ts';
import { debtorOfApproval, isOwnQuestion } from '../../db/approvals.ts';
import { decideApproval } from '../../db/grave-deeds.ts';
import { restingOnUnvalidated } from '../../db/unvalidated.ts';
import { lawDay } from '../../db/calendars.ts';
import { addNote } from '../../db/notes.ts';
import type { WorkPlace } from '../../db/work-reads.ts';
import { approverRoles, graveActs } from '../../domain/approval/approval.ts';
import { routes } from '../../domain/law/route.ts';
import type { Routes } from '../route-parts.ts';
import { handsOf } from '../authentication.ts';
import { comment, reasonCode, said, unlessRefused } from '../at-the-counter.ts';
import { cursorAfter, pageOf, readCursor } from '../cursor.ts';
import { atTheDeskOnce } from '../idempotency.ts';
import { known } from '../known.ts';
import { warnings, warningsOf } from '../law-warnings.ts';
import { Problem } from '../problem.ts';
import {
  civilDate,
  instant,
  instantOf,
  money,
  moneyOf,
  page,
  paging,
  problems,
  recorded,
  uuid,
} from '../shapes.ts';
import { actInWords } from '../words.ts';

const party = z.object({ id: z.string(), name: z.string() });
const person = z.object({ id: z.string(), name: z.string().nullable() });
const states = ['open', 'granted', 'refused', 'expired', 'withdrawn'] as const;

const approval = z
  .object({
    id: z.string(),
    act: z.enum(graveActs),
    text: z.string().describe('The act in words.'),
    debtor: party,
    creditor: party,
    amount: money.describe('What the act is about, as it was asked.'),
    invoices: z.array(
      z.object({ id: z.string(), number: z.string(), term: z.int(), amount: money, balance: money }),
    ),
    messageId: z.string().nullable().describe('The draft of a formal notice.'),
    firm: party.nullable().describe('To whom the file is to be handed.'),
    route: z.enum(routes).nullable().describe('The way that a litigation file is to go.'),
    incompleteBecause: z.string().nullable().describe('Why it goes though pieces are missing.'),
    payBy: civilDate.nullable().describe('A discount: until when it is offered.'),
    rate: z
      .object({ hundredths: z.int().nullable(), from: civilDate })
      .nullable()
      .describe(
        'The rate of late payment that is to hold from that day of the past; null in it: none is agreed.',
      ),
    on: civilDate
      .nullable()
      .describe(
        'A write-off or waiver: from which day it lowers the debt, which bears no interest from then on.',
      ),
    correction: z
      .object({ amount: money.nullable(), dueDate: civilDate.nullable() })
      .nullable()
      .describe('What the invoice is to say; null in it: as before.'),
    taskId: z.string().nullable().describe('The task that a yes completes.'),
    accessories: z
      .object({ interest: money, lumpSum: money })
      .nullable()
      .describe('What a paid invoice has left beside its price, where that is what is waived.'),
    warnings,
    freeText: z.string().nullable().describe("The author's own words in place of the template's."),
    reason: z.string().nullable().describe('Why it is asked for.'),
    askedAt: instant,
    askedBy: person,
    expiresAt: instant,
    mayDecide: z.boolean().describe('Whether the caller may say yes: not to what he asked for himself.'),
    state: z.enum(states),
    decidedAt: instant.nullable(),
    decidedBy: person.nullable(),
    decisionReason: z.string().nullable(),
  })
  .meta({ id: 'Approval' });

/** Four eyes: what waits for the yes of another person, and the answers. */
export const approvalRoutes: Routes = async (app, { house }) => {
  app.get(
    '/approvals',
    {
      schema: {
        summary: 'Grave acts that wait for the yes of another person; what lapses first comes first',
        tags: ['work'],
        querystring: z.strictObject({
          ...paging,
          debtor: uuid.optional(),
          invoice: uuid.optional(),
          act: z.enum(graveActs).optional(),
          state: z.enum([...states, 'any']).default('open'),
        }),
        response: { 200: page(approval) },
      },
    },
    async ({ query: { limit, cursor, debtor, invoice, ...rest }, caller, eyes }) => {
      const rows = await listApprovals(
        eyes,
        house.db,
        known({ ...rest, debtorId: debtor, invoiceId: invoice }),
        limit,
        readCursor('approvals', cursor) as WorkPlace | undefined,
      );
      const drafts = rows.flatMap(({ message_id: id, state }) => (id !== null && state === 'open' ? id : []));
      const today = lawDay(await house.clock.now());
      const unvalidated = await restingOnUnvalidated(house.db, drafts, today);
      return pageOf(
        rows,
        limit,
        (row) => {
          const deed = row.what as DeedInShort;
          return {
            id: row.id,
            act: row.act as (typeof graveActs)[number],
            text: actInWords(deedWord(deed, row.act), caller.language),
            debtor: { id: row.debtor_id, name: row.debtorName },
            creditor: { id: row.creditor_id, name: row.creditorName },
            amount: moneyOf(row.amount_cents, row.currency),
            invoices: row.invoices.map(({ amountCents, balanceCents, ...one }) => ({
              ...one,
              amount: moneyOf(amountCents, row.currency),
              balance: moneyOf(balanceCents, row.currency),
            })),
            messageId: row.message_id,
            firm: row.firmName === null ? null : { id: deed.firmId ?? '', name: row.firmName },
            route: deed.litigation?.route ?? null,
            incompleteBecause: deed.litigation?.incompleteBecause ?? deed.incompleteBecause ?? null,
            payBy: deed.payBy ?? null,
            rate:
              deed.does === 'agreeRate'
                ? { hundredths: deed.hundredths ?? null, from: deed.from ?? '' }
                : null,
            on: deed.on ?? null,
            correction: deed.correction
              ? {
                  amount:
                    deed.correction.amountCents === undefined
                      ? null
                      : moneyOf(deed.correction.amountCents, row.currency),
                  dueDate: deed.correction.dueDate ?? null,
                }
              : null,
            taskId: deed.taskId ?? null,
            accessories:
              deed.interestCents === undefined || deed.lumpSumCents === undefined
                ? null
                : {
                    interest: moneyOf(deed.interestCents, row.currency),
                    lumpSum: moneyOf(deed.lumpSumCents, lumpSumCurrency),
                  },
            warnings: warningsOf(unvalidated.has(row.message_id ?? ''), caller.language),
            freeText: deed.freeText ?? null,
            reason: deed.reason ?? null,
            askedAt: instantOf(row.asked_at),
            askedBy: { id: row.asked_by, name: row.askedByName },
            expiresAt: instantOf(row.expires_at),
            mayDecide:
              row.state === 'open' &&
              !isOwnQuestion(row, handsOf(caller)) &&
              approverRoles.includes(caller.role),
            state: row.state,
            decidedAt: instantOf(row.decided_at),
            decidedBy: row.decided_by === null ? null : { id: row.decided_by, name: row.decidedByName },
            decisionReason: row.reason,
          };
        },
        (row) => cursorAfter('approvals', [row.expires_at, row.id]),
      );
    },
  );

  app.post(
    '/approvals/:approvalId/decision',
    {
      schema: {
        summary:
          'Say yes or no to what another person asked for; a yes carries it out at once, the no of its author takes it back',
        tags: ['work'],
        params: z.object({ approvalId: uuid }),
        body: z
          .strictObject({
            decision: z.enum(['approve', 'refuse']),
            reason: reasonCode.optional().describe('Why not; a refusal needs it.'),
            comment,
          })
          .refine(({ decision, reason }) => decision === 'approve' || reason !== undefined, {
            path: ['reason'],
            error: 'say why it is refused',
          }),
        response: {
          201: z.object({
            approvalId: z.string(),
            state: z.enum(['granted', 'refused', 'withdrawn']),
            invoices: z.array(recorded),
          }),
          ...problems(404, 409),
        },
      },
    },
    async (request, reply) => {
      const { approvalId } = request.params;
      const { decision, reason = null, comment: text } = request.body;
      const { author } = request.caller;
      const debtorId = await debtorOfApproval(house.db, approvalId);
      if (!debtorId) throw Problem.notFound('approval', approvalId);
      const answer = await atTheDeskOnce(request, house, [debtorId], async (desk) => {
        const decided = unlessRefused(await decideApproval(desk, approvalId, { decision, reason }, author));
        for (const id of new Set(decided.recorded.map(({ file }) => file.id)))
          await addNote(desk, id, 'approvalNote', text, { approvalId }, author);
        return {
          approvalId,
          state: decided.state,
          invoices: decided.recorded.map((one) => said(request, desk, one)),
        };
      });
      return reply.code(201).send(answer);
    },
  );
};
