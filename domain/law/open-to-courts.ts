import { addDays, weekdayOf } from '../time.ts';
import type { CivilDate } from '../time.ts';
import { isFrenchHoliday } from './french-holiday.ts';

/** That day, or the next working one when a court is closed on it (CPC 642). Never ask it for a limitation. */
export function openToCourts(day: CivilDate): CivilDate {
  let open = day;
  while (weekdayOf(open) > 4 || isFrenchHoliday(open)) open = addDays(open, 1);
  return open;
}
