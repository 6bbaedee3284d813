import type { FileQuestion } from './answers.ts';
import { Mistake } from './mistake.ts';

/**
 * Answers about a file as people type them: `dueDate=dmy`, `amount=decimal-comma`, `separator=;`, `number=Invoice no`.
 *
 * The value says which question it answers; whatever is none of the known words is the header of a column, `none` says
 * that the file has no such column. `paymentMethod.TRT=bill_of_exchange` says what a word of the file means.
 */
export function answersTyped(typed: readonly string[]): Readonly<Record<string, unknown>> {
  const answers: Record<string, unknown> = {};
  const into = (member: string, field: string, value: unknown): void => {
    answers[member] = { ...(answers[member] as object | undefined), [field]: value };
  };
  for (const one of typed) {
    const [, word, method] = /^paymentMethod\.(.+)=(\w+)$/s.exec(one) ?? [];
    if (word !== undefined) {
      into('paymentMethod', word, method);
      continue;
    }
    const [, field, value] = /^([A-Za-z]+)=(.*)$/s.exec(one) ?? [];
    if (field === undefined || value === undefined)
      throw new Mistake(`"${one}" is no answer: write FIELD=VALUE, such as dueDate=dmy.`);
    if (field === 'separator') answers[field] = value === 'tab' ? '\t' : value;
    else if (field === 'encoding') answers[field] = value;
    else if (value === 'dmy' || value === 'mdy') into('dateFormat', field, value);
    else if (value === 'decimal-comma' || value === 'decimal-point') into('numberFormat', field, value);
    else if (value === 'amounts' || value === 'yes-no') into('meaning', field, value);
    else into('columns', field, value === 'none' ? null : /^\d+$/.test(value) ? Number(value) : value);
  }
  return answers;
}

/** A question of the API with what to type for each choice. */
export function questionInWords(question: FileQuestion): string {
  const examples = question.examples.length > 0 ? ` Such as ${question.examples.join(', ')}.` : '';
  const choices = question.choices.map(
    (choice) => `  ${typedFor(question, choice.answer).padEnd(40)} ${choice.meaning}`,
  );
  return [`${question.question}${examples}`, ...choices].join('\n');
}

function typedFor(question: FileQuestion, answer: string | number | null): string {
  if (question.code === 'seller') return `--seller ${answer}`;
  const word = question.code === 'payment-method' ? `.${question.examples[0] ?? '*'}` : '';
  const field = `${question.field ?? question.code}${word}`;
  const typed = `${field}=${answer === '\t' ? 'tab' : (answer ?? 'none')}`;
  return `--answer ${/^[\w.=-]+$/.test(typed) ? typed : `'${typed.replaceAll("'", "'\\''")}'`}`;
}
