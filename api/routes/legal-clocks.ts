import { z } from 'zod';
import { lawIn } from '../../db/law.ts';
import { readInvoice } from '../../db/invoice-reads.ts';
import { insurerNoticesOf } from '../../db/insurance.ts';
import { lapsingDeclarations, lapsingInvoices } from '../../db/lapsing.ts';
import { proofsOf, recordLimitationEvent } from '../../db/limitation-events.ts';
import { sees } from '../../db/visible.ts';
import { clockInWords } from '../../domain/law/clock-in-words.ts';
import type { LegalDate } from '../../domain/law/legal-date.ts';
import type { LimitationEvent } from '../../domain/law/limitation-term.ts';
import { insurerNoticeKinds } from '../../domain/law/insurer-dates.ts';
import { warningDaysOf } from '../../domain/law/warning-days.ts';
import { eventInWords } from '../../domain/law/limitation-in-words.ts';
import { clocksOfFile } from '../../domain/legal-clocks/clocks-of-file.ts';
import { dayAt } from '../../domain/calendar.ts';
import { answered, comment, happenedBy, onInvoice } from '../at-the-counter.ts';
import { cursorAfter, readCursor } from '../cursor.ts';
import { legalDate, legalDateOf } from '../legal-date-shapes.ts';
import { Problem } from '../problem.ts';
import type { Routes } from '../route-parts.ts';
import { civilDate, invoiceParams, line, page, paging, problems, recorded, uuid } from '../shapes.ts';
import { addNote } from '../../db/notes.ts';

const proof = {
  documentId: uuid.optional().describe('A document of this installation.'),
  reference: line(300).optional().describe('Where the paper is kept, in words.'),
};

const limitationEvent = z.discriminatedUnion('kind', [
  z.strictObject({
    kind: z.literal('acknowledgement').describe('The debtor admits the debt.'),
    by: z.enum(['partial_payment', 'written_promise', 'request_for_time', 'statement']),
    on: civilDate,
    ...proof,
    comment,
  }),
  z.strictObject({ kind: z.literal('court_claim'), on: civilDate, ...proof, comment }),
  z.strictObject({ kind: z.literal('enforcement'), on: civilDate, ...proof, comment }),
  z.strictObject({
    kind: z
      .literal('written_demand')
      .describe('Interrupts nothing but the lapse of a debt of a public body.'),
    on: civilDate,
    ...proof,
    comment,
  }),
  z.strictObject({
    kind: z.literal('suspension'),
    by: z.enum(['mediation', 'conciliation', 'small_claims_agreement']),
    on: civilDate,
    until: civilDate.nullable().default(null).describe('The last day; null while it lasts.'),
    ...proof,
    comment,
  }),
]);

const toldEvent = z.object({
  kind: z.string(),
  by: z.string().nullable(),
  on: z.string(),
  until: z.string().nullable(),
  text: z.string(),
  evidence: z.object({
    kind: z.enum(['fact', 'document', 'message']),
    id: z.string(),
    documentId: z.string().nullable(),
    reference: z.string().nullable(),
  }),
});

const clock = legalDate
  .extend({
    text: z.string(),
    passed: z.boolean(),
    warnings: z.array(
      z.object({
        on: z.string(),
        given: z.boolean().describe('People were told, or a later one was given.'),
      }),
    ),
  })
  .meta({ id: 'LegalClock' });

const clocks = z
  .object({
    clocks: z.array(clock).describe('The first one first.'),
    limitation: z
      .object({
        on: z
          .string()
          .nullable()
          .describe('null: a value of the law is missing, or the file is older than its clocks.'),
        byDueDate: z.string().nullable().describe('The date by the due date alone, which courts may prefer.'),
        sector: z
          .string()
          .nullable()
          .describe(
            'What the creditor sells; null: nobody has said, so the general term holds and the shortest is warned of.',
          ),
        source: z.string().nullable(),
        passed: z.boolean(),
        interruptedBy: toldEvent.nullable(),
        suspendedDays: z.int(),
        events: z.array(toldEvent.extend({ without: z.enum(['no_effect', 'too_late']).nullable() })),
      })
      .describe('How the last day to go to court was worked out, with the proof of what moved it.'),
    insurer: z
      .array(
        z.object({
          notice: z.enum(insurerNoticeKinds),
          on: z.string(),
          documentId: z.string().nullable(),
          reference: z.string().nullable(),
        }),
      )
      .describe('What the credit insurer was told of it: the clocks that this makes good have stopped.'),
    notice: z
      .object({ state: z.enum(['running', 'not_presented', 'undelivered']), on: z.string().nullable() })
      .nullable()
      .describe('How the formal notice stands; null while none is on its way.'),
    litigation: z.object({
      possible: z.boolean(),
      because: z.enum(['no_notice', 'answer_runs']).nullable(),
      on: z.string().nullable().describe('The last day of the answer.'),
    }),
  })
  .meta({ id: 'LegalClocks' });

const lapsing = legalDate
  .extend({
    text: z.string(),
    invoiceId: z.string().nullable().describe('null: a declaration, of all claims of a creditor.'),
    number: z.string().nullable(),
    debtorId: z.string(),
    debtorName: z.string(),
  })
  .meta({ id: 'LapsingClock' });

/**
 * The legal dates of an invoice: what ends when, why, what has moved it, and whom it was told.
 *
 * They are worked out by the same rules that warn of them and silence the file; nothing here is kept twice.
 */
export const legalClockRoutes: Routes = async (app, { house }) => {
  app.get(
    '/legal-clocks',
    {
      schema: {
        summary:
          'The legal dates that come within so many days, invoice after invoice; then the declarations',
        description:
          'Each page looks at so many invoices, open or handed over and still owed, as `limit` says and answers those of their dates that come: it may be empty while `nextCursor` leads on.',
        tags: ['invoices'],
        querystring: z.strictObject({
          within: z.coerce
            .number({ error: 'give a number of days from 0 to 400' })
            .int()
            .min(0)
            .max(400)
            .default(30),
          ...paging,
        }),
        response: { 200: page(lapsing) },
      },
    },
    async (request) => {
      const { within, limit, cursor } = request.query;
      const [after] = readCursor('legal-clocks', cursor) ?? [];
      const now = await house.clock.now();
      const part = { within, limit, ...(typeof after === 'string' ? { after } : {}) };
      const { items, last } = await lapsingInvoices(request.eyes, house, now, part);
      const declarations =
        last === null ? await lapsingDeclarations(request.eyes, house.db, now, within) : [];
      return {
        items: [...items, ...declarations].map(({ date, ...of }) => ({
          ...legalDateOf(date),
          ...of,
          text: clockInWords(date.clock, request.caller.language),
        })),
        nextCursor: last === null ? null : cursorAfter('legal-clocks', [last]),
      };
    },
  );

  app.get(
    '/invoices/:invoiceId/clocks',
    {
      schema: {
        summary: 'The legal dates of an invoice, each with its computation and its warnings',
        tags: ['invoices'],
        params: invoiceParams,
        response: { 200: clocks, ...problems(404) },
      },
    },
    async (request) => {
      const { invoiceId } = request.params;
      const found = await readInvoice(request.eyes, house.db, house, invoiceId);
      if (!found) throw Problem.notFound('invoice', invoiceId);
      const { collection } = found;
      const now = await house.clock.now();
      const [today, { language }] = [dayAt(collection.calendar, now), request.caller];
      const law = await lawIn(house.db);
      const { dates, limitation, notice, hindrance } = clocksOfFile(law, collection, now);
      const proofs = await proofsOf(house.db, invoiceId);
      const told = (event: LimitationEvent): z.infer<typeof toldEvent> => ({
        kind: event.kind,
        by: 'by' in event ? event.by : null,
        on: event.on,
        until: event.kind === 'suspension' ? event.until : null,
        text: eventInWords(event, language),
        evidence: {
          ...event.evidence,
          documentId: proofs.get(event.evidence.id)?.documentId ?? null,
          reference: proofs.get(event.evidence.id)?.reference ?? null,
        },
      });
      const warnedFor = (date: LegalDate) =>
        collection.warned?.find((one) => one.clock === date.clock && one.on === date.on)?.for ?? '';
      return {
        clocks: dates.map((date) => ({
          ...legalDateOf(date),
          text: clockInWords(date.clock, language),
          passed: today > date.on,
          warnings: warningDaysOf(date)
            .filter((on) => on > date.from)
            .map((on) => ({ on, given: on <= warnedFor(date) })),
        })),
        limitation: {
          on: limitation?.on ?? null,
          byDueDate: limitation?.byDueDate ?? null,
          sector: collection.legalTerms?.sector ?? null,
          source: limitation?.source ?? null,
          passed: limitation !== null && today > limitation.on,
          interruptedBy: limitation?.interruptedBy ? told(limitation.interruptedBy) : null,
          suspendedDays: limitation?.suspendedDays ?? 0,
          events: (collection.limitationEvents ?? []).map((event) => ({
            ...told(event),
            without: limitation?.without.find((one) => one.event === event)?.why ?? null,
          })),
        },
        insurer: await insurerNoticesOf(house.db, invoiceId),
        notice: notice && {
          state: notice.kind,
          on: notice.kind === 'running' ? notice.date.on : notice.kind === 'undelivered' ? notice.on : null,
        },
        litigation: {
          possible: hindrance === null,
          because: hindrance?.code ?? null,
          on: hindrance?.code === 'answer_runs' ? hindrance.on : null,
        },
      };
    },
  );

  app.post(
    '/invoices/:invoiceId/limitation-events',
    {
      schema: {
        summary: 'Record what interrupts or suspends the limitation of a claim, with its proof',
        tags: ['facts'],
        params: invoiceParams,
        body: limitationEvent,
        response: { 201: recorded, ...problems(404, 409) },
      },
    },
    async (request, reply) => {
      const { invoiceId } = request.params;
      const { comment: words, documentId = null, reference = null, ...given } = request.body;
      if (documentId === null && reference === null)
        throw Problem.invalid('reference', 'is missing', 'Say where the proof is, or give its document.');
      if (documentId !== null && !(await sees(house.db, request.eyes, 'document', documentId)))
        throw Problem.notFound('document', documentId);
      const answer = await onInvoice(request, house, invoiceId, async (desk, file) => {
        happenedBy('on', given.on, desk.now);
        if (given.kind === 'suspension' && given.until !== null && given.until < given.on)
          throw Problem.invalid('until', 'lies before the first day', 'Give the last day, or null.');
        const { author } = request.caller;
        const said = await recordLimitationEvent(desk, file.id, given, { documentId, reference }, author);
        await addNote(desk, file.id, 'invoiceNote', words, { about: 'limitation' }, author);
        return answered(request, desk, said);
      });
      return reply.code(201).send(answer);
    },
  );
};
