import { instantAt } from '../calendar.ts';
import { recordOf } from '../collection.ts';
import type { Collection, StepRecord } from '../collection.ts';
import { takenOn } from '../schedule.ts';
import { addDays } from '../time.ts';
import type { CivilDate } from '../time.ts';

/**
 * The first day on which a formal notice reached the debtor, as it is known by the end of a day; null before.
 *
 * By its proof, or, for a mail that did not bounce and a plain letter, by the time that has passed. One that a person had
 * repeated reached him when it did first. Interest of consumers and our own clocks ask here; what a court is told of is
 * `noticePresented`.
 */
export function noticeReached(c: Collection, by: CivilDate): CivilDate | null {
  const record = noticeRecord(c);
  if (!record) return null;
  const on = record.takenBefore ?? takenOn(c, record, instantAt(c.calendar, addDays(by, 1), 0) - 1);
  return on !== null && on <= by ? on : null;
}

/** What became of the formal notice of a file; undefined while none was asked for. */
export function noticeRecord(c: Collection): StepRecord | undefined {
  const step = c.scenario.steps.find(({ level }) => level === 'formal_notice');
  return step && recordOf(c, step.key);
}
