import { centsMax } from '../domain/cents-max.ts';
import { z } from 'zod';
import { roles } from '../domain/role.ts';
import { levels } from '../domain/level.ts';
import { isCivilDate } from '../domain/time.ts';
import type { Instant } from '../domain/time.ts';

/**
 * The shapes that every route speaks in: money, days, instants, pages, problems, the answer to a fact.
 *
 * They check requests, cut responses to what is documented, and are what `/openapi.json` is made of; so there is no
 * second description to keep up to date.
 */

/** Money as we answer it: integer cents. */
export const money = z
  .object({
    amount: z.int().describe('Integer cents: 123456 is 1 234,56.'),
    currency: z.string().describe('ISO 4217.'),
  })
  .meta({ id: 'Money' });

/** Money as it is asked with: above zero. */
export const positiveMoney = z.strictObject({
  amount: z.int().positive('give integer cents above 0').max(centsMax, `give at most ${centsMax} cents`),
  currency: z
    .string()
    .max(3)
    .regex(/^[A-Z]{3}$/, 'give an ISO 4217 code such as EUR')
    .meta({ examples: ['EUR'] }),
});

export function moneyOf(cents: number, currency: string): z.infer<typeof money> {
  return { amount: cents, currency };
}

/** Text of one line, as a name or a reference. Postgres can't keep a NUL, and half a character is no text. */
export function line(charsMax: number, charsMin = 1) {
  return z
    .string()
    .trim()
    .min(charsMin)
    .max(charsMax)
    .refine(
      (text) => !/[\p{Cc}\p{Cs}]/u.test(text),
      'it holds a line break or an invisible character: leave out whatever is neither letter nor sign',
    );
}

/** Text of several lines, as people write to each other. */
export function lines(charsMax: number) {
  return z
    .string()
    .trim()
    .min(1)
    .max(charsMax)
    .refine(
      (text) => !/(?![\t\n\r])[\p{Cc}\p{Cs}]/u.test(text),
      'it holds an invisible character: leave out whatever is neither letter, sign nor line break',
    );
}

/** Written for "never" by those who have no due date to give. */
const never = '9999-12-31';

/** A day that exists in our time, without zone: another century is a slip of the keyboard. */
export const civilDate = z
  .string()
  .refine(isCivilDate, 'give a day that exists, as YYYY-MM-DD')
  .refine(
    (day) => (day >= '1980-01-01' && day <= '2099-12-31') || day === never || !isCivilDate(day),
    `give a day from 1980 to 2099, or ${never} for never`,
  )
  .meta({ format: 'date', description: 'A civil day, YYYY-MM-DD.' });

/** An instant in an answer; make it with `instantOf`. */
export const instant = z
  .string()
  .meta({ format: 'date-time', description: 'An instant of the business clock, ISO 8601 in UTC.' });

export function instantOf(at: Instant): string;
export function instantOf(at: Instant | null): string | null;
export function instantOf(at: Instant | null): string | null {
  return at === null ? null : new Date(at).toISOString();
}

/** An instant in a query: read it with Date.parse. */
export const instantGiven = z.iso
  .datetime({ offset: true, error: 'give an instant such as 2026-11-22T09:00:00Z' })
  .max(40);

/** Yes or no in a query. */
export const flag = z.enum(['true', 'false']).transform((text) => text === 'true');

/** A mail address: what stands before the @ has 64 characters at most (RFC 5321), which no mail server forgives. */
export const mailAddress = z
  .email('give a mail address such as name@example.com')
  .max(254)
  .refine((address) => address.indexOf('@') <= 64, 'give a mail address such as name@example.com');

export const uuid = z.uuid('give the id as the API returned it');

export const level = z.enum(levels);

/** Who did something, in an answer: a user with the name, a file, a bank, a provider or Relance itself. */
export const author = z
  .object({
    kind: z.enum(['user', 'import', 'bank', 'provider', 'relance']),
    id: z.string(),
    name: z.string().nullable(),
  })
  .meta({ id: 'Author' });

/** Beside the key of a step. */
export const named = z.string().describe("What people call the step, in the caller's language.");

/** One reason of a decision: the code with its data for programs, the sentence for people. */
export const reason = z
  .object({
    code: z.string(),
    text: z.string().describe("In the caller's language."),
    step: z.string().optional(),
    at: instant.optional(),
    on: z.string().optional(),
    amount: money.optional(),
    count: z.int().optional(),
    detail: z.string().optional(),
  })
  .meta({ id: 'Reason' });

/** What happens next to an invoice, and why. */
export const next = z
  .object({
    decision: z.enum(['act', 'wait', 'close']),
    state: z.string(),
    action: z
      .string()
      .nullable()
      .describe('What Relance does now: requestStep, openTask, remindTask, breakPromise, handOver.'),
    step: z.string().nullable().describe('The step that is asked for or under way.'),
    stepName: named.nullable(),
    until: instant.nullable().describe('When it is decided again if nothing happens.'),
    reasons: z.array(reason),
  })
  .meta({ id: 'Next' });

/** An invoice in short, as the answer to a fact names it. */
export const invoiceInShort = z
  .object({
    id: z.string(),
    number: z.string(),
    state: z.string(),
    level: level.nullable(),
    balance: money,
    asked: money,
  })
  .meta({ id: 'InvoiceInShort' });

/** The answer to a fact: the invoice as it is now and what comes next, before any worker has moved. */
export const recorded = z
  .object({
    invoice: invoiceInShort,
    fact: z.object({ number: z.int(), type: z.string() }),
    next,
    approvalId: z
      .string()
      .optional()
      .describe('There when the act is only asked for: it is done once another person says yes.'),
  })
  .meta({ id: 'Recorded' });

/** A list: `nextCursor` is null on the last page. */
export function page<Item extends z.ZodType>(item: Item) {
  return z.object({ items: z.array(item), nextCursor: z.string().nullable() });
}

/** What every list takes in its query. */
export const paging = {
  limit: z.coerce.number({ error: 'give a number from 1 to 200' }).int().min(1).max(200).default(50),
  // It holds the name of a debtor, which may be long.
  cursor: z.string().max(5_000).optional(),
};

export const invoiceParams = z.object({ invoiceId: uuid });

export const problemBody = z
  .object({
    type: z.string(),
    title: z.string(),
    status: z.int(),
    code: z.string(),
    detail: z.string(),
    instance: z.string(),
    field: z.string().optional(),
    remedy: z.string().optional(),
    errors: z.array(z.object({ field: z.string(), problem: z.string(), remedy: z.string() })).optional(),
    questions: z
      .array(
        z.object({
          code: z.string(),
          column: z.string().optional(),
          field: z.string().optional(),
          question: z.string(),
          choices: z.array(
            z.object({ answer: z.union([z.string(), z.number()]).nullable(), meaning: z.string() }),
          ),
          examples: z.array(z.string()),
          howToAnswer: z.string(),
        }),
      )
      .optional()
      .describe('Of an import: what only the caller can say.'),
  })
  .meta({ id: 'Problem' });

const meanings = {
  400: 'The request is not as it should be; `errors` names each field with the remedy.',
  401: 'No key, or one that is not known.',
  403: 'The role of the caller may not do this.',
  404: 'There is no such thing.',
  409: 'It makes no sense for the thing as it is now; `code` and `detail` say why.',
  413: 'Too much at once.',
  415: 'Not a media type that is read here.',
  421: 'Sent to a name that is not ours.',
  422: 'The Idempotency-Key was used for another request.',
  429: 'Too often: ask again after `Retry-After`.',
  500: 'A fault of Relance; the document holds the number of the request and nothing else.',
  503: 'Something that is needed does not answer now: ask again after `Retry-After`.',
} as const;

export type ProblemStatus = keyof typeof meanings;

/** The problem documents of a route, for its `response`; what any route may answer is added by the app. */
export function problems(...statuses: readonly ProblemStatus[]) {
  return Object.fromEntries(
    statuses.map((status) => [
      status,
      { description: meanings[status], content: { 'application/problem+json': { schema: problemBody } } },
    ]),
  ) as Record<
    number,
    { description: string; content: { 'application/problem+json': { schema: typeof problemBody } } }
  >;
}

export const role = z.enum(roles);
