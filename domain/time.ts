/**
 * Days and moments.
 *
 * A due date is a day on a wall calendar; a message leaves at a moment. The two never mix: a day becomes a moment
 * only through a `Calendar`, which knows the zone. Arithmetic on days is done in UTC, where every day has 24 hours.
 */

/** A moment on the business clock, in milliseconds since 1970-01-01T00:00:00Z. */
export type Instant = number;

/** A day of a civil calendar, `YYYY-MM-DD`, without zone: a due date, a value date, a promised day. */
export type CivilDate = string;

export const dayMs = 86_400_000;
export const hourMs = 3_600_000;
export const minuteMs = 60_000;

/** 0000-01-01 and 9999-12-31; people write the latter for "never". */
const [firstNumber, lastNumber] = [-719_528, 2_932_896];

/** The number of a day, counted from 1970-01-01; the base of all day arithmetic. */
export function dayNumberOf(day: CivilDate): number {
  return Math.round(Date.parse(`${day}T00:00:00Z`) / dayMs);
}

/** The day with this number; beyond the years 0000 to 9999, which text can't order, the first or last of them. */
export function dayNumbered(number: number): CivilDate {
  return new Date(Math.min(Math.max(number, firstNumber), lastNumber) * dayMs).toISOString().slice(0, 10);
}

/** The day `days` later; negative goes back. */
export function addDays(day: CivilDate, days: number): CivilDate {
  return dayNumbered(dayNumberOf(day) + days);
}

/** Whole days from `from` to `to`; negative when `to` comes first. */
export function daysBetween(from: CivilDate, to: CivilDate): number {
  return dayNumberOf(to) - dayNumberOf(from);
}

/** 0 for Monday to 6 for Sunday. */
export function weekdayOf(day: CivilDate): number {
  // 1970-01-01 was a Thursday.
  return (((dayNumberOf(day) + 3) % 7) + 7) % 7;
}

/** The later of several days; days compare as text because they are written from year to day. */
export function latestDay(first: CivilDate, ...others: readonly CivilDate[]): CivilDate {
  return others.reduce((latest, day) => (day > latest ? day : latest), first);
}

/** Whether the text is a day that exists: 2026-02-30 is none. */
export function isCivilDate(text: string): boolean {
  return (
    /^\d{4}-\d{2}-\d{2}$/.test(text) &&
    !Number.isNaN(Date.parse(`${text}T00:00:00Z`)) &&
    dayNumbered(dayNumberOf(text)) === text
  );
}
