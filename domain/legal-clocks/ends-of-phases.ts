import { dayAt } from '../calendar.ts';
import type { Collection } from '../collection.ts';
import { amicableDate } from '../law/amicable-date.ts';
import type { LegalClock, LegalDate } from '../law/legal-date.ts';
import { silence } from '../silence.ts';
import type { Instant } from '../time.ts';
import { noticeOf } from './notice-of-file.ts';

/** The clocks that end a phase of the file itself: no right is lost with them, but the next word is a person's. */
const phases: readonly LegalClock[] = ['amicable_bound', 'notice_answer'];

/** Whether a date ends a phase of the file, and no right. */
export function endsPhase(clock: LegalClock): boolean {
  return phases.includes(clock);
}

/**
 * The ends of the phases of a file that lie ahead: of the amicable phase, and of the answer to its formal notice.
 *
 * They are warned of while the file goes its way. While it is silent its amicable days stand still, so that no day could
 * be said that holds; and once a person is asked how it goes on, he knows. Files whose terms are of earlier releases are
 * told of them with their next terms.
 */
export function endsOfPhases(c: Collection, now: Instant): readonly LegalDate[] {
  if (c.legalTerms?.phases !== true || silence(c, now) !== null) return [];
  const today = dayAt(c.calendar, now);
  const notice = noticeOf(c, now);
  const ends = [amicableDate(c, now), notice?.kind === 'running' ? notice.date : null];
  return ends.filter((end) => end !== null).filter(({ on }) => on > today);
}
