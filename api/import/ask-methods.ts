import { sameWord } from './cell-words.ts';
import type { PaymentMethod } from './cell-words.ts';
import type { ColumnSurvey } from './column-survey.ts';
import type { Answers, Question } from './questions.ts';

/** More at once are no questions that anybody reads: `*` answers for all, and what it does not fit is named. */
const askedAtOnce = 8;

/**
 * Asks what the words mean that are no known payment method.
 *
 * Who pays by direct debit or bill of exchange is not chased before it comes back, so a word that is passed over is a
 * reminder to somebody who has done nothing wrong.
 */
export function askMethods(
  survey: ColumnSurvey,
  column: string,
  answered: NonNullable<Answers['paymentMethod']>,
): readonly Question[] {
  const known = new Set(Object.keys(answered).map(sameWord));
  if ('*' in answered) return [];
  const open = [...survey.unknownMethods].filter(([word]) => !known.has(word));
  return open.slice(0, askedAtOnce).map(([, word]): Question => ({
    code: 'payment-method',
    column,
    field: 'paymentMethod',
    question: `Which payment method is "${word}" in "${column}"?`,
    choices: meanings.map(([answer, meaning]) => ({ answer, meaning })),
    examples: [word],
    howToAnswer: `Answer { "paymentMethod": { ${JSON.stringify(word)}: "transfer" } }, or "*" for all words that are not known.`,
  }));
}

/** What the owner said of his words, by `sameWord`; `*` stands for itself. */
export function methodsFrom(
  answered: NonNullable<Answers['paymentMethod']>,
): ReadonlyMap<string, PaymentMethod> {
  return new Map(
    Object.entries(answered).map(([word, method]) => [word === '*' ? word : sameWord(word), method]),
  );
}

const meanings: readonly (readonly [PaymentMethod, string])[] = [
  ['direct_debit', 'we collect it: not chased before it comes back'],
  ['bill_of_exchange', 'a bill: not chased before it comes back'],
  ['transfer', 'the debtor pays by transfer'],
  ['cheque', 'the debtor pays by cheque'],
  ['card', 'the debtor pays by card'],
  ['other', 'none of these, or no method at all: chased as usual'],
];
