import { allHolds } from './amicable-phase.ts';
import { addWorkingDays, dayAt, instantAt } from './calendar.ts';
import type { Calendar } from './calendar.ts';
import { contestedCentsOf, isClosed, isWhollyDisputed } from './collection.ts';
import type { Collection } from './collection.ts';
import type { Hold } from './debtor.ts';
import { act, wait } from './decision.ts';
import type { Decision, Reason } from './decision.ts';
import { silencedByJudgmentOn } from './insolvency/claim-side.ts';
import { limitedSince } from './legal-clocks/legal-terms.ts';
import { addDays } from './time.ts';
import type { CivilDate, Instant } from './time.ts';

/**
 * The reasons to say nothing to the debtor for now, in the order in which they win.
 *
 * Whatever stands at the door goes no further while one of them holds, because none of these answers names a step.
 * Each either ends on a day of its own or waits for a person, and says which.
 */
export function silence(c: Collection, now: Instant): Decision | null {
  return (
    insolvency(c) ??
    limitation(c, now) ??
    exclusion(c) ??
    hold(c, now) ??
    dispute(c) ??
    plan(c) ??
    promise(c, now) ??
    question(c)
  );
}

/**
 * Whether a message about other invoices of the debtor may list this one.
 *
 * What somebody else collects (a factor, the bank by direct debit) or what is held back is not owed to us now in any
 * sense that a letter with our bank details may state. What is in a plan
 * is owed when the plan says. Disputes and promises are listed: the debtor knows of them.
 */
export function mayBeListed(c: Collection, now: Instant): boolean {
  return (
    insolvency(c) === null &&
    limitation(c, now) === null &&
    exclusion(c) === null &&
    hold(c, now) === null &&
    plan(c) === null
  );
}

/** Whether facts have silenced the file until another fact ends it; holds may end by themselves and are apart. */
export function isSilenced(c: Collection): boolean {
  return (
    isClosed(c) ||
    silencedByJudgmentOn(c) !== null ||
    notChased(c) !== null ||
    isWhollyDisputed(c) ||
    c.promise !== null ||
    isInPlan(c)
  );
}

/** On an opening judgment all contact for earlier claims stops; declaring the claim is a person's task (L622-21, L622-24 C. com.). */
function insolvency(c: Collection): Decision | null {
  const on = silencedByJudgmentOn(c);
  if (on === null) return null;
  return wait('held', null, ['debtorChanged', 'invoiceCorrected'], { code: 'insolvent', on });
}

/** Nobody is asked for what can no longer be brought to court, unless a person does: a task says that it is so far. */
function limitation(c: Collection, now: Instant): Decision | null {
  const limited = limitedSince(c, dayAt(c.calendar, now));
  if (limited === null) return null;
  const awaits = ['limitationMoved', 'legalTermsStated', 'paymentRecorded'] as const;
  return wait('held', null, awaits, { code: 'limited', on: limited.on });
}

function exclusion(c: Collection): Decision | null {
  const detail = notChased(c);
  if (!detail) return null;
  const awaits = ['invoiceCorrected', 'debtorChanged', 'paymentReturned'] as const;
  return wait('held', null, awaits, { code: 'not_chased', detail });
}

function notChased(c: Collection): string | null {
  if (c.debtor.kind === 'internal') return 'internal';
  // Consumers have a law of their own (law-fr §7): their scenarios ship off.
  if (c.debtor.kind === 'consumer') return 'consumer';
  if (c.factored) return 'factored';
  return isPresentedByUs(c) ? c.paidBy : null;
}

/** Whether our bank presents it to the debtor, and it has not come back: nobody is late. */
export function isPresentedByUs({ paidBy, paymentCameBack }: Collection): boolean {
  return (paidBy === 'direct_debit' || paidBy === 'bill_of_exchange') && !paymentCameBack;
}

function hold(c: Collection, now: Instant): Decision | null {
  const active = holdsInForce(allHolds(c), c.calendar, now);
  if (active.length === 0) return null;

  const reasons = active.map(({ reason, until }): Reason => ({
    code: 'hold',
    detail: reason,
    ...(until ? { on: until } : {}),
  }));
  return wait('held', endOfHolds(active, c.calendar), ['holdLifted', 'debtorChanged'], ...reasons);
}

/** Those that silence on the day of that moment, their last day included. */
export function holdsInForce(holds: readonly Hold[], calendar: Calendar, now: Instant): readonly Hold[] {
  const today = dayAt(calendar, now);
  return holds.filter(({ until }) => until === null || until >= today);
}

/** When the last of one or more holds is over; null while one of them waits for a person. */
export function endOfHolds(holds: readonly Hold[], calendar: Calendar): Instant | null {
  const last = holds
    .map(({ until }) => until)
    .reduce((latest, end) => (latest === null || end === null ? null : end > latest ? end : latest));
  return last === null ? null : instantAt(calendar, addDays(last, 1), 0);
}

function dispute(c: Collection): Decision | null {
  if (!isWhollyDisputed(c)) return null;
  return wait('disputed', null, ['disputeResolved', 'creditNoteRecorded', 'invoiceCorrected'], {
    code: 'disputed_whole',
    cents: contestedCentsOf(c),
  });
}

/** The plan has a watch of its own, which tells the file how it ends. */
function plan(c: Collection): Decision | null {
  if (!c.plan) return null;
  const { endsOn, amountCents, lateSince } = c.plan;
  const running: Reason = { code: 'plan_running', on: endsOn, cents: amountCents };
  const late: readonly Reason[] = lateSince === null ? [] : [{ code: 'plan_late', on: lateSince }];
  return wait('in_plan', null, ['planEnded'], running, ...late);
}

function isInPlan(c: Collection): boolean {
  return c.plan !== undefined && c.plan !== null;
}

function promise(c: Collection, now: Instant): Decision | null {
  if (!c.promise) return null;
  const { promiseId, promisedOn, amountCents, receivedCents, bankDataAwaited } = c.promise;
  const graceDays = c.promise.graceDays ?? c.scenario.bounds.promiseGraceDays;
  const lastSilentDay = addWorkingDays(c.calendar, promisedOn, graceDays);
  const at = instantAt(c.calendar, addDays(lastSilentDay, 1), 0);
  if (now < at) {
    const running: Reason = { code: 'promise_running', on: promisedOn, cents: amountCents, at };
    return wait('promised', at, ['paymentRecorded'], running);
  }
  const overdue: Reason = { code: 'promise_overdue', on: promisedOn, cents: amountCents - receivedCents };
  if (bankDataAwaited) return unproven(bankDataAwaited.knownTo, overdue);
  return act({ do: 'breakPromise', promiseId, receivedCents }, 'promised', overdue);
}

/** Who may have paid is not told that he broke his word. Time makes no data newer: whoever brings them wakes the file. */
function unproven(knownTo: CivilDate | null, overdue: Reason): Decision {
  const old: Reason = { code: 'bank_data_old', ...(knownTo === null ? {} : { on: knownTo }) };
  return wait('promised', null, ['paymentRecorded', 'promiseBroken'], old, overdue);
}

/** While a person is asked how the file goes on, it does not go on by itself. */
function question(c: Collection): Decision | null {
  const open = c.tasks.find((task) => task.task === 'escalation' || task.task === 'hand_over');
  if (!open) return null;
  return wait('to_do', null, ['taskDone'], { code: 'task_open', detail: open.task, on: open.dueOn });
}
