import { approvalChanged, withApprovals } from './approval/approval.ts';
import { isClosed, isPursuedOutside } from './collection.ts';
import type { Collection, PromiseToPay, StepRecord } from './collection.ts';
import type { DebtorView } from './debtor.ts';
import { answeredByResolver, credited, opened, qualified, resolved } from './dispute/course.ts';
import { enteredInError } from './fact.ts';
import type { Fact, FactOf, FactStamp, Registered, StepAsked } from './fact.ts';
import { silencedByJudgmentOn } from './insolvency/claim-side.ts';
import {
  acknowledgedByPayment,
  withLimitationEvent,
  withoutMootTasks,
  withoutPayment,
} from './legal-clocks/legal-terms.ts';
import { isAmicable } from './scenario.ts';
import type { Scenario } from './scenario.ts';
import { isSilenced } from './silence.ts';
import { letGo, proven, stepChanged } from './step-outcome.ts';
import { answered } from './task-answer.ts';
import { addDays, daysBetween, latestDay } from './time.ts';
import type { CivilDate } from './time.ts';

/**
 * Opens the file of an invoice with its first fact.
 *
 * An invoice that is already old enters by age, at most at the last amicable reminder: nobody gets a courtesy for a
 * debt of last year, and nobody a formal notice as the first word.
 */
export function openCollection(fact: FactStamp & Registered): Collection {
  const file: Collection = {
    invoiceId: fact.invoiceId,
    creditorId: fact.creditorId,
    debtorId: fact.debtorId,
    fact: fact.n,
    currency: fact.currency,
    amountCents: fact.amountCents,
    balanceCents: fact.balanceCents,
    issueDate: fact.issueDate,
    dueDate: fact.dueDate,
    knownOn: fact.day,
    ...(fact.legalTerms === undefined ? {} : { legalTerms: fact.legalTerms }),
    ...(fact.performedOn === undefined ? {} : { performedOn: fact.performedOn }),
    paidBy: fact.paidBy,
    paymentCameBack: false,
    factored: fact.factored,
    debtor: fact.debtor,
    scenario: fact.scenario,
    calendar: fact.calendar,
    place: placeByAge(fact.scenario, daysBetween(fact.dueDate, fact.day)),
    steps: [],
    disputes: [],
    promise: null,
    holds: fact.holds,
    tasks: [],
    done: [],
    silentSince: null,
    silences: [],
    resumeAfter: null,
    extraDays: 0,
    jumpTo: null,
    handOverApproved: false,
    end: null,
  };
  return { ...file, silentSince: isSilenced(file) ? fact.day : null };
}

/**
 * The file after one more fact. Facts come in the order of their numbers, each once: callers drop repeats.
 *
 * Total: a fact that no longer fits (the outcome of a step long overtaken) changes nothing but the number, because
 * the log has accepted it and the two folds must agree.
 */
export function apply(collection: Collection, fact: Fact): Collection {
  const before = proven(collection, fact.at);
  const after = atRest(withoutMootTasks(changed(before, fact), fact.day));
  return { ...withSilence(after, fact), fact: fact.n };
}

function changed(c: Collection, fact: Fact): Collection {
  switch (fact.type) {
    case 'invoiceRegistered':
      return c;
    case 'invoiceCorrected':
      return corrected(c, fact);
    case 'invoiceCancelled':
      return ended({ ...c, balanceCents: fact.balanceCents }, 'cancelled', fact.day);
    case 'writtenOff': {
      const rest = { ...c, balanceCents: fact.balanceCents };
      return fact.balanceCents > 0 ? rest : ended(rest, 'written_off', fact.day);
    }
    case 'waived': {
      const waived = { ...c, balanceCents: fact.balanceCents };
      // Whoever paid what we said would do has paid.
      if (fact.discountId !== undefined) return waived;
      const rest = credited(waived, fact.amountCents, fact.disputeId);
      return fact.balanceCents > 0 ? rest : ended(rest, 'written_off', fact.day);
    }
    case 'smallDifferenceFound':
      return { ...c, smallDifferenceCents: fact.cents };
    case 'handedOver':
      // Paid or given up while its pack was drawn up: nobody has it, and it stays what it is.
      return isClosed(c) ? c : { ...ended(c, 'handed_over', fact.day), tasks: [] };

    case 'paymentRecorded':
      return acknowledgedByPayment(received({ ...c, balanceCents: fact.balanceCents }, fact), fact);
    case 'creditNoteRecorded':
      return credited({ ...c, balanceCents: fact.balanceCents }, fact.amountCents);
    case 'paymentReturned':
      return withoutPayment(returned(c, fact), fact.paymentId);

    case 'promiseMade':
      return { ...c, promise: promised(fact), promisesMade: promisesMadeOn(c) + 1 };
    case 'bankDataAwaited':
      if (c.promise?.promiseId !== fact.promiseId) return c;
      return { ...c, promise: { ...c.promise, bankDataAwaited: { knownTo: fact.knownTo } } };
    case 'promiseKept':
    case 'promiseBroken':
    case 'promiseWithdrawn':
      return c.promise?.promiseId === fact.promiseId ? { ...c, promise: null } : c;

    case 'planStarted': {
      const { planId, amountCents, endsOn } = fact;
      const file = { ...c, promise: null, plan: { planId, amountCents, endsOn, lateSince: null } };
      if (fact.writtenOn === undefined || !c.legalTerms) return file;
      const evidence = { kind: 'fact', id: planId } as const;
      const on = fact.writtenOn;
      return withLimitationEvent(file, { kind: 'acknowledgement', by: 'request_for_time', on, evidence });
    }
    case 'instalmentMissed':
      if (c.plan?.planId !== fact.planId) return c;
      return { ...c, plan: { ...c.plan, lateSince: c.plan.lateSince ?? fact.dueOn } };
    case 'planCaughtUp':
      return c.plan?.planId === fact.planId ? { ...c, plan: { ...c.plan, lateSince: null } } : c;
    case 'planEnded':
      return c.plan?.planId === fact.planId ? { ...c, plan: null } : c;

    case 'disputeOpened':
      return opened(c, fact);
    case 'disputeQualified':
      return qualified(c, fact);
    case 'disputeAnswered':
      return answeredByResolver(c, fact);
    case 'disputeChased':
      return c;
    case 'disputeResolved':
      return resolved(c, fact);

    case 'holdPlaced': {
      const { holdId, reason, until } = fact;
      return { ...c, holds: [...c.holds, { holdId, reason, from: fact.day, until }] };
    }
    case 'holdLifted': {
      const holds = c.holds.filter((hold) => hold.holdId !== fact.holdId);
      return { ...heldUntil(c, c.holds, holds, fact.day), holds };
    }

    case 'debtorChanged':
      return { ...heldUntil(c, c.debtor.holds, fact.debtor.holds, fact.day), debtor: fact.debtor };
    case 'debtorReplaced': {
      const { debtorId, debtor } = fact;
      return { ...heldUntil(c, c.debtor.holds, debtor.holds, fact.day), debtorId, debtor };
    }
    case 'debtorInsolvent':
      return { ...c, debtor: insolvent(c.debtor, fact) };
    case 'legalTermsStated':
      return { ...c, legalTerms: fact.terms };
    case 'insurerTold': {
      const { notice, on } = fact;
      const others = (c.insurerTold ?? []).filter((one) => one.notice !== notice);
      return { ...c, insurerTold: [...others, { notice, on }] };
    }
    case 'limitationMoved':
      return withLimitationEvent(c, fact.event);
    case 'clockWarned': {
      const { clock, on, for: day } = fact;
      const others = (c.warned ?? []).filter((one) => one.clock !== clock);
      return { ...c, warned: [...others, { clock, on, for: day }] };
    }
    case 'calendarExtended':
      return { ...c, calendar: fact.calendar };

    case 'letterReported':
      return c;

    case 'stepRequested':
    case 'stepWithdrawn':
    case 'stepApproved':
    case 'stepSkipped':
    case 'stepSent':
    case 'stepUnconfirmed':
    case 'stepHanded':
    case 'stepPosted':
    case 'stepDelivered':
    case 'stepFailed':
      return stepChanged(c, fact);

    case 'taskOpened': {
      const { taskId, task, about, dueOn } = fact;
      const seen = (record: StepRecord) => task === 'bounced_late' && record.step === about;
      const steps = c.steps.map((record) => (seen(record) ? { ...record, bouncedLate: false } : record));
      return { ...c, steps, tasks: [...c.tasks, { taskId, task, about, dueOn, reminders: 0 }] };
    }
    case 'taskReminded':
      return reminded(c, fact.taskId);
    case 'approvalAsked':
    case 'approvalGiven':
    case 'approvalRefused':
    case 'approvalExpired':
    case 'approvalWithdrawn':
    case 'approvalReminded':
      return approvalChanged(c, fact);
    case 'taskDone':
      return answered(c, fact);
  }
}

/** How the draft of a step is named where tasks are named by id. */
export function draftIdOf(asked: StepAsked): string {
  return `draft/${asked.step}/${asked.occurrence}`;
}

function placeByAge(scenario: Scenario, daysLate: number): number {
  let place = 0;
  scenario.steps.forEach((step, index) => {
    if (isAmicable(step) && step.level !== 'preventive' && step.offsetDays <= daysLate) place = index;
  });
  return place;
}

function corrected(c: Collection, fact: FactOf<'invoiceCorrected'>): Collection {
  const { dueDate, issueDate, amountCents, balanceCents, paidBy, factored } = fact;
  // As long as nothing was asked, the right due date says where the file should have come in.
  const place = c.steps.length === 0 ? placeByAge(c.scenario, daysBetween(dueDate, c.knownOn)) : c.place;
  const performed = fact.performedOn === undefined ? {} : { performedOn: fact.performedOn };
  const file = { ...c, dueDate, issueDate, amountCents, balanceCents, paidBy, factored, place, ...performed };
  return credited(file, c.amountCents - amountCents);
}

function ended(c: Collection, kind: NonNullable<Collection['end']>['kind'], on: CivilDate): Collection {
  return { ...c, end: { kind, on } };
}

function promised(fact: FactOf<'promiseMade'> & FactStamp): PromiseToPay {
  const { promiseId, amountCents, promisedOn, graceDays, toleranceCents, invoices = 1 } = fact;
  return {
    promiseId,
    amountCents,
    receivedCents: 0,
    ...(fact.ownPayments ? { payments: [] } : {}),
    madeOn: fact.day,
    promisedOn,
    ...(graceDays === undefined ? {} : { graceDays }),
    // Of several invoices, what may be missing is missing of the whole, which no single file sees.
    ...(toleranceCents === undefined || invoices > 1 ? {} : { toleranceCents }),
  };
}

/** How many promises were made on the invoice; of a file of before they were counted, the one that runs. */
export function promisesMadeOn(c: Collection): number {
  return c.promisesMade ?? (c.promise ? 1 : 0);
}

function received(c: Collection, { paymentId, amountCents }: FactOf<'paymentRecorded'>): Collection {
  if (!c.promise) return c;
  const receivedCents = c.promise.receivedCents + amountCents;
  const { payments } = c.promise;
  const promise = {
    ...c.promise,
    receivedCents,
    ...(payments ? { payments: [...payments, paymentId] } : {}),
  };
  const neededCents = promise.amountCents - (promise.toleranceCents ?? 0);
  return { ...c, promise: promise.receivedCents >= neededCents ? null : promise };
}

/** Money that comes back opens the file again where it was, unless somebody else has it by now. */
function returned(
  c: Collection,
  { paymentId, balanceCents, amountCents, reason }: FactOf<'paymentReturned'>,
): Collection {
  const end = balanceCents > 0 && c.end?.kind !== 'handed_over' ? null : c.end;
  // What had come before the promise was made says nothing about it.
  const lostCents = c.promise && (c.promise.payments?.includes(paymentId) ?? true) ? amountCents : 0;
  const promise = c.promise && {
    ...c.promise,
    receivedCents: Math.max(0, c.promise.receivedCents - lostCents),
  };
  const paymentCameBack = c.paymentCameBack || reason !== enteredInError;
  return { ...c, balanceCents, paymentCameBack, end, promise };
}

function reminded(c: Collection, taskId: string): Collection {
  return {
    ...c,
    tasks: c.tasks.map((task) =>
      task.taskId === taskId ? { ...task, reminders: task.reminders + 1 } : task,
    ),
    steps: c.steps.map((record) =>
      draftIdOf(record) === taskId ? { ...record, reminders: record.reminders + 1 } : record,
    ),
  };
}

/** Remembers the silence of the holds that are gone, each up to its own end if that came first. */
function heldUntil(
  c: Collection,
  before: Collection['holds'],
  after: Collection['holds'],
  day: CivilDate,
): Collection {
  const lifted = before.filter((hold) => !after.some((kept) => kept.holdId === hold.holdId));
  return lifted.reduce((file, { from, until }) => silent(file, from, until && until < day ? until : day), c);
}

function silent(c: Collection, from: CivilDate, to: CivilDate): Collection {
  if (to < from) return c;
  return { ...c, silences: [...c.silences, { from, to }], resumeAfter: latestDay(to, c.resumeAfter ?? to) };
}

function insolvent(
  { claimsAreSplit: _before, ...debtor }: DebtorView,
  { judgmentOn, claimsAreSplit }: FactOf<'debtorInsolvent'>,
): DebtorView {
  return { ...debtor, insolventOn: judgmentOn, ...(claimsAreSplit ? { claimsAreSplit } : {}) };
}

/** Nobody works on a file that is over, and nobody calls or writes to an insolvent debtor about what he may not pay. */
function atRest(c: Collection): Collection {
  if (isClosed(c)) {
    // What lapses while others pursue it is for our people to decide, and nothing else of it is.
    const tasks = isPursuedOutside(c) ? c.tasks.filter(({ task }) => task === 'limitation') : [];
    return withApprovals({ ...letGo(c), tasks, promise: null }, []);
  }
  return silencedByJudgmentOn(c) === null ? c : letGo(c);
}

/** Notes when facts begin and end a silence; the file goes on from the working day after it. */
function withSilence(c: Collection, fact: Fact): Collection {
  const { day } = fact;
  // What was approved was approved before this was known: after it, the question is put again.
  if (isSilenced(c)) return c.silentSince ? c : { ...c, silentSince: day, handOverApproved: false };
  if (c.silentSince === null) return c;
  // The day on which a promise or plan is found broken is no longer silent: the scenario resumes on it.
  const isBroken = fact.type === 'promiseBroken' || (fact.type === 'planEnded' && fact.outcome === 'broken');
  const lastDay = isBroken ? addDays(day, -1) : day;
  return silent({ ...c, silentSince: null }, c.silentSince, lastDay);
}
