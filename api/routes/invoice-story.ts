import { z } from 'zod';
import { readDoorNow } from '../../db/door-reads.ts';
import { readInvoice } from '../../db/invoice-reads.ts';
import { collectionAt, readJournal, readPast } from '../../db/timeline.ts';
import { toldOf } from '../../db/told.ts';
import { toldTo } from '../../db/visible.ts';
import type { Eyes } from '../../db/visible.ts';
import type { House } from '../../db/house.ts';
import { decide } from '../../domain/decide.ts';
import { lifeAhead as liveAhead } from '../../domain/life-ahead.ts';
import { stepName } from '../../domain/scenario.ts';
import { levelReached } from '../../domain/schedule.ts';
import type { Routes } from '../route-parts.ts';
import { cursorAfter, pageOf, readCursor } from '../cursor.ts';
import { doorSentence } from '../door-reasons.ts';
import { lifeAhead, lifeAheadOf } from '../invoice-shapes.ts';
import { Problem } from '../problem.ts';
import { nextOf } from '../recorded.ts';
import {
  author,
  instant,
  instantGiven,
  instantOf,
  invoiceParams,
  level,
  money,
  moneyOf,
  named,
  next,
  page,
  paging,
  problems,
} from '../shapes.ts';
import { storyOf } from '../story.ts';

/**
 * The story of one invoice: what happened, why what happens happens, and what would come.
 *
 * `/why` asks the same `decide` that moves the invoice, and the door's own plan; with `at` it folds the facts up to that
 * moment and decides again with the rules that were pinned then, so an old answer can be checked years later.
 */
const story = z
  .object({
    at: instant,
    seq: z.int().nullable().describe('Its place in the journal, where /facts gives it with its hash.'),
    kind: z.enum(['fact', 'message', 'note']),
    type: z.string(),
    number: z.int().nullable().describe('The number of the fact.'),
    author: author.nullable(),
    text: z.string(),
    words: z.string().nullable().describe('What a person wrote, unless it was erased.'),
    messageId: z.string().nullable(),
    documentId: z.string().nullable(),
  })
  .meta({ id: 'StoryEntry' });

const why = z.object({
  at: instant.describe('The moment that the answer is about.'),
  state: z.string(),
  level: level.nullable(),
  balance: money,
  facts: z.int().describe('How many facts the answer rests on.'),
  next,
  door: z
    .array(
      z.object({
        code: z.string(),
        step: z.string(),
        stepName: named,
        until: instant.nullable(),
        missing: z.array(z.string()),
        text: z.string(),
      }),
    )
    .describe('Why the door keeps what was asked for; for now alone.'),
  lifeAhead: lifeAhead.describe('The steps to come if nobody answers.'),
});

const entry = z.object({
  seq: z.int(),
  fact: z.int().nullable(),
  type: z.string(),
  at: instant,
  body: z.string().describe('As stored, and as hashed.'),
  previousHash: z.string(),
  hash: z.string(),
});

export const invoiceStoryRoutes: Routes = async (app, { house }) => {
  app.get(
    '/invoices/:invoiceId/timeline',
    {
      schema: {
        summary: 'What happened, oldest first',
        tags: ['invoices'],
        params: invoiceParams,
        response: { 200: z.object({ items: z.array(story) }), ...problems(404) },
      },
    },
    async ({ params: { invoiceId }, caller, eyes }) => {
      const { collection } = await mustFind(eyes, house, invoiceId);
      return {
        items: storyOf(await readPast(eyes, house.db, house, invoiceId), collection, caller.language),
      };
    },
  );

  app.get(
    '/invoices/:invoiceId/why',
    {
      schema: {
        summary: 'Why, why not, and what comes next',
        tags: ['invoices'],
        params: invoiceParams,
        querystring: z.strictObject({ at: instantGiven.optional() }),
        response: { 200: why, ...problems(404) },
      },
    },
    async ({ params: { invoiceId }, query, caller, eyes }) => {
      const { row, collection: today } = await mustFind(eyes, house, invoiceId);
      const now = await house.clock.now();
      const at = query.at === undefined ? now : pastInstant(query.at, now);
      const collection = query.at === undefined ? today : await asItWas(house, invoiceId, at);
      const door =
        query.at === undefined
          ? await readDoorNow(eyes, house.db, house, row.debtorId, now)
          : { waiting: [] };
      return {
        at: instantOf(at),
        state: decide(collection, at).state,
        level: levelReached(collection, at),
        balance: moneyOf(collection.balanceCents, collection.currency),
        facts: collection.fact,
        next: nextOf(collection, decide(collection, at), caller.language),
        door: door.waiting.flatMap(({ invoiceId: id, reason, step, until, missing }) =>
          id === invoiceId && reason !== null
            ? [
                {
                  code: reason,
                  step,
                  stepName: stepName(collection.scenario, step, caller.language),
                  until: instantOf(until),
                  missing: [...missing],
                  text: doorSentence(
                    { reason, until },
                    { language: caller.language, zone: collection.calendar.zone, missing },
                  ),
                },
              ]
            : [],
        ),
        lifeAhead: asToldTo(eyes, lifeAheadOf(collection, liveAhead(collection, at), caller.language)),
      };
    },
  );

  app.get(
    '/invoices/:invoiceId/facts',
    {
      schema: {
        summary: 'The journal of the invoice, with its hashes',
        tags: ['invoices'],
        params: invoiceParams,
        querystring: z.strictObject(paging),
        response: { 200: page(entry), ...problems(404) },
      },
    },
    async ({ params: { invoiceId }, query: { limit, cursor }, eyes }) => {
      await mustFind(eyes, house, invoiceId);
      const [after] = (readCursor('facts', cursor) ?? [0]) as [number];
      const rows = await readJournal(house.db, invoiceId, after, limit);
      const told = new Set((await toldOf(eyes, house.db, rows)).map(({ seq }) => seq));
      const { items, nextCursor } = pageOf(
        rows,
        limit,
        (row) => ({
          seq: row.seq,
          fact: row.fact,
          type: row.type,
          at: instantOf(row.at),
          body: row.body,
          previousHash: row.prev_hash,
          hash: row.hash,
        }),
        (row) => cursorAfter('facts', [row.seq]),
      );
      return { items: items.filter(({ seq }) => told.has(seq)), nextCursor };
    },
  );
};

/** What lawyers will do is not for everybody's eyes. */
function asToldTo(eyes: Eyes, ahead: z.infer<typeof lifeAhead>): z.infer<typeof lifeAhead> {
  if (toldTo(eyes).litigation) return ahead;
  return { steps: ahead.steps.filter(({ level: reached }) => reached !== 'litigation'), then: [] };
}

async function mustFind(eyes: Eyes, house: House, invoiceId: string) {
  const found = await readInvoice(eyes, house.db, house, invoiceId);
  if (!found) throw Problem.notFound('invoice', invoiceId);
  return found;
}

function pastInstant(text: string, now: number): number {
  const at = Date.parse(text);
  if (at <= now) return at;
  throw Problem.invalid(
    'at',
    'This moment has not come yet.',
    `Give one up to ${instantOf(now)}; lifeAhead tells what is planned.`,
  );
}

async function asItWas(house: House, invoiceId: string, at: number) {
  const collection = await collectionAt(house.db, house, invoiceId, at);
  if (collection) return collection;
  throw Problem.invalid(
    'at',
    'The invoice was not known at this moment.',
    'Give a later one: /timeline begins with its registration.',
  );
}
