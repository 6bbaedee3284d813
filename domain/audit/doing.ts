import type { Collection } from '../collection.ts';
import { isClosed } from '../collection.ts';
import type { Action, Decision } from '../decision.ts';
import type { Fact, FactOf, FactType } from '../fact.ts';
import type { LegalClock } from '../law/legal-date.ts';
import { approvalsOf } from '../approval/approval.ts';
import { watchesItself } from '../legal-clocks/due-clock.ts';

/** The facts by which Relance says that it has done what a file answered. */
const doings = [
  'stepRequested',
  'taskOpened',
  'taskReminded',
  'clockWarned',
  'promiseBroken',
  'bankDataAwaited',
  'handedOver',
  'approvalReminded',
  'approvalExpired',
  'approvalWithdrawn',
] as const satisfies readonly FactType[];

export type Doing = Extract<Fact, { readonly type: (typeof doings)[number] }>;

/** Whether a fact is of a kind by which we do what a file answers, whoever signs for it. */
export function isKindOfDoing(fact: Fact): boolean {
  return (doings as readonly FactType[]).includes(fact.type);
}

/** Whether a fact is the doing of an action: ours, and of a kind by which we do what a file answers. */
export function isDoing(fact: Fact): fact is Doing {
  return fact.by.kind === 'relance' && isKindOfDoing(fact);
}

/** Whether that fact is what `activities/perform-step.ts` makes of that action. What only the database knows may be anything. */
export function isDoingOf(action: Action, fact: Doing): boolean {
  switch (action.do) {
    case 'requestStep':
      return (
        fact.type === 'stepRequested' &&
        fact.step === action.step &&
        fact.occurrence === action.occurrence &&
        fact.channel === action.channel
      );
    case 'openTask':
      return (
        fact.type === 'taskOpened' &&
        fact.task === action.task &&
        fact.about === action.about &&
        fact.dueOn === action.dueOn
      );
    case 'remindTask':
      return fact.type === 'taskReminded' && fact.taskId === action.taskId && fact.told === action.tell;
    case 'warnOfClock':
      return (
        fact.type === 'clockWarned' &&
        fact.clock === action.clock &&
        fact.on === action.on &&
        fact.for === action.for
      );
    case 'breakPromise':
      if (fact.type === 'bankDataAwaited') return fact.promiseId === action.promiseId;
      return (
        fact.type === 'promiseBroken' &&
        fact.promiseId === action.promiseId &&
        fact.receivedCents === action.receivedCents
      );
    case 'handOver':
      return fact.type === 'handedOver';
    case 'remindApprovers':
      return fact.type === 'approvalReminded' && fact.approvalId === action.approvalId;
    case 'expireApproval':
      return fact.type === 'approvalExpired' && fact.approvalId === action.approvalId;
    case 'withdrawApproval':
      return fact.type === 'approvalWithdrawn' && fact.approvalId === action.approvalId;
  }
}

/**
 * Whether something else than the file itself may have resolved it: a matter that watches over several files, the door,
 * or another invoice of the same promise. Each of them leaves a mark by which it is known; a fact without one is the
 * file's own, and must be what it answered.
 */
export function isForOthers(
  before: Collection,
  fact: Doing,
  decision: Decision,
  sharedPromises: ReadonlySet<string>,
): boolean {
  switch (fact.type) {
    case 'taskOpened':
      return isTaskOfOthers(before, fact, decision);
    // The terms of a declaration and of a procedure are watched by the insolvency and by the litigation file.
    case 'clockWarned':
      return !ownClocks.includes(fact.clock) || !watchesItself(before);
    case 'promiseBroken': {
      const { promise } = before;
      if (promise?.promiseId !== fact.promiseId || fact.day <= promise.promisedOn) return false;
      // Bank data that were missing have come, or it was broken with another invoice on which it was made.
      return promise.bankDataAwaited !== undefined || sharedPromises.has(fact.promiseId);
    }
    // A question about several invoices lapses on all of them with the first, and one about what is closed has its own watch.
    case 'approvalExpired':
      return isClosed(before) || expiryIn(before, fact.approvalId) <= fact.at;
    case 'approvalReminded':
    case 'approvalWithdrawn':
      return isClosed(before);
    case 'stepRequested':
    case 'taskReminded':
    case 'bankDataAwaited':
    case 'handedOver':
      return false;
  }
}

function isTaskOfOthers(before: Collection, fact: FactOf<'taskOpened'>, decision: Decision): boolean {
  const { task, about } = fact;
  const isAboutMessage = !before.scenario.steps.some(({ key }) => key === about);
  switch (task) {
    // What has come to be owed beyond what was declared is asked for by the insolvency.
    case 'insolvency':
      return before.done.includes(`insolvency/${about ?? ''}`);
    case 'limitation':
      return !watchesItself(before);
    // Words to a debtor that are no step of an invoice are named by their message.
    case 'post':
    case 'bounced_late':
      return isAboutMessage;
    // The door asks at once where a value of the law is missing; nobody waits ten days for it.
    case 'stuck':
      return isAboutMessage || (decision.kind !== 'close' && decision.standing?.step === about);
    default:
      return false;
  }
}

/** The terms that a file watches by itself (`legal-clocks/due-clock.ts`). */
const ownClocks: readonly LegalClock[] = [
  'amicable_bound',
  'notice_answer',
  'limitation',
  'limitation_possible',
  'insurer_overdue_notice',
  'insurer_intervention',
  'insurer_extension',
  'insurer_insolvency_notice',
  'insurer_indemnity',
];

function expiryIn(before: Collection, approvalId: string): number {
  return approvalsOf(before).find((one) => one.approvalId === approvalId)?.expiresAt ?? Infinity;
}
