import { z } from 'zod';
import { paymentMethods } from './cell-words.ts';
import { amountFields, dateFields, fields } from './fields.ts';
import type { Answers } from './questions.ts';
import { Problem } from '../problem.ts';
import { known } from '../known.ts';

const answers = z.strictObject({
  dateFormat: z.partialRecord(z.enum(dateFields), z.enum(['dmy', 'mdy'])).optional(),
  numberFormat: z.partialRecord(z.enum(amountFields), z.enum(['decimal-comma', 'decimal-point'])).optional(),
  meaning: z.partialRecord(z.enum(['paid', 'outstanding']), z.enum(['amounts', 'yes-no'])).optional(),
  paymentMethod: z.record(z.string().max(200), z.enum(paymentMethods)).optional(),
  columns: z.partialRecord(z.enum(fields), z.union([z.string(), z.int().positive(), z.null()])).optional(),
  separator: z.enum([';', ',', '\t']).optional(),
  encoding: z.string().max(40).optional(),
});

/** What the owner of a file says about it, from the JSON of the request; 400 names what can't be understood. */
export function answersFrom(json: string | undefined): Answers {
  if (json === undefined || json.trim() === '') return {};
  const result = answers.safeParse(parsed(json));
  if (result.success) return known(result.data);
  const [issue] = result.error.issues;
  const field = ['answers', ...(issue?.path.map(String) ?? [])].join('.');
  throw Problem.invalid(
    field,
    `${issue?.message ?? 'It cannot be understood'}.`,
    'Answer as `howToAnswer` of each question shows.',
  );
}

function parsed(json: string): unknown {
  try {
    return JSON.parse(json);
  } catch {
    throw Problem.invalid(
      'answers',
      'It is no JSON.',
      'Give an object such as { "dateFormat": { "dueDate": "dmy" } }.',
    );
  }
}
