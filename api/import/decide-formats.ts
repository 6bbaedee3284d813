import type { CivilDate } from '../../domain/time.ts';
import { askMethods } from './ask-methods.ts';
import { askSettledDate } from './ask-settled-date.ts';
import type { EvidenceCounts, Verdict } from './column-evidence.ts';
import type { ColumnSurvey } from './column-survey.ts';
import type { DateOrder } from './date-format.ts';
import type { Field } from './fields.ts';
import { saysSolde, saysYesOrNo } from './headers.ts';
import type { Columns } from './headers.ts';
import type { DecimalMark } from './number-format.ts';
import { askPaidMeaning } from './paid-meaning.ts';
import type { ColumnMeaning } from './paid-meaning.ts';
import type { Answers, Question } from './questions.ts';

/**
 * How each column of dates and amounts is written, and what columns about payments mean: as answered, or as all the
 * values of the column say.
 *
 * A column follows no other: one program writes the dates of the document, another the day of the payment, and a guess
 * that is mostly right is wrong about somebody's invoice. What a column leaves open is asked.
 */
export interface ColumnFormat<Way extends string> {
  readonly field: Field;
  readonly column: string;
  /** `any`: no value of the column reads differently one way or the other. */
  readonly format: Way | 'any' | 'unknown';
  readonly decidedBy: 'answer' | 'values' | 'nothing';
  readonly counts: EvidenceCounts;
}

export interface Formats {
  readonly dates: readonly ColumnFormat<DateOrder>[];
  readonly numbers: readonly ColumnFormat<DecimalMark>[];
  readonly meanings: readonly ColumnMeaning[];
  readonly questions: readonly Question[];
}

export function decideFormats(
  survey: ColumnSurvey,
  { at, headers }: { readonly at: Columns['at']; readonly headers: readonly string[] },
  answers: Answers,
  today: CivilDate,
): Formats {
  const headerOf = (field: Field): string => headers[at[field] ?? -1] ?? '';
  const questions: Question[] = [];
  const dates = decide(survey.dates, answers.dateFormat ?? {}, headerOf, (field, examples) =>
    questions.push({
      code: 'date-order',
      column: headerOf(field),
      field,
      question: `Does the day or the month come first in "${headerOf(field)}"?`,
      choices: [
        {
          answer: 'dmy',
          meaning: `day first (DD/MM): ${examples[0] ?? ''} is ${spoken(examples[0], 'dmy')}`,
        },
        {
          answer: 'mdy',
          meaning: `month first (MM/DD): ${examples[0] ?? ''} is ${spoken(examples[0], 'mdy')}`,
        },
      ],
      examples,
      howToAnswer: `Answer { "dateFormat": { "${field}": "dmy" } } or "mdy".`,
    }),
  );
  const numbers = decide(survey.numbers, answers.numberFormat ?? {}, headerOf, (field, examples) =>
    questions.push({
      code: 'decimal-mark',
      column: headerOf(field),
      field,
      question: `Is the comma or the point the decimal mark in "${headerOf(field)}"?`,
      choices: [
        { answer: 'decimal-comma', meaning: 'the comma, as in 1.234,56' },
        { answer: 'decimal-point', meaning: 'the point, as in 1,234.56' },
      ],
      examples,
      howToAnswer: `Answer { "numberFormat": { "${field}": "decimal-comma" } } or "decimal-point".`,
    }),
  );
  const meanings = (['paid', 'outstanding'] as const).flatMap((field) =>
    at[field] === undefined ? [] : meaningOf(field, survey, headerOf(field), answers),
  );
  for (const { field, meaning } of meanings)
    if (meaning === 'unknown')
      questions.push(askPaidMeaning(field, headerOf(field), survey.paid[field].examples()));
  const settledAt = at.settledDate;
  if (settledAt !== undefined && !('settledDate' in (answers.columns ?? {}))) {
    const order = dates.find(({ field }) => field === 'settledDate')?.format;
    const question =
      order === 'unknown' ? undefined : askSettledDate(survey, order ?? 'any', headers, settledAt, today);
    if (question) questions.push(question);
  }
  questions.push(...askMethods(survey, headerOf('paymentMethod'), answers.paymentMethod ?? {}));
  return { dates, numbers, meanings, questions };
}

function meaningOf(
  field: 'paid' | 'outstanding',
  survey: ColumnSurvey,
  column: string,
  answers: Answers,
): ColumnMeaning & { field: 'paid' | 'outstanding' } {
  const answer = answers.meaning?.[field];
  if (answer !== undefined) return { field, column, meaning: answer, decidedBy: 'answer' };
  if (field === 'paid' && saysYesOrNo(column))
    return { field, column, meaning: 'yes-no', decidedBy: 'header' };
  if (field === 'outstanding' && !saysSolde(column))
    return { field, column, meaning: 'amounts', decidedBy: 'header' };
  const meaning = survey.paid[field].meaning(field);
  return { field, column, meaning, decidedBy: meaning === 'unknown' ? 'nothing' : 'values' };
}

function decide<Way extends string>(
  evidence: ReadonlyMap<Field, { verdict(): Verdict<Way> }>,
  answers: Partial<Record<Field, Way>>,
  headerOf: (field: Field) => string,
  ask: (field: Field, examples: readonly string[]) => void,
): ColumnFormat<Way>[] {
  return [...evidence].map(([field, values]): ColumnFormat<Way> => {
    const verdict = values.verdict();
    const column = { field, column: headerOf(field), counts: verdict.counts };
    const answer = answers[field];
    if (answer !== undefined) return { ...column, format: answer, decidedBy: 'answer' };
    if (verdict.kind === 'decided') return { ...column, format: verdict.way, decidedBy: 'values' };
    if (verdict.kind === 'indifferent') return { ...column, format: 'any', decidedBy: 'values' };
    ask(field, verdict.examples);
    return { ...column, format: 'unknown', decidedBy: 'nothing' };
  });
}

function spoken(example: string | undefined, order: DateOrder): string {
  const [first = '', second = ''] = (example ?? '').split(/\D/);
  const [day, month] = order === 'dmy' ? [first, second] : [second, first];
  return `${Number(day)} ${monthNames[Number(month) - 1] ?? ''}`;
}

const monthNames = [
  'January',
  'February',
  'March',
  'April',
  'May',
  'June',
  'July',
  'August',
  'September',
  'October',
  'November',
  'December',
];
