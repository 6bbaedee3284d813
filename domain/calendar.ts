import { addDays, dayMs, dayNumberOf, dayNumbered, hourMs, minuteMs, weekdayOf } from './time.ts';
import type { CivilDate, Instant } from './time.ts';

/**
 * The calendar that a collection lives by, as plain data: working days and the offset of the debtor's zone.
 *
 * It travels inside the Collection, because a workflow that asked its host for time zones or holidays would replay
 * differently on a host with other tables. It covers the days `from` to `until`; outside them only weekends are days
 * off and the nearest known offset holds, so that every question has an answer.
 */
export interface Calendar {
  readonly id: string;
  readonly zone: string;
  readonly country: string;
  readonly from: CivilDate;
  readonly until: CivilDate;
  readonly holidays: readonly CivilDate[];
  /** Minutes to add to UTC, each valid from its instant on; in order, the first valid before everything. */
  readonly offsets: readonly { readonly from: Instant; readonly minutes: number }[];
}

/** Whether business is done on that day: no weekend, no holiday. */
export function isWorkingDay(calendar: Calendar, day: CivilDate): boolean {
  return weekdayOf(day) < 5 && !calendar.holidays.includes(day);
}

/** That day if it is a working day, else the next one. */
export function workingDayFrom(calendar: Calendar, day: CivilDate): CivilDate {
  let candidate = day;
  while (!isWorkingDay(calendar, candidate)) candidate = addDays(candidate, 1);
  return candidate;
}

/** The first working day after that day. */
export function workingDayAfter(calendar: Calendar, day: CivilDate): CivilDate {
  return workingDayFrom(calendar, addDays(day, 1));
}

/** The day that lies `count` working days after that day; with 0 the day itself, working or not. */
export function addWorkingDays(calendar: Calendar, day: CivilDate, count: number): CivilDate {
  let result = day;
  for (let done = 0; done < count; done += 1) result = workingDayAfter(calendar, result);
  return result;
}

/** The civil day in the calendar's zone at that moment. */
export function dayAt(calendar: Calendar, at: Instant): CivilDate {
  return dayNumbered(Math.floor((at + offsetAt(calendar, at)) / dayMs));
}

/** Milliseconds since midnight in the calendar's zone at that moment. */
export function timeOfDayAt(calendar: Calendar, at: Instant): number {
  return (((at + offsetAt(calendar, at)) % dayMs) + dayMs) % dayMs;
}

/**
 * The moment at which clocks in the zone show that day and time of day (milliseconds since midnight).
 * A time that a clock change skips becomes the moment of the change; one that comes twice is its first coming.
 */
export function instantAt(calendar: Calendar, day: CivilDate, timeOfDay: number): Instant {
  const wall = dayNumberOf(day) * dayMs + timeOfDay;
  const candidates = distinctOffsets(calendar).map((offset) => wall - offset);
  const exact = candidates.filter((at) => at + offsetAt(calendar, at) === wall);
  if (exact.length > 0) return Math.min(...exact);

  const change = calendar.offsets.find((entry) => entry.from > Math.min(...candidates));
  return change?.from ?? Math.min(...candidates);
}

/** When people of the house are told of what a day brings: nine o'clock, as they come in. */
export function tellingTime(calendar: Calendar, day: CivilDate): Instant {
  return instantAt(calendar, day, 9 * hourMs);
}

function offsetAt(calendar: Calendar, at: Instant): number {
  let minutes = calendar.offsets[0]?.minutes ?? 0;
  for (const entry of calendar.offsets) if (entry.from <= at) minutes = entry.minutes;
  return minutes * minuteMs;
}

function distinctOffsets(calendar: Calendar): readonly number[] {
  const minutes = new Set(calendar.offsets.map((entry) => entry.minutes));
  return minutes.size === 0 ? [0] : [...minutes].map((value) => value * minuteMs);
}
