import type { CivilDate } from '../../domain/time.ts';
import { ColumnEvidence } from './column-evidence.ts';

/**
 * How a column of dates is written, decided over all of its values.
 *
 * `3/4/2026` is 3 April or 4 March. One value above 12 settles it for its whole column; if there is none, nothing in the
 * column does, and a guess would be right on some days of each month only. Dates that start with the year, or name
 * their month, need no decision. Two-digit years are always last: 80 to 99 mean 1980 to 1999.
 */
export type DateOrder = 'dmy' | 'mdy';

export type DateReading =
  | { readonly kind: 'date'; readonly date: CivilDate }
  | { readonly kind: 'no-date'; readonly problem: string };

/** The civil date (`YYYY-MM-DD`) that a value means if day and month come in this order. */
export function readDate(value: string, order: DateOrder): DateReading {
  const parts = partsOf(value);
  if ('problem' in parts) return { kind: 'no-date', problem: parts.problem };
  const swapped = parts.order === 'free' && order === 'mdy';
  const [day, month] = swapped ? [parts.second, parts.first] : [parts.first, parts.second];
  if (parts.year < 1980 || parts.year > 2099) {
    return { kind: 'no-date', problem: `the year ${parts.year} cannot be right` };
  }
  if (month < 1 || month > 12 || day < 1 || day > daysIn(parts.year, month)) {
    return { kind: 'no-date', problem: 'there is no such day in the calendar' };
  }
  return { kind: 'date', date: `${parts.year}-${twoDigits(month)}-${twoDigits(day)}` };
}

/** Gathers what the values of one column say about the order of day and month. */
export class DateEvidence extends ColumnEvidence<DateOrder> {
  constructor() {
    super('dmy', 'mdy');
  }

  protected override readingOf(value: string, order: DateOrder): string | undefined {
    const reading = readDate(value, order);
    return reading.kind === 'date' ? reading.date : undefined;
  }
}

type Parts = { first: number; second: number; year: number; order: 'free' | 'fixed' } | { problem: string };

function partsOf(value: string): Parts {
  const text = value.trim();
  const timed = /^(.*\d)(?:T|\s+)(\d{1,2}:\d{2}(?::\d{2}(?:[.,]\d+)?)?)\s*(Z|[+-]\d{2}:?\d{2})?$/i.exec(text);
  if (timed) {
    const [, date = '', time = '', zone] = timed;
    // 23:00Z is already tomorrow in Paris: a day taken from another zone may be the wrong one.
    if (zone && !/^0?0:00(:00([.,]0+)?)?$/.test(time))
      return { problem: 'it is an instant in a time zone, not a day' };
    return partsOf(date);
  }
  const iso = /^(\d{4})([-/.]?)(\d{2})\2(\d{2})$/.exec(text);
  if (iso) return { first: Number(iso[4]), second: Number(iso[3]), year: Number(iso[1]), order: 'fixed' };
  const numeric = /^(\d{1,2})([-/. ])(\d{1,2})\2(\d{4}|\d{2})$/.exec(text);
  if (numeric) {
    return {
      first: Number(numeric[1]),
      second: Number(numeric[3]),
      year: fullYear(numeric[4] ?? ''),
      order: 'free',
    };
  }
  return (
    namedParts(text) ?? {
      problem: /^\d{5}$/.test(text) ? 'it is the serial number of a spreadsheet' : 'it is not a date',
    }
  );
}

/** `31 déc. 2026`, `31-Dec-26`, `December 31, 2026`, `1er janvier 2026`. */
function namedParts(text: string): Parts | undefined {
  const words = text
    .normalize('NFKD')
    .replace(/\p{M}/gu, '')
    .toLowerCase()
    .split(/[^a-z0-9]+/)
    .filter(Boolean);
  const [, , lastWord = ''] = words;
  if (words.length !== 3) return undefined;
  const named = words.findIndex((word) => /^[a-z]{3,}$/.test(word));
  const month = named < 0 || named > 1 ? 0 : (monthNumbers.get(words[named] ?? '') ?? 0);
  const day = /^(\d{1,2})(er|st|nd|rd|th)?$/.exec(words[1 - named] ?? '');
  if (month === 0 || !day || !/^(\d{2}|\d{4})$/.test(lastWord)) return undefined;
  return { first: Number(day[1]), second: month, year: fullYear(lastWord), order: 'fixed' };
}

function fullYear(digits: string): number {
  const year = Number(digits);
  if (digits.length === 4) return year;
  return year < 80 ? 2000 + year : 1900 + year;
}

function daysIn(year: number, month: number): number {
  return new Date(Date.UTC(year, month, 0)).getUTCDate();
}

function twoDigits(value: number): string {
  return String(value).padStart(2, '0');
}

const monthNumbers = new Map<string, number>();
[
  'january jan janvier janv',
  'february feb fevrier fevr fev',
  'march mar mars',
  'april apr avril avr',
  'may mai',
  'june jun juin',
  'july jul juillet juil',
  'august aug aout aou',
  'september sep sept septembre',
  'october oct octobre',
  'november nov novembre',
  'december dec decembre',
].forEach((names, index) => names.split(' ').forEach((name) => monthNumbers.set(name, index + 1)));
