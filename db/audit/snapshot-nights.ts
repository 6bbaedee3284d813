import { setTimeout as sleep } from 'node:timers/promises';
import { sql } from 'kysely';
import { addDays } from '../../domain/time.ts';
import type { CivilDate, Instant } from '../../domain/time.ts';
import { endOfLawDay, lawDay } from '../calendars.ts';
import type { Db } from '../database.ts';
import type { House } from '../house.ts';
import { takeSnapshot } from './snapshots.ts';

/** Every day is kept for so long, so that a month can be closed and looked back upon. */
const dailyDays = 62;

/** The last day of a month is kept as long as books are: ten years from the end of the year (L123-22 C. com.). */
const monthEndYears = 11;

/**
 * The days of which a snapshot is to be taken now, the oldest first: the newest day that is over, and the last month end.
 *
 * At high speeds nights come faster than snapshots, and after an outage many are missing: the days between are not made
 * up for, since each can be worked out from the log whenever somebody asks. A month end is, for it is what books are closed by.
 */
export async function snapshotsDue(db: Db, now: Instant): Promise<readonly CivilDate[]> {
  const today = lawDay(now);
  const wanted = [...new Set([addDays(`${today.slice(0, 7)}-01`, -1), addDays(today, -1)])].sort();
  const known = await db.selectFrom('snapshot').select('day').where('day', 'in', wanted).execute();
  const missing = wanted.filter((day) => !known.some((row) => row.day === day));
  const first = await firstKnownAt(db);
  return first === null ? [] : missing.filter((day) => endOfLawDay(day) > first);
}

/** When Relance heard of its first invoice; null before that. */
async function firstKnownAt(db: Db): Promise<Instant | null> {
  const { first } = await db
    .selectFrom('invoice')
    .select(({ fn }) => fn.min<Instant | null>('known_at').as('first'))
    .executeTakeFirstOrThrow();
  return first;
}

/**
 * Waits until nothing of a day that is over can still be recorded; false when that takes longer than `patienceMs`, or `stop` is aborted.
 *
 * Work at the desk takes its lock, and with it a number, before it reads the clock. So whoever read a moment of that day is
 * among those who work now, and once all of them are done, what was recorded before the day's end is all there. The
 * second at the beginning is for those few notes that are dated before they are written.
 */
export async function isSettled(db: Db, patienceMs = 60_000, stop?: AbortSignal): Promise<boolean> {
  const giveUpAt = performance.now() + patienceMs;
  await pause(datedBeforeMs, stop);
  const { next } = await snapshotOf(db);
  while (stop?.aborted !== true) {
    if ((await snapshotOf(db)).oldest >= next) return true;
    if (performance.now() > giveUpAt) return false;
    await pause(100, stop);
  }
  return false;
}

async function pause(ms: number, stop: AbortSignal | undefined): Promise<void> {
  await sleep(ms, undefined, stop ? { signal: stop } : {}).catch(() => undefined);
}

const datedBeforeMs = 1_000;

async function snapshotOf(db: Db): Promise<{ oldest: number; next: number }> {
  const { rows } = await sql<{ oldest: number; next: number }>`
    select pg_snapshot_xmin(now_running)::text::bigint as oldest, pg_snapshot_xmax(now_running)::text::bigint as next
    from pg_current_snapshot() now_running`.execute(db);
  return rows[0] ?? { oldest: 0, next: 0 };
}

/**
 * Takes what is due and lets go of what is kept no longer; answers the days that were written down.
 *
 * Ends early when `stop` is aborted: what was begun is given up, and taken another time.
 */
export async function takeDueSnapshots(house: House, stop?: AbortSignal): Promise<readonly CivilDate[]> {
  const now = await house.clock.now();
  const due = await snapshotsDue(house.db, now);
  if (due.length === 0 || !(await isSettled(house.db, undefined, stop))) return [];
  const taken: CivilDate[] = [];
  try {
    for (const day of due) {
      await takeSnapshot(house, day, stop);
      taken.push(day);
    }
  } catch (fault) {
    if (stop?.aborted !== true) throw fault;
    return taken;
  }
  await letGo(house.db, lawDay(now));
  return taken;
}

/** Whether a snapshot of that day, once written, is still to be there. */
export function isKept(day: CivilDate, today: CivilDate): boolean {
  return day >= addDays(today, -dailyDays) || (isMonthEnd(day) && day >= yearsBefore(today, monthEndYears));
}

export function isMonthEnd(day: CivilDate): boolean {
  return addDays(day, 1).endsWith('-01');
}

/** Their digests stay in the journal, so that what was kept elsewhere can still be held against it. */
async function letGo(db: Db, today: CivilDate): Promise<void> {
  const days = await db
    .selectFrom('snapshot')
    .select('day')
    .where('day', '<', addDays(today, -dailyDays))
    .execute();
  for (const { day } of days)
    if (!isKept(day, today)) await db.deleteFrom('snapshot').where('day', '=', day).execute();
}

function yearsBefore(day: CivilDate, years: number): CivilDate {
  return `${Number(day.slice(0, 4)) - years}-01-01`;
}
