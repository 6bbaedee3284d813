import type { Caps } from '../../../domain/door-caps.ts';
import type { Instant } from '../../../domain/time.ts';
import type { House } from '../../house.ts';
import { readDoorSettings } from '../../settings.ts';

const named = [
  ['contactsPerDay', 'perDay'],
  ['contactsPerWeek', 'perWeek'],
  ['gapDaysMin', 'gapDaysMin'],
] as const;

/** As the columns begin (migration 0001). */
const ofANewHouse = { perDay: 1, perWeek: 3, gapDaysMin: 2 };

/**
 * The caps of the door as they were at a moment: what the journal says was set last before it, else what holds now.
 *
 * A change says the new value alone, so before the first change of all the caps of a new house held.
 */
export async function capsAt(db: House['db'], at: Instant): Promise<Caps> {
  const now = await readDoorSettings(db);
  const changes = await db
    .selectFrom('journal')
    .select(['at', 'body'])
    .where('subject', '=', 'settings')
    .where('type', '=', 'settingsChanged')
    .orderBy('seq')
    .execute();
  const caps = { ...ofANewHouse };
  for (const [name, cap] of named) {
    const said = changes.flatMap((change) => {
      const value = (JSON.parse(change.body) as Readonly<Record<string, unknown>>)[name];
      return typeof value === 'number' ? [{ at: change.at, value }] : [];
    });
    const last = said.findLast((one) => one.at <= at);
    caps[cap] = last?.value ?? (said.length > 0 ? ofANewHouse[cap] : now[name]);
  }
  return caps;
}
