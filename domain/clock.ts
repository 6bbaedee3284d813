import type { Instant } from './time.ts';

/**
 * How business time runs: from `origin`, which was at the machine's `anchor`, `speed` times as fast as the machine.
 *
 * All that a credit manager would call time (steps, windows, deadlines, proofs) is business time. At speed 1 it is the
 * machine's; a demonstration lives a day in six seconds. It is kept in the database and never changes there, because
 * workflows sleep by it.
 */
export interface ClockSettings {
  readonly origin: Instant;
  readonly anchor: number;
  readonly speed: number;
}

/** The business moment when the machine's clock shows `machine` (milliseconds since 1970, UTC). */
export function businessTimeAt(settings: ClockSettings, machine: number): Instant {
  return Math.round(settings.origin + (machine - settings.anchor) * settings.speed);
}

/** How long the machine must wait, in milliseconds, until business time has gone from `now` to `until`; 0 when it has. */
export function machineDelay(settings: ClockSettings, now: Instant, until: Instant): number {
  return Math.max(0, Math.ceil((until - now) / settings.speed));
}
