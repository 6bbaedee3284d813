import { addDays } from '../time.ts';
import type { CivilDate } from '../time.ts';

/** How long something takes. */
export interface Term {
  readonly count: number;
  readonly unit: 'days' | 'months' | 'years';
}

/**
 * The last day of a term that begins on a day, which is not counted itself.
 *
 * Months and years end on the day with the same number, where there is none on the last day of the month (CPC 641): one
 * month from 31 January is 28 February. What would end after the last day that can be written ends on it: an invoice that
 * is due "never" has its terms as well.
 */
export function endOf(day: CivilDate, { count, unit }: Term): CivilDate {
  if (unit === 'days') return addDays(day, count);
  const months =
    Number(day.slice(0, 4)) * 12 + Number(day.slice(5, 7)) - 1 + (unit === 'years' ? 12 * count : count);
  if (months >= 10_000 * 12) return addDays(day, Infinity);
  const first = `${String(Math.floor(months / 12)).padStart(4, '0')}-${String((months % 12) + 1).padStart(2, '0')}-01`;
  const lastOfMonth = addDays(first, 31 - Number(addDays(first, 31).slice(8)));
  const sameNumber = `${first.slice(0, 8)}${day.slice(8)}`;
  return sameNumber < lastOfMonth ? sameNumber : lastOfMonth;
}
