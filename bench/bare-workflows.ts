import { condition, defineSignal, proxyActivities, setHandler, sleep } from '@temporalio/workflow';
import type { EmptyActivities, PunctualActivities } from './bare-worker.ts';

/** How long a bare life is: so many steps, this far apart, the first one after its own delay (real milliseconds). */
export interface BareLife {
  readonly steps: number;
  readonly firstMs: number;
  readonly gapMs: number;
}

export const nextSignal = defineSignal<[number]>('next');

const { comes } = proxyActivities<PunctualActivities>({ startToCloseTimeout: '30 seconds' });
const { first, second } = proxyActivities<EmptyActivities>({ startToCloseTimeout: '30 seconds' });

/**
 * What durable work costs without any of ours: per step one timer, two empty activities and one signal.
 *
 * The signal comes in the middle of the gap, so the timer that follows it is half a gap long.
 */
export async function bareLife({ steps, firstMs, gapMs }: BareLife): Promise<void> {
  let signals = 0;
  setHandler(nextSignal, () => {
    signals += 1;
  });
  for (let step = 1; step <= steps; step += 1) {
    await sleep(step === 1 ? firstMs : gapMs / 2);
    await first();
    await second();
    await condition(() => signals >= step);
  }
}

/** The leanest workflow that sends as often as a scenario: per step one timer and one activity. */
export async function leanLife({ steps, firstMs, gapMs }: BareLife): Promise<void> {
  for (let step = 1; step <= steps; step += 1) {
    await sleep(step === 1 ? firstMs : gapMs);
    await first();
  }
}

/** One timer until a moment, one activity: what being in time costs without any of ours. */
export async function punctualLife(dueAt: number): Promise<void> {
  await sleep(Math.max(1, dueAt - Date.now()));
  await comes(dueAt);
}
