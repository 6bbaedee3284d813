import { boundAt } from '../amicable-bound.ts';
import { amicableStartOf } from '../amicable-phase.ts';
import { dayAt } from '../calendar.ts';
import type { Collection } from '../collection.ts';
import { silencedByJudgmentOn } from '../insolvency/claim-side.ts';
import type { Instant } from '../time.ts';
import type { LegalDate } from './legal-date.ts';

/**
 * The day on which the amicable phase of a file must have been decided, as one of its legal dates.
 *
 * It is the day that `boundAt` gives, if no more silence comes; null once the phase is behind, and for a claim that an
 * opening judgment has silenced: nothing amicable is left to decide. A bound that has passed is due today.
 */
export function amicableDate(c: Collection, now: Instant): LegalDate | null {
  if (silencedByJudgmentOn(c) !== null) return null;
  const at = boundAt(c, now);
  if (at === Infinity) return null;
  return {
    clock: 'amicable_bound',
    on: dayAt(c.calendar, at),
    from: amicableStartOf(c),
    because: 'collection_began',
    term: { count: c.scenario.bounds.amicableDays + c.extraDays, unit: 'days' },
    movedFrom: null,
    source: `scenario ${c.scenario.id}`,
  };
}
