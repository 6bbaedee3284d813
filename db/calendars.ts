import Holidays from 'date-holidays';
import type { Calendar } from '../domain/calendar.ts';
import { addDays, dayMs, dayNumberOf, dayNumbered, hourMs, minuteMs } from '../domain/time.ts';
import type { CivilDate, Instant } from '../domain/time.ts';

/** Years that one calendar covers: the one it begins with and the two after it. */
const yearsCovered = 3;

/**
 * Works out the calendar of a country and zone: its public holidays and the changes of its clocks.
 *
 * The tables of the host are asked here, once, and the answer becomes data: workflows never ask them. A country that
 * the table of holidays does not know has weekends only. Throws RangeError for a zone that does not exist.
 */
export function calendarCovering(country: string, zone: string, firstYear: number): Calendar {
  const years = Array.from({ length: yearsCovered }, (_, index) => firstYear + index);
  return {
    id: calendarIdOf(country, zone, firstYear),
    zone,
    country,
    from: `${firstYear}-01-01`,
    until: `${firstYear + yearsCovered - 1}-12-31`,
    holidays: holidaysOf(country, years),
    offsets: offsetsOf(
      zone,
      Date.UTC(firstYear, 0, 1) - dayMs,
      Date.UTC(firstYear + yearsCovered, 0, 1) + dayMs,
    ),
  };
}

/** The id of the calendar of a country and zone that begins with that year. */
export function calendarIdOf(country: string, zone: string, firstYear: number): string {
  return `${country}/${zone}/${firstYear}`;
}

/** Whether the host knows the zone; a setting that names another is refused before anything is computed with it. */
export function isZone(zone: string): boolean {
  try {
    new Intl.DateTimeFormat('en', { timeZone: zone });
    return true;
  } catch {
    return false;
  }
}

/** The civil day in that zone at that moment. */
export function dayInZone(zone: string, at: Instant): CivilDate {
  return dayNumbered(Math.floor((at + offsetMinutes(zone, at) * minuteMs) / dayMs));
}

/** The civil day on which the law counts: that of Paris, wherever creditor and debtor are. */
export function lawDay(at: Instant): CivilDate {
  return dayInZone('Europe/Paris', at);
}

/** The first moment after that day of the law: what was recorded before it was known on that day. */
export function endOfLawDay(day: CivilDate): Instant {
  const midnight = dayNumberOf(addDays(day, 1)) * dayMs;
  // Paris is one or two hours ahead, and its clocks change at one o'clock UTC, so this moment has the offset of its midnight.
  return midnight - offsetMinutes('Europe/Paris', midnight - 90 * minuteMs) * minuteMs;
}

/**
 * The zone in which most of the country's business is done.
 *
 * The tables of holidays name it first where they know the country; the zones themselves are those of the host's
 * Unicode tables, which know every country. Throws RangeError for what is no country: a clock of nowhere would let
 * messages leave at night.
 */
export function zoneOf(country: string): string {
  const zones = zonesOf(country);
  const principal = principalZones[country] ?? new Holidays(country).getTimezones()[0];
  const zone = principal !== undefined && isAmong(principal, zones) ? principal : zones[0];
  if (zone === undefined) throw new RangeError(`no time zone is known for the country ${country}`);
  return zone;
}

/** Where the holidays say nothing, or another country's zone, and clocks differ: the seat of government. Nobody lives in the last two. */
const principalZones: Readonly<Record<string, string>> = {
  CD: 'Africa/Kinshasa',
  FM: 'Pacific/Pohnpei',
  KI: 'Pacific/Tarawa',
  MN: 'Asia/Ulaanbaatar',
  PG: 'Pacific/Port_Moresby',
  BV: 'Europe/Oslo',
  HM: 'Australia/Perth',
};

function zonesOf(country: string): readonly string[] {
  // Newer hosts answer by a method, those before by a property.
  const locale = new Intl.Locale(`und-${country}`) as Intl.Locale & {
    readonly timeZones?: readonly string[];
    readonly getTimeZones?: () => readonly string[] | undefined;
  };
  return locale.getTimeZones?.() ?? locale.timeZones ?? [];
}

/** Whether the zone is one of these, under this or an older name: Asia/Kathmandu was Asia/Katmandu. */
function isAmong(zone: string, zones: readonly string[]): boolean {
  const named = (name: string): string =>
    new Intl.DateTimeFormat('en', { timeZone: name }).resolvedOptions().timeZone;
  return zones.length === 0 || zones.some((one) => named(one) === named(zone));
}

function holidaysOf(country: string, years: readonly number[]): readonly string[] {
  const table = new Holidays(country);
  const days = years.flatMap((year) =>
    table.getHolidays(year).filter((holiday) => holiday.type === 'public'),
  );
  return [...new Set(days.map((holiday) => holiday.date.slice(0, 10)))].sort();
}

function offsetsOf(zone: string, from: Instant, until: Instant): Calendar['offsets'] {
  const offsets: { from: Instant; minutes: number }[] = [{ from: 0, minutes: offsetMinutes(zone, from) }];
  for (let at = from; at < until; at += dayMs) {
    if (offsetMinutes(zone, at + dayMs) === offsets.at(-1)?.minutes) continue;
    offsets.push(changeWithin(zone, at, at + dayMs));
  }
  return offsets;
}

/** Clocks change on a quarter of an hour everywhere. */
function changeWithin(zone: string, from: Instant, until: Instant): { from: Instant; minutes: number } {
  const before = offsetMinutes(zone, from);
  for (let at = from; at <= until; at += hourMs / 4) {
    const minutes = offsetMinutes(zone, at);
    if (minutes !== before) return { from: at, minutes };
  }
  throw new Error(`the clocks of ${zone} change between ${from} and ${until}, but at no quarter of an hour`);
}

const formats = new Map<string, Intl.DateTimeFormat>();

function offsetMinutes(zone: string, at: Instant): number {
  const format =
    formats.get(zone) ??
    new Intl.DateTimeFormat('en-GB', {
      timeZone: zone,
      dateStyle: 'short',
      timeStyle: 'medium',
      hourCycle: 'h23',
    });
  formats.set(zone, format);
  const parts = Object.fromEntries(format.formatToParts(at).map((part) => [part.type, Number(part.value)]));
  const wall = Date.UTC(
    parts['year'] ?? 0,
    (parts['month'] ?? 1) - 1,
    parts['day'] ?? 1,
    parts['hour'] ?? 0,
    parts['minute'] ?? 0,
    parts['second'] ?? 0,
  );
  return Math.round((wall - Math.floor(at / 1000) * 1000) / minuteMs);
}
