import { z } from 'zod';
import { debtorOfDraft } from '../../db/drafts.ts';
import { reportLetter } from '../../db/letters.ts';
import { addNote } from '../../db/notes.ts';
import { letterStates } from '../../domain/fact.ts';
import type { Routes } from '../route-parts.ts';
import { comment, happenedBy, reasonCode, said, unlessRefused } from '../at-the-counter.ts';
import { atTheDeskOnce } from '../idempotency.ts';
import { known } from '../known.ts';
import { Problem } from '../problem.ts';
import { civilDate, line, problems, recorded, uuid } from '../shapes.ts';

/** What the post says of registered letters: presented, received, refused, returned; of electronic ones that nobody accepted them in their days. */
export const letterRoutes: Routes = async (app, { house }) => {
  app.post(
    '/messages/:messageId/letter',
    {
      schema: {
        summary:
          'Record what became of a posted letter; the days of a formal notice run from its first presentation',
        tags: ['work'],
        params: z.object({ messageId: uuid }),
        body: z.strictObject({
          state: z.enum(letterStates),
          on: civilDate.describe('When that happened.'),
          presentedOn: civilDate
            .optional()
            .describe('When it was first presented, if the slip says so; else it counts from `on`.'),
          reason: reasonCode.optional().describe('Why it came back: unclaimed, unknown_address, moved …'),
          proof: line(60).optional().describe("The number of the slip, or of the provider's proof."),
          comment,
        }),
        response: {
          201: z.object({ messageId: z.string(), invoices: z.array(recorded) }),
          ...problems(404, 409),
        },
      },
    },
    async (request, reply) => {
      const { messageId } = request.params;
      const { comment: text, ...report } = request.body;
      const { author } = request.caller;
      const message = await debtorOfDraft(house.db, messageId);
      if (!message) throw Problem.notFound('message', messageId);
      const answer = await atTheDeskOnce(request, house, [message.debtorId], async (desk) => {
        happenedBy('on', report.on, desk.now);
        if (report.presentedOn !== undefined) happenedBy('presentedOn', report.presentedOn, desk.now);
        const { recorded: all } = unlessRefused(
          await reportLetter(
            desk,
            messageId,
            { ...known(report), state: report.state, on: report.on },
            author,
          ),
        );
        for (const id of new Set(all.map(({ file }) => file.id)))
          await addNote(desk, id, 'stepNote', text, { messageId }, author);
        return { messageId, invoices: all.map((one) => said(request, desk, one)) };
      });
      return reply.code(201).send(answer);
    },
  );
};
