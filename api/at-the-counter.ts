import type { FastifyRequest } from 'fastify';
import { z } from 'zod';
import { dayInZone } from '../db/calendars.ts';
import type { Answer, Desk, InvoiceFile } from '../db/desk.ts';
import type { House } from '../db/house.ts';
import { debtorsOfInvoices } from '../db/payments.ts';
import type { Fact } from '../domain/fact.ts';
import type { Refusal } from '../domain/refusal.ts';
import type { CivilDate, Instant } from '../domain/time.ts';
import { atTheDeskOnce } from './idempotency.ts';
import { Problem } from './problem.ts';
import { recordedAnswer } from './recorded.ts';
import { lines } from './shapes.ts';
import type { recorded } from './shapes.ts';

/** Why something is done, as a code that reports can count. */
export const reasonCode = z
  .string()
  .max(40)
  .regex(/^[a-z][a-z0-9_]{0,39}$/, 'give a code of small letters, digits and underscores, such as other')
  .describe('A code that reports count; words go into `comment`.');

/** Words of a person: kept apart from the facts, so that they can be erased. */
export const comment = lines(2_000).optional().describe('Words for people; kept apart from the facts.');

/** Works at the desk on one invoice whose debtor is locked, once per Idempotency-Key; 404 when there is none. */
export async function onInvoice<T>(
  request: FastifyRequest,
  house: House,
  invoiceId: string,
  work: (desk: Desk, file: InvoiceFile) => Promise<T>,
): Promise<T> {
  const debtors = async (): Promise<readonly string[]> => {
    const debtorIds = await debtorsOfInvoices(house.db, [invoiceId]);
    if (debtorIds.length === 0) throw Problem.notFound('invoice', invoiceId);
    return debtorIds;
  };
  return atTheDeskOnce(request, house, debtors, async (desk) => {
    const file = await desk.file(invoiceId);
    if (!file) throw Problem.notFound('invoice', invoiceId);
    return work(desk, file);
  });
}

/** The answer to what was asked of one invoice; a refusal is thrown, which undoes what the work has written. */
export function answered(request: FastifyRequest, desk: Desk, answer: Answer): z.infer<typeof recorded> {
  return said(request, desk, unlessRefused(answer));
}

/** The answer to a fact that was recorded. */
export function said(
  request: FastifyRequest,
  desk: Desk,
  { file, fact }: { readonly file: InvoiceFile; readonly fact: Fact },
): z.infer<typeof recorded> {
  return recordedAnswer(file, fact, request.caller.language, desk.now);
}

/** What is not refused. */
export function unlessRefused<T extends { readonly kind: string }>(
  answer: T | { readonly kind: 'refused'; readonly refusal: Refusal },
): Exclude<T, { kind: 'refused' }> {
  if (isRefused(answer)) throw Problem.refused(answer.refusal);
  return answer as Exclude<T, { kind: 'refused' }>;
}

function isRefused(answer: {
  readonly kind: string;
}): answer is { readonly kind: 'refused'; readonly refusal: Refusal } {
  return answer.kind === 'refused';
}

/** A day on which something happened: today somewhere on earth, or earlier. Throws a 400 for one that is to come. */
export function happenedBy(field: string, day: CivilDate, now: Instant): void {
  const latest = dayInZone(firstZone, now);
  if (day > latest)
    throw Problem.invalid(
      field,
      `${day} has not come yet.`,
      `Give the day on which it happened, up to ${latest}.`,
    );
}

/** Where each day begins first. */
const firstZone = 'Pacific/Kiritimati';

/** An amount in the invoice's own currency; another one is a mistake of the caller. */
export function centsFor(
  file: InvoiceFile,
  given: { amount: number; currency: string } | undefined,
): number | undefined {
  if (given === undefined) return undefined;
  const { currency } = file.collection;
  if (given.currency !== currency)
    throw Problem.invalid(
      'amount.currency',
      `The invoice is in ${currency}.`,
      `Give the amount in ${currency}.`,
    );
  return given.amount;
}
