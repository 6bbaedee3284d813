import type { ColumnSurvey } from './column-survey.ts';
import type { DateOrder } from './date-format.ts';
import type { ColumnFormat } from './decide-formats.ts';
import type { Field } from './fields.ts';
import type { Columns } from './headers.ts';
import type { DecimalMark } from './number-format.ts';
import type { ColumnMeaning } from './paid-meaning.ts';
import type { Question, Separator } from './questions.ts';

/**
 * What was found out about a file, to be shown to its owner before and after its import.
 *
 * It says for each decision what decided it, so that somebody who knows the file can see at a glance what is wrong.
 */
export interface FileReading {
  readonly sha256: string;
  readonly bytes: number;
  readonly encoding: { readonly name: string; readonly byteOrderMark: boolean; readonly why: string };
  readonly separator: { readonly value: Separator; readonly why: string };
  /** The line of the row of headers, from 1; above it may stand a title. */
  readonly headerLine: number;
  readonly headers: readonly string[];
  readonly columns: readonly { readonly position: number; readonly header: string; readonly field: Field }[];
  /** Columns that mean nothing to us, with the number of rows in which they hold something. */
  readonly ignored: readonly {
    readonly position: number;
    readonly header: string;
    readonly filled: number;
  }[];
  readonly dates: readonly ColumnFormat<DateOrder>[];
  readonly numbers: readonly ColumnFormat<DecimalMark>[];
  /** What the columns about payments hold. */
  readonly meanings: readonly ColumnMeaning[];
  /** Rows below the headers that are not blank, good or bad. */
  readonly rows: number;
  readonly questions: readonly Question[];
  readonly notes: readonly { readonly code: string; readonly message: string }[];
}

/** What the owner should know although nothing has to be asked. */
export function notesOn(
  columns: Columns,
  survey: ColumnSurvey,
  meanings: FileReading['meanings'],
  blank: number,
): FileReading['notes'] {
  const notes: { code: string; message: string }[] = [];
  const note = (code: string, message: string) => notes.push({ code, message });
  const { at } = columns;
  if (columns.headerCurrency && at.currency === undefined) {
    note('currency-from-header', `The header of the amount says ${columns.headerCurrency}.`);
  } else if (at.currency === undefined) {
    note(
      'currency-missing',
      'No column gives the currency: where an amount does not show it, it is that of the creditor.',
    );
  }
  if (at.debtorName === undefined)
    note('debtor-name-missing', 'No column names the debtor: its reference stands for its name.');
  if (at.issueDate === undefined) note('issue-date-missing', 'No column gives the issue date.');
  if (at.settledDate !== undefined)
    note('settled-date', 'An invoice with a settlement date counts as paid in full on that day.');
  if (!survey.countryNumbersAreIso) {
    note(
      'country-numbers-unknown',
      'The countries are numbers, and not all of them are codes of ISO 3166: none of them was read as a country.',
    );
  }
  for (const { column, meaning } of meanings)
    if (meaning === 'yes-no')
      note('paid-yes-no', `"${column}" says whether an invoice is settled in full, and no amounts.`);
  if (blank > 0) note('blank-rows', `${blank} blank rows were skipped.`);
  return notes;
}
