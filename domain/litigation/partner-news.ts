import type { Collection } from '../collection.ts';
import type { Fact } from '../fact.ts';
import type { CivilDate } from '../time.ts';

/** What is said of a debt beside money: why a partner waits, or goes on. */
export const newsCodes = [
  'disputeOpened',
  'disputeResolved',
  'promiseMade',
  'promiseBroken',
  'promiseWithdrawn',
  'planStarted',
  'planEnded',
  'invoiceCorrected',
] as const;

export type NewsCode = (typeof newsCodes)[number];

/** The day is that of the news, and of a word that was given its own: when it is to be kept. */
export interface PartnerNews {
  readonly code: NewsCode;
  readonly day: CivilDate;
  readonly amountCents?: number;
}

/**
 * What the partner who has an invoice has to know of a fact that is not about money; null where it is nothing to him.
 *
 * He presses a debtor in our name: while we examine an objection, or have given the debtor a day, he must not. Whoever was
 * told to wait is also told when that is over. A promise that was kept and a plan that was paid he hears of by the money.
 */
export function newsOf(before: Collection, after: Collection, fact: Fact): PartnerNews | null {
  const { day } = fact;
  switch (fact.type) {
    case 'disputeOpened':
      return { code: fact.type, day, amountCents: fact.contestedCents };
    case 'promiseMade':
      return { code: fact.type, day: fact.promisedOn, amountCents: fact.amountCents };
    case 'planStarted':
      return { code: fact.type, day: fact.endsOn, amountCents: fact.amountCents };
    case 'planEnded':
      return fact.outcome === 'finished' ? null : { code: fact.type, day };
    case 'disputeResolved':
    case 'promiseBroken':
    case 'promiseWithdrawn':
      return { code: fact.type, day };
    case 'invoiceCorrected':
      return before.balanceCents === after.balanceCents ? null : { code: fact.type, day };
    default:
      return null;
  }
}

export function isNewsCode(code: string | null): code is NewsCode {
  return newsCodes.some((one) => one === code);
}
