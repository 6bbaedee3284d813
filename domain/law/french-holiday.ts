import { addDays } from '../time.ts';
import type { CivilDate } from '../time.ts';

/**
 * Whether the day is one of the eleven public holidays of France.
 *
 * Terms of French courts end by French holidays, wherever the debtor lives and however far ahead the day lies; so they
 * are worked out here instead of read from a file's calendar. Local ones (Alsace-Moselle, overseas) are not known.
 */
export function isFrenchHoliday(day: CivilDate): boolean {
  const easter = easterOf(Number(day.slice(0, 4)));
  return fixed.includes(day.slice(5)) || [1, 39, 50].some((after) => addDays(easter, after) === day);
}

const fixed = ['01-01', '05-01', '05-08', '07-14', '08-15', '11-01', '11-11', '12-25'];

/** The Sunday of Easter in the Gregorian calendar, after Meeus. */
function easterOf(year: number): CivilDate {
  const golden = year % 19;
  const century = Math.floor(year / 100);
  const leapCenturies = Math.floor(century / 4);
  const moonShift = Math.floor((century - Math.floor((century + 8) / 25) + 1) / 3);
  const epact = (19 * golden + century - leapCenturies - moonShift + 15) % 30;
  const yearOfCentury = year % 100;
  const toSunday =
    (32 + 2 * (century % 4) + 2 * Math.floor(yearOfCentury / 4) - epact - (yearOfCentury % 4)) % 7;
  const late = Math.floor((golden + 11 * epact + 22 * toSunday) / 451);
  const afterMarch = epact + toSunday - 7 * late + 114;
  const month = Math.floor(afterMarch / 31);
  return `${String(year).padStart(4, '0')}-${String(month).padStart(2, '0')}-${String((afterMarch % 31) + 1).padStart(2, '0')}`;
}
