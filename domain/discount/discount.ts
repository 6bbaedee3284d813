import { dayAt } from '../calendar.ts';
import { askedCentsOf, isClosed } from '../collection.ts';
import type { Collection } from '../collection.ts';
import { silencedByJudgmentOn } from '../insolvency/claim-side.ts';
import { withFirm } from '../litigation/with-firm.ts';
import { promiseBoundsOf } from '../promise/promise-bounds.ts';
import { earlierClaim } from '../refusal.ts';
import type { Refusal } from '../refusal.ts';
import { addDays } from '../time.ts';
import type { CivilDate, Instant } from '../time.ts';

/** The reason of the hold under which a file is silent while its debtor may pay less; the hold has the id of the offer. */
export const discountHold = 'discount_offer';

/** What we offer: so much is given up if the rest is paid by that day. */
export interface Discount {
  readonly discountCents: number;
  /** By value date, this day included. */
  readonly payBy: CivilDate;
}

/**
 * Why such an offer cannot be made on an invoice as it is; null when it can.
 *
 * Nobody is reminded of the whole while a part would do: so an offer silences, and lies within the days that a promise may
 * by itself. What is contested is settled first: who gives up a part of it has decided the dispute.
 */
export function problemOfDiscount(
  c: Collection,
  { discountCents, payBy }: Discount,
  now: Instant,
): Refusal | null {
  const today = dayAt(c.calendar, now);
  if (isClosed(c))
    return {
      code: 'invoice-closed',
      message: 'The invoice is closed: there is nothing left to be settled early.',
    };
  const judgmentOn = silencedByJudgmentOn(c);
  // He may pay none of it (L622-7 C. com.): nobody is given money for doing so.
  if (judgmentOn !== null) return earlierClaim(judgmentOn);
  if (c.holds.some(({ reason }) => reason === discountHold))
    return {
      code: 'discount-open',
      message: 'A discount is offered already: lift its hold to take it back, then offer another.',
    };
  if (c.plan)
    return { code: 'in-plan', message: 'The invoice is in an instalment plan: withdraw the plan first.' };
  if (c.holds.some(({ reason }) => reason === withFirm))
    return {
      code: 'discount-impossible',
      message:
        'A firm has the file and speaks with the debtor, who would not hear of the offer: agree it through the firm, or take the file back first.',
    };
  if (c.disputes.length > 0)
    return {
      code: 'discount-impossible',
      message: 'A part of the invoice is contested: resolve the dispute first.',
    };
  const asked = askedCentsOf(c);
  if (discountCents <= 0 || discountCents >= asked)
    return {
      code: 'discount-impossible',
      message: `The discount comes to ${discountCents} of ${asked} cents: give more than nothing and less than all.`,
      field: 'amount',
    };
  const last = addDays(today, promiseBoundsOf(c.scenario.bounds).daysMax);
  if (payBy < today || payBy > last)
    return {
      code: 'discount-impossible',
      message: `The offer would stand until ${payBy}: give a day from ${today} to ${last}.`,
      field: 'payBy',
    };
  return null;
}

/** So many hundredths of a percent of an amount, rounded to the cent. */
export function shareOf(cents: number, hundredthsOfPercent: number): number {
  return Math.round((cents * hundredthsOfPercent) / 10_000);
}
