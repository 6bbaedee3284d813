import type { Calendar } from '../../domain/calendar.ts';
import { addDays, dayMs, minuteMs } from '../../domain/time.ts';
import type { CivilDate, Instant } from '../../domain/time.ts';

/**
 * Real calendars for tests, built from the time zones that Node knows.
 *
 * They are an independent witness: the product reads its own plain data, the tests ask `Intl` whether it was right.
 */
export function calendarOf(zone: string, holidays: readonly CivilDate[] = frenchHolidays): Calendar {
  const [from, until] = ['2015-01-01', '2032-12-31'];
  return {
    id: `${zone}@test`,
    zone,
    country: 'FR',
    from,
    until,
    holidays,
    offsets: offsetsOf(zone, from, until),
  };
}

/** What the wall shows in the zone at that moment, as `Intl` says it. */
export function wallAt(zone: string, at: Instant): { readonly day: CivilDate; readonly minuteOfDay: number } {
  const parts = new Map(
    formatOf(zone)
      .formatToParts(at)
      .map(({ type, value }) => [type, value]),
  );
  const day = `${parts.get('year')}-${parts.get('month')}-${parts.get('day')}`;
  return { day, minuteOfDay: Number(parts.get('hour')) * 60 + Number(parts.get('minute')) };
}

const formats = new Map<string, Intl.DateTimeFormat>();

function formatOf(zone: string): Intl.DateTimeFormat {
  const known = formats.get(zone);
  if (known) return known;
  const format = new Intl.DateTimeFormat('en-CA', {
    timeZone: zone,
    hourCycle: 'h23',
    year: 'numeric',
    month: '2-digit',
    day: '2-digit',
    hour: '2-digit',
    minute: '2-digit',
  });
  formats.set(zone, format);
  return format;
}

function offsetMinutes(zone: string, at: Instant): number {
  const { day, minuteOfDay } = wallAt(zone, at);
  return Math.round((Date.parse(`${day}T00:00:00Z`) + minuteOfDay * minuteMs - at) / minuteMs);
}

/** Looks for changes day by day, then halves the day until the minute is found. */
function offsetsOf(zone: string, from: CivilDate, until: CivilDate): Calendar['offsets'] {
  const offsets: { from: Instant; minutes: number }[] = [];
  const end = Date.parse(`${until}T00:00:00Z`);
  let at = Date.parse(`${from}T00:00:00Z`);
  offsets.push({ from: at, minutes: offsetMinutes(zone, at) });
  for (; at < end; at += dayMs) {
    const known = offsetMinutes(zone, at);
    if (offsetMinutes(zone, at + dayMs) === known) continue;
    let [before, after] = [at, at + dayMs];
    while (after - before > minuteMs) {
      const middle = before + Math.floor((after - before) / 2 / minuteMs) * minuteMs;
      if (offsetMinutes(zone, middle) === known) before = middle;
      else after = middle;
    }
    offsets.push({ from: after, minutes: offsetMinutes(zone, after) });
  }
  return offsets;
}

/** Sundays of Easter; the movable holidays of France follow from them. */
const easters: readonly CivilDate[] = [
  '2023-04-09',
  '2024-03-31',
  '2025-04-20',
  '2026-04-05',
  '2027-03-28',
  '2028-04-16',
  '2029-04-01',
  '2030-04-21',
];

export const frenchHolidays: readonly CivilDate[] = easters.flatMap((easter) => {
  const year = easter.slice(0, 4);
  const fixed = ['01-01', '05-01', '05-08', '07-14', '08-15', '11-01', '11-11', '12-25'];
  return [
    ...fixed.map((day) => `${year}-${day}`),
    addDays(easter, 1),
    addDays(easter, 39),
    addDays(easter, 50),
  ];
});

export const paris = calendarOf('Europe/Paris');
export const newYork = calendarOf('America/New_York', ['2026-07-03', '2026-11-26', '2026-12-25']);
export const auckland = calendarOf('Pacific/Auckland', ['2026-02-06', '2026-04-27', '2026-12-25']);
