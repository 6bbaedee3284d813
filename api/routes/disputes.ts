import type { FastifyRequest } from 'fastify';
import { z } from 'zod';
import { addMessage, papersForDebtor } from '../../db/dispute-file.ts';
import type { PaperForDebtor } from '../../db/dispute-file.ts';
import { isResolver, listReasons, nameAnswerer } from '../../db/dispute-reasons.ts';
import { answerAs, qualify, termFromToday, whoAnswersFor } from '../../db/disputes.ts';
import type { Desk, InvoiceFile } from '../../db/desk.ts';
import type { House } from '../../db/house.ts';
import { hasFourEyes } from '../../db/approvals.ts';
import { resolveDispute, waiveAsGoodwill } from '../../db/goodwill.ts';
import { addNote } from '../../db/notes.ts';
import { uuidv7 } from '../../db/uuid.ts';
import { handOverOf } from '../../db/hand-overs.ts';
import { planWord, refusalOfWord } from '../../db/words.ts';
import { invoiceOf } from '../../db/whose.ts';
import { askedCentsOf } from '../../domain/collection.ts';
import { outcomeNow } from '../../domain/dispute/outcome.ts';
import { departmentInWords, reasonInWords } from '../../domain/dispute/reason.ts';
import type { Routes } from '../route-parts.ts';
import { answered, centsFor, comment, onInvoice, unlessRefused } from '../at-the-counter.ts';
import { levelSpokenOf, onlyFitWords } from '../fit-words.ts';
import { department, disputeReason, outcomeGiven, stage, way } from '../dispute-shapes.ts';
import { saidGravely } from '../gravely.ts';
import { inTransaction } from '../idempotency.ts';
import { known } from '../known.ts';
import { waivers } from '../policy.ts';
import { Problem } from '../problem.ts';
import { civilDate, invoiceParams, lines, positiveMoney, problems, recorded, uuid } from '../shapes.ts';

/**
 * What a debtor contests, from his word to the decision.
 *
 * It stops its amount at once. Then it is qualified, answered and decided, each in five working days, or people are told
 * (`domain/dispute/ladder.ts`). What is not contested never waits for any of this.
 */
const disputeParams = z.object({ disputeId: uuid });

const reasonAnswered = z
  .object({
    reason: disputeReason,
    text: z.string().describe("In the caller's language."),
    department: z.string(),
    departmentText: z.string(),
    resolver: z.object({ id: z.string(), name: z.string() }).nullable(),
    named: z.boolean().describe('Whether the house has named them; else it is as usual.'),
  })
  .meta({ id: 'DisputeReason' });

export const disputeRoutes: Routes = async (app, { house }) => {
  app.post(
    '/invoices/:invoiceId/disputes',
    {
      schema: {
        summary: 'Record that the debtor contests an invoice, or a part of it',
        tags: ['facts'],
        params: invoiceParams,
        body: z.strictObject({
          reason: disputeReason,
          amount: positiveMoney.optional().describe('All that is owed and not contested yet when absent.'),
          description: comment,
        }),
        response: {
          201: recorded.extend({
            disputeId: z.string(),
            qualifyBy: z.string().describe('The last day to qualify it before the manager is told.'),
          }),
          ...problems(404, 409),
        },
      },
    },
    async (request, reply) => {
      const { reason, amount, description } = request.body;
      const { author } = request.caller;
      const answer = await onInvoice(request, house, request.params.invoiceId, async (desk, file) => {
        const disputeId = uuidv7();
        const contestedCents = centsFor(file, amount) ?? askedCentsOf(file.collection);
        const qualifyBy = await termFromToday(desk, file.id);
        const answer = answered(
          request,
          desk,
          await desk.ask(
            file.id,
            { type: 'disputeOpened', disputeId, contestedCents, reason, qualifyBy },
            author,
          ),
        );
        await addNote(desk, file.id, 'disputeNote', description, { disputeId }, author);
        return { ...answer, disputeId, qualifyBy };
      });
      return reply.code(201).send(answer);
    },
  );

  app.post(
    '/disputes/:disputeId/qualification',
    {
      schema: {
        summary: 'Accept a dispute as one and say who is to answer it, or turn it down as unfounded',
        tags: ['facts'],
        params: disputeParams,
        body: z.strictObject({
          verdict: z.enum(['dispute', 'unfounded']),
          reason: disputeReason.optional().describe('The right one, where another was recorded.'),
          department: department.optional().describe('That which answers for the reason when absent.'),
          resolverId: uuid
            .nullable()
            .optional()
            .describe(
              'A resolver; null: nobody yet. Absent: who has it, or whom the house has named for the reason.',
            ),
          comment,
        }),
        response: { 201: recorded.extend({ answerBy: civilDate.nullable() }), ...problems(404, 409) },
      },
    },
    async (request, reply) => {
      const { verdict, comment: text, ...given } = request.body;
      const { disputeId } = request.params;
      const { author } = request.caller;
      const answer = await onDispute(request, house, disputeId, async (desk, file) => {
        await addNote(desk, file.id, 'disputeNote', text, { disputeId }, author);
        if (verdict === 'unfounded') {
          const fact = { type: 'disputeResolved', disputeId, outcome: 'rejected' } as const;
          return { ...answered(request, desk, await desk.ask(file.id, fact, author)), answerBy: null };
        }
        const who = await whoIsTo(desk, disputeId, given);
        const answer = answered(request, desk, await qualify(desk, file.id, { disputeId, ...who }, author));
        return { ...answer, answerBy: await termFromToday(desk, file.id) };
      });
      return reply.code(201).send(answer);
    },
  );

  app.post(
    '/disputes/:disputeId/resolution',
    {
      schema: {
        summary:
          'Decide a dispute: turn it down, or give way by a credit note, a corrected invoice or goodwill',
        description:
          'What is granted stays unasked until its paper has come; the rest of what was contested is asked for again at once. Without `granted` the first credit says how much it is, and goodwill is all that was contested. Goodwill is a waiver: another person is asked for it at once, or it is granted at once where nobody else need say yes.',
        tags: ['facts'],
        params: disputeParams,
        body: z.strictObject({
          outcome: outcomeGiven,
          granted: positiveMoney
            .optional()
            .describe('How much of the contested amount is given, where a part of it is.'),
          comment,
        }),
        response: { 201: recorded, ...problems(404, 409) },
      },
    },
    async (request, reply) => {
      const { granted, comment: text } = request.body;
      const outcome = outcomeNow(request.body.outcome);
      if (outcome === 'rejected' && granted !== undefined)
        throw Problem.invalid(
          'granted',
          'Nothing is granted of a dispute that is rejected.',
          'Leave it out, or give the outcome by which you give way.',
        );
      const { disputeId } = request.params;
      const { author } = request.caller;
      const answer = await onDispute(request, house, disputeId, async (desk, file) => {
        const grantedCents = centsFor(file, granted);
        const resolved = unlessRefused(
          await resolveDispute(desk, file, { disputeId, outcome, ...known({ grantedCents }) }, author),
        );
        await addNote(desk, file.id, 'disputeNote', text, { disputeId }, author);
        const mayAsk = waivers.includes(request.caller.role) || (await hasFourEyes(desk.tx));
        const waiver = mayAsk ? await waiveAsGoodwill(desk, file.id, disputeId, author) : null;
        const asked = waiver && unlessRefused(waiver);
        const approvalId = asked?.kind === 'asked' ? asked.approvalId : null;
        return saidGravely(request, desk, { approvalId, recorded: [] }, resolved);
      });
      return reply.code(201).send(answer);
    },
  );

  app.post(
    '/disputes/:disputeId/messages',
    {
      schema: {
        summary: 'Say something about a dispute, within the house or to the debtor, or record what he said',
        description:
          'What its resolver says while he is asked is his answer. What is said to the debtor is sent to him by mail, through his door: it waits for the hours of sending, the stops and the caps as every message does, and may be followed as a message.',
        tags: ['facts'],
        params: disputeParams,
        body: z.strictObject({
          way,
          text: lines(5_000),
          send: z
            .boolean()
            .optional()
            .describe(
              'False for what was said to the debtor otherwise, by telephone for example: it is kept and not sent.',
            ),
          documents: z
            .array(uuid)
            .max(20)
            .optional()
            .describe(
              'Papers of the dispute marked to_debtor that go with the mail, 10 MB in all; absent: those that went with none yet.',
            ),
        }),
        response: {
          201: z.object({
            messageId: z.string(),
            disputeId: z.string(),
            stage: stage.nullable().describe('Where the dispute stands after it.'),
            sentAs: z.string().nullable().describe('The message that says it to the debtor.'),
            attached: z
              .array(z.object({ id: z.string(), name: z.string(), sizeBytes: z.int() }))
              .describe('The papers that go with it.'),
          }),
          ...problems(404, 409),
        },
      },
    },
    async (request, reply) => {
      const { disputeId } = request.params;
      const { way: saidIn, text, send = true, documents } = request.body;
      const { author } = request.caller;
      const isSent = saidIn === 'to_debtor' && send;
      if (!isSent && documents !== undefined)
        throw Problem.invalid(
          'documents',
          'Papers go with what is sent to the debtor.',
          'Leave them out, or give way=to_debtor without send=false.',
        );
      const answer = await onDispute(request, house, disputeId, async (desk, file) => {
        const about = { invoiceId: file.id, disputeId };
        const { language } = file.collection.debtor;
        const papers = isSent ? await papersToSend(desk, disputeId, documents) : [];
        if (isSent) {
          const refusal = await refusalOfWord(desk, file, disputeId);
          if (refusal) throw Problem.refused(refusal);
          const handed = await handOverOf(desk.tx, file.id);
          if (handed) throw withFirm(handed.firm.name);
          onlyFitWords('text', text, levelSpokenOf(file.collection, desk.now), language);
        }
        const messageId = await addMessage(desk, { ...about, way: saidIn }, text, author);
        if (saidIn !== 'from_debtor') await answerAs(desk, about, author);
        const ids = papers.map(({ id }) => id);
        const sentAs = isSent ? await planWord(desk, file, messageId, ids) : null;
        const row = await desk.tx
          .selectFrom('dispute')
          .select('stage')
          .where('id', '=', disputeId)
          .executeTakeFirstOrThrow();
        const attached = papers.map(({ id, name, size: sizeBytes }) => ({ id, name, sizeBytes }));
        return { messageId, disputeId, stage: row.stage, sentAs, attached };
      });
      return reply.code(201).send(answer);
    },
  );

  app.get(
    '/dispute-reasons',
    {
      schema: {
        summary: 'The reasons of disputes, and who answers for each',
        tags: ['settings'],
        response: { 200: z.object({ items: z.array(reasonAnswered) }) },
      },
    },
    async ({ caller: { language } }) => ({
      items: (await listReasons(house.db)).map((row) => ({
        ...row,
        text: reasonInWords(row.reason, language),
        departmentText: departmentInWords(row.department, language),
      })),
    }),
  );

  app.patch(
    '/dispute-reasons',
    {
      schema: {
        summary: 'Name the department and the resolver who answer for a reason from now on',
        tags: ['settings'],
        body: z.strictObject({
          reason: disputeReason,
          department,
          resolverId: uuid.nullable().optional().describe('A resolver; nobody when absent.'),
        }),
        response: {
          200: z.object({ reason: z.string(), department: z.string(), resolverId: z.string().nullable() }),
          ...problems(404),
        },
      },
    },
    async ({ body, caller }) => {
      const named = { ...body, resolverId: body.resolverId ?? null };
      const isNamed = await inTransaction(house, (tx, now) => nameAnswerer(tx, now, named, caller.userId));
      if (!isNamed) throw Problem.notFound('resolver', named.resolverId ?? '');
      return named;
    },
  );
};

/** Works at the desk on the invoice of a dispute; 404 when there is none. */
export async function onDispute<T>(
  request: FastifyRequest,
  house: House,
  disputeId: string,
  work: (desk: Desk, file: InvoiceFile) => Promise<T>,
): Promise<T> {
  const invoiceId = await invoiceOf(house.db, 'dispute', disputeId);
  if (!invoiceId) throw Problem.notFound('dispute', disputeId);
  return onInvoice(request, house, invoiceId, work);
}

function withFirm(firm: string): Problem {
  return Problem.conflict(
    'hold-of-hand-over',
    'A firm has the file.',
    `${firm} speaks with the debtor, so we are silent: two voices at once would chase him.`,
    'Tell the firm, and record with send=false what was said otherwise; or take the file back first.',
  );
}

/** More is turned away by the mailboxes of most debtors, for a mail carries it as text. */
const papersBytesMax = 10 * 1024 * 1024;

/** The papers that go with a mail to the debtor. Throws 404 for one that is not for him, 409 when a mailbox would not take them. */
async function papersToSend(
  desk: Desk,
  disputeId: string,
  named: readonly string[] | undefined,
): Promise<readonly PaperForDebtor[]> {
  const papers = await papersForDebtor(desk.tx, disputeId, named);
  const missing = named?.find((id) => !papers.some((paper) => paper.id === id));
  if (missing !== undefined) throw Problem.notFound('paper of this dispute for the debtor', missing);
  const bytes = papers.reduce((sum, { size }) => sum + size, 0);
  if (bytes <= papersBytesMax) return papers;
  throw Problem.conflict(
    'papers-too-large',
    'The papers are too large for one mail.',
    `${papers.map(({ name, size }) => `${name} (${Math.ceil(size / 1024)} kB)`).join(', ')}: a mail carries ${papersBytesMax / 1024 / 1024} MB at most.`,
    'Name with documents those that go with this one, and send the others with another.',
    'documents',
  );
}

/** Who is to answer: whoever is said, else who has it already, else whom the house has named for the reason. */
async function whoIsTo(
  desk: Desk,
  disputeId: string,
  given: {
    readonly reason?: string | undefined;
    readonly department?: string | undefined;
    readonly resolverId?: string | null | undefined;
  },
): Promise<{ reason: string; department: string; resolverId: string | null }> {
  const row = await desk.tx
    .selectFrom('dispute')
    .select(['reason', 'assigned_to'])
    .where('id', '=', disputeId)
    .executeTakeFirstOrThrow();
  const reason = given.reason ?? row.reason;
  const usual = await whoAnswersFor(desk.tx, reason);
  const resolverId =
    given.resolverId === undefined ? (row.assigned_to ?? usual.resolverId) : given.resolverId;
  if (given.resolverId && !(await isResolver(desk.tx, given.resolverId)))
    throw Problem.notFound('resolver', given.resolverId);
  return { reason, department: given.department ?? usual.department, resolverId };
}
