import type { CivilDate } from '../../domain/time.ts';
import type { ColumnSurvey } from './column-survey.ts';
import type { DateOrder } from './date-format.ts';
import type { Question } from './questions.ts';

/**
 * Asks whether a settlement date is the day of a payment or the day for which one is planned.
 *
 * Many programs fill `Date règlement` with the planned day as soon as the invoice is booked, and every such invoice
 * would be closed unpaid. Two things give it away: a day that is still to come, and days that are all the due dates.
 */
export function askSettledDate(
  survey: ColumnSurvey,
  order: DateOrder | 'any',
  headers: readonly string[],
  position: number,
  today: CivilDate,
): Question | undefined {
  const last = survey.lastSettled[order === 'any' ? 'dmy' : order];
  if (!last) return undefined;
  const why =
    last.date > today
      ? `${last.value} is still to come`
      : survey.settledOnDueDate === survey.settledValues
        ? 'each of its days is the due date'
        : undefined;
  if (why === undefined) return undefined;
  const column = headers[position] ?? '';
  const answer = headers.filter((header) => header === column).length > 1 ? position + 1 : column;
  return {
    code: 'column',
    column,
    field: 'settledDate',
    question: `Is "${column}" the day on which an invoice was paid, or a day that is planned? (${why})`,
    choices: [
      { answer, meaning: 'it was paid in full on that day; a day that is still to come counts for nothing' },
      { answer: null, meaning: 'the day is planned: the column says nothing of payments' },
    ],
    examples: [last.value],
    howToAnswer: `Answer { "columns": { "settledDate": ${JSON.stringify(answer)} } }, or null for a planned day.`,
  };
}
