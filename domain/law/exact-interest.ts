/**
 * Interest to the last fraction of a cent.
 *
 * Everything is counted in whole pieces of 1 / (10,000 × 365 × 366) of a cent, in which any rate in hundredths of a
 * percent and a day of any year have an integer. Floating point would lose cents: seven semesters of ten million euros
 * are more than 2^53 of those pieces. Nothing is rounded but the end.
 */
export type Exact = bigint;

/** How many days a year has for interest: always 365, as is common practice, or those that it really has. */
export type DayBase = 'act_365' | 'act_act';

const onePercentHundredth = 10_000n;
const centPieces = onePercentHundredth * 365n * 366n;

export interface Accrual {
  /** Integer cents on which the interest runs. */
  readonly baseCents: number;
  /** The rate in hundredths of a percent per year. */
  readonly hundredths: number;
  readonly days: number;
  readonly yearDays: 365 | 366;
}

/** The interest of those days, exactly. Throws RangeError for what is no integer. */
export function exactInterest({ baseCents, hundredths, days, yearDays }: Accrual): Exact {
  const scale = yearDays === 365 ? 366n : 365n;
  return BigInt(baseCents) * BigInt(hundredths) * BigInt(days) * scale;
}

/** Whole cents, half a cent up. */
export function centsOf(exact: Exact): number {
  return Number((2n * exact + centPieces) / (2n * centPieces));
}

/**
 * Cents for each part so that they add up to `totalCents`: each gets its whole cents, and the cents left over go to the
 * largest remainders, of equal ones to the first. The total must be the sum of the parts, rounded up or down.
 */
export function spreadCents(parts: readonly Exact[], totalCents: number): readonly number[] {
  const whole = parts.map((part) => Number(part / centPieces));
  const left = totalCents - whole.reduce((sum, cents) => sum + cents, 0);
  const luckiest = parts
    .map((part, index) => ({ rest: part % centPieces, index }))
    .sort((a, b) => (a.rest === b.rest ? a.index - b.index : a.rest > b.rest ? -1 : 1))
    .slice(0, left)
    .map(({ index }) => index);
  return whole.map((cents, index) => (luckiest.includes(index) ? cents + 1 : cents));
}

/** The divisor for a year under that day base. */
export function yearDaysOf(year: number, base: DayBase): 365 | 366 {
  if (base === 'act_365') return 365;
  const leap = (year % 4 === 0 && year % 100 !== 0) || year % 400 === 0;
  return leap ? 366 : 365;
}
