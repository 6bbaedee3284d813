import { dayAt, instantAt, tellingTime } from '../calendar.ts';
import type { Collection } from '../collection.ts';
import { act } from '../decision.ts';
import type { Act } from '../decision.ts';
import { silencedByJudgmentOn } from '../insolvency/claim-side.ts';
import { dayAfter, warningPlanOf } from '../law/due-warning.ts';
import { insurerDates } from '../law/insurer-dates.ts';
import type { LegalDate } from '../law/legal-date.ts';
import { hasTask, isClosed } from '../collection.ts';
import { isPresentedByUs } from '../silence.ts';
import { openTaskFor } from '../task.ts';
import type { CivilDate, Instant } from '../time.ts';
import { endsOfPhases } from './ends-of-phases.ts';
import { limitationOfFile, limitedSince, possibleLimitationOf } from './legal-terms.ts';

/**
 * The legal dates that a file keeps by itself, as chores of `decide`: warnings ahead of them, and a task once the claim
 * is past its limitation.
 *
 * They are the invoice's own timers: nothing else remembers them. A claim that must be declared in an insolvency has its
 * dates there; one that somebody else collects, or that waits for the release of its import, has no watch here. What is
 * over keeps none either: in a litigation file, that file watches over it (`litigation/lapsing-claims.ts`).
 */
export function watchedDates(c: Collection, today: CivilDate): readonly LegalDate[] {
  if (!c.legalTerms || isElsewhere(c)) return [];
  const insolventOn = silencedByJudgmentOn(c);
  return [...limitsOf(c, today, insolventOn), ...insuredUntil(c, today, insolventOn)];
}

/**
 * The dates of a file that keeps no watch of its own: it ended with its hand-over, or others speak to its debtor. Whoever
 * has it, the claim lapses on its day; `insolventOn` is the judgment that it may not have heard of.
 */
export function datesOutside(
  c: Collection,
  today: CivilDate,
  insolventOn: CivilDate | null,
): readonly LegalDate[] {
  if (watchesItself(c)) return [];
  const insured = isElsewhere(c) ? [] : insuredUntil(c, today, insolventOn);
  return [...limitsOf(c, today, insolventOn), ...insured];
}

/** The day on which a claim that keeps no watch of its own lapsed, while nobody was asked what becomes of it; else null. */
export function lapsedOutside(
  c: Collection,
  today: CivilDate,
  insolventOn: CivilDate | null,
): CivilDate | null {
  return watchesItself(c) || insolventOn !== null ? null : lapsedUnasked(c, today);
}

/** A claim of before a judgment is declared: nobody may take it to court. */
function limitsOf(c: Collection, today: CivilDate, insolventOn: CivilDate | null): readonly LegalDate[] {
  if (insolventOn !== null) return [];
  return [limitationOfFile(c, today), possibleLimitationOf(c, today)].filter((limit) => limit !== null);
}

/** For the insurer it is what comes late that counts: an invoice that is paid in time has no term to keep. */
function insuredUntil(
  { legalTerms, dueDate, insurerTold: told = [] }: Collection,
  today: CivilDate,
  insolventOn: CivilDate | null,
): readonly LegalDate[] {
  const policy = legalTerms?.policy ?? null;
  const dates = policy ? insurerDates(policy, { dueDate, insolventOn, told }) : [];
  return dates.filter(({ from }) => from <= today);
}

function lapsedUnasked(c: Collection, today: CivilDate): CivilDate | null {
  const on = limitedSince(c, today)?.on ?? null;
  return on === null || c.done.includes(`limitation/${on}`) || hasTask(c, 'limitation', on) ? null : on;
}

/** Whether a file keeps the watch over its own legal dates: it is open, and it is we who collect it. */
export function watchesItself(c: Collection): boolean {
  return !isClosed(c) && c.legalTerms !== undefined && !isElsewhere(c);
}

/** The warning or the task that is due now; null when none is. */
export function dueClock(c: Collection, now: Instant): Act | null {
  const today = dayAt(c.calendar, now);
  if (!c.legalTerms || isElsewhere(c)) return null;
  const limitedOn = silencedByJudgmentOn(c) === null ? lapsedUnasked(c, today) : null;
  if (limitedOn !== null)
    return act(openTaskFor(c, 'limitation', limitedOn, now), 'held', { code: 'limited', on: limitedOn });

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
export function givenFor(c: Collection, { clock, on }: LegalDate): CivilDate | null {
  return c.warned?.find((one) => one.clock === clock && one.on === on)?.for ?? null;
}

/** Somebody else collects it, or nobody yet. */
function isElsewhere(c: Collection): boolean {
  const byOthers = c.factored || c.debtor.kind === 'internal' || c.debtor.kind === 'consumer';
  return byOthers || isPresentedByUs(c) || c.holds.some(({ reason }) => reason === 'import');
}
