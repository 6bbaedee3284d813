import { deliveryInWords } from '../../activities/compose/delivery-in-words.ts';
import { z } from 'zod';
import { allCauses, causesBy, causesMax } from '../../db/dispute-causes.ts';
import { readDisputeDocument, readDisputeFile } from '../../db/dispute-file.ts';
import { readInvoice } from '../../db/invoice-reads.ts';
import { namesOf, readPast } from '../../db/timeline.ts';
import type { Past, PastEntry } from '../../db/timeline.ts';
import { sayingsOf } from '../../db/words.ts';
import type { Saying } from '../../db/words.ts';
import { contestedCentsOf } from '../../domain/collection.ts';
import type { Collection } from '../../domain/collection.ts';
import { termOf } from '../../domain/dispute/ladder.ts';
import { outcomeNow } from '../../domain/dispute/outcome.ts';
import type { Language } from '../../domain/message.ts';
import { departmentInWords, reasonInWords } from '../../domain/dispute/reason.ts';
import type { Routes } from '../route-parts.ts';
import { department, outcomeSaid, stage, way } from '../dispute-shapes.ts';
import { sendDocument } from '../documents.ts';
import { doorSentence, isDeferralReason } from '../door-reasons.ts';
import { known } from '../known.ts';
import { Problem } from '../problem.ts';
import { author, civilDate, instant, instantOf, line, money, moneyOf, problems, uuid } from '../shapes.ts';
import { storyOf } from '../story.ts';

/** The file of a dispute in one place, and the causes of all of them, counted. */
const party = z.object({ id: z.string(), name: z.string() });
const person = z.object({ id: z.string(), name: z.string().nullable() });

const disputeFile = z
  .object({
    id: z.string(),
    invoice: z.object({ id: z.string(), number: z.string(), term: z.int() }),
    debtor: party,
    contested: money.describe('What was contested when it was opened.'),
    unasked: money.describe('What the debtor is not asked for because of it now.'),
    reason: z.string(),
    reasonText: z.string(),
    department: z.string(),
    departmentText: z.string(),
    state: z.enum(['open', 'resolved']),
    stage: stage.nullable(),
    dueOn: z.string().nullable().describe('The last day of the stage.'),
    resolver: person.nullable(),
    openedAt: instant,
    openedBy: person,
    qualifiedAt: instant.nullable(),
    answeredAt: instant.nullable(),
    resolvedAt: instant.nullable(),
    resolvedBy: person.nullable(),
    outcome: outcomeSaid.nullable(),
    granted: money.nullable().describe('Null: all of it, or nothing.'),
    awaits: z.string().nullable().describe('The paper that what was granted waits for.'),
    messages: z.array(
      z.object({
        id: z.string(),
        way,
        by: person,
        at: instant,
        text: z.string().nullable().describe('Null: it was erased.'),
        sent: z
          .object({
            messageId: z.string(),
            state: z.string(),
            stateText: z.string().describe("In the caller's language."),
            recipient: z.string().nullable(),
            waitsFor: z.string().nullable().describe('Why the door keeps it, while it does.'),
          })
          .nullable()
          .describe('The message that says it to the debtor; null when nothing was sent.'),
      }),
    ),
    documents: z.array(
      z.object({
        id: z.string(),
        way,
        by: person,
        at: instant,
        name: z.string(),
        mediaType: z.string(),
        sizeBytes: z.int(),
        sha256: z.string(),
        url: z.string(),
      }),
    ),
    history: z.array(
      z.object({
        at: instant,
        type: z.string(),
        author: author.nullable(),
        text: z.string().describe("In the caller's language."),
        words: z.string().nullable(),
      }),
    ),
  })
  .meta({ id: 'DisputeFile' });

const cause = z.object({
  key: z.string(),
  text: z.string().describe("In the caller's language."),
  disputes: z.int(),
  contested: money,
  open: z.int(),
  rejected: z.int(),
  granted: z.int(),
  grantedAmount: money,
});

export const disputeReadRoutes: Routes = async (app, { house }) => {
  app.get(
    '/disputes/causes',
    {
      schema: {
        summary: 'Why debtors contest: disputes counted by reason, department or debtor',
        description:
          'Every dispute counts once, on the day of its opening, with what was contested then, whatever became of it.',
        tags: ['work'],
        querystring: z.strictObject({
          by: z.enum(['reason', 'department', 'debtor']).default('reason'),
          from: civilDate.optional(),
          to: civilDate.optional().describe('The last day that counts.'),
          reason: line(40).optional(),
          department: department.optional(),
          debtor: uuid.optional(),
          creditor: uuid.optional(),
        }),
        response: {
          200: z.object({
            by: z.string(),
            items: z.array(cause).describe(`The largest amounts first, ${causesMax} at most.`),
            more: z.boolean(),
            totals: z.array(z.object({ disputes: z.int(), contested: money })).describe('Per currency.'),
          }),
        },
      },
    },
    async ({ query: { by, debtor, creditor, ...rest }, eyes, caller: { language } }) => {
      const filter = known({ ...rest, debtorId: debtor, creditorId: creditor });
      const [rows, totals] = await Promise.all([
        causesBy(eyes, house.db, by, filter),
        allCauses(eyes, house.db, filter),
      ]);
      const textOf = {
        reason: (key: string) => reasonInWords(key, language),
        department: (key: string) => departmentInWords(key, language),
        debtor: (key: string) => key,
      }[by];
      return {
        by,
        items: rows.slice(0, causesMax).map((row) => ({
          key: row.key,
          text: row.debtorName ?? textOf(row.key),
          disputes: row.disputes,
          contested: moneyOf(row.contestedCents, row.currency),
          open: row.open,
          rejected: row.rejected,
          granted: row.granted,
          grantedAmount: moneyOf(row.grantedCents, row.currency),
        })),
        more: rows.length > causesMax,
        totals: totals.map((row) => ({
          disputes: row.disputes,
          contested: moneyOf(row.contestedCents, row.currency),
        })),
      };
    },
  );

  app.get(
    '/disputes/:disputeId',
    {
      schema: {
        summary: 'The file of a dispute: where it stands, its messages, its documents, its history',
        tags: ['work'],
        params: z.object({ disputeId: uuid }),
        response: { 200: disputeFile, ...problems(404) },
      },
    },
    async ({ params: { disputeId }, eyes, caller: { language } }) => {
      const file = await readDisputeFile(eyes, house.db, disputeId);
      const invoice = file && (await readInvoice(eyes, house.db, house, file.dispute.invoice_id));
      if (!file || !invoice) throw Problem.notFound('dispute', disputeId);
      const { dispute, messages, documents } = file;
      const { collection } = invoice;
      const { currency } = dispute;
      const past = about(disputeId, await readPast(eyes, house.db, house, dispute.invoice_id));
      const names = await namesOf(house.db, [
        dispute.opened_by,
        ...(dispute.resolved_by === null ? [] : [dispute.resolved_by]),
        ...messages.map(({ writtenBy }) => writtenBy),
        ...documents.map(({ addedBy }) => addedBy),
      ]);
      const sayings = await sayingsOf(house.db, disputeId);
      const personOf = (id: string) => ({ id, name: names.get(id) ?? null });
      return {
        id: dispute.id,
        invoice: { id: dispute.invoice_id, number: dispute.number, term: dispute.term },
        debtor: { id: dispute.debtorId, name: dispute.debtorName },
        contested: moneyOf(dispute.contested_cents, currency),
        unasked: moneyOf(unaskedFor(collection, disputeId), currency),
        reason: dispute.reason,
        reasonText: reasonInWords(dispute.reason, language),
        department: dispute.department,
        departmentText: departmentInWords(dispute.department, language),
        state: dispute.state,
        stage: dispute.stage,
        dueOn:
          dispute.stage === null || dispute.stage_since === null
            ? null
            : termOf(collection.calendar, dispute.stage_since),
        resolver:
          dispute.assigned_to === null ? null : { id: dispute.assigned_to, name: dispute.resolverName },
        openedAt: instantOf(dispute.opened_at),
        openedBy: personOf(dispute.opened_by),
        qualifiedAt: instantOf(dispute.qualified_at),
        answeredAt: instantOf(dispute.answered_at),
        resolvedAt: instantOf(dispute.resolved_at),
        resolvedBy: dispute.resolved_by === null ? null : personOf(dispute.resolved_by),
        outcome: dispute.outcome && outcomeNow(dispute.outcome),
        granted: dispute.granted_cents === null ? null : moneyOf(dispute.granted_cents, currency),
        awaits: awaitedFor(collection, disputeId),
        messages: messages.map(({ id, way: saidIn, writtenBy, at, text }) => ({
          id,
          way: saidIn,
          by: personOf(writtenBy),
          at: instantOf(at),
          text,
          sent: sentAs(sayings.get(id), collection.calendar.zone, language),
        })),
        documents: documents.map(({ way: handedIn, addedBy, at, size, ...document }) => ({
          ...document,
          way: handedIn,
          by: personOf(addedBy),
          at: instantOf(at),
          sizeBytes: size,
          url: `/v1/dispute-documents/${document.id}`,
        })),
        history: storyOf(past, collection, language).map(({ at, type, author: by, text, words }) => ({
          at,
          type,
          author: by,
          text,
          words,
        })),
      };
    },
  );

  app.get(
    '/dispute-documents/:documentId',
    {
      schema: {
        summary: 'A document of a dispute, as a file to keep',
        tags: ['work'],
        params: z.object({ documentId: uuid }),
        response: {
          200: {
            description: 'The bytes.',
            content: {
              'application/pdf': { schema: z.any() },
              'image/png': { schema: z.any() },
              'image/jpeg': { schema: z.any() },
              'text/plain': { schema: z.any() },
            },
          },
          ...problems(404),
        },
      },
    },
    async ({ params: { documentId }, eyes }, reply) => {
      const document = await readDisputeDocument(eyes, house.db, documentId);
      if (!document) throw Problem.notFound('document', documentId);
      return sendDocument(reply, document, 'attachment');
    },
  );
};

/** How far a word has come, and what it waits for. */
function sentAs(saying: Saying | undefined, zone: string, language: Language) {
  if (!saying) return null;
  const { messageId, state, recipient, reason, deferredUntil: until } = saying;
  const waits = state === 'planned' && reason !== null && isDeferralReason(reason);
  return {
    messageId,
    state,
    stateText: deliveryInWords(state, language),
    recipient: recipient === '' ? null : recipient,
    waitsFor: waits ? doorSentence({ reason, until }, { language, zone }) : null,
  };
}

/** What of the past of an invoice is about that dispute: its facts, its tasks, what was said and handed in. */
function about(disputeId: string, past: Past): Past {
  const tasks = new Set(
    past.entries.flatMap(({ fact }) =>
      fact?.type === 'taskOpened' && fact.about === disputeId ? [fact.taskId] : [],
    ),
  );
  const isAbout = ({ fact, body }: PastEntry): boolean => {
    const said: Readonly<Record<string, unknown>> = fact ? { ...fact } : body;
    return said['disputeId'] === disputeId || tasks.has(String(said['taskId']));
  };
  return { ...past, entries: past.entries.filter(isAbout), messages: [] };
}

function unaskedFor(collection: Collection, disputeId: string): number {
  const dispute = collection.disputes.find((one) => one.disputeId === disputeId);
  return dispute ? Math.min(dispute.contestedCents, contestedCentsOf(collection)) : 0;
}

function awaitedFor(collection: Collection, disputeId: string): string | null {
  const dispute = collection.disputes.find((one) => one.disputeId === disputeId);
  return dispute?.justified === true ? (dispute.awaits ?? 'credit_note') : null;
}
