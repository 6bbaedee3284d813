import { addDays, weekdayOf } from '../time.ts';
import type { CivilDate } from '../time.ts';
import { isFrenchHoliday } from './french-holiday.ts';

/** How long something takes. */
export interface Term {
  readonly count: number;
  readonly unit: 'days' | 'months' | 'years';
}

/**
 * The last day of a term that begins on a day, which is not counted itself.
 *
 * Months and years end on the day with the same number, where there is none on the last day of the month (CPC 641): one
 * month from 31 January is 28 February.
 */
export function endOf(day: CivilDate, { count, unit }: Term): CivilDate {
  if (unit === 'days') return addDays(day, count);
  const months =
    Number(day.slice(0, 4)) * 12 + Number(day.slice(5, 7)) - 1 + (unit === 'years' ? 12 * count : count);
  const first = `${String(Math.floor(months / 12)).padStart(4, '0')}-${String((months % 12) + 1).padStart(2, '0')}-01`;
  const lastOfMonth = addDays(first, 31 - Number(addDays(first, 31).slice(8)));
  const sameNumber = `${first.slice(0, 8)}${day.slice(8)}`;
  return sameNumber < lastOfMonth ? sameNumber : lastOfMonth;
}

/** That day, or the next working one when a court is closed on it (CPC 642). Never ask it for a limitation. */
export function openToCourts(day: CivilDate): CivilDate {
  let open = day;
  while (weekdayOf(open) > 4 || isFrenchHoliday(open)) open = addDays(open, 1);
  return open;
}
