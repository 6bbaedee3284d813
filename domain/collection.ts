import type { OpenApproval } from './approval/approval.ts';
import type { Calendar } from './calendar.ts';
import type { DebtorView, Hold } from './debtor.ts';
import type { Grant } from './dispute/outcome.ts';
import type { PaidBy, TaskKind } from './fact.ts';
import type { InsurerTold } from './law/insurer-dates.ts';
import type { LegalClock } from './law/legal-date.ts';
import type { LimitationEvent } from './law/limitation-term.ts';
import type { LegalTerms } from './legal-clocks/legal-terms.ts';
import type { Level } from './level.ts';
import type { Channel } from './message.ts';
import type { Scenario } from './scenario.ts';
import type { CivilDate, Instant } from './time.ts';

/**
 * The file of one invoice: everything that is needed to decide about it, as plain JSON.
 *
 * It changes only through `apply`, and is at every moment the fold of the invoice's facts 1 to `fact`. The database
 * stores it, the workflow carries it, and both must be equal. What concerns other invoices, caps, stops and the
 * creditor is not in it: that is the door's business.
 */
export interface Collection {
  readonly invoiceId: string;
  readonly creditorId: string;
  readonly debtorId: string;
  /** The number of the last fact applied. */
  readonly fact: number;
  readonly currency: string;
  readonly amountCents: number;
  readonly balanceCents: number;
  readonly issueDate: CivilDate | null;
  readonly dueDate: CivilDate;
  /** The day on which what is invoiced was delivered or done; absent where nobody has said. */
  readonly performedOn?: CivilDate | null;
  /** The day on which Relance first knew the invoice. */
  readonly knownOn: CivilDate;
  readonly paidBy: PaidBy;
  /** A direct debit or bill of exchange that came back unpaid: from then on the debtor is asked. */
  readonly paymentCameBack: boolean;
  readonly factored: boolean;
  readonly debtor: DebtorView;
  readonly scenario: Scenario;
  readonly calendar: Calendar;
  /**
   * The place in the scenario that the file has reached; no step before it is asked any more. It starts by age, since
   * an invoice that arrives old does not start with courtesies, and goes back only when a person has a reminder repeated.
   */
  readonly place: number;
  readonly steps: readonly StepRecord[];
  readonly disputes: readonly Dispute[];
  readonly promise: PromiseToPay | null;
  /** How many promises were ever made on it; absent in files of before they were counted. */
  readonly promisesMade?: number;
  /** The instalment plan that it is in; absent in files of before there were plans. */
  readonly plan?: InPlan | null;
  readonly holds: readonly Hold[];
  readonly tasks: readonly OpenTask[];
  /** Tasks that were done and must not open again, as `kind/about`. */
  readonly done: readonly string[];
  /** The first day of the silence that facts have begun and none has ended: an end, an exclusion, a dispute, a promise. */
  readonly silentSince: CivilDate | null;
  /** Silent spells that a fact has ended, both days included; they do not count as amicable time. */
  readonly silences: readonly { readonly from: CivilDate; readonly to: CivilDate }[];
  /** The last day of the latest silence: steps go on from the next working day. */
  readonly resumeAfter: CivilDate | null;
  /** Days that people added to the bound of the amicable phase. */
  readonly extraDays: number;
  /** The level that a person decided to go to, when the scenario could not go on by itself. */
  readonly jumpTo: Level | null;
  readonly handOverApproved: boolean;
  /** Grave acts that wait for the yes of another person; absent when there are none. */
  readonly approvals?: readonly OpenApproval[];
  /** What its legal dates depend on; absent in files of before they were kept. */
  readonly legalTerms?: LegalTerms;
  /** What may have moved the end of its limitation, with where its proof is; absent when there was nothing. */
  readonly limitationEvents?: readonly LimitationEvent[];
  /** What the credit insurer was told of it; absent when he was told nothing. */
  readonly insurerTold?: readonly InsurerTold[];
  /** The last warning that was given of each legal date; absent when there was none. */
  readonly warned?: readonly WarnedOf[];
  /** A rest that was found too small to chase; it holds for as long as no more is left. Absent when none was. */
  readonly smallDifferenceCents?: number;
  readonly end: { readonly kind: 'cancelled' | 'written_off' | 'handed_over'; readonly on: CivilDate } | null;
}

export interface WarnedOf {
  readonly clock: LegalClock;
  readonly on: CivilDate;
  readonly for: CivilDate;
}

/** What became of one step; a file has at most one record per step, and at most one that is under way. */
export interface StepRecord {
  readonly step: string;
  readonly occurrence: number;
  readonly state: StepState;
  readonly channel: Channel;
  /** The last change, on the business clock. */
  readonly at: Instant;
  readonly taskId: string | null;
  /** The day from which the next step counts, once taken, posted or skipped. */
  readonly on: CivilDate | null;
  /** Addresses and channels that failed, in order; each makes room for the next occurrence. */
  readonly failures: readonly { readonly channel: Channel; readonly reason: string }[];
  /** No new try before the working day after this one. */
  readonly retryAfter: CivilDate | null;
  readonly bouncedLate: boolean;
  /** The day on which an earlier asking was taken, when a person had the step repeated: its level stays reached. */
  readonly takenBefore: CivilDate | null;
  /** Of an electronic letter: the last day on which it may be accepted. */
  readonly acceptBy?: CivilDate;
  /** How many people were told that a draft waits. */
  readonly reminders: number;
}

export type StepState =
  /** At the door. */
  | 'requested'
  /** At the door, and a person said yes. */
  | 'approved'
  /** Accepted by the carrier; taken when the proof is in, or when no bounce came in 48 hours. */
  | 'sent'
  /** Nobody knows yet whether it left. */
  | 'unconfirmed'
  /** In the hands of a person: a call, a letter to post, a manual step. */
  | 'handed'
  | 'posted'
  | 'taken'
  | 'skipped'
  | 'failed'
  | 'withdrawn';

/** The states between our request and the proof. */
export const underWay: readonly StepState[] = [
  'requested',
  'approved',
  'sent',
  'unconfirmed',
  'handed',
  'posted',
];

export interface Dispute {
  readonly disputeId: string;
  readonly contestedCents: number;
  readonly openedOn: CivilDate;
  readonly reason: string;
  /** A credit note or a lower amount has come since it was opened. */
  readonly credited: boolean;
  /** The debtor is right, and nothing was credited yet: the amount stays unasked until it is. */
  readonly justified: boolean;
  /** Until when it was to be qualified; like all that follows, absent from disputes of earlier releases. */
  readonly qualifyBy?: CivilDate;
  readonly qualified?: boolean;
  /** What was credited before anybody decided. */
  readonly creditedCents?: number;
  /** The paper that a granted amount waits for; a credit note when absent. */
  readonly awaits?: Grant;
  /** Whether exactly that much was granted; else the first credit says how much. */
  readonly exact?: boolean;
}

export interface PromiseToPay {
  readonly promiseId: string;
  readonly amountCents: number;
  readonly receivedCents: number;
  /** The payments that came under it; absent where its log did not keep them. */
  readonly payments?: readonly string[];
  readonly madeOn: CivilDate;
  readonly promisedOn: CivilDate;
  /** Absent: the scenario's. */
  readonly graceDays?: number;
  /** What may be missing of it; of a promise over several invoices, of the whole: that is not seen from here. */
  readonly toleranceCents?: number;
  /** It has lapsed, and nobody knows whether it was kept: the bank data go up to that day only. */
  readonly bankDataAwaited?: { readonly knownTo: CivilDate | null };
}

export interface InPlan {
  readonly planId: string;
  readonly amountCents: number;
  readonly endsOn: CivilDate;
  /** The due day of the instalment that was missed and not made good. */
  readonly lateSince: CivilDate | null;
}

export interface OpenTask {
  readonly taskId: string;
  readonly task: TaskKind;
  /** The step or dispute that it is about. */
  readonly about: string | null;
  readonly dueOn: CivilDate;
  readonly reminders: number;
}

/** Whether the life of the file is over, until money comes back. */
export function isClosed(collection: Collection): boolean {
  return collection.end !== null || collection.balanceCents <= 0 || isSmallDifferenceLeft(collection);
}

/** Whether nobody pursues the claim any more, also not a partner: it is settled but for too small a rest, or was given up. */
export function isOver(collection: Collection): boolean {
  const isSettled = collection.balanceCents <= 0 || isSmallDifferenceLeft(collection);
  return isSettled || (isClosed(collection) && collection.end?.kind !== 'handed_over');
}

/** Whether it ended on our side by its hand-over and is still owed: whoever has it pursues it. */
export function isPursuedOutside(collection: Collection): boolean {
  return isClosed(collection) && !isOver(collection);
}

/** Whether what is left was found too small to chase: it stays owed and shown, and nobody is asked for it. */
export function isSmallDifferenceLeft(c: Pick<Collection, 'smallDifferenceCents' | 'balanceCents'>): boolean {
  return (
    c.smallDifferenceCents !== undefined && c.balanceCents > 0 && c.balanceCents <= c.smallDifferenceCents
  );
}

/** Whether nothing is left that may be asked for while the disputes last. */
export function isWhollyDisputed(collection: Collection): boolean {
  return collection.disputes.length > 0 && askedCentsOf(collection) <= 0;
}

/** What remains contested, never more than what is owed. */
export function contestedCentsOf(collection: Pick<Collection, 'disputes' | 'balanceCents'>): number {
  const contested = collection.disputes.reduce(
    (sum, dispute) => sum + Math.max(0, dispute.contestedCents),
    0,
  );
  return Math.min(contested, Math.max(0, collection.balanceCents));
}

/** What a reminder may ask for: the balance less what is contested. */
export function askedCentsOf(collection: Collection): number {
  return Math.max(0, collection.balanceCents) - contestedCentsOf(collection);
}

export function recordOf(collection: Collection, step: string): StepRecord | undefined {
  return collection.steps.find((record) => record.step === step);
}

export function hasTask(collection: Collection, task: TaskKind, about: string | null): boolean {
  return collection.tasks.some((candidate) => candidate.task === task && candidate.about === about);
}
