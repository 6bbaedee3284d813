/**
 * Civil days as people write them, without any clock, zone or `Intl`: same day, same bytes.
 */
import type { Language } from '../../domain/message.ts';
import type { CivilDate } from '../../domain/time.ts';

const months = {
  fr: 'janvier février mars avril mai juin juillet août septembre octobre novembre décembre'.split(' '),
  en: 'January February March April May June July August September October November December'.split(' '),
} as const;

/** `12 mars 2026`, `1er avril 2026`, `12 March 2026`. Spaces inside never break a line. */
export function dayInWords(day: CivilDate, language: Language): string {
  const [year, month, date] = partsOf(day);
  const name = months[language][month - 1];
  return [language === 'fr' && date === 1 ? '1er' : String(date), name, year].join('\u00a0');
}

/** Short, for tables: `12/03/2026` in French, `12 Mar 2026` in English, where 3 and 12 could be swapped. */
export function dayInFigures(day: CivilDate, language: Language): string {
  const [year, month, date] = partsOf(day);
  if (language === 'fr') return `${pad(date)}/${pad(month)}/${year}`;
  return [date, months.en[month - 1]?.slice(0, 3), year].join('\u00a0');
}

/** The day that lies so many days later, or earlier when negative. */
export function daysAfter(day: CivilDate, days: number): CivilDate {
  const [year, month, date] = partsOf(day);
  return new Date(Date.UTC(year, month - 1, date + days)).toISOString().slice(0, 10);
}

function partsOf(day: CivilDate): [number, number, number] {
  const match = /^(\d{4})-(\d{2})-(\d{2})$/.exec(day);
  const [year, month, date] = (match ?? []).slice(1).map(Number);
  if (!year || !month || !date || month > 12 || date > 31)
    throw new RangeError(`Not a civil date (YYYY-MM-DD): "${day}".`);
  return [year, month, date];
}

function pad(number: number): string {
  return String(number).padStart(2, '0');
}
