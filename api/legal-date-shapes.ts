import { z } from 'zod';
import type { LegalDate } from '../domain/law/legal-date.ts';

/** A legal date with its computation, so that whoever doubts can follow it. */
export const legalDate = z
  .object({
    clock: z.string(),
    on: z.string().describe('The last day to do it, or the last day to wait.'),
    from: z.string().describe('The day that the term was counted from, which is not part of it.'),
    because: z.string().describe('What happened on that day, as a code.'),
    term: z.object({ count: z.int(), unit: z.string() }),
    movedFrom: z
      .string()
      .nullable()
      .describe('The day on which the term ended by its number, if the courts were closed.'),
    source: z.string(),
  })
  .meta({ id: 'LegalDate' });

export function legalDateOf(date: LegalDate): z.infer<typeof legalDate> {
  const { clock, on, from, because, term, movedFrom, source } = date;
  return { clock, on, from, because, term: { count: term.count, unit: term.unit }, movedFrom, source };
}
