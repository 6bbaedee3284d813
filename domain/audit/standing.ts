import { allHolds } from '../amicable-phase.ts';
import { contestedCentsOf } from '../collection.ts';
import type { Collection } from '../collection.ts';
import { decide } from '../decide.ts';
import type { State } from '../decision.ts';
import type { Level } from '../level.ts';
import { levelReached } from '../schedule.ts';
import { holdsInForce } from '../silence.ts';
import { daysBetween } from '../time.ts';
import type { CivilDate, Instant } from '../time.ts';

/** Where one invoice stood at the end of a day, in what a portfolio is read by. */
export interface Standing {
  readonly invoiceId: string;
  readonly creditorId: string;
  /** Who owed it then: a later merge changes nothing of it. */
  readonly debtorId: string;
  readonly currency: string;
  readonly dueDate: CivilDate;
  /** Days since the due day; 0 on it and before. */
  readonly daysLate: number;
  readonly balanceCents: number;
  /** What of it was contested. */
  readonly contestedCents: number;
  /** What of it was promised or in a plan and had not come. */
  readonly promisedCents: number;
  readonly promisedOn: CivilDate | null;
  readonly disputes: number;
  /** The reasons of the holds that silenced it that day, in order. */
  readonly holds: readonly string[];
  readonly state: State;
  readonly level: Level | null;
}

/**
 * Where a file stood at a moment; null when nothing was owed on it.
 *
 * The same `decide` that moved the file says the state, so the portfolio of a past day is made by the rules that
 * worked on that day and by nothing else. `at` is the last moment of `day`.
 */
export function standingOf(file: Collection, day: CivilDate, at: Instant): Standing | null {
  if (file.balanceCents <= 0) return null;
  const { invoiceId, creditorId, debtorId, currency, dueDate, balanceCents, promise, plan } = file;
  const promised = plan?.amountCents ?? (promise ? promise.amountCents - promise.receivedCents : 0);
  return {
    invoiceId,
    creditorId,
    debtorId,
    currency,
    dueDate,
    daysLate: Math.max(0, daysBetween(dueDate, day)),
    balanceCents,
    contestedCents: contestedCentsOf(file),
    promisedCents: Math.max(0, Math.min(promised, balanceCents)),
    promisedOn: plan?.endsOn ?? promise?.promisedOn ?? null,
    disputes: file.disputes.length,
    holds: holdsInForce(allHolds(file), file.calendar, at)
      .map(({ reason }) => reason)
      .sort(),
    state: decide(file, at).state,
    level: levelReached(file, at),
  };
}
