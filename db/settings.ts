import type { Instant } from '../domain/time.ts';
import { hasFourEyes } from './approvals.ts';
import type { Db, Tx } from './database.ts';
import { note } from './journal.ts';
import { debtorsWaiting, pokeDebtors } from './pokes.ts';

/** The caps of the door, for every debtor over all channels and creditors, and the pace of a restart. */
export interface DoorSettings {
  readonly contactsPerDay: number;
  readonly contactsPerWeek: number;
  /** Days between two contacts, at least. */
  readonly gapDaysMin: number;
  /** Debtors who get their turn in an hour after a stop was lifted. */
  readonly restartPerHour: number;
}

/** How the house works: the caps of its door, and whether grave acts need a second person. */
export interface HouseSettings extends DoorSettings {
  readonly fourEyes: boolean;
}

export async function readSettings(db: Db | Tx): Promise<HouseSettings> {
  return { ...(await readDoorSettings(db)), fourEyes: await hasFourEyes(db) };
}

export async function readDoorSettings(db: Db | Tx): Promise<DoorSettings> {
  const row = await db
    .selectFrom('setting')
    .select(['contacts_per_day', 'contacts_per_week', 'gap_days_min', 'restart_per_hour'])
    .executeTakeFirstOrThrow();
  return {
    contactsPerDay: row.contacts_per_day,
    contactsPerWeek: row.contacts_per_week,
    gapDaysMin: row.gap_days_min,
    restartPerHour: row.restart_per_hour,
  };
}

/** Changes some of them and lets every waiting door look again; what is absent stays. */
export async function changeSettings(
  tx: Tx,
  now: Instant,
  change: Partial<HouseSettings>,
  by: string,
): Promise<HouseSettings> {
  const { contactsPerDay, contactsPerWeek, gapDaysMin, restartPerHour, fourEyes } = {
    ...(await readSettings(tx)),
    ...change,
  };
  await tx
    .updateTable('setting')
    .set({
      contacts_per_day: contactsPerDay,
      contacts_per_week: contactsPerWeek,
      gap_days_min: gapDaysMin,
      restart_per_hour: restartPerHour,
      four_eyes: fourEyes,
    })
    .execute();
  await note(tx, 'settings', 'settingsChanged', now, { ...change, by });
  await pokeDebtors(tx, await debtorsWaiting(tx), 'bulk');
  return { contactsPerDay, contactsPerWeek, gapDaysMin, restartPerHour, fourEyes };
}
