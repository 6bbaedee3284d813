import type { Language } from '../../domain/message.ts';
import type { CivilDate } from '../../domain/time.ts';
import { guarded } from '../../domain/formulas.ts';

/**
 * The one writer of CSV: rows that the spreadsheet of the reader's language opens as they are meant.
 *
 * Text stays text, whatever it looks like (`formulas.ts`); numbers and days stay numbers and days, those below zero too. A cell
 * that holds any sign which some spreadsheet takes for a separator is quoted, so that no part of it becomes a cell of its own.
 */
export type Cell =
  | string
  | null
  | { readonly cents: number }
  | { readonly count: number }
  | { readonly day: CivilDate | null };

export type Separator = 'semicolon' | 'comma';

/** How a file is written. */
export interface CsvStyle {
  readonly separator: ';' | ',';
  readonly decimalMark: ',' | '.';
  readonly day: (day: CivilDate) => string;
}

/** Excel takes UTF-8 for what it is only behind this mark. */
export const byteOrderMark = '\uFEFF';

/** As a spreadsheet of the language expects it: `;` and 31/12/2026 in French, `,` and 2026-12-31, which all read alike, in English. */
export function csvStyle(language: Language, separator?: Separator): CsvStyle {
  const own = language === 'fr' ? 'semicolon' : 'comma';
  return {
    separator: (separator ?? own) === 'semicolon' ? ';' : ',',
    decimalMark: language === 'fr' ? ',' : '.',
    day: language === 'fr' ? (day) => day.split('-').reverse().join('/') : (day) => day,
  };
}

/** One row with its line end. */
export function csvRow(cells: readonly Cell[], style: CsvStyle): string {
  return `${cells.map((cell) => written(cell, style)).join(style.separator)}\r\n`;
}

function written(cell: Cell, { separator, decimalMark, day }: CsvStyle): string {
  if (cell === null) return '';
  if (typeof cell === 'string') return quoted(guarded(cell));
  if ('count' in cell) return String(cell.count);
  if ('day' in cell) return cell.day === null ? '' : day(cell.day);
  const number = decimal(cell.cents, decimalMark);
  return decimalMark === separator ? `"${number}"` : number;
}

/** From the digits, never through floating point. */
function decimal(cents: number, mark: ',' | '.'): string {
  const digits = String(Math.abs(cents)).padStart(3, '0');
  return `${cents < 0 ? '-' : ''}${digits.slice(0, -2)}${mark}${digits.slice(-2)}`;
}

/** Of what holds a sign that separates somewhere, and of what would be trimmed; a guard too stands inside the quotes. */
function quoted(text: string): string {
  return /[";,\t|\r\n]|^['\s]|\s$/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}
