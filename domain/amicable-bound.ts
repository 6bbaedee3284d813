import { amicableDaysOf, amicableStartOf } from './amicable-phase.ts';
import { dayAt, instantAt } from './calendar.ts';
import { recordOf } from './collection.ts';
import type { Collection, StepState } from './collection.ts';
import { act } from './decision.ts';
import type { Decision } from './decision.ts';
import { isAmicable } from './scenario.ts';
import { openTaskFor } from './task.ts';
import { addDays, latestDay } from './time.ts';
import type { Instant } from './time.ts';

/**
 * The end of the amicable phase: a person's decision, never an automatic formal notice.
 *
 * The bound stops counting once a person has decided that the formal notice shall leave, by approving it or by his answer
 * at the bound. A draft that nobody reads stops nothing.
 */
export function bound(c: Collection, now: Instant): Decision | null {
  if (boundAt(c, now) > now) return null;
  const count = c.scenario.bounds.amicableDays + c.extraDays;
  return act(openTaskFor(c, 'escalation', null, now), 'to_do', { code: 'amicable_bound', count });
}

/** When the amicable phase will have lasted its days if no more silence comes; Infinity once it is behind. */
export function boundAt(c: Collection, now: Instant): Instant {
  if (c.jumpTo !== null || hasGoneOn(c)) return Infinity;

  const today = dayAt(c.calendar, now);
  const left = c.scenario.bounds.amicableDays + c.extraDays - amicableDaysOf(c, today);
  if (left <= 0) return now;
  return instantAt(c.calendar, addDays(latestDay(today, amicableStartOf(c)), left), 0);
}

function hasGoneOn(c: Collection): boolean {
  const place = c.scenario.steps[c.place];
  if (!place || isAmicable(place)) return false;
  const record = recordOf(c, place.key);
  return record !== undefined && !undecided.includes(record.state);
}

/** A step in these states may still be nothing but our own asking. */
const undecided: readonly StepState[] = ['requested', 'withdrawn'];
