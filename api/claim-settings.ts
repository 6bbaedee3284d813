import { z } from 'zod';
import type { Creditor, CreditorChange } from '../db/creditors.ts';
import { civilDate } from './shapes.ts';

/** A rate per year: no contract goes beyond 100 %. */
export const penaltyRate = z.int().min(0).max(10_000);

/** From when a rate that is given holds. */
export const rateFrom = civilDate.describe(
  'The first day on which that rate holds. Absent: tomorrow, and all days where nothing was late yet; interest that has run keeps the rate of its days. An earlier day that gives some of it up needs the yes of a second person where four eyes are on.',
);

export const rateOfNoDay = 'it says from when penaltyRateHundredths holds: give that too';

export function givesItsRate(given: {
  readonly penaltyRateHundredths?: unknown;
  readonly penaltyRateFrom?: unknown;
}): boolean {
  return given.penaltyRateFrom === undefined || given.penaltyRateHundredths !== undefined;
}

/** The rates that held before. */
export const earlierRates = z
  .array(z.object({ before: z.string(), hundredths: z.int().nullable() }))
  .describe('The rates that hold for days before others, oldest first; none where one rate always held.');

/**
 * What a creditor has chosen about what late payment costs, as callers give it and as it is answered.
 *
 * The defaults are those of the law's usual practice; nothing that a creditor may choose is ever chosen for it.
 */
export const claimSettings = z.object({
  penaltyRateHundredths: penaltyRate
    .nullable()
    .describe(
      'The rate of late payment agreed with its customers, in hundredths of a percent per year: 1200 is 12 %. Null: the rate of the law.',
    ),
  dayBase: z
    .enum(['act_365', 'act_act'])
    .describe('By how many days a year of interest is divided: always 365, or those that it has.'),
  creditNotesCount: z
    .enum(['from_start', 'from_day'])
    .describe(
      'Whether a credit note says that the price was never owed, or lowers the debt from its day on.',
    ),
  paymentsGoTo: z
    .enum(['principal', 'interest'])
    .describe(
      'What a payment settles first. Once a payment was recorded, a change holds for those of the next day on. While an instalment plan runs they settle its price. Interest first (art. 1343-1 C. civ.) is the interest that is asked on the day: what is contested bears none meanwhile, so a payment then settles the price; if the dispute is rejected its interest is owed too, and later payments settle it.',
    ),
  smallDifferenceCents: z
    .int()
    .min(0)
    .max(100_000)
    .describe('What is left of an invoice below it, once something was paid, is shown and not chased.'),
  accessories: z
    .enum(['pursued', 'waived'])
    .describe('What becomes of penalties that were claimed and are not paid when the price is.'),
  isIndividual: z
    .boolean()
    .describe('Whether it is a natural person outside business, whose legal interest rate is another one.'),
  sector: z
    .enum(['general', 'transport', 'telecom'])
    .nullable()
    .describe('What it sells, as far as the law limits claims more shortly; null: nobody has said.'),
  establishedAbroad: z
    .boolean()
    .describe('Whether it is established outside metropolitan France: it has longer to declare a claim.'),
});

export type ClaimSettings = z.infer<typeof claimSettings>;

/** The columns of those that are given. */
export function claimColumns(given: { [Key in keyof ClaimSettings]?: ClaimSettings[Key] | undefined }): {
  [Key in keyof CreditorChange]: CreditorChange[Key] | undefined;
} {
  return {
    penalty_rate_hundredths: given.penaltyRateHundredths,
    day_base: given.dayBase,
    credit_notes_count: given.creditNotesCount,
    payments_go_to: given.paymentsGoTo,
    small_difference_cents: given.smallDifferenceCents,
    accessories: given.accessories,
    is_individual: given.isIndividual,
    sector: given.sector,
    established_abroad: given.establishedAbroad,
  };
}

/** As they are kept. */
export function claimSettingsOf(row: Creditor): ClaimSettings {
  return {
    penaltyRateHundredths: row.penalty_rate_hundredths,
    dayBase: row.day_base,
    creditNotesCount: row.credit_notes_count,
    paymentsGoTo: row.payments_go_to,
    smallDifferenceCents: row.small_difference_cents,
    accessories: row.accessories,
    isIndividual: row.is_individual,
    sector: row.sector,
    establishedAbroad: row.established_abroad,
  };
}
