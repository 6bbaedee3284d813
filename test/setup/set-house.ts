import type { House } from '../../db/house.ts';
import { changeSettings } from '../../db/settings.ts';
import type { HouseSettings } from '../../db/settings.ts';

/** Changes how the house works as its administrator does, so that the journal says it. */
export async function setHouse(house: House, change: Partial<HouseSettings>): Promise<void> {
  const now = await house.clock.now();
  await house.db.transaction().execute((tx) => changeSettings(tx, now, change, 'administrator'));
}
