import type { CivilDate } from '../time.ts';
import type { LegalClock, LegalDate } from './legal-date.ts';
import { endOf } from './legal-term.ts';
import type { Term } from './legal-term.ts';

/**
 * The days on which people are warned before a legal date, first to last.
 *
 * A limitation is known years before, so its warnings begin a year ahead; an insurer's refusal costs the whole claim, so
 * its last warning comes the day before; the ends of a file's own phases are days or weeks away from their beginning; of
 * all others, a month and a week ahead.
 */
export function warningDaysOf({ clock, on }: Pick<LegalDate, 'clock' | 'on'>): readonly CivilDate[] {
  return aheadOf(clock).map(({ count, unit }) => endOf(on, { count: -count, unit }));
}

function aheadOf(clock: LegalClock): readonly Term[] {
  if (clock === 'limitation' || clock === 'limitation_possible')
    return [12, 6, 3, 1].map((count) => ({ count, unit: 'months' }));
  return daysAheadOf(clock).map((count) => ({ count, unit: 'days' }));
}

function daysAheadOf(clock: LegalClock): readonly number[] {
  if (clock === 'amicable_bound') return [7];
  if (clock === 'notice_answer') return [3];
  return clock.startsWith('insurer_') ? [15, 5, 1] : [30, 7];
}
