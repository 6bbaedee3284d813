import type { EvidenceCounts, Verdict } from './column-evidence.ts';
import type { ColumnSurvey } from './column-survey.ts';
import type { DateOrder } from './date-format.ts';
import type { Field } from './fields.ts';
import type { DecimalMark } from './number-format.ts';
import type { Answers, Question } from './questions.ts';

/**
 * How each column of dates and amounts is written: as answered, as its own values say, or as a sister column says.
 *
 * One file is written by one program, so a column that does not decide by itself follows the others if they agree, and
 * the report says that it did. A column whose values contradict each other follows nobody and is asked about.
 */
export interface ColumnFormat<Way extends string> {
  readonly field: Field;
  readonly column: string;
  /** `any`: no value of the column reads differently one way or the other. */
  readonly format: Way | 'any' | 'unknown';
  readonly decidedBy: 'answer' | 'values' | 'other columns' | 'nothing';
  readonly counts: EvidenceCounts;
}

export interface Formats {
  readonly dates: readonly ColumnFormat<DateOrder>[];
  readonly numbers: readonly ColumnFormat<DecimalMark>[];
  readonly questions: readonly Question[];
}

export function decideFormats(
  survey: ColumnSurvey,
  headerOf: (field: Field) => string,
  answers: Answers,
): Formats {
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
  return { dates, numbers, questions };
}

function decide<Way extends string>(
  evidence: ReadonlyMap<Field, { verdict(): Verdict<Way> }>,
  answers: Partial<Record<Field, Way>>,
  headerOf: (field: Field) => string,
  ask: (field: Field, examples: readonly string[]) => void,
): ColumnFormat<Way>[] {
  const verdicts = [...evidence].map(([field, column]) => ({ field, verdict: column.verdict() }));
  const ways = new Set(verdicts.flatMap(({ verdict }) => (verdict.kind === 'decided' ? [verdict.way] : [])));
  const agreed = ways.size === 1 ? [...ways][0] : undefined;
  return verdicts.map(({ field, verdict }): ColumnFormat<Way> => {
    const column = { field, column: headerOf(field), counts: verdict.counts };
    const answer = answers[field];
    if (answer !== undefined) return { ...column, format: answer, decidedBy: 'answer' };
    if (verdict.kind === 'decided') return { ...column, format: verdict.way, decidedBy: 'values' };
    if (verdict.kind === 'indifferent') return { ...column, format: 'any', decidedBy: 'values' };
    if (verdict.kind === 'ambiguous' && agreed)
      return { ...column, format: agreed, decidedBy: 'other columns' };
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
