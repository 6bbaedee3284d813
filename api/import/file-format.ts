import type { CivilDate } from '../../domain/time.ts';
import type { PaymentMethod } from './cell-words.ts';
import type { DateOrder } from './date-format.ts';
import type { Field } from './fields.ts';
import type { DecimalMark } from './number-format.ts';
import type { ColumnMeaning } from './paid-meaning.ts';

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
  /** Of the columns about payments: amounts, or yes and no. */
  readonly meaning: Partial<Record<Field, ColumnMeaning['meaning']>>;
  /** What the owner said of payment methods, by `sameWord`; `*` for all that are not known. */
  readonly paymentMethods: ReadonlyMap<string, PaymentMethod>;
  /** The day on which the file is read: what is settled later is not settled yet. */
  readonly today: CivilDate;
  readonly headerCurrency?: string;
  /** A sign such as `$` in the header of the amount, which several currencies share. */
  readonly headerSign?: string;
  /** False when the column of countries holds numbers of somebody's own. */
  readonly countryNumbersAreIso: boolean;
}
