import { z } from 'zod';
import { approveDraft, debtorOfDraft } from '../../db/drafts.ts';
import { doNotice } from '../../db/grave-deeds.ts';
import { addNote } from '../../db/notes.ts';
import { completeTask, debtorOfTask, handOverOfTask } from '../../db/tasks.ts';
import type { Routes } from '../route-parts.ts';
import { comment, reasonCode, said, unlessRefused } from '../at-the-counter.ts';
import { gravely, saidGravely } from '../gravely.ts';
import type { Gravely } from '../gravely.ts';
import { onlyFitWords } from '../fit-words.ts';
import { atTheDeskOnce } from '../idempotency.ts';
import { known } from '../known.ts';
import { Problem } from '../problem.ts';
import { civilDate, line, lines, problems, recorded, uuid } from '../shapes.ts';

const outcome = z.enum([
  'done',
  'reached',
  'not_reached',
  'wrong_number',
  'cannot_be_done',
  'approved',
  'remind_again',
  'extend',
  'formal_notice',
  'hand_over',
  'withdrawn',
]);

const approvalId = z
  .string()
  .optional()
  .describe('There when it is only asked for: it is done once another person says yes.');

/** What people answer to what Relance asks of them: tasks and drafts. */
export const taskAndDraftRoutes: Routes = async (app, { house }) => {
  app.post(
    '/tasks/:taskId/outcome',
    {
      schema: {
        summary: 'Say how a task ended; each kind of task accepts some of the outcomes',
        tags: ['work'],
        params: z.object({ taskId: uuid }),
        body: z.strictObject({
          outcome,
          postedOn: civilDate
            .optional()
            .describe(
              'A letter: when it was posted; today when absent. To be given of one that was taken back since, for its figures had changed: it counts as posted, and what was drawn up in its place is withdrawn.',
            ),
          presentedOn: civilDate
            .optional()
            .describe('A registered letter: when it was first presented; today when absent.'),
          declaredOn: civilDate
            .optional()
            .describe('Claims in an insolvency: when they were declared; today when absent.'),
          trackingNumber: line(60).optional().describe('A registered letter: the number on the slip.'),
          electronic: z
            .boolean()
            .optional()
            .describe(
              'A registered letter by electronic way, to whoever agrees to that; on paper when absent.',
            ),
          reason: reasonCode
            .optional()
            .describe('Why it cannot be done: unknown_address, moved, lost, other …'),
          comment,
        }),
        response: {
          201: z.object({
            taskId: z.string(),
            outcome,
            invoices: z.array(recorded),
            nextTaskId: z.string().nullable(),
            approvalId,
          }),
          ...problems(404, 409),
        },
      },
    },
    async (request, reply) => {
      const { taskId } = request.params;
      const { postedOn, presentedOn, declaredOn, ...rest } = request.body;
      const debtorId = await debtorOfTask(house.db, taskId);
      if (!debtorId) throw Problem.notFound('task', taskId);
      const answer = await atTheDeskOnce(request, house, [debtorId], async (desk) => {
        const handOver = await handOverOfTask(desk, taskId, rest.outcome);
        if (handOver) {
          const asked = await gravely(desk, handOver, request);
          for (const { file } of asked.recorded)
            await addNote(desk, file.id, 'taskNote', rest.comment, { taskId }, request.caller.author);
          const invoices = asked.recorded.map((one) => saidGravely(request, desk, asked, one));
          return { taskId, outcome: rest.outcome, invoices, nextTaskId: null, ...idOf(asked) };
        }
        const done = unlessRefused(
          await completeTask(
            desk,
            taskId,
            { ...known({ ...rest, on: postedOn ?? presentedOn ?? declaredOn }), outcome: rest.outcome },
            request.caller.author,
          ),
        );
        return {
          taskId,
          outcome: rest.outcome,
          invoices: done.recorded.map((one) => said(request, desk, one)),
          nextTaskId: done.nextTaskId,
        };
      });
      return reply.code(201).send(answer);
    },
  );

  app.post(
    '/drafts/:messageId/approval',
    {
      schema: {
        summary:
          'Say yes to a draft as it was shown; a formal notice then waits for the yes of another person too',
        tags: ['work'],
        params: z.object({ messageId: uuid }),
        body: z.strictObject({
          digest: line(128),
          freeText: lines(10_000)
            .nullish()
            .describe(
              "Your own words in place of the template's; figures stay. Absent: the words that the draft shows; null: those of the template.",
            ),
        }),
        response: {
          201: z.object({ messageId: z.string(), invoices: z.array(recorded), approvalId }),
          ...problems(404, 409),
        },
      },
    },
    async (request, reply) => {
      const { messageId } = request.params;
      const draft = await debtorOfDraft(house.db, messageId);
      if (!draft) throw Problem.notFound('draft', messageId);
      const { freeText } = request.body;
      if (freeText) onlyFitWords('freeText', freeText, draft.level ?? 'reminder', draft.language);
      const answer = await atTheDeskOnce(request, house, [draft.debtorId], async (desk) => {
        const word = { digest: request.body.digest, ...known({ freeText }) };
        if (draft.level === 'formal_notice') {
          const asked = unlessRefused(await doNotice(desk, { messageId, ...word }, request.caller.author));
          const id = asked.kind === 'asked' ? asked.approvalId : null;
          const invoices = asked.recorded.map((one) => said(request, desk, one));
          return { messageId, invoices, ...idOf({ approvalId: id }) };
        }
        const { recorded: approved } = unlessRefused(
          await approveDraft(desk, messageId, word, request.caller.author),
        );
        return { messageId, invoices: approved.map((one) => said(request, desk, one)) };
      });
      return reply.code(201).send(answer);
    },
  );
};

function idOf({ approvalId: id }: Pick<Gravely, 'approvalId'>): { approvalId?: string } {
  return id === null ? {} : { approvalId: id };
}
