import type { Language } from '../../domain/message.ts';
import { moneyInWords } from '../words.ts';

/** What the command line prints: lines, and tables whose columns stand under each other. */
export function say(line = ''): void {
  process.stdout.write(`${line}\n`);
}

/** How amounts are written: as the terminal's language does. */
export function terminalLanguage(): Language {
  const language = process.env['LC_ALL'] || process.env['LC_MONETARY'] || process.env['LANG'] || '';
  return language.startsWith('fr') ? 'fr' : 'en';
}

export function money(given: { readonly amount: number; readonly currency: string }): string {
  return moneyInWords(given.amount, given.currency, terminalLanguage());
}

export interface Column {
  readonly title: string;
  readonly right?: boolean;
}

/** A table without frames; numbers to the right, the last column as long as it likes. */
export function table(columns: readonly Column[], rows: readonly (readonly string[])[]): string {
  const widths = columns.map(({ title }, index) =>
    Math.max(title.length, ...rows.map((row) => (row[index] ?? '').length)),
  );
  const line = (cells: readonly string[]): string =>
    cells
      .map((cell, index) =>
        columns[index]?.right ? cell.padStart(widths[index] ?? 0) : cell.padEnd(widths[index] ?? 0),
      )
      .join('  ')
      .trimEnd();
  return [line(columns.map(({ title }) => title)), ...rows.map(line)].join('\n');
}

/** Names and values under each other; empty values are left out. */
export function pairs(values: readonly (readonly [string, string | null | undefined])[]): string {
  const given = values.filter(([, value]) => value !== null && value !== undefined && value !== '');
  const width = Math.max(0, ...given.map(([name]) => name.length));
  return given.map(([name, value]) => `${name.padEnd(width)}  ${value}`).join('\n');
}

/** An instant to the minute, in UTC as the API gives it. */
export function moment(instant: string | null): string {
  return instant === null ? '' : `${instant.slice(0, 10)} ${instant.slice(11, 16)} UTC`;
}
