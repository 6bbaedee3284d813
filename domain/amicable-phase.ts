import type { Collection } from './collection.ts';
import type { Hold } from './debtor.ts';
import { isAmicable } from './scenario.ts';
import { addDays, dayNumberOf, latestDay } from './time.ts';
import type { CivilDate } from './time.ts';

/**
 * How long the friendly phase has lasted, and the silences in it.
 *
 * The phase counts from the first overdue step or the entry of the invoice, whichever is later, without the days
 * on which the file was silent: paid or excluded, under dispute, promise or hold. The debtor's time runs only while we
 * speak to him. It is bounded (F8), so that no debt grows old in courtesies.
 */

/** Days of the amicable phase that have passed on that day; 0 before it begins. */
export function amicableDaysOf(collection: Collection, day: CivilDate): number {
  const start = dayNumberOf(amicableStartOf(collection));
  const end = dayNumberOf(day);
  let [counted, silent] = [start, 0];
  // Spells overlap: each day is silent once.
  for (const { from, to } of [...silencesOf(collection, day)].sort((one, other) => one.from - other.from)) {
    const days = Math.min(to + 1, end) - Math.max(from, counted);
    if (days > 0) silent += days;
    counted = Math.max(counted, to + 1);
  }
  return Math.max(0, end - start - silent);
}

/** The last day of a silence that is over, from facts and from holds that ran out; null when there was none. */
export function lastSilentDayOf(collection: Collection, day: CivilDate): CivilDate | null {
  const ranOut = allHolds(collection)
    .map((hold) => hold.until)
    .filter((until) => until !== null && until < day);
  return [...ranOut, collection.resumeAfter].reduce(
    (latest, end) => (end && (!latest || end > latest) ? end : latest),
    null,
  );
}

/** Every hold on the invoice or its debtor, run out or not. */
export function allHolds(collection: Collection): readonly Hold[] {
  return [...collection.holds, ...collection.debtor.holds];
}

/** The day on which the phase begins: that of the first reminder, or that of our first knowing the invoice. */
export function amicableStartOf(collection: Collection): CivilDate {
  const first = collection.scenario.steps.find((step) => isAmicable(step) && step.level !== 'preventive');
  return latestDay(addDays(collection.dueDate, first?.offsetDays ?? 0), collection.knownOn);
}

/** Spells of day numbers, the open ones up to that day. */
function silencesOf(collection: Collection, day: CivilDate): readonly { from: number; to: number }[] {
  const { silences, silentSince } = collection;
  const holds = allHolds(collection).map((hold) => ({ from: hold.from, to: hold.until ?? day }));
  const running = silentSince ? [{ from: silentSince, to: day }] : [];
  return [...silences, ...holds, ...running].map(({ from, to }) => ({
    from: dayNumberOf(from),
    to: dayNumberOf(to),
  }));
}
