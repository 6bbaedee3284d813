import { setTimeout as sleep } from 'node:timers/promises';
import { advisoryLocks } from '../../db/advisory-locks.ts';
import { machineTime } from '../../db/clock.ts';
import type { Clock } from '../../db/clock.ts';
import type { Instant } from '../../domain/time.ts';
import { underLock } from '../under-lock.ts';

/** A moment by both clocks: business time may run faster than the machine's. */
export interface Moment {
  readonly business: Instant;
  readonly machine: Instant;
}

/**
 * Work that comes again by itself: the archive, the anchors, the snapshots.
 *
 * It remembers in a table of its own when it was last done, and does no harm when two do it at once: a process that lost
 * its lock may still be at it when the next one begins.
 */
export interface Chore {
  /** As it reads in a line of the log. */
  readonly name: string;
  due(now: Moment): Promise<boolean>;
  /** Ends early when `stop` is aborted; what is left is done another time. */
  do(now: Moment, stop: AbortSignal): Promise<void>;
}

export interface Watch {
  readonly databaseUrl: string;
  readonly clock: Clock;
  readonly chores: readonly Chore[];
  readonly signal: AbortSignal;
  readonly tell: (line: string, detail?: object) => void;
  /** How long it sleeps between two looks at what is due, in real milliseconds. */
  readonly lookEveryMs?: number;
}

/** After failures it is tried again later and later, and so often at least. */
const failurePauseMsMax = 600_000;

/**
 * Does each chore when it is due, in one process of all, until the signal.
 *
 * It hangs on Postgres and the clocks alone, so it goes on while Temporal is down, on any Temporal, and at any speed of
 * business time. Chores do not wait for each other; one that fails is told and tried again, and stops no other.
 */
export async function nightWatch(watch: Watch): Promise<void> {
  const { databaseUrl, chores, signal, tell, lookEveryMs = 5_000 } = watch;
  const lock = { databaseUrl, number: advisoryLocks.nightWatch, who: 'the night watch', tell };
  while (!signal.aborted) {
    try {
      await underLock(lock, async (lost) => {
        const stop = AbortSignal.any([signal, lost]);
        await Promise.all(chores.map((chore) => keep(chore, watch, stop, lookEveryMs)));
      });
    } catch (failure) {
      tell('the night watch lost its database and starts again', { reason: String(failure) });
    }
    await pause(lookEveryMs, signal);
  }
}

async function keep(
  chore: Chore,
  { clock, tell }: Watch,
  stop: AbortSignal,
  lookEveryMs: number,
): Promise<void> {
  let failures = 0;
  while (!stop.aborted) {
    try {
      const now = { business: await clock.now(), machine: machineTime() };
      if (await chore.due(now)) await chore.do(now, stop);
      failures = 0;
    } catch (failure) {
      failures += 1;
      tell(`${chore.name} failed and is tried again`, { reason: String(failure), failures });
    }
    await pause(Math.min(failurePauseMsMax, lookEveryMs * 2 ** failures), stop);
  }
}

/** Sleeps for so long, or until the signal. */
async function pause(ms: number, signal: AbortSignal): Promise<void> {
  await sleep(ms, undefined, { signal }).catch(() => undefined);
}
