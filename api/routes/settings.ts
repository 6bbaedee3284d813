import { z } from 'zod';
import { changeSettings, readSettings } from '../../db/settings.ts';
import type { Routes } from '../route-parts.ts';
import { inTransaction } from '../idempotency.ts';
import { known } from '../known.ts';

/** The caps of the door: how often a debtor may be spoken to, and how fast silence ends after a stop; and four eyes. */
const settings = z
  .object({
    contactsPerDay: z.int().min(1).max(10),
    contactsPerWeek: z.int().min(1).max(30),
    gapDaysMin: z.int().min(0).max(30),
    restartPerHour: z.int().min(1).max(100_000),
    fourEyes: z
      .boolean()
      .describe(
        'Whether a formal notice, a waiver, a write-off and a hand-over need the yes of a second person; and so do a lower amount, a later due date and a rate of the past that give up what is owed, and a cancellation. A credit note has a number in the books: it is done at once, and noted as done alone. An administrator alone changes it.',
      ),
  })
  .meta({ id: 'DoorSettings' });

export const settingRoutes: Routes = async (app, { house }) => {
  app.get(
    '/settings',
    {
      schema: {
        summary: 'How the house works: the caps of the door, four eyes',
        tags: ['settings'],
        response: { 200: settings },
      },
    },
    () => readSettings(house.db),
  );

  app.patch(
    '/settings',
    {
      schema: {
        summary: 'Change how the house works',
        tags: ['settings'],
        body: z.strictObject(settings.partial().shape),
        response: { 200: settings },
      },
    },
    (request) =>
      inTransaction(house, (tx, now) => changeSettings(tx, now, known(request.body), request.caller.userId)),
  );
};
