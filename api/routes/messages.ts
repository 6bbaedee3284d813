import { z } from 'zod';
import { lawDay } from '../../db/calendars.ts';
import type { House } from '../../db/house.ts';
import { listMessages, readDocument, readMessage } from '../../db/message-reads.ts';
import type { MessageInList, WholeMessage } from '../../db/message-reads.ts';
import { restingOnUnvalidated } from '../../db/unvalidated.ts';
import type { Language } from '../../domain/message.ts';
import { bounceHours } from '../../domain/schedule.ts';
import { hourMs } from '../../domain/time.ts';
import type { Instant } from '../../domain/time.ts';
import type { Routes } from '../route-parts.ts';
import { cursorAfter, pageOf, readCursor } from '../cursor.ts';
import { sendDocument } from '../documents.ts';
import { known } from '../known.ts';
import { warnings, warningsOf } from '../law-warnings.ts';
import { Problem } from '../problem.ts';
import {
  instant,
  instantOf,
  level,
  line,
  money,
  moneyOf,
  named,
  page,
  paging,
  problems,
  uuid,
} from '../shapes.ts';
import { namesOfSteps } from '../step-names.ts';
import type { ListedStep } from '../step-names.ts';

/** What was said, or will be: messages with their figures and bytes, the drafts among them, and documents. */
const purpose = z
  .enum(['contact', 'internal', 'sample', 'word'])
  .describe(
    'A word is what a person says to the debtor about his dispute, or what he is told of a discount; it takes no step.',
  );

const messageInList = z
  .object({
    id: z.string(),
    purpose,
    channel: z.string(),
    language: z.string(),
    level: level.nullable(),
    template: z.string(),
    state: z.string(),
    plannedAt: instant,
    claimedAt: instant.nullable(),
    recipient: z.string(),
    subject: z.string().nullable(),
    erasedAt: instant
      .nullable()
      .describe('Since when whom it went to and what it said are gone; recipient and digest are empty then.'),
    digest: z.string().describe('SHA-256 of its figures and bytes; what an approval names.'),
    reason: z.string().nullable(),
    deliveryProof: z
      .enum(['proven', 'awaited', 'none'])
      .nullable()
      .describe(
        'Of a mail or text message that has left: `proven` when its delivery was reported, `awaited` for 48 hours, then `none`: its steps count because nothing came back, but nobody has confirmed it.',
      ),
    debtor: z.object({ id: z.string(), name: z.string() }).nullable(),
    creditor: z.object({ id: z.string(), name: z.string() }).nullable(),
    invoices: z.array(
      z.object({
        id: z.string(),
        number: z.string(),
        term: z.int(),
        taken: z.boolean().describe('Whether this message takes a step of the invoice, or only lists it.'),
        step: z.string().nullable(),
        stepName: named.nullable(),
      }),
    ),
  })
  .meta({ id: 'MessageInList' });

const whole = messageInList
  .extend({
    figures: z.record(z.string(), z.unknown()).describe('What it states, from which its bytes were made.'),
    html: z.string().nullable(),
    text: z.string().nullable(),
    lines: z.array(
      z.object({
        invoiceId: z.string(),
        number: z.string(),
        term: z.int(),
        dueDate: z.string(),
        balance: money,
        asked: money,
        taken: z.boolean(),
        step: z.string().nullable(),
        stepName: named.nullable(),
      }),
    ),
    document: z
      .object({
        id: z.string(),
        name: z.string(),
        mediaType: z.string(),
        sha256: z.string(),
        url: z.string(),
      })
      .nullable(),
    attached: z
      .array(
        z.object({
          id: z.string(),
          name: z.string(),
          mediaType: z.string(),
          sha256: z.string(),
          url: z.string(),
        }),
      )
      .describe('Papers of a dispute that go with it.'),
    warnings,
    provider: z.string().nullable(),
    providerReference: z.string().nullable(),
    possibleDuplicate: z.boolean(),
    stateAt: instant,
    reports: z
      .array(z.object({ kind: z.string(), at: instant, reason: z.string().nullable() }))
      .describe('What the provider reported, oldest first, with its own words.'),
  })
  .meta({ id: 'Message' });

const filters = {
  state: line(200).optional().describe('One state, or several with commas between them.'),
  debtor: uuid.optional(),
  invoice: uuid.optional(),
  creditor: uuid.optional(),
  channel: line(30).optional(),
  purpose: purpose.optional(),
};

export const messageRoutes: Routes = async (app, { house }) => {
  app.get(
    '/messages',
    {
      schema: {
        summary: 'Messages, newest first',
        tags: ['messages'],
        querystring: z.strictObject({ ...paging, ...filters }),
        response: { 200: page(messageInList) },
      },
    },
    async ({
      query: { limit, cursor, state, debtor, invoice, creditor, channel, purpose: meant },
      caller,
      eyes,
    }) => {
      const filter = {
        states: state?.split(','),
        debtorId: debtor,
        invoiceId: invoice,
        creditorId: creditor,
        channel,
        purposes: meant && [meant],
      };
      return messagePage(
        house,
        caller.language,
        await listMessages(eyes, house.db, known(filter), limit, placeFrom('messages', cursor)),
        limit,
        'messages',
      );
    },
  );

  app.get(
    '/drafts',
    {
      schema: {
        summary: "Messages that wait for a person's word",
        tags: ['messages'],
        querystring: z.strictObject({
          ...paging,
          debtor: uuid.optional(),
          creditor: uuid.optional(),
          invoice: uuid.optional(),
        }),
        response: { 200: page(messageInList) },
      },
    },
    async ({ query: { limit, cursor, debtor, creditor, invoice }, caller, eyes }) => {
      const filter = known({ debtorId: debtor, creditorId: creditor, invoiceId: invoice });
      return messagePage(
        house,
        caller.language,
        await listMessages(eyes, house.db, { ...filter, drafts: true }, limit, placeFrom('drafts', cursor)),
        limit,
        'drafts',
      );
    },
  );

  app.get(
    '/messages/:messageId',
    {
      schema: {
        summary: 'One message as it was said',
        tags: ['messages'],
        params: z.object({ messageId: uuid }),
        response: { 200: whole, ...problems(404) },
      },
    },
    async ({ params: { messageId }, caller, eyes }) => {
      const message = await readMessage(eyes, house.db, messageId);
      if (!message) throw Problem.notFound('message', messageId);
      const nameOf = await namesOfSteps(house, message.lines, caller.language);
      const now = await house.clock.now();
      const unvalidated = await restingOnUnvalidated(house.db, [messageId], lawDay(now));
      return {
        ...wholeOf(message, nameOf, now),
        warnings: warningsOf(unvalidated.has(messageId), caller.language),
      };
    },
  );

  app.get(
    '/documents/:documentId',
    {
      schema: {
        summary: 'A document, as a file to keep',
        tags: ['messages'],
        params: z.object({ documentId: uuid }),
        response: {
          200: {
            description: 'The bytes.',
            content: { 'application/pdf': { schema: z.any() }, 'application/json': { schema: z.any() } },
          },
          ...problems(404),
        },
      },
    },
    async ({ params: { documentId }, eyes }, reply) => {
      const document = await readDocument(eyes, house.db, documentId);
      if (!document) throw Problem.notFound('document', documentId);
      return sendDocument(reply, document, 'attachment');
    },
  );
};

type NameOf = (one: ListedStep) => string | null;

async function messagePage(
  house: House,
  language: Language,
  rows: readonly MessageInList[],
  limit: number,
  order: string,
) {
  const taken = rows.flatMap(({ invoices }) => invoices);
  const nameOf = await namesOfSteps(house, taken, language);
  const now = await house.clock.now();
  return pageOf(
    rows,
    limit,
    (row) => messageInListOf(row, nameOf, now),
    (row) => cursorAfter(order, [row.plannedAt, row.id]),
  );
}

function placeFrom(order: string, cursor: string | undefined): [number, string] | undefined {
  return readCursor(order, cursor) as [number, string] | undefined;
}

function messageInListOf(row: MessageInList, nameOf: NameOf, now: Instant): z.infer<typeof messageInList> {
  const { plannedAt, claimedAt, debtorId, debtorName, creditorId, creditorName, invoices, sha256 } = row;
  const { id, purpose, channel, language, level: reached, template, state, recipient, subject, reason } = row;
  return {
    ...{ id, purpose, channel, language, level: reached, template, state, recipient, subject, reason },
    digest: sha256,
    erasedAt: instantOf(row.erasedAt),
    deliveryProof: deliveryProofOf(row, now),
    plannedAt: instantOf(plannedAt),
    claimedAt: instantOf(claimedAt),
    debtor: debtorId === null ? null : { id: debtorId, name: debtorName ?? '' },
    creditor: creditorId === null ? null : { id: creditorId, name: creditorName ?? '' },
    invoices: invoices.map((line) => namedLine(line, nameOf)),
  };
}

/** Silence counts as proof after the time that the domain gives it, and stays recognisable as silence. */
function deliveryProofOf({ channel, state, stateAt }: MessageInList, now: Instant) {
  if (channel !== 'email' && channel !== 'sms') return null;
  if (state === 'delivered') return 'proven';
  if (state !== 'accepted') return null;
  return now < stateAt + bounceHours * hourMs ? 'awaited' : 'none';
}

/** A line as a client sees it: the name of the step in place of the version that gives it. */
function namedLine<Line extends ListedStep>({ scenarioId, ...line }: Line, nameOf: NameOf) {
  return { ...line, stepName: nameOf({ scenarioId, step: line.step }) };
}

function wholeOf(
  message: WholeMessage,
  nameOf: NameOf,
  now: Instant,
): Omit<z.infer<typeof whole>, 'warnings'> {
  const { document } = message;
  return {
    ...messageInListOf(message, nameOf, now),
    figures: message.figures as Record<string, unknown>,
    html: message.body_html,
    text: message.body_text,
    lines: message.lines.map(({ currency, balanceCents, askedCents, ...line }) => ({
      ...namedLine(line, nameOf),
      balance: moneyOf(balanceCents, currency),
      asked: moneyOf(askedCents, currency),
    })),
    document: document
      ? {
          id: document.id,
          name: document.name,
          mediaType: document.media_type,
          sha256: document.sha256,
          url: `/v1/documents/${document.id}`,
        }
      : null,
    attached: message.attached.map(({ id, name, media_type: mediaType, sha256 }) => ({
      ...{ id, name, mediaType, sha256 },
      url: `/v1/dispute-documents/${id}`,
    })),
    provider: message.provider,
    providerReference: message.provider_ref,
    possibleDuplicate: message.possible_duplicate,
    stateAt: instantOf(message.state_at),
    reports: message.reports.map(({ kind, occurred_at: at, reason }) => ({
      kind,
      at: instantOf(at),
      reason,
    })),
  };
}
