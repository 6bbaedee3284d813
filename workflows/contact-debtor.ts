import {
  ActivityFailure,
  condition,
  continueAsNew,
  proxyActivities,
  setDefaultSignalHandler,
} from '@temporalio/workflow';
import type { Activities } from '../activities/activities.ts';
import type { ClockSettings } from '../domain/clock.ts';
import { machineDelay } from '../domain/clock.ts';
import { isOldRun, nowBy, runMsMax } from './run.ts';

/** Whose door it is, and how business time runs. */
export interface DebtorDoor {
  readonly debtorId: string;
  readonly clock: ClockSettings;
}

/** One attempt: what a second one would repeat, nobody could take back. The row says how far the first came. */
const { deliver } = proxyActivities<Activities>({
  taskQueue: 'delivery',
  startToCloseTimeout: '45 seconds',
  retry: { maximumAttempts: 1 },
});

/** After a delivery that broke off: long enough for what still runs to end, short enough for the caps of the day. */
const afterFailureMs = 5_000;

/**
 * The door of one debtor, while something waits at it.
 *
 * It remembers nothing: the requests stand in Postgres, and each look plans anew what may leave now. It sleeps until the
 * next look or a word that something changed, and ends when nothing waits that time alone could let out.
 */
export async function contactDebtor({ debtorId, clock }: DebtorDoor): Promise<void> {
  const word = { came: false };
  const cameAWord = (): boolean => word.came;
  setDefaultSignalHandler(() => {
    word.came = true;
  });

  for (;;) {
    word.came = false;
    const pause = await look();
    if (cameAWord()) continue;
    if (pause === null) return;
    if (isOldRun()) await continueAsNew<typeof contactDebtor>({ debtorId, clock });
    if (pause > 0) await condition(cameAWord, Math.min(pause, runMsMax));
  }

  /** Delivers what may leave; real milliseconds until the next look, or null when nothing is left to wait for. */
  async function look(): Promise<number | null> {
    try {
      const { lookAt } = await deliver({ debtorId });
      return lookAt === null ? null : machineDelay(clock, nowBy(clock), lookAt);
    } catch (failure) {
      if (failure instanceof ActivityFailure) return afterFailureMs;
      throw failure;
    }
  }
}
