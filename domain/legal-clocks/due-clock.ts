import { dayAt, instantAt, tellingTime } from '../calendar.ts';
import type { Collection } from '../collection.ts';
import { act } from '../decision.ts';
import type { Act } from '../decision.ts';
import { silencedByJudgmentOn } from '../insolvency/claim-side.ts';
import { dayAfter, warningPlanOf } from '../law/due-warning.ts';
import { insurerDates } from '../law/insurer-dates.ts';
import type { LegalDate } from '../law/legal-date.ts';
import { hasTask } from '../collection.ts';
import { openTaskFor } from '../task.ts';
import type { CivilDate, Instant } from '../time.ts';
import { endsOfPhases } from './ends-of-phases.ts';
import { limitationOfFile, limitedSince, possibleLimitationOf } from './legal-terms.ts';

/**
 * The legal dates that a file keeps by itself, as chores of `decide`: warnings ahead of them, and a task once the claim
 * is past its limitation.
 *
 * They are the invoice's own timers: nothing else remembers them. A claim that must be declared in an insolvency has its
 * dates there; one that somebody else collects, or that waits for the release of its import, has no watch here.
 */
export function watchedDates(c: Collection, today: CivilDate): readonly LegalDate[] {
  if (!c.legalTerms || isElsewhere(c)) return [];
  const { policy } = c.legalTerms;
  const { dueDate } = c;
  const insolventOn = silencedByJudgmentOn(c);
  const told = c.insurerTold ?? [];
  const insured = policy ? insurerDates(policy, { dueDate, insolventOn, told }) : [];
  const limits = insolventOn === null ? [limitationOfFile(c, today), possibleLimitationOf(c, today)] : [];
  // For the insurer it is what comes late that counts: an invoice that is paid in time has no term to keep.
  return [...limits.filter((limit) => limit !== null), ...insured.filter(({ from }) => from <= today)];
}

/** The warning or the task that is due now; null when none is. */
export function dueClock(c: Collection, now: Instant): Act | null {
  const today = dayAt(c.calendar, now);
  if (!c.legalTerms || isElsewhere(c)) return null;
  const limited = silencedByJudgmentOn(c) === null ? limitedSince(c, today) : null;
  if (limited && !c.done.includes(`limitation/${limited.on}`) && !hasTask(c, 'limitation', limited.on))
    return act(openTaskFor(c, 'limitation', limited.on, now), 'held', { code: 'limited', on: limited.on });

  if (now < tellingTime(c.calendar, today)) return null;
  for (const date of [...watchedDates(c, today), ...endsOfPhases(c, now)]) {
    const { due } = warningPlanOf(date, givenFor(c, date), today);
    if (due === null || due <= date.from) continue;
    const { clock, on } = date;
    return act({ do: 'warnOfClock', clock, on, for: due }, 'to_do', {
      code: 'clock_near',
      on,
      detail: clock,
    });
  }
  return null;
}

/** When the next warning is due, or the limitation has come; Infinity when there is none. */
export function clockAlarm(c: Collection, now: Instant): Instant {
  const today = dayAt(c.calendar, now);
  const ahead = isElsewhere(c) ? [] : endsOfPhases(c, now);
  const alarms = [...watchedDates(c, today), ...ahead].map((date) => {
    const { due, next } = warningPlanOf(date, givenFor(c, date), today);
    if (due !== null && due > date.from) return tellingTime(c.calendar, today);
    if (next !== null) return tellingTime(c.calendar, next);
    const isAhead = date.clock === 'limitation' && today <= date.on;
    return isAhead ? instantAt(c.calendar, dayAfter(date), 0) : Infinity;
  });
  // The terms of the insurer begin with the day after the due date, when it is late.
  const starts = c.legalTerms?.policy && today < c.dueDate ? [tellingTime(c.calendar, c.dueDate)] : [];
  return Math.min(Infinity, ...alarms, ...(isElsewhere(c) ? [] : starts));
}

/** The day of the last warning of that very date. */
function givenFor(c: Collection, { clock, on }: LegalDate): CivilDate | null {
  return c.warned?.find((one) => one.clock === clock && one.on === on)?.for ?? null;
}

/** Somebody else collects it, or nobody yet. */
function isElsewhere(c: Collection): boolean {
  const byOthers = c.factored || c.debtor.kind === 'internal' || c.debtor.kind === 'consumer';
  const presentedByUs = c.paidBy === 'direct_debit' || c.paidBy === 'bill_of_exchange';
  return (
    byOthers || (presentedByUs && !c.paymentCameBack) || c.holds.some(({ reason }) => reason === 'import')
  );
}
