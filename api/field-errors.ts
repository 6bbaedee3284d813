import type { ZodFastifySchemaValidationError } from 'fastify-type-provider-zod';

/** One thing that is wrong with a request, named so that a person can put it right. */
export interface FieldError {
  /** The field as in the JSON or the query: `amount.currency`, `dueBefore`. */
  readonly field: string;
  readonly problem: string;
  readonly remedy: string;
}

interface Issue {
  readonly code?: string;
  readonly expected?: string;
  readonly format?: string;
  readonly origin?: string;
  readonly keys?: readonly string[];
  readonly values?: readonly unknown[];
  readonly minimum?: number;
  readonly maximum?: number;
  readonly path?: readonly (string | number)[];
  readonly message?: string;
  readonly input?: unknown;
}

/** zod's issues in our words: which field, what is wrong, what would be right. */
export function fieldErrorsOf(
  errors: readonly ZodFastifySchemaValidationError[],
  context: string | undefined,
): readonly FieldError[] {
  return errors.flatMap((error) => {
    const issue: Issue = { ...(error.params as Issue), code: error.keyword, message: error.message ?? '' };
    const path = error.instancePath.split('/').filter(Boolean).join('.');
    if (issue.code === 'unrecognized_keys')
      return (issue.keys ?? []).map((key) => ({
        field: [path, key].filter(Boolean).join('.'),
        problem: `"${key}" is not known here.`,
        remedy: 'Leave it out, or correct its name: the reference at /docs lists what there is.',
      }));
    return [{ field: path || placeInWords(context), problem: problemOf(issue), remedy: remedyOf(issue) }];
  });
}

/** Where something is wrong that has no field of its own. */
function placeInWords(context: string | undefined): string {
  return context === 'querystring' ? 'query' : (context ?? 'request');
}

/** Our own schemas say what to give ("give a number from 1 to 200"): that is the remedy, and zod's message the problem. */
function problemOf(issue: Issue): string {
  const message = issue.message ?? '';
  if (/received undefined/.test(message)) return 'It is missing.';
  const [problem] = saidByUs(message);
  return sentence(problem ?? message.replace(/^Invalid input: /, ''));
}

function saidByUs(message: string): readonly [problem: string | undefined, remedy: string | undefined] {
  const said = /^(?:(?<problem>.*): )?(?<remedy>(?:give|leave out|copy) .*)$/.exec(message);
  return said
    ? [said.groups?.['problem'] ?? 'it is not as it should be', said.groups?.['remedy']]
    : [undefined, undefined];
}

function sentence(text: string): string {
  const begun = text.charAt(0).toUpperCase() + text.slice(1);
  return /[.!?]$/.test(begun) ? begun : `${begun}.`;
}

function remedyOf(issue: Issue): string {
  const [, said] = saidByUs(issue.message ?? '');
  if (said !== undefined) return sentence(said);
  switch (issue.code) {
    case 'invalid_value':
      return `Give one of: ${(issue.values ?? []).map(String).join(', ')}.`;
    case 'invalid_type':
      return `Give a value of type ${issue.expected ?? 'object'}.`;
    case 'too_small':
      return `Give ${issue.origin === 'string' ? 'at least this many characters' : 'no less than'}: ${issue.minimum ?? 0}.`;
    case 'too_big':
      return `Give ${issue.origin === 'string' ? 'at most this many characters' : 'no more than'}: ${issue.maximum ?? 0}.`;
    case 'invalid_format':
      return formats[issue.format ?? ''] ?? 'Write it in the form that the reference at /docs describes.';
    default:
      return 'Write it as the reference at /docs describes.';
  }
}

const formats: Readonly<Record<string, string>> = {
  uuid: 'Give the id as the API returned it.',
  date: 'Give a day that exists, as YYYY-MM-DD.',
  datetime: 'Give an instant such as 2026-11-22T09:00:00Z.',
  email: 'Give a mail address such as name@example.com.',
};
