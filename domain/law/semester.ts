import type { CivilDate } from '../time.ts';

/** A half of a civil year, for which one rate is fixed: `2026-H2`. It orders as text. */
export type Semester = string;

/**
 * The semester of a day.
 *
 * Rates of late payment are fixed on 1 January and on 1 July and hold for all days to the next of the two, whatever
 * happens in between. The day is a civil day in Paris: at half past midnight there, UTC is still in the old semester.
 */
export function semesterOf(day: CivilDate): Semester {
  return `${day.slice(0, 4)}-${day.slice(5, 7) < '07' ? 'H1' : 'H2'}`;
}

/** Its first day: the one whose rate holds for all of it. */
export function firstDayOf(semester: Semester): CivilDate {
  return `${semester.slice(0, 4)}-${semester.endsWith('H1') ? '01' : '07'}-01`;
}

/** Its last day. */
export function lastDayOf(semester: Semester): CivilDate {
  return `${semester.slice(0, 4)}-${semester.endsWith('H1') ? '06-30' : '12-31'}`;
}
