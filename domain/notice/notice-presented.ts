import type { Collection } from '../collection.ts';
import type { CivilDate } from '../time.ts';
import { noticeRecord } from './notice-reached.ts';

/**
 * The day on which the formal notice was presented, as a court is told it; null where nobody can prove that it was.
 *
 * Only a registered letter, of paper or electronic, leaves that proof. A mail that did not bounce and a plain letter reach
 * the debtor in the eyes of our own clocks (`noticeReached`), but they prove nothing to anybody else.
 */
export function noticePresented(c: Collection, by: CivilDate): CivilDate | null {
  const record = noticeRecord(c);
  if (record?.channel !== 'registered_letter' || record.state !== 'taken') return null;
  return record.on !== null && record.on <= by ? record.on : null;
}
