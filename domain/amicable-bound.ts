import { amicableDaysOf, amicableStartOf } from './amicable-phase.ts';
import { dayAt, instantAt } from './calendar.ts';
import type { Collection } from './collection.ts';
import { act } from './decision.ts';
import type { Decision } from './decision.ts';
import { isAmicable } from './scenario.ts';
import { openTaskFor } from './task.ts';
import { addDays, latestDay } from './time.ts';
import type { Instant } from './time.ts';

/**
 * The end of the amicable phase: a person's decision, never an automatic formal notice.
 *
 * The bound stops counting once the file has gone on to the formal notice, or a person has decided that it shall.
 */
export function bound(c: Collection, now: Instant): Decision | null {
  if (boundAt(c, now) > now) return null;
  const count = c.scenario.bounds.amicableDays + c.extraDays;
  return act(openTaskFor(c, 'escalation', null, now), 'to_do', { code: 'amicable_bound', count });
}

/** When the amicable phase will have lasted its days if no more silence comes; Infinity once it is behind. */
export function boundAt(c: Collection, now: Instant): Instant {
  const place = c.scenario.steps[c.place];
  if (c.jumpTo !== null || (place && !isAmicable(place))) return Infinity;

  const today = dayAt(c.calendar, now);
  const left = c.scenario.bounds.amicableDays + c.extraDays - amicableDaysOf(c, today);
  if (left <= 0) return now;
  return instantAt(c.calendar, addDays(latestDay(today, amicableStartOf(c)), left), 0);
}
