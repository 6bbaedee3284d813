import { z } from 'zod';
import { addedValues, addLawValue } from '../../db/law.ts';
import type { KnownLawValue } from '../../db/law.ts';
import { lawCodes } from '../../domain/law/law-code.ts';
import type { LawCode } from '../../domain/law/law-code.ts';
import { problemOf } from '../../domain/law/law-value.ts';
import { shippedLaw } from '../../domain/law/shipped-law.ts';
import type { Routes } from '../route-parts.ts';
import { inTransactionOnce } from '../idempotency.ts';
import { Problem } from '../problem.ts';
import { civilDate, instant, instantOf, line } from '../shapes.ts';

/**
 * The values of the law: rates by semester, fixed sums, terms.
 *
 * Those that ship with the product stand first, then what administrators added. None is ever changed or removed: a row
 * that is added later wins on the days of both. What nobody has entered is answered 409 wherever it is needed.
 */
const code = z.enum(Object.keys(lawCodes) as [LawCode, ...LawCode[]]);

const lawValue = z
  .object({
    code,
    name: z.string(),
    from: z.string().describe('The first day on which it holds.'),
    to: z.string().nullable().describe('The last one; null: until a later row.'),
    value: z.int(),
    unit: z
      .enum(['hundredths', 'cents', 'days', 'months', 'years', 'times'])
      .describe('`hundredths`: of a percent per year, so that 1240 is 12.40 %.'),
    source: z.string(),
    sourced: z.boolean().describe('Read in a source; else common knowledge that nobody has looked up yet.'),
    lawyerValidated: z.boolean(),
    addedAt: instant.nullable().describe('Null for what ships with the product.'),
    addedBy: z.string().nullable().describe('The user who added it.'),
  })
  .meta({ id: 'LawValue' });

export const lawValueRoutes: Routes = async (app, { house }) => {
  app.get(
    '/law-values',
    {
      schema: {
        summary: 'The values of the law that amounts and terms are computed with',
        tags: ['settings'],
        querystring: z.strictObject({ code: code.optional() }),
        response: { 200: z.object({ items: z.array(lawValue) }) },
      },
    },
    async ({ query }) => {
      const shipped = shippedLaw.map((value): KnownLawValue => ({ ...value, added: null }));
      const all = [...shipped, ...(await addedValues(house.db))];
      return {
        items: all.filter((value) => query.code === undefined || value.code === query.code).map(told),
      };
    },
  );

  app.post(
    '/law-values',
    {
      schema: {
        summary: 'Add a value of the law, with its days and its source',
        tags: ['settings'],
        body: z.strictObject({
          code,
          from: civilDate,
          to: civilDate
            .nullable()
            .default(null)
            .describe(
              'A rate per semester ends with its semester; null where the value stands until a later row.',
            ),
          value: z
            .int()
            .min(0)
            .max(1_000_000_000)
            .describe('An integer in the unit of the code: 240 is 2.40 %.'),
          source: line(500).describe('The decree, the article or the table where it was read.'),
          lawyerValidated: z.boolean().default(false).describe('Whether a lawyer has read it.'),
        }),
        response: { 201: lawValue },
      },
    },
    async (request, reply) => {
      const value = { ...request.body, sourced: true };
      const problem = problemOf(value);
      if (problem)
        throw Problem.invalid(problem.field, 'This value of the law cannot be right.', problem.message);
      const added = await inTransactionOnce(request, house, (tx, now) =>
        addLawValue(tx, now, value, request.caller.userId),
      );
      return reply.code(201).send(told(added));
    },
  );
};

function told({ added, ...value }: KnownLawValue): z.infer<typeof lawValue> {
  const { name, unit } = lawCodes[value.code];
  return {
    ...value,
    name,
    unit,
    addedAt: added === null ? null : instantOf(added.at),
    addedBy: added?.by ?? null,
  };
}
