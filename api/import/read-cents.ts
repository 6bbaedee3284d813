import type { FileFormat } from './file-format.ts';
import { readAmount } from './number-format.ts';
import type { RowNotes } from './row-notes.ts';

/** The amount in a cell; undefined when it is empty or, with a rejection, when it is none. */
export function centsIn(
  notes: RowNotes,
  format: FileFormat,
  field: 'amount' | 'paid' | 'outstanding',
): Amount | undefined {
  const text = notes.text(field);
  if (text === undefined) return undefined;
  const mark = format.decimalMark[field] ?? 'decimal-comma';
  const reading = readAmount(text, mark);
  if (reading.kind === 'amount') return reading;
  const expected = mark === 'decimal-comma' ? '1 234,56' : '1,234.56';
  notes.reject(
    field,
    'amount-invalid',
    `It cannot be read as an amount: ${reading.problem}.`,
    `Write it with at most two decimals, as ${expected} like the rest of the column.`,
  );
  return undefined;
}

/** Money as a cell gives it. */
export interface Amount {
  readonly cents: number;
  readonly currency?: string;
  readonly sharedSign?: string;
}
