import { addWorkingDays, dayAt, tellingTime, workingDayAfter, workingDayFrom } from '../calendar.ts';
import type { Calendar } from '../calendar.ts';
import { isBankDataOld } from '../promise/bank-data-age.ts';
import type { CivilDate, Instant } from '../time.ts';
import type { Instalment } from './instalments.ts';
import { missingOf, progressOf } from './plan-progress.ts';

/** All that is needed to say what is due about a plan that runs. */
export interface PlanView {
  readonly instalments: readonly (Instalment & { readonly missedOn: CivilDate | null })[];
  /** Since it began, on its invoices. */
  readonly paidCents: number;
  readonly creditedCents: number;
  /** What its invoices still hold of it. */
  readonly openCents: number;
  /** Working days after a due day before the plan is broken. */
  readonly graceDays: number;
  /** What may be missing of an instalment. */
  readonly toleranceCents: number;
  /** With so many missed, made good or not, it is broken at once. */
  readonly missedMax: number;
  readonly isLate: boolean;
  readonly bank: { readonly knownTo: CivilDate | null; readonly daysMax: number | null };
  readonly calendar: Calendar;
}

export type PlanMove =
  | { readonly do: 'finish' }
  | { readonly do: 'awaitBankData' }
  | {
      readonly do: 'miss';
      readonly number: number;
      readonly dueOn: CivilDate;
      readonly missingCents: number;
    }
  | { readonly do: 'catchUp' }
  | { readonly do: 'break' }
  | { readonly do: 'wait'; readonly until: Instant | null };

/**
 * What is due about a running plan.
 *
 * An instalment is missed on the morning of the working day after its due day: the owner is told, and the plan is late.
 * It is broken when that is not made good within the days of grace, or when too many were missed. While the bank data
 * are too old nobody says either.
 */
export function nextOfPlan(view: PlanView, now: Instant): PlanMove {
  const { calendar } = view;
  if (view.openCents <= 0) return { do: 'finish' };

  const progress = progressOf(view.instalments, view.paidCents, view.creditedCents);
  const open = progress.filter((one) => missingOf(one) > view.toleranceCents);
  const missedAt = (dueOn: CivilDate): Instant =>
    tellingTime(calendar, workingDayAfter(calendar, workingDayFrom(calendar, dueOn)));
  const brokenAt = (dueOn: CivilDate): Instant => {
    const last = addWorkingDays(calendar, workingDayFrom(calendar, dueOn), view.graceDays);
    return tellingTime(calendar, workingDayAfter(calendar, last));
  };
  const overdue = open.filter((one) => missedAt(one.dueOn) <= now);
  const next = open.find((one) => missedAt(one.dueOn) > now);
  if (overdue.length === 0) {
    if (view.isLate) return { do: 'catchUp' };
    if (next) return { do: 'wait', until: missedAt(next.dueOn) };
    // Too little is missing to be missed: the plan was kept once its last day is over.
    const ends = Math.max(...view.instalments.map((one) => missedAt(one.dueOn)));
    return ends <= now ? { do: 'finish' } : { do: 'wait', until: ends };
  }

  if (isBankDataOld(calendar, view.bank, dayAt(calendar, now))) return { do: 'awaitBankData' };
  const wasMissed = (number: number): boolean =>
    view.instalments.some((one) => one.number === number && one.missedOn !== null);
  const fresh = overdue.find((one) => !wasMissed(one.number));
  if (fresh) return { do: 'miss', number: fresh.number, dueOn: fresh.dueOn, missingCents: missingOf(fresh) };

  const missed = view.instalments.filter((one) => one.missedOn !== null).length;
  const lapses = Math.min(...overdue.map((one) => brokenAt(one.dueOn)));
  if (lapses <= now || missed >= view.missedMax) return { do: 'break' };
  return { do: 'wait', until: Math.min(lapses, next ? missedAt(next.dueOn) : Infinity) };
}
