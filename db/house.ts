import type { Clock } from './clock.ts';
import { readClock } from './clock.ts';
import { openDatabase } from './database.ts';
import type { DatabaseOptions, Db } from './database.ts';
import { Rules } from './rules.ts';

/** What all work on the database needs: the connection, the business clock, and the immutable rules it has read. */
export interface House {
  readonly db: Db;
  readonly clock: Clock;
  readonly rules: Rules;
}

/** Opens the house on a migrated database; `clock` replaces the stored one in tests that skip time. */
export async function openHouse(
  url: string,
  options: DatabaseOptions & { readonly clock?: Clock } = {},
): Promise<House> {
  const db = openDatabase(url, options);
  try {
    return { db, clock: options.clock ?? (await readClock(db)), rules: new Rules() };
  } catch (fault) {
    await db.destroy();
    throw fault;
  }
}
