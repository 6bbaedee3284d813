import { addWorkingDays } from '../calendar.ts';
import type { Calendar } from '../calendar.ts';
import type { CivilDate } from '../time.ts';

/**
 * Whether bank data are too old to say of anybody that he did not pay.
 *
 * Counted in working days, since banks book on no others. Where they are not watched they never are: there, what was not
 * recorded by hand has not come. Where they are watched and none ever came, they always are.
 */
export function isBankDataOld(
  calendar: Calendar,
  { knownTo, daysMax }: { readonly knownTo: CivilDate | null; readonly daysMax: number | null },
  today: CivilDate,
): boolean {
  if (daysMax === null) return false;
  return knownTo === null || addWorkingDays(calendar, knownTo, daysMax) < today;
}
