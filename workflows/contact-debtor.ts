import { ActivityFailure, condition, continueAsNew, proxyActivities, setDefaultSignalHandler, workflowInfo } from '@temporalio/workflow';
import type { Activities } from '../activities/activities.ts';
import type { ClockSettings } from '../domain/clock.ts';
import { businessTimeAt, machineDelay } from '../domain/clock.ts';
import type { Instant } from '../domain/time.ts';
import { dayMs } from '../domain/time.ts';

/** Whose door it is, and how business time runs. */
export interface DebtorDoor {
  readonly debtorId: string;
  readonly clock: ClockSettings;
}

/** One attempt: what a second one would repeat, nobody could take back. The row says how far the first came. */
const { deliver } = proxyActivities<Activities>({ taskQueue: 'delivery', startToCloseTimeout: '45 seconds', retry: { maximumAttempts: 1 } });

const runMsMax = 30 * dayMs;

/** After a delivery that broke off: long enough for what still runs to end, short enough for the caps of the day. */
const afterFailureMs = 5_000;

/**
 * The door of one debtor, while something waits at it.
 *
 * It remembers nothing: the requests stand in Postgres, and each look plans anew what may leave now. It sleeps until the
 * next look or a word that something changed, and ends when nothing waits that time alone could let out.
 */
export async function contactDebtor({ debtorId, clock }: DebtorDoor): Promise<void> {
  let poked = false;
  setDefaultSignalHandler(() => {
    poked = true;
  });

  for (;;) {
    poked = false;
    const pause = await look();
    if (poked) continue;
    if (pause === null) return;
    if (isOldRun()) await continueAsNew<typeof contactDebtor>({ debtorId, clock });
    if (pause > 0) await condition(() => poked, Math.min(pause, runMsMax));
  }

  /** Delivers what may leave; real milliseconds until the next look, or null when nothing is left to wait for. */
  async function look(): Promise<number | null> {
    try {
      const { lookAt } = await deliver({ debtorId });
      return lookAt === null ? null : machineDelay(clock, now(), lookAt);
    } catch (failure) {
      if (failure instanceof ActivityFailure) return afterFailureMs;
      throw failure;
    }
  }

  function now(): Instant {
    return businessTimeAt(clock, Date.now());
  }
}

function isOldRun(): boolean {
  const { startTime, continueAsNewSuggested } = workflowInfo();
  return continueAsNewSuggested || Date.now() - startTime.getTime() > runMsMax;
}
