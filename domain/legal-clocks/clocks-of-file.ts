import { dayAt } from '../calendar.ts';
import { isClosed, recordOf } from '../collection.ts';
import type { Collection } from '../collection.ts';
import { amicableDate } from '../law/amicable-date.ts';
import type { LegalDate } from '../law/legal-date.ts';
import type { Law } from '../law/law-value.ts';
import type { Limitation } from '../law/limitation-term.ts';
import type { NoticeAnswer } from '../law/notice-answer.ts';
import type { CivilDate, Instant } from '../time.ts';
import { watchedDates } from './due-clock.ts';
import { limitationOfFile } from './legal-terms.ts';
import { noticeOf } from './notice-of-file.ts';
import { cited } from './terms-under-law.ts';

/** Every legal date of one file as it stands, worked out from the file alone. */
export interface FileClocks {
  /** The first one first. */
  readonly dates: readonly LegalDate[];
  /** Null where nothing is known of what limits the claim. */
  readonly limitation: Limitation | null;
  /** Whether the formal notice has been answered for; null while none is on its way. */
  readonly notice: NoticeAnswer | null;
  /** Why it may not go to litigation yet. */
  readonly hindrance: ReturnType<typeof litigationHindrance>;
}

/**
 * The legal dates of a file on that moment: the bound of the amicable phase, the answer to a notice, limitation, insurer.
 *
 * The law says only where the terms that the file carries stand in it.
 */
export function clocksOfFile(law: Law, c: Collection, now: Instant): FileClocks {
  const today = dayAt(c.calendar, now);
  const notice = noticeOf(c, now);
  const amicable = isClosed(c) ? null : amicableDate(c, now);
  const limitation = limitationOfFile(c, today);
  const dates: readonly LegalDate[] = [
    ...(amicable ? [amicable] : []),
    ...(notice?.kind === 'running' ? [notice.date] : []),
    ...watchedDates(c, today),
  ];
  return {
    dates: dates.map((date) => cited(law, c, date)).sort(byDay),
    limitation: limitation && cited(law, c, limitation),
    notice,
    hindrance: litigationHindrance(c, now),
  };
}

/**
 * Why a file may not go to litigation yet: its formal notice has not been proven, or the days of its answer still run.
 *
 * Null when it may: the days are over, or a person has skipped the notice and said why, as when a bailiff has served it.
 */
export function litigationHindrance(
  c: Collection,
  now: Instant,
): { readonly code: 'no_notice' } | { readonly code: 'answer_runs'; readonly on: CivilDate } | null {
  const step = c.scenario.steps.find(({ level }) => level === 'formal_notice');
  if (!step || recordOf(c, step.key)?.state === 'skipped') return null;
  const notice = noticeOf(c, now);
  if (notice?.kind !== 'running') return { code: 'no_notice' };
  return dayAt(c.calendar, now) > notice.date.on ? null : { code: 'answer_runs', on: notice.date.on };
}

function byDay(a: LegalDate, b: LegalDate): number {
  return a.on === b.on ? 0 : a.on < b.on ? -1 : 1;
}
