import type { Field } from './fields.ts';
import type { Question } from './questions.ts';
import { isSettledWord } from './cell-words.ts';
import type { PaidMeaning } from './cell-words.ts';
import { readAmount } from './number-format.ts';

export interface ColumnMeaning {
  readonly field: Field;
  readonly column: string;
  /** `each`: some cells hold amounts and some words, and none can be taken for the other. */
  readonly meaning: PaidMeaning | 'each' | 'unknown';
  readonly decidedBy: 'answer' | 'header' | 'values' | 'nothing';
}

/**
 * What the cells of a column about payments say, all together.
 *
 * In `Payée` a 1 may be a yes or one euro, and in `Solde` a 0 may be an invoice that is paid or, where the accent of
 * `Soldé` was lost, one that is not. Amounts and words beside them decide; noughts and ones alone are asked about.
 */
export class PaidEvidence {
  #words = 0;
  #amounts = 0;
  #ones = 0;
  #noughts = 0;
  readonly #examples = new Set<string>();

  add(value: string): void {
    if (bareNought.test(value)) this.#noughts++;
    else if (bareOne.test(value)) this.#ones++;
    else if (isSettledWord(value) !== undefined) this.#words++;
    else if (isAmount(value)) this.#amounts++;
    else return;
    if (this.#examples.size < 5) this.#examples.add(value);
  }

  /** What they are, or `unknown`. A nought in `paid` is nothing paid whatever it means; in `outstanding` it is not. */
  meaning(field: 'paid' | 'outstanding'): ColumnMeaning['meaning'] {
    const bare = this.#ones + (field === 'paid' ? 0 : this.#noughts);
    if (this.#words > 0 && this.#amounts > 0) return bare > 0 ? 'unknown' : 'each';
    if (this.#words > 0) return 'yes-no';
    if (this.#amounts > 0) return 'amounts';
    return bare > 0 ? 'unknown' : 'each';
  }

  examples(): readonly string[] {
    return [...this.#examples];
  }
}

/** Programs write a yes as 1, as 1.0 where a blank stood in the column, and as -1. */
const bareOne = /^-?1([.,]0)?$/;
const bareNought = /^0([.,]0)?$/;

/** The yes or no of a cell in a column of such: a nought or one, or a word. */
export function yesOrNoIn(value: string): boolean | undefined {
  if (bareOne.test(value)) return true;
  return bareNought.test(value) ? false : isSettledWord(value);
}

function isAmount(value: string): boolean {
  return (['decimal-comma', 'decimal-point'] as const).some(
    (mark) => readAmount(value, mark).kind === 'amount',
  );
}

export function askPaidMeaning(
  field: 'paid' | 'outstanding',
  column: string,
  examples: readonly string[],
): Question {
  return {
    code: 'paid-meaning',
    column,
    field,
    question: `Does "${column}" hold amounts, or does it say whether the invoice is settled?`,
    choices: [
      {
        answer: 'amounts',
        meaning: `amounts: 1 is 1.00 ${field === 'paid' ? 'paid' : 'still owed, and 0 a settled invoice'}`,
      },
      { answer: 'yes-no', meaning: 'yes or no: 1 is an invoice settled in full, 0 one that is owed' },
    ],
    examples,
    howToAnswer: `Answer { "meaning": { "${field}": "yes-no" } } or "amounts".`,
  };
}
