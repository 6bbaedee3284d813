import type { DateOrder } from './date-format.ts';
import type { Field } from './fields.ts';
import type { DecimalMark } from './number-format.ts';

/**
 * What was decided about the whole file before its rows are read.
 *
 * A row alone cannot say whether 3/4 is in March or in April; with this it can be read by itself, in any order.
 */
export interface FileFormat {
  readonly headers: readonly string[];
  readonly at: Partial<Record<Field, number>>;
  readonly dateOrder: Partial<Record<Field, DateOrder>>;
  readonly decimalMark: Partial<Record<Field, DecimalMark>>;
  readonly headerCurrency?: string;
  /** A sign such as `$` in the header of the amount, which several currencies share. */
  readonly headerSign?: string;
  /** False when the column of countries holds numbers of somebody's own. */
  readonly countryNumbersAreIso: boolean;
}
