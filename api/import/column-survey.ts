import type { CivilDate } from '../../domain/time.ts';
import { isSettledWord, paymentMethodOf, sameWord } from './cell-words.ts';
import { DateEvidence, readDate } from './date-format.ts';
import type { DateOrder } from './date-format.ts';
import { amountFields, dateFields } from './fields.ts';
import type { Field } from './fields.ts';
import { isForeignNumber } from './iso-country.ts';
import { NumberEvidence } from './number-format.ts';
import { PaidEvidence } from './paid-meaning.ts';
import { cleanCell, isPlaceholder } from './row-notes.ts';

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
  readonly paid = { paid: new PaidEvidence(), outstanding: new PaidEvidence() };
  /** Words of the column of payment methods that are not known, by `sameWord`, as the file writes them. */
  readonly unknownMethods = new Map<string, string>();
  /** The last settlement date, for either order of day and month. */
  readonly lastSettled: Partial<Record<DateOrder, { readonly date: CivilDate; readonly value: string }>> = {};
  settledValues = 0;
  settledOnDueDate = 0;

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
      if (value !== '' && (field === 'amount' || isSettledWord(value) === undefined)) evidence.add(value);
    }
    for (const field of ['paid', 'outstanding'] as const) {
      const value = this.#value(cells, field);
      if (value !== '') this.paid[field].add(value);
    }
    this.#addSettled(this.#value(cells, 'settledDate'), this.#value(cells, 'dueDate'));
    this.#addMethod(this.#value(cells, 'paymentMethod'));
    if (this.#at.debtorCountry !== undefined && isForeignNumber(this.#value(cells, 'debtorCountry'))) {
      this.countryNumbersAreIso = false;
    }
    this.#addVat(this.#value(cells, 'debtorVat'));
  }

  #addSettled(settled: string, due: string): void {
    let isDate = false;
    for (const order of ['dmy', 'mdy'] as const) {
      const reading = readDate(settled, order);
      if (reading.kind !== 'date') continue;
      isDate = true;
      const last = this.lastSettled[order];
      if (!last || reading.date > last.date) this.lastSettled[order] = { date: reading.date, value: settled };
    }
    if (!isDate) return;
    this.settledValues++;
    if (settled === due) this.settledOnDueDate++;
  }

  #addMethod(value: string): void {
    if (value === '' || isPlaceholder([value]) || this.unknownMethods.size >= unknownMethodsMax) return;
    if (paymentMethodOf(value) === undefined) this.unknownMethods.set(sameWord(value), value);
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

/** More different words than this are no list of payment methods; whatever is left is asked about in the next round. */
const unknownMethodsMax = 50;
