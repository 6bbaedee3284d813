import { z } from 'zod';
import { changeDoorSettings, readDoorSettings } from '../../db/settings.ts';
import type { Routes } from '../route-parts.ts';
import { inTransaction } from '../idempotency.ts';
import { known } from '../known.ts';

/** The caps of the door: how often a debtor may be spoken to, and how fast silence ends after a stop. */
const settings = z
  .object({
    contactsPerDay: z.int().min(1).max(10),
    contactsPerWeek: z.int().min(1).max(30),
    gapDaysMin: z.int().min(0).max(30),
    restartPerHour: z.int().min(1).max(100_000),
  })
  .meta({ id: 'DoorSettings' });

export const settingRoutes: Routes = async (app, { house }) => {
  app.get(
    '/settings',
    {
      schema: { summary: 'The caps of the door', tags: ['settings'], response: { 200: settings } },
    },
    () => readDoorSettings(house.db),
  );

  app.patch(
    '/settings',
    {
      schema: {
        summary: 'Change the caps of the door',
        tags: ['settings'],
        body: z.strictObject(settings.partial().shape),
        response: { 200: settings },
      },
    },
    (request) =>
      inTransaction(house, (tx, now) =>
        changeDoorSettings(tx, now, known(request.body), request.caller.userId),
      ),
  );
};
