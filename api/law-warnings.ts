import { z } from 'zod';
import type { Language } from '../domain/message.ts';
import { unvalidatedInWords } from './claim-words.ts';

/** Said of a draft and of the question about it alike. */
export const warnings = z
  .array(z.object({ code: z.literal('law_not_validated'), text: z.string() }))
  .describe(
    'What whoever says yes must know: `law_not_validated`, a formal notice asks for penalties by values of the law that no lawyer has validated.',
  );

/** Of a message that rests on such values, or on none. */
export function warningsOf(isUnvalidated: boolean, language: Language): z.infer<typeof warnings> {
  return isUnvalidated ? [{ code: 'law_not_validated', text: unvalidatedInWords(language) }] : [];
}
