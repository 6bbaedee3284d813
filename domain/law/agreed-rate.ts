import { addDays } from '../time.ts';
import type { CivilDate } from '../time.ts';

/**
 * A rate of late payment that was agreed, and those that held before it.
 *
 * It holds from a day: interest that has run was asked, paid and answered at the rate of its own days, and another
 * agreement of today makes none of that another. Rates are per year, in hundredths of a percent; null: nothing was agreed.
 */
export interface AgreedRate {
  readonly hundredths: number | null;
  /** Oldest first; empty where it always held. */
  readonly before: readonly RateBefore[];
}

/** Agreed for the days before that one, as far as none that comes before says it of them. */
export interface RateBefore {
  readonly before: CivilDate;
  readonly hundredths: number | null;
}

export function agreedOn({ hundredths, before }: AgreedRate, day: CivilDate): number | null {
  const held = before.find((one) => day < one.before);
  return held ? held.hundredths : hundredths;
}

/** Another is agreed from that day on, whatever was agreed for later days; null: for all days. */
export function agreedFrom(rate: AgreedRate, hundredths: number | null, from: CivilDate | null): AgreedRate {
  if (from === null) return { hundredths, before: [] };
  const kept = rate.before.filter(({ before }) => before < from);
  const last = { before: from, hundredths: agreedOn(rate, addDays(from, -1)) };
  return joined({ hundredths, before: [...kept, last] });
}

/** What holds on each day where one comes before the other: an agreement with the debtor before that with all. */
export function firstOf(one: AgreedRate, other: AgreedRate): AgreedRate {
  const ends = [...new Set([...one.before, ...other.before].map(({ before }) => before))].sort();
  const on = (day: CivilDate): number | null => agreedOn(one, day) ?? agreedOn(other, day);
  return joined({
    hundredths: one.hundredths ?? other.hundredths,
    before: ends.map((before) => ({ before, hundredths: on(addDays(before, -1)) })),
  });
}

/** Whether any day has another rate. */
export function isOtherRate(one: AgreedRate, other: AgreedRate): boolean {
  const days = [...one.before, ...other.before].flatMap(({ before }) => [addDays(before, -1), before]);
  return (
    one.hundredths !== other.hundredths || days.some((day) => agreedOn(one, day) !== agreedOn(other, day))
  );
}

/** Days with the same rate are one stretch, so that equal agreements look equal. */
function joined({ hundredths, before }: AgreedRate): AgreedRate {
  const next = (index: number): number | null =>
    index + 1 < before.length ? (before[index + 1]?.hundredths ?? null) : hundredths;
  return { hundredths, before: before.filter((one, index) => one.hundredths !== next(index)) };
}
