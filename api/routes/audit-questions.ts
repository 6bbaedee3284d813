import { z } from 'zod';
import { questionKeys, questions } from '../../db/audit/questions/all.ts';
import type { QuestionKey } from '../../db/audit/questions/all.ts';
import type { AfterFound, Found } from '../../db/audit/questions/question.ts';
import type { Language } from '../../domain/message.ts';
import { dayMs } from '../../domain/time.ts';
import { questionTexts, whyInWords } from '../audit/question-texts.ts';
import { questionsFor } from '../audit/told-of-people.ts';
import { cursorAfter, readCursor } from '../cursor.ts';
import type { Routes } from '../route-parts.ts';
import { author, instant, instantGiven, instantOf, paging } from '../shapes.ts';
import { journalPlace } from './audit-accesses.ts';

/** The questions that an auditor asks of every house, and their answers with the entries that prove each line. */
const question = z
  .object({
    key: z.enum(questionKeys),
    asks: z.string().describe("In the caller's language, as all that follows."),
    proves: z.string(),
    provesNot: z.string(),
  })
  .meta({ id: 'AuditQuestion' });

const found = z
  .object({
    at: instant,
    invoiceId: z.string().nullable(),
    by: author.omit({ name: true }).nullable().describe('Null where nobody is named.'),
    why: z.string().describe('A code of the question.'),
    text: z.string().describe("The same in the caller's language."),
    more: z
      .record(z.string(), z.union([z.string(), z.number(), z.null()]))
      .describe('Ids, codes, amounts in cents and days that say more.'),
    entries: z.array(journalPlace).describe('The entries of the journal that prove it, the first one first.'),
  })
  .meta({ id: 'AuditFinding' });

export const auditQuestionRoutes: Routes = async (app, { house }) => {
  app.get(
    '/audit/questions',
    {
      schema: {
        summary: 'The questions that an auditor asks, and what each proves',
        description: 'What tells of people (`looked-or-taken`) is asked by admin and auditor alone.',
        tags: ['audit'],
        response: { 200: z.object({ items: z.array(question) }) },
      },
    },
    async ({ caller: { language, role } }) => ({
      items: questionsFor(role).map((key) => {
        const { asks, proves, provesNot } = questionTexts[language][key];
        return { key, asks, proves, provesNot };
      }),
    }),
  );

  app.get(
    '/audit/questions/:key',
    {
      schema: {
        summary: 'What one of them finds, the oldest first',
        description:
          'A page may hold fewer lines than its limit, or none, and have a next one: so much and no more is looked through at once.',
        tags: ['audit'],
        params: z.object({ key: z.enum(questionKeys) }),
        querystring: z.strictObject({
          ...paging,
          from: instantGiven.optional().describe('A year before the end when absent.'),
          to: instantGiven.optional().describe('Exclusive; up to now when absent.'),
        }),
        response: { 200: question.extend({ items: z.array(found), nextCursor: z.string().nullable() }) },
      },
    },
    async ({ caller: { language }, params: { key }, query: { from, to, limit, cursor } }) => {
      const order = `questions/${key}`;
      const after = (readCursor(order, cursor) ?? null) as AfterFound | null;
      const end = to === undefined ? (await house.clock.now()) + 1 : Date.parse(to);
      const period = { from: from === undefined ? end - 366 * dayMs : Date.parse(from), to: end };
      const { found: lines, next } = await questions[key].find(house, period, limit, after);
      const { asks, proves, provesNot } = questionTexts[language][key];
      return {
        ...{ key, asks, proves, provesNot },
        items: lines.map((line) => foundOf(key, line, language)),
        nextCursor: next && cursorAfter(order, next),
      };
    },
  );
};

function foundOf(key: QuestionKey, one: Found, language: Language): z.infer<typeof found> {
  return {
    at: instantOf(one.at),
    invoiceId: one.invoiceId,
    by: one.by && { kind: one.by.kind, id: one.by.id },
    why: one.why,
    text: whyInWords(key, one.why, language),
    more: { ...one.more },
    entries: one.entries.map(([subject, seq]) => ({ subject, seq })),
  };
}
