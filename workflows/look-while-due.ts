import { ActivityFailure, condition, setDefaultSignalHandler } from '@temporalio/workflow';
import type { ClockSettings } from '../domain/clock.ts';
import { machineDelay } from '../domain/clock.ts';
import type { Instant } from '../domain/time.ts';
import { isOldRun, nowBy, runMsMax } from './run.ts';

/** After a look that broke off: long enough for what still runs to end, short enough for the caps of the day. */
const afterFailureMs = 5_000;

/**
 * The life of what remembers nothing: it looks, does what is due, and sleeps until the next look or a word.
 *
 * A look says when to look again (business time), or null when nothing is left that time alone could move: then the
 * life ends, and the next word begins another. `goOn` begins a new run when this one is old.
 */
export async function lookWhileDue(
  clock: ClockSettings,
  look: () => Promise<{ readonly lookAt: Instant | null }>,
  goOn: () => Promise<never>,
): Promise<void> {
  const word = { came: false };
  const cameAWord = (): boolean => word.came;
  setDefaultSignalHandler(() => {
    word.came = true;
  });

  for (;;) {
    word.came = false;
    const pause = await pauseAfter(look);
    if (cameAWord()) continue;
    if (pause === null) return;
    if (isOldRun()) await goOn();
    if (pause > 0) await condition(cameAWord, Math.min(pause, runMsMax));
  }

  /** Real milliseconds until the next look, or null when nothing is left to wait for. */
  async function pauseAfter(lookOnce: typeof look): Promise<number | null> {
    try {
      const { lookAt } = await lookOnce();
      return lookAt === null ? null : machineDelay(clock, nowBy(clock), lookAt);
    } catch (failure) {
      if (failure instanceof ActivityFailure) return afterFailureMs;
      throw failure;
    }
  }
}
