import { dayAt } from '../calendar.ts';
import type { Collection } from '../collection.ts';
import { noticeAnswerOf } from '../law/notice-answer.ts';
import type { NoticeAnswer } from '../law/notice-answer.ts';
import { noticeRecord } from '../notice/notice-reached.ts';
import { takenOn } from '../schedule.ts';
import type { CivilDate, Instant } from '../time.ts';

/** How the formal notice of a file stands: from its first presentation on the days of its answer run. */
export function noticeOf(c: Collection, now: Instant): NoticeAnswer | null {
  const record = noticeRecord(c);
  if (!record || !['posted', 'sent', 'handed', 'taken', 'failed'].includes(record.state)) return null;
  const presentedOn = takenOn(c, record, now);
  const returnedOn: CivilDate | null = record.state === 'failed' ? dayAt(c.calendar, record.at) : null;
  const sentOn = record.state === 'posted' ? record.on : null;
  const proof = { sentOn, presentedOn, receivedOn: null, refusedOn: null, expiredOn: null, returnedOn };
  return noticeAnswerOf(proof, c.scenario.bounds.noticeAnswerDays);
}
