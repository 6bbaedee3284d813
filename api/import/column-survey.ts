import { amountFields, dateFields } from './fields.ts';
import type { Field } from './fields.ts';
import { DateEvidence } from './date-format.ts';
import { isForeignNumber } from './iso-country.ts';
import { NumberEvidence } from './number-format.ts';
import { cleanCell } from './row-notes.ts';
import { yesOrNo } from './cell-words.ts';

/**
 * What whole columns show that no single row can: how their dates and amounts are written, and how full they are.
 *
 * It holds counts and a few examples only, so its size does not depend on the number of rows.
 */
export class ColumnSurvey {
  rows = 0;
  readonly filled: number[];
  readonly dates = new Map<Field, DateEvidence>();
  readonly numbers = new Map<Field, NumberEvidence>();
  /** One number that ISO 3166 does not know shows that the numbers of this column are somebody's own. */
  countryNumbersAreIso = true;
  vatValues = 0;
  vatLike = 0;

  readonly #at: Partial<Record<Field, number>>;

  constructor(columns: number, at: Partial<Record<Field, number>>) {
    this.#at = at;
    this.filled = Array<number>(columns).fill(0);
    for (const field of dateFields) if (at[field] !== undefined) this.dates.set(field, new DateEvidence());
    for (const field of amountFields)
      if (at[field] !== undefined) this.numbers.set(field, new NumberEvidence());
  }

  add(cells: readonly string[]): void {
    this.rows++;
    for (const [column, count] of this.filled.entries()) {
      if ((cells[column] ?? '') !== '') this.filled[column] = count + 1;
    }
    for (const [field, evidence] of this.dates) {
      const value = this.#value(cells, field);
      if (value !== '') evidence.add(value);
    }
    for (const [field, evidence] of this.numbers) {
      const value = this.#value(cells, field);
      if (value !== '' && (field !== 'paid' || yesOrNo(value) === undefined)) evidence.add(value);
    }
    if (this.#at.debtorCountry !== undefined && isForeignNumber(this.#value(cells, 'debtorCountry'))) {
      this.countryNumbersAreIso = false;
    }
    this.#addVat(this.#value(cells, 'debtorVat'));
  }

  #addVat(value: string): void {
    if (value === '') return;
    this.vatValues++;
    if (/^[A-Z]{2}/i.test(value)) this.vatLike++;
  }

  #value(cells: readonly string[], field: Field): string {
    const position = this.#at[field];
    return position === undefined ? '' : cleanCell((cells[position] ?? '').slice(0, 200));
  }
}
