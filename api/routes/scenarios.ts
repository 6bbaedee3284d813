import { z } from 'zod';
import type { Routes } from '../route-parts.ts';
import { level } from '../shapes.ts';

/** The published scenario versions, most particular audience first; running invoices stay with the one they began with. */
const name = z.object({ fr: z.string(), en: z.string() });

const step = z.object({
  key: z.string(),
  name,
  level,
  offsetDays: z.int().describe('Days after the due date; before it when below zero.'),
  channel: z.string(),
  fallbacks: z.array(z.string()),
  mode: z.enum(['automatic', 'review', 'manual']),
  template: z.string(),
  recipient: z.string(),
});

const scenario = z
  .object({
    id: z.string(),
    name,
    audience: z.object({
      kinds: z.array(z.string()).optional(),
      grades: z.array(z.string()).optional(),
      abroad: z.boolean().optional(),
    }),
    window: z.object({ fromMinute: z.int(), toMinute: z.int() }),
    bounds: z.object({
      amicableDays: z.int(),
      knownDaysMin: z.int(),
      promiseGraceDays: z.int(),
      promiseDaysMax: z.int(),
      noticeAnswerDays: z.int(),
    }),
    asks: z
      .object({ interestFrom: level.nullable(), lumpSumFrom: level.nullable() })
      .optional()
      .describe(
        'From which level interest and the fixed indemnity are asked for, null for never; from the formal notice on when absent.',
      ),
    steps: z.array(step),
  })
  .meta({ id: 'Scenario' });

export const scenarioRoutes: Routes = async (app, { house }) => {
  app.get(
    '/scenarios',
    {
      schema: {
        summary: 'The published scenario versions',
        tags: ['scenarios'],
        response: { 200: z.object({ items: z.array(scenario) }) },
      },
    },
    async () => ({
      items: structuredClone(await house.rules.scenarios(house.db)) as z.infer<typeof scenario>[],
    }),
  );
};
