import { dayAt, instantAt, isWorkingDay, timeOfDayAt, workingDayAfter } from './calendar.ts';
import type { Calendar } from './calendar.ts';
import { hourMs } from './time.ts';
import type { Instant } from './time.ts';

/** The hours in which whoever was kept silent gets his turn: those in which every scenario lets a message leave. */
const [fromMs, toMs] = [9 * hourMs, 17 * hourMs];

/**
 * When each of `count` debtors gets his turn after a stop: `perHour` of them an hour, from `from` on.
 *
 * Turns lie in working hours alone. A turn at night would be kept until the morning with all the others of that night, and
 * what was to be spread would leave at once.
 */
export function restartTurns(
  calendar: Calendar,
  from: Instant,
  count: number,
  perHour: number,
): readonly Instant[] {
  const gapMs = hourMs / Math.max(1, perHour);
  const turns: Instant[] = [];
  for (let at = openFrom(calendar, from); turns.length < count; at = openFrom(calendar, at + gapMs))
    turns.push(Math.round(at));
  return turns;
}

function openFrom(calendar: Calendar, at: Instant): Instant {
  const day = dayAt(calendar, at);
  const time = timeOfDayAt(calendar, at);
  if (isWorkingDay(calendar, day)) {
    if (time < fromMs) return instantAt(calendar, day, fromMs);
    if (time < toMs) return at;
  }
  return instantAt(calendar, workingDayAfter(calendar, day), fromMs);
}
