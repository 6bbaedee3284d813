import { workflowInfo } from '@temporalio/workflow';
import { businessTimeAt } from '../domain/clock.ts';
import type { ClockSettings } from '../domain/clock.ts';
import { dayMs } from '../domain/time.ts';
import type { Instant } from '../domain/time.ts';

/** Runs end by age, so that code for old histories can retire; and no sleep is longer than a run. */
export const runMsMax = 30 * dayMs;

/** Business time inside a workflow: the server's, as the history keeps it, so a replay sees the same. */
export function nowBy(clock: ClockSettings): Instant {
  return businessTimeAt(clock, serverTime());
}

/** Whether this run has lived long enough and the next one should go on. */
export function isOldRun(): boolean {
  const { startTime, continueAsNewSuggested } = workflowInfo();
  return continueAsNewSuggested || serverTime() - startTime.getTime() > runMsMax;
}

function serverTime(): number {
  // The one place where workflows ask: inside the sandbox this is the time of the current task, not of the machine.
  // eslint-disable-next-line no-restricted-syntax
  return Date.now();
}
