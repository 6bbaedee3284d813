import { businessTimeAt } from '../domain/clock.ts';
import type { ClockSettings } from '../domain/clock.ts';
import type { Instant } from '../domain/time.ts';
import type { Db } from './database.ts';

/**
 * The port through which everything outside workflows learns business time.
 *
 * It is asynchronous because a test's clock is the time-skipping server, which must be asked.
 */
export interface Clock {
  readonly settings: ClockSettings;
  now(): Promise<Instant>;
}

/** The clock that the database holds, running on this machine's. */
export async function readClock(db: Db): Promise<Clock> {
  const row = await db
    .selectFrom('setting')
    .select(['clock_origin', 'clock_anchor', 'speed'])
    .executeTakeFirstOrThrow();
  const settings = { origin: row.clock_origin, anchor: row.clock_anchor, speed: row.speed };
  return { settings, now: () => Promise.resolve(businessTimeAt(settings, Date.now())) };
}

/** The machine's time, for what providers sign with theirs; nothing that concerns a file may depend on it. */
export function machineTime(): Instant {
  return Date.now();
}
