import type { PaidMeaning, PaymentMethod } from './cell-words.ts';
import type { DateOrder } from './date-format.ts';
import type { Field } from './fields.ts';
import type { DecimalMark } from './number-format.ts';

/**
 * Something that the file does not decide and that nobody but its owner knows.
 *
 * A wrong guess here would move due dates by months or amounts by a factor of a thousand, close what is owed or chase
 * what is collected by direct debit, without an error anywhere. So it is asked, with examples, and no row is given out until `Answers` hold the answer.
 */
export interface Question {
  readonly code:
    'date-order' | 'decimal-mark' | 'paid-meaning' | 'payment-method' | 'column' | 'separator' | 'encoding';
  /** The header as the file writes it; absent when the question concerns the whole file. */
  readonly column?: string;
  readonly field?: Field;
  readonly question: string;
  readonly choices: readonly Choice[];
  readonly examples: readonly string[];
  readonly howToAnswer: string;
}

export interface Choice {
  /** What to put in the answer. */
  readonly answer: string | number | null;
  /** What the file would then say, in words. */
  readonly meaning: string;
}

/** What the owner of a file says about it; each wins over what the file seems to say. */
export interface Answers {
  readonly dateFormat?: Partial<Record<Field, DateOrder>>;
  readonly numberFormat?: Partial<Record<Field, DecimalMark>>;
  /** Whether the cells of a column hold amounts, or say yes and no. */
  readonly meaning?: Partial<Record<Field, PaidMeaning>>;
  /** Word of the file to payment method; `*` for all words that are not known. */
  readonly paymentMethod?: Readonly<Record<string, PaymentMethod>>;
  /** Field to header, to the position of a column counted from 1, or to `null`: this file has no such column. */
  readonly columns?: Partial<Record<Field, string | number | null>>;
  readonly separator?: Separator;
  /** Any encoding that iconv knows, such as `windows-1252`, `macintosh`, `cp850`. */
  readonly encoding?: string;
}

export type Separator = ';' | ',' | '\t';
