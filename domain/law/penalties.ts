import { addDays, latestDay } from '../time.ts';
import type { CivilDate } from '../time.ts';
import { agreedOn } from './agreed-rate.ts';
import type { RateBefore } from './agreed-rate.ts';
import { centsOf, exactInterest, yearDaysOf } from './exact-interest.ts';
import type { DayBase } from './exact-interest.ts';
import { runInterest } from './interest-run.ts';
import type { Destination, Imputation, InterestLine } from './interest-run.ts';
import type { Law } from './law-value.ts';
import { lumpSumOf } from './lump-sum.ts';
import type { LumpSum } from './lump-sum.ts';
import { principalStory } from './movement.ts';
import type { CreditNotesCount, Movement } from './movement.ts';
import { penaltyRate } from './penalty-rate.ts';
import type { PenaltyRate } from './penalty-rate.ts';
import type { Regime } from './regime.ts';
import type { Semester } from './semester.ts';
import { isSmallDifference } from './small-difference.ts';

/** Everything that the penalties of one invoice depend on. Days are civil days in Paris. */
export interface PenaltyCase {
  readonly regime: Regime;
  /** The last day to pay. */
  readonly dueDate: CivilDate;
  readonly movements: readonly Movement[];
  /** The last day that is counted. */
  readonly until: CivilDate;
  /** Agreed between professionals, in hundredths of a percent per year; null: the rate of the law. */
  readonly contractHundredths: number | null;
  /** Agreed for earlier days, oldest first; absent: that always held. */
  readonly contractBefore?: readonly RateBefore[];
  readonly creditorIsIndividual: boolean;
  /** The day on which a consumer received the formal notice: before it he owes no interest. */
  readonly noticeReceivedOn: CivilDate | null;
  /** The judgment that opened an insolvency, for a claim that is earlier than it; null for others. */
  readonly insolventOn: CivilDate | null;
  /** While it is being examined, nothing is asked for it. */
  readonly contestedCents: number;
  /** What was waived when the price had been settled before: it is not asked again should the money come back. */
  readonly givenUp?: readonly GivenUp[];
  readonly settings: PenaltySettings;
}

/** Penalties that nobody asks for any more. */
export interface GivenUp {
  /** The day up to which they were worked out. */
  readonly on: CivilDate;
  readonly interestCents: number;
  readonly lumpSumCents: number;
}

/** What a creditor may choose. */
export interface PenaltySettings {
  readonly dayBase: DayBase;
  readonly creditNotes: CreditNotesCount;
  readonly paymentsGoTo: Destination;
  /** Where they went before, oldest first; absent: always there. */
  readonly paymentsWentTo?: readonly Went[];
  /** While the debt was paid by an instalment plan: its instalments make up the price, so payments settle that. */
  readonly inPlans?: readonly PlanDays[];
  /** A remainder below it is shown and not chased; 0 for none. */
  readonly smallDifferenceCents: number;
}

/** Payments of days before that one settled that first. */
export interface Went {
  readonly before: CivilDate;
  readonly to: Destination;
}

/** The days after that one, up to its end where it has ended. */
export interface PlanDays {
  readonly after: CivilDate;
  readonly until: CivilDate | null;
}

export const usualSettings: PenaltySettings = {
  dayBase: 'act_365',
  creditNotes: 'from_start',
  paymentsGoTo: 'principal',
  smallDifferenceCents: 0,
};

export interface Penalties {
  readonly lines: readonly InterestLine[];
  /** The sum of the lines. */
  readonly interestCents: number;
  /** What payments have settled of it, where they settle interest first. */
  readonly interestPaidCents: number;
  /** What is left of it to ask: neither paid nor waived. */
  readonly interestDueCents: number;
  /** Why interest runs, or why not; `closed`: the file is over. */
  readonly interest: 'runs' | 'not_late' | 'no_rule' | 'no_notice' | 'insolvency' | 'closed';
  readonly lumpSum: LumpSum;
  /** What is left of the price and may be asked: without what is contested, nothing for a small difference. */
  readonly principalCents: number;
  /** What is left, shown and not chased. */
  readonly smallDifferenceCents: number;
  /** Principal and unpaid interest. */
  readonly principalAndInterestCents: number;
  /** That and the fixed indemnity: the sum that a letter asks. */
  readonly totalCents: number;
  /** What each further day adds, as far as the rate of the last day holds. */
  readonly perDayCents: number;
  readonly imputations: readonly Imputation[];
  readonly notices: readonly PenaltyNotice[];
  /** Whether a lawyer has validated every value of the law that the sums rest on. */
  readonly lawyerValidated: boolean;
}

/** What a person must know about a computation that is right all the same. */
export type PenaltyNotice =
  /** The agreed rate is lower than the law allows; it is claimed as agreed and never raised in silence. */
  | {
      readonly code: 'below_floor';
      readonly semester: Semester;
      readonly hundredths: number;
      readonly floorHundredths: number;
    }
  /** The rate of the law is itself under three times the legal rate, as in 2024: no ruling says which counts. */
  | {
      readonly code: 'default_below_floor';
      readonly semester: Semester;
      readonly hundredths: number;
      readonly floorHundredths: number;
    }
  /** The law fixes the rate, so what was agreed does not count. */
  | { readonly code: 'contract_rate_without_effect' };

/**
 * Computes what late payment of one invoice costs, as screens, letters and packs show it.
 *
 * Interest runs from the day after the last day to pay to the day of payment included, simple, on what was owed with VAT
 * on each day. It stops the day before an insolvency judgment. Nothing is rounded but the sum; lines are given cents that
 * add up to it. Throws `MissingLawValue` as soon as a day that bears interest has no rate.
 */
export function penaltiesOf(law: Law, given: PenaltyCase): Penalties {
  const { regime, until, settings, givenUp = [], contractBefore = [] } = given;
  const agreed = { hundredths: given.contractHundredths, before: contractBefore };
  const story = principalStory(given.movements, settings.creditNotes);
  const invoicedCents = given.movements.reduce(
    (sum, { kind, cents }) => (kind === 'invoice' ? sum + cents : sum),
    0,
  );
  const small = (cents: number): boolean =>
    isSmallDifference(invoicedCents, cents, settings.smallDifferenceCents);
  const asked = (cents: number): number => (small(cents) ? 0 : Math.max(0, cents - given.contestedCents));

  const first = firstDayOf(given);
  const last = lastDayOf(given);
  const rateOn = (day: CivilDate): PenaltyRate => {
    if (regime === 'none' || first === null) throw new Error(`No interest runs under "${regime}" on ${day}.`);
    return penaltyRate(law, { ...given, regime, contractHundredths: agreedOn(agreed, day) }, first, day);
  };
  const run = runInterest(story, {
    days: first === null ? null : { first, last },
    until,
    baseOf: asked,
    rateOn,
    cuts: contractBefore.map(({ before }) => before),
    dayBase: settings.dayBase,
    goesTo: (day) => destinationOn(settings, day),
    givenUp,
  });

  const lumpSum = lumpSumOf(law, given, story, asked);
  const principalCents = asked(run.principalCents);
  const waivedCents = givenUp.reduce((sum, { interestCents }) => sum + interestCents, 0);
  const interestDueCents = Math.max(0, run.interestCents - run.interestPaidCents - waivedCents);
  const principalAndInterestCents = principalCents + interestDueCents;
  const runsOn = first !== null && first <= until && last >= until && principalCents > 0;
  return {
    lines: run.lines,
    interestCents: run.interestCents,
    interestPaidCents: run.interestPaidCents,
    interestDueCents,
    interest: whyInterest(given, run.lines),
    lumpSum,
    principalCents,
    smallDifferenceCents: small(run.principalCents) ? run.principalCents : 0,
    principalAndInterestCents,
    totalCents: principalAndInterestCents + lumpSum.cents,
    perDayCents: runsOn ? oneDay(principalCents, rateOn(until), until, settings.dayBase) : 0,
    imputations: run.imputations,
    notices: noticesOf(given, run.lines),
    lawyerValidated: lumpSum.lawyerValidated && run.lines.every(({ rate }) => rate.lawyerValidated),
  };
}

function destinationOn(
  { paymentsGoTo, paymentsWentTo = [], inPlans = [] }: PenaltySettings,
  day: CivilDate,
): Destination {
  if (inPlans.some(({ after, until }) => after < day && (until === null || day <= until))) return 'principal';
  return paymentsWentTo.find(({ before }) => day < before)?.to ?? paymentsGoTo;
}

/** The first day that may bear interest; null when nothing lets it run. */
function firstDayOf({ regime, dueDate, noticeReceivedOn }: PenaltyCase): CivilDate | null {
  switch (regime) {
    case 'none':
      return null;
    case 'consumer':
      return noticeReceivedOn === null ? null : addDays(latestDay(dueDate, noticeReceivedOn), 1);
    case 'business':
    case 'public':
    case 'eu':
      return addDays(dueDate, 1);
  }
}

function lastDayOf({ until, insolventOn }: PenaltyCase): CivilDate {
  if (insolventOn === null) return until;
  const before = addDays(insolventOn, -1);
  return before < until ? before : until;
}

function whyInterest(given: PenaltyCase, lines: readonly InterestLine[]): Penalties['interest'] {
  if (given.regime === 'none') return 'no_rule';
  if (given.regime === 'consumer' && given.noticeReceivedOn === null) return 'no_notice';
  if (given.insolventOn !== null && given.insolventOn <= given.until) return 'insolvency';
  return lines.length > 0 ? 'runs' : 'not_late';
}

function oneDay(baseCents: number, { hundredths }: PenaltyRate, day: CivilDate, base: DayBase): number {
  const yearDays = yearDaysOf(Number(day.slice(0, 4)), base);
  return centsOf(exactInterest({ baseCents, hundredths, days: 1, yearDays }));
}

function noticesOf(given: PenaltyCase, lines: readonly InterestLine[]): readonly PenaltyNotice[] {
  const notices = new Map<string, PenaltyNotice>();
  const fixedByLaw = given.regime === 'public' || given.regime === 'consumer';
  if (fixedByLaw && given.contractHundredths !== null)
    notices.set('contract', { code: 'contract_rate_without_effect' });
  for (const { rate } of lines) {
    const { hundredths, floorHundredths, semester } = rate;
    if (floorHundredths === null || hundredths >= floorHundredths) continue;
    const code = rate.kind === 'contract' ? 'below_floor' : 'default_below_floor';
    notices.set(`${semester} ${hundredths}`, { code, semester, hundredths, floorHundredths });
  }
  return [...notices.values()];
}
