import { addDays, daysBetween } from '../time.ts';
import type { CivilDate } from '../time.ts';
import { centsOf, exactInterest, spreadCents, yearDaysOf } from './exact-interest.ts';
import type { DayBase, Exact } from './exact-interest.ts';
import type { Change, PrincipalStory } from './movement.ts';
import type { PenaltyRate } from './penalty-rate.ts';
import { lastDayOf, semesterOf } from './semester.ts';

/** Days on which the same sum bore the same rate, with everything that its interest follows from. */
export interface InterestLine {
  readonly from: CivilDate;
  /** The last day, counted too. */
  readonly to: CivilDate;
  readonly days: number;
  readonly baseCents: number;
  readonly rate: PenaltyRate;
  readonly yearDays: 365 | 366;
  /** base × rate × days / year, rounded so that the lines add up. */
  readonly cents: number;
}

/** Where one payment went. */
export interface Imputation {
  readonly day: CivilDate;
  readonly paymentId: string | null;
  readonly interestCents: number;
  readonly principalCents: number;
}

export interface RunTerms {
  /** The first and the last day that bear interest; null when none does. */
  readonly days: { readonly first: CivilDate; readonly last: CivilDate } | null;
  /** Changes after this day have not happened yet. */
  readonly until: CivilDate;
  /** What bears interest of a principal. */
  readonly baseOf: (principalCents: number) => number;
  /** Asked only for days with a base above zero. */
  readonly rateOn: (day: CivilDate) => PenaltyRate;
  /** Days inside a semester from which another rate holds. */
  readonly cuts?: readonly CivilDate[];
  readonly dayBase: DayBase;
  /** What a payment of that day settles first. */
  readonly goesTo: (day: CivilDate) => Destination;
  /** Interest that nobody asks for any more from that day on. */
  readonly givenUp?: readonly { readonly on: CivilDate; readonly interestCents: number }[];
}

export type Destination = 'principal' | 'interest';

export interface InterestRun {
  readonly lines: readonly InterestLine[];
  readonly interestCents: number;
  /** What payments have settled of it. */
  readonly interestPaidCents: number;
  /** After all changes until the day; below zero when more was paid than owed. */
  readonly principalCents: number;
  readonly imputations: readonly Imputation[];
}

/**
 * Lets simple interest run over the days of a debt.
 *
 * The sum is exact and rounded once. Where payments settle interest first (art. 1343-1 C. civ.), it must be known in
 * cents on the day of each payment: then it is rounded there, always as the rounded sum since the start, so that many
 * small payments make no other sum than none. What a payment is known to have settled is taken as it was, for an imputation
 * is a fact: only those of which nothing is known are worked out.
 */
export function runInterest(story: PrincipalStory, terms: RunTerms): InterestRun {
  const pieces: Piece[] = [];
  const imputations: Imputation[] = [];
  const wentTo = new Map<string | null, { interestCents: number; principalCents: number }>();
  let principalCents = story.startCents;
  let exact: Exact = 0n;
  let interestPaidCents = 0;
  let period = 0;
  let from = terms.days?.first ?? null;

  const accrueTo = (day: CivilDate): void => {
    if (terms.days === null || from === null) return;
    const to = day < terms.days.last ? day : terms.days.last;
    if (to < from) return;
    for (const piece of piecesOf(terms, from, to, terms.baseOf(principalCents), period)) {
      exact += piece.exact;
      pieces.push(piece);
    }
    from = addDays(to, 1);
  };

  const settle = ({ day, cents, paymentId }: Change): void => {
    const owedInterest =
      terms.goesTo(day) === 'interest' ? centsOf(exact) - interestPaidCents - givenUpBy(terms, day) : 0;
    const interestCents = Math.min(cents, Math.max(0, owedInterest));
    if (interestCents > 0) period += 1;
    record({ day, paymentId, interestCents, principalCents: cents - interestCents });
  };

  /** What comes back is first taken from the principal that it had settled, then from the interest. */
  const takeBack = ({ day, cents, paymentId }: Change): void => {
    const went = wentTo.get(paymentId) ?? { interestCents: 0, principalCents: cents };
    const interestCents = Math.min(went.interestCents, Math.max(0, cents - went.principalCents));
    record({ day, paymentId, interestCents: 0 - interestCents, principalCents: interestCents - cents });
  };

  /** What it settled is known, whatever has become of the rate or of what is contested since. */
  const settled = ({ day, cents, paymentId }: Change, interestCents: number): void => {
    if (interestCents > 0) period += 1;
    record({ day, paymentId, interestCents, principalCents: 0 - cents - interestCents });
  };

  const record = (imputation: Imputation): void => {
    const { paymentId } = imputation;
    const before = wentTo.get(paymentId) ?? { interestCents: 0, principalCents: 0 };
    wentTo.set(paymentId, {
      interestCents: before.interestCents + imputation.interestCents,
      principalCents: before.principalCents + imputation.principalCents,
    });
    interestPaidCents += imputation.interestCents;
    principalCents -= imputation.principalCents;
    imputations.push(imputation);
  };

  for (const change of story.changes) {
    if (change.day > terms.until) break;
    accrueTo(change.day);
    if (!change.isPayment) principalCents += change.cents;
    else if (change.interestCents !== null) settled(change, change.interestCents);
    else if (change.cents < 0) settle({ ...change, cents: -change.cents });
    else takeBack(change);
  }
  accrueTo(terms.until);

  const lines = linesOf(pieces);
  return { lines, interestCents: centsOf(exact), interestPaidCents, principalCents, imputations };
}

function givenUpBy({ givenUp = [] }: RunTerms, day: CivilDate): number {
  return givenUp.reduce((sum, { on, interestCents }) => (on <= day ? sum + interestCents : sum), 0);
}

/** A line that is not rounded yet; lines of one period are rounded together. */
interface Piece extends Omit<InterestLine, 'cents'> {
  readonly period: number;
  readonly exact: Exact;
}

/** Cuts the days where rates and years change: at the ends of semesters, and at the cuts. */
function piecesOf(
  { rateOn, dayBase, cuts = [] }: RunTerms,
  first: CivilDate,
  last: CivilDate,
  baseCents: number,
  period: number,
): readonly Piece[] {
  const pieces: Piece[] = [];
  if (baseCents <= 0) return pieces;
  for (let from = first; from <= last;) {
    const ends = [last, lastDayOf(semesterOf(from)), ...cuts.map((day) => addDays(day, -1))];
    const to = earliestDay(ends.filter((end) => end >= from));
    const rate = rateOn(from);
    pieces.push(
      piece({ from, to, baseCents, rate, yearDays: yearDaysOf(Number(from.slice(0, 4)), dayBase), period }),
    );
    from = addDays(to, 1);
  }
  return pieces;
}

function earliestDay(days: readonly CivilDate[]): CivilDate {
  return days.reduce((earliest, day) => (day < earliest ? day : earliest));
}

function piece(given: Omit<Piece, 'days' | 'exact'>): Piece {
  const days = daysBetween(given.from, given.to) + 1;
  return { ...given, days, exact: exactInterest({ ...given, hundredths: given.rate.hundredths, days }) };
}

/** Joins neighbours that differ in nothing but their days, and gives each line its cents. */
function linesOf(pieces: readonly Piece[]): readonly InterestLine[] {
  const joined: Piece[] = [];
  for (const next of pieces) {
    const before = joined.at(-1);
    if (before && continues(before, next)) joined[joined.length - 1] = piece({ ...before, to: next.to });
    else joined.push(next);
  }

  const lines: InterestLine[] = [];
  let exact: Exact = 0n;
  for (const period of new Set(joined.map((one) => one.period))) {
    const ours = joined.filter((one) => one.period === period);
    const before = centsOf(exact);
    for (const one of ours) exact += one.exact;
    const cents = spreadCents(
      ours.map((one) => one.exact),
      centsOf(exact) - before,
    );
    ours.forEach(({ from, to, days, baseCents, rate, yearDays }, index) =>
      lines.push({ from, to, days, baseCents, rate, yearDays, cents: cents[index] ?? 0 }),
    );
  }
  return lines;
}

function continues(before: Piece, next: Piece): boolean {
  return (
    addDays(before.to, 1) === next.from &&
    before.baseCents === next.baseCents &&
    before.rate.hundredths === next.rate.hundredths &&
    before.rate.kind === next.rate.kind &&
    before.rate.semester === next.rate.semester &&
    before.yearDays === next.yearDays &&
    before.period === next.period
  );
}
