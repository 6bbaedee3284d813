import { addWorkingDays, tellingTime } from '../calendar.ts';
import type { Calendar } from '../calendar.ts';
import type { CivilDate, Instant } from '../time.ts';

/**
 * The resolver's own ladder: who is told, and when, while a dispute waits for us and not for the debtor (F16, D9).
 *
 * A dispute climbs three stages, each with five working days: it is qualified (by whoever works the file), answered (by
 * its resolver), decided (by whoever works the file). Whoever has the stage is told on a clock until he has done his part;
 * from the morning after its last day the managers are told as well. Pure: the rows say where a dispute stands, and this
 * says what is due, so a dispute that overslept an outage is told of once, as high as it has come.
 */
export const stages = ['qualification', 'answer', 'decision'] as const;

export type Stage = (typeof stages)[number];

/** Working days that each stage is given. */
export const stageDays = 5;

/** Where a dispute stands. */
export interface Climb {
  readonly stage: Stage;
  /** The day on which the stage began. */
  readonly since: CivilDate;
  /** The rungs that are behind it: those told of, and those that a higher one made needless. */
  readonly rungs: number;
}

export interface Rung {
  /** Its place on the ladder, from 0. */
  readonly rung: number;
  /** Whether the managers are told too. */
  readonly managers: boolean;
}

/** Working days after the beginning of the stage; after the last of them one rung comes each `stageDays`. */
const firstRungs: readonly number[] = [2, 4, stageDays + 1];

/** What is due now, if anything, and when to look again: the next rung, later than now. */
export function nextOnLadder(
  calendar: Calendar,
  { since, rungs }: Climb,
  now: Instant,
): { readonly due: Rung | null; readonly lookAt: Instant } {
  let rung = rungs;
  let lookAt = rungAt(calendar, since, rung);
  while (lookAt <= now) {
    rung += 1;
    lookAt = rungAt(calendar, since, rung);
  }
  const highest = rung - 1;
  return { due: rung > rungs ? { rung: highest, managers: isOverTerm(highest) } : null, lookAt };
}

/** The last day of a stage that begins on that day. */
export function termOf(calendar: Calendar, since: CivilDate): CivilDate {
  return addWorkingDays(calendar, since, stageDays);
}

/** The moment of a rung: nine o'clock on its working day. */
export function rungAt(calendar: Calendar, since: CivilDate, rung: number): Instant {
  return tellingTime(calendar, addWorkingDays(calendar, since, daysTo(rung)));
}

function daysTo(rung: number): number {
  const last = firstRungs.length - 1;
  return firstRungs[rung] ?? (firstRungs[last] ?? 0) + (rung - last) * stageDays;
}

function isOverTerm(rung: number): boolean {
  return daysTo(rung) > stageDays;
}
