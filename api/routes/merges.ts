import { z } from 'zod';
import { previewMerge } from '../../db/merge-preview.ts';
import { likelyTwins, listMerges } from '../../db/merge-reads.ts';
import { mergeDebtors, mergeDays, undoMerge } from '../../db/merges.ts';
import type { MergeAnswer } from '../../db/merges.ts';
import { mergedAway } from '../../db/who-stays.ts';
import { cursorAfter, pageOf, readCursor } from '../cursor.ts';
import { inTransactionOnce } from '../idempotency.ts';
import { merge, mergeOf, mergePreview, previewOf } from '../merge-shapes.ts';
import { conflictInWords } from '../merge-words.ts';
import { Problem } from '../problem.ts';
import type { Routes } from '../route-parts.ts';
import { instant, instantOf, page, paging, problems, uuid } from '../shapes.ts';

/**
 * One company that stands here twice: who may be one, what would come together, the merge, and the way back.
 *
 * A merge is about all files of two debtors at once, so it is for those who see all.
 */
const twinsMax = 200;

const party = z.object({ id: z.string(), name: z.string() });

export const mergeRoutes: Routes = async (app, { house }) => {
  app.get(
    '/likely-twins',
    {
      schema: {
        summary: 'Debtors who are probably one company, the surest first',
        tags: ['debtors'],
        querystring: z.strictObject({ debtor: uuid.optional() }),
        response: {
          200: z.object({
            items: z
              .array(
                z.object({
                  one: party.describe('The older one.'),
                  other: party,
                  by: z.enum(['siren', 'vat', 'name']).describe('What both have.'),
                }),
              )
              .describe(`${twinsMax} at most.`),
          }),
        },
      },
    },
    async ({ query: { debtor } }) => ({
      items: [...(await likelyTwins(house.db, { debtorId: debtor }, twinsMax))],
    }),
  );

  app.get(
    '/merges',
    {
      schema: {
        summary: 'Merges of debtors, the last one first',
        tags: ['debtors'],
        querystring: z.strictObject({
          ...paging,
          debtor: uuid.optional().describe('Of this debtor, whether he went or stayed.'),
          standing: z
            .enum(['true', 'false'])
            .optional()
            .describe('true: without those that were taken back.'),
        }),
        response: { 200: page(merge) },
      },
    },
    async ({ query: { limit, cursor, debtor, standing } }) => {
      const [after] = (readCursor('merges', cursor) ?? []) as [string?];
      const filter = { debtorId: debtor, standing: standing === 'true' };
      return pageOf(await listMerges(house.db, filter, limit, after), limit, mergeOf, (row) =>
        cursorAfter('merges', [row.id]),
      );
    },
  );

  app.post(
    '/merges',
    {
      schema: {
        summary: 'Merge a debtor into another who is the same company, or show what would come together',
        tags: ['debtors'],
        body: z
          .strictObject({
            goneId: uuid.describe('Who goes: his id stays an old name of the other one.'),
            intoId: uuid.describe('Who stays.'),
            dryRun: z
              .boolean()
              .default(false)
              .describe('Shows what would come together and what speaks against it, and merges nothing.'),
          })
          .refine(({ goneId, intoId }) => goneId !== intoId, {
            path: ['intoId'],
            error: 'give another debtor than goneId',
          }),
        response: {
          200: mergePreview.describe('Of a dry run.'),
          201: z.object({
            mergeId: z.string(),
            goneId: z.string(),
            intoId: z.string(),
            invoices: z.int().describe('That came.'),
            undoUntil: instant.describe(`It can be taken back for ${mergeDays} days.`),
          }),
          ...problems(404, 409),
        },
      },
    },
    async (request, reply) => {
      const { dryRun, ...pair } = request.body;
      const { language, author } = request.caller;
      if (dryRun) {
        const preview = await inTransactionOnce(request, house, async (tx, now) => {
          const found = await previewMerge(tx, now, pair);
          if (!found) throw Problem.notFound('debtor', `${pair.goneId} or ${pair.intoId}`);
          for (const { id, mergedInto } of [found.gone, found.into])
            if (mergedInto !== null) throw Problem.refused(mergedAway(id, mergedInto));
          return previewOf(found, language);
        });
        return reply.code(200).send(preview);
      }
      const merged = await inTransactionOnce(request, house, async (tx) => {
        const answer = unlessNot(await mergeDebtors(house, tx, pair, author));
        if (answer.kind !== 'merged') throw new Error(`a merge was answered as ${answer.kind}`);
        const { mergeId, invoices, undoUntil } = answer;
        return { mergeId, ...pair, invoices, undoUntil: instantOf(undoUntil) };
      });
      return reply.code(201).send(merged);
    },
  );

  app.post(
    '/merges/:mergeId/undo',
    {
      schema: {
        summary: 'Take a merge back: exactly what came goes back',
        tags: ['debtors'],
        params: z.object({ mergeId: uuid }),
        response: {
          201: z.object({
            mergeId: z.string(),
            invoices: z.int().describe('That went back.'),
            stayed: z
              .int()
              .describe(
                'Invoices registered since the merge, which stay: look whether they are of the other one.',
              ),
          }),
          ...problems(404, 409),
        },
      },
    },
    async (request, reply) => {
      const undone = await inTransactionOnce(request, house, async (tx) => {
        const { mergeId: asked } = request.params;
        const answer = unlessNot(await undoMerge(house, tx, asked, request.caller.author), 'merge');
        if (answer.kind !== 'undone') throw new Error(`a way back was answered as ${answer.kind}`);
        const { mergeId, invoices, stayed } = answer;
        return { mergeId, invoices, stayed };
      });
      return reply.code(201).send(undone);
    },
  );
};

type Done = Extract<MergeAnswer, { readonly kind: 'merged' | 'undone' }>;

function unlessNot(answer: MergeAnswer, what = 'debtor'): Done {
  if (answer.kind === 'refused') throw Problem.refused(answer.refusal);
  if (answer.kind === 'unknown') throw Problem.notFound(what, answer.id);
  if (answer.kind === 'prevented') {
    const why = answer.conflicts.filter(({ prevents }) => prevents);
    throw Problem.refused({
      code: 'merge-impossible',
      message: why.map(({ code }) => conflictInWords(code, 'en')).join(' '),
    });
  }
  return answer;
}
