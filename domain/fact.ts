import type { GraveAct } from './approval/approval.ts';
import type { Calendar } from './calendar.ts';
import type { DebtorView, Hold } from './debtor.ts';
import type { Stage } from './dispute/ladder.ts';
import type { DisputeOutcome } from './dispute/outcome.ts';
import type { InsurerNoticeKind } from './law/insurer-dates.ts';
import type { LegalClock } from './law/legal-date.ts';
import type { LimitationEvent } from './law/limitation-term.ts';
import type { LegalTerms } from './legal-clocks/legal-terms.ts';
import type { Channel } from './message.ts';
import type { Scenario } from './scenario.ts';
import type { CivilDate, Instant } from './time.ts';

/**
 * What can happen to an invoice: the one list of facts.
 *
 * Each invoice has a numbered log of facts; its Collection is their fold. A fact is stated in the past tense, says
 * what happened and never what should follow. Facts about money carry the balance that the ledger holds after them.
 * They travel through workflow histories, so they hold ids, codes, amounts and dates, never names or free text.
 */
export type Fact = FactStamp & FactBody;

export interface FactStamp {
  /** The place in the invoice's log, from 1 without a gap. */
  readonly n: number;
  /** The business clock at its recording. */
  readonly at: Instant;
  /** The civil day of the recording in the debtor's zone. */
  readonly day: CivilDate;
  readonly by: Author;
}

/** Who states a fact: a person or key by id, a file, a provider, or Relance itself. */
export interface Author {
  readonly kind: 'user' | 'import' | 'bank' | 'provider' | 'relance';
  readonly id: string;
}

/** The reason of a payment that never was: a slip of ours says nothing about the debtor or his bank. */
export const enteredInError = 'entered_in_error';

/** Which step is meant, and which asking of it: a step is asked again only after a recorded failure. */
export interface StepAsked {
  readonly step: string;
  readonly occurrence: number;
}

/** On the fact that first says that a message left: the salted digest of what left, so that it can't be changed afterwards. */
export interface Proved {
  /** Absent from facts of earlier releases. */
  readonly messageProof?: string;
}

export type TaskKind =
  | 'call'
  | 'manual'
  | 'post'
  | 'presentation'
  | 'escalation'
  | 'unreachable'
  | 'dispute'
  | 'credit_note'
  | 'corrected_invoice'
  | 'goodwill'
  | 'hand_over'
  | 'insolvency'
  | 'limitation'
  | 'bounced_late'
  | 'stuck';

export type FactBody =
  | Registered
  | {
      readonly type: 'invoiceCorrected';
      readonly dueDate: CivilDate;
      readonly issueDate: CivilDate | null;
      readonly amountCents: number;
      readonly balanceCents: number;
      readonly paidBy: PaidBy;
      readonly factored: boolean;
      /** What is corrected of the day of performance; as it was when absent. */
      readonly performedOn?: CivilDate | null;
    }
  | { readonly type: 'invoiceCancelled'; readonly balanceCents: number; readonly reason: string }
  | {
      readonly type: 'paymentRecorded';
      readonly paymentId: string;
      readonly amountCents: number;
      readonly balanceCents: number;
      readonly on: CivilDate;
      /** False: the debtor has not said that it pays this debt, so it admits nothing of the rest. */
      readonly admits?: false;
    }
  | {
      readonly type: 'paymentReturned';
      readonly paymentId: string;
      readonly amountCents: number;
      readonly balanceCents: number;
      readonly on: CivilDate;
      readonly reason: string;
    }
  | {
      readonly type: 'creditNoteRecorded';
      readonly creditNoteId: string;
      readonly amountCents: number;
      readonly balanceCents: number;
      readonly on: CivilDate;
    }
  | {
      readonly type: 'writtenOff';
      readonly amountCents: number;
      readonly balanceCents: number;
      readonly on: CivilDate;
      readonly reason: string;
    }
  | {
      readonly type: 'promiseMade';
      readonly promiseId: string;
      readonly amountCents: number;
      readonly promisedOn: CivilDate;
      /** Working days after it before it counts as broken; those of the scenario when absent. */
      readonly graceDays?: number;
      /** What may be missing of the whole promise; nothing when absent. */
      readonly toleranceCents?: number;
      /** On how many invoices it was made; one when absent. */
      readonly invoices?: number;
      /** The file keeps which payments come under it, and only those can go back from it. Logs of before it did lack this. */
      readonly ownPayments?: true;
      /** Why a person let it go beyond the bounds of the scenario. */
      readonly exceeding?: string;
    }
  | { readonly type: 'promiseKept'; readonly promiseId: string; readonly receivedCents: number }
  | { readonly type: 'promiseBroken'; readonly promiseId: string; readonly receivedCents: number }
  | {
      readonly type: 'bankDataAwaited';
      readonly promiseId: string;
      /** The day up to which the creditor's bank data are known; null when there are none. */
      readonly knownTo: CivilDate | null;
    }
  | { readonly type: 'promiseWithdrawn'; readonly promiseId: string }
  | {
      readonly type: 'planStarted';
      readonly planId: string;
      /** What of this invoice is in it. */
      readonly amountCents: number;
      readonly instalments: number;
      readonly endsOn: CivilDate;
      /** The day on which the debtor accepted it in writing, which admits the debt. */
      readonly writtenOn?: CivilDate;
    }
  | {
      readonly type: 'instalmentMissed';
      readonly planId: string;
      readonly number: number;
      readonly dueOn: CivilDate;
      readonly missingCents: number;
    }
  | { readonly type: 'planCaughtUp'; readonly planId: string }
  | { readonly type: 'planEnded'; readonly planId: string; readonly outcome: PlanOutcome }
  | {
      readonly type: 'disputeOpened';
      readonly disputeId: string;
      readonly contestedCents: number;
      readonly reason: string;
      /** Until when it is to be qualified; absent from facts of earlier releases and of imports. */
      readonly qualifyBy?: CivilDate;
    }
  | {
      readonly type: 'disputeQualified';
      readonly disputeId: string;
      readonly reason: string;
      readonly department: string;
      /** The user who is to answer it. */
      readonly resolverId: string | null;
      readonly answerBy: CivilDate;
    }
  | { readonly type: 'disputeAnswered'; readonly disputeId: string; readonly decideBy: CivilDate }
  | {
      readonly type: 'disputeChased';
      readonly disputeId: string;
      readonly stage: Stage;
      readonly rung: number;
      /** Who had to be told that it waits for him. */
      readonly told: 'owner' | 'resolver';
      /** How many of them got the mail, and how many managers. */
      readonly people: number;
      readonly managers: number;
    }
  | {
      readonly type: 'disputeResolved';
      readonly disputeId: string;
      readonly outcome: DisputeOutcome;
      /** How much of the contested amount is given; absent: whatever the paper says. */
      readonly grantedCents?: number;
    }
  | {
      readonly type: 'holdPlaced';
      readonly holdId: string;
      readonly reason: string;
      readonly until: CivilDate | null;
    }
  | { readonly type: 'holdLifted'; readonly holdId: string }
  | { readonly type: 'debtorChanged'; readonly debtor: DebtorView }
  | {
      /** Two debtors turned out to be one, or the one to be two after all: the invoice is owed by another row. */
      readonly type: 'debtorReplaced';
      readonly mergeId: string;
      readonly debtorId: string;
      readonly because: 'merged' | 'parted';
      readonly debtor: DebtorView;
    }
  | {
      readonly type: 'debtorInsolvent';
      readonly judgmentOn: CivilDate;
      /** Claims born after the judgment go on; absent from facts of earlier releases, which silenced them too. */
      readonly claimsAreSplit?: true;
    }
  | { readonly type: 'legalTermsStated'; readonly terms: LegalTerms }
  | {
      /** The creditor's credit insurer was told of the claim; where the proof is stands beside it. */
      readonly type: 'insurerTold';
      readonly notice: InsurerNoticeKind;
      readonly on: CivilDate;
    }
  | { readonly type: 'limitationMoved'; readonly event: LimitationEvent }
  | {
      readonly type: 'clockWarned';
      readonly clock: LegalClock;
      /** The last day. */
      readonly on: CivilDate;
      /** The day that this warning was planned for; it is given once. */
      readonly for: CivilDate;
      /** How many of those who work the file got the mail, and how many managers. */
      readonly people: number;
      readonly managers: number;
    }
  | { readonly type: 'calendarExtended'; readonly calendar: Calendar }
  | (StepAsked & { readonly type: 'stepRequested'; readonly channel: Channel })
  | (StepAsked & { readonly type: 'stepWithdrawn'; readonly reason: string })
  | (StepAsked & { readonly type: 'stepApproved' })
  | (StepAsked & { readonly type: 'stepSkipped'; readonly reason: string })
  | (StepAsked &
      Proved & { readonly type: 'stepSent'; readonly messageId: string; readonly channel: Channel })
  | (StepAsked & Proved & { readonly type: 'stepUnconfirmed'; readonly messageId: string })
  | (StepAsked &
      Proved & {
        readonly type: 'stepHanded';
        readonly messageId: string;
        readonly taskId: string;
        readonly task: TaskKind;
        readonly dueOn: CivilDate;
      })
  | (StepAsked & {
      readonly type: 'stepPosted';
      readonly on: CivilDate;
      readonly trackingNumber: string | null;
      readonly taskId: string | null;
      /** There for a registered letter by electronic way; on paper when absent. */
      readonly electronic?: true;
      /** The last day on which it may be accepted, by the law of the day on which it was sent; on paper there is none. */
      readonly acceptBy?: CivilDate;
    })
  | (StepAsked &
      Proved & {
        readonly type: 'stepDelivered';
        readonly messageId: string | null;
        readonly channel: Channel;
        readonly on: CivilDate;
        readonly proof: Proof;
      })
  | (StepAsked & {
      /** What the post says of a letter beside its presentation; what it means for the step has facts of its own. */
      readonly type: 'letterReported';
      readonly messageId: string;
      readonly state: LetterState;
      readonly on: CivilDate;
      /** The number of the slip or of the provider's proof. */
      readonly proof: string | null;
    })
  | (StepAsked & {
      readonly type: 'stepFailed';
      readonly messageId: string | null;
      readonly channel: Channel;
      readonly reason: string;
    })
  | {
      readonly type: 'taskOpened';
      readonly taskId: string;
      readonly task: TaskKind;
      readonly about: string | null;
      readonly dueOn: CivilDate;
    }
  | {
      readonly type: 'taskDone';
      readonly taskId: string;
      readonly outcome: TaskOutcome;
      /** The day on which claims were declared; that of the answer when absent. */
      readonly on?: CivilDate;
    }
  | {
      readonly type: 'taskReminded';
      readonly taskId: string;
      /** Whose turn it was to be told. */
      readonly told: 'owner' | 'manager';
      /** How many got the mail; none where nobody has an address. */
      readonly people: number;
    }
  | {
      /** What is left after money came is below what the creditor chases. */
      readonly type: 'smallDifferenceFound';
      readonly cents: number;
    }
  | { readonly type: 'handedOver'; readonly packId: string }
  | {
      readonly type: 'waived';
      readonly amountCents: number;
      readonly balanceCents: number;
      readonly on: CivilDate;
      readonly reason: string;
      /** The dispute that it makes good, where it was granted as goodwill. */
      readonly disputeId?: string;
      /** The offer that it keeps, where the rest was paid in time. */
      readonly discountId?: string;
    }
  | {
      readonly type: 'approvalAsked';
      readonly approvalId: string;
      readonly act: GraveAct;
      /** What the act is about on this invoice. */
      readonly amountCents: number;
      /** The draft or the task that a yes answers. */
      readonly about: string | null;
      readonly expiresAt: Instant;
    }
  | { readonly type: 'approvalGiven'; readonly approvalId: string }
  | { readonly type: 'approvalRefused'; readonly approvalId: string; readonly reason: string }
  | { readonly type: 'approvalExpired'; readonly approvalId: string }
  | { readonly type: 'approvalWithdrawn'; readonly approvalId: string; readonly reason: string }
  | {
      readonly type: 'approvalReminded';
      readonly approvalId: string;
      /** How many got the mail. */
      readonly people: number;
    };

export interface Registered {
  readonly type: 'invoiceRegistered';
  readonly invoiceId: string;
  /** What stands on the paper, and which of its due dates is meant; absent from facts of earlier releases. */
  readonly number?: string;
  readonly term?: number;
  readonly creditorId: string;
  readonly debtorId: string;
  readonly currency: string;
  readonly amountCents: number;
  readonly balanceCents: number;
  readonly issueDate: CivilDate | null;
  readonly dueDate: CivilDate;
  /** The day on which what is invoiced was delivered or done, where somebody has said. */
  readonly performedOn?: CivilDate | null;
  readonly paidBy: PaidBy;
  readonly factored: boolean;
  readonly debtor: DebtorView;
  /** What its legal dates depend on; absent from facts of earlier releases. */
  readonly legalTerms?: LegalTerms;
  readonly holds: readonly Hold[];
  readonly scenario: Scenario;
  readonly calendar: Calendar;
}

/** What becomes of a registered letter once it is posted. */
export const letterStates = ['presented', 'received', 'refused', 'returned', 'expired'] as const;

export type LetterState = (typeof letterStates)[number];

/** How the debtor agreed to pay; a direct debit or a bill of exchange is presented by us, so nobody is chased before it comes back. */
export type PaidBy = 'transfer' | 'direct_debit' | 'bill_of_exchange' | 'cheque' | 'card' | 'other';

/** The proof on which a step counts as taken. */
export type Proof = 'outbox' | 'provider' | 'no_bounce' | 'postal_days' | 'presentation' | 'call' | 'person';

/** How a person answered a task. Each kind of task accepts some of them: `domain/task.ts`. */
export type TaskOutcome =
  | 'done'
  | 'reached'
  | 'not_reached'
  | 'wrong_number'
  | 'cannot_be_done'
  | 'approved'
  | 'remind_again'
  | 'extend'
  | 'formal_notice'
  | 'hand_over'
  | 'withdrawn';

/** How an instalment plan ended. */
export type PlanOutcome = 'finished' | 'broken' | 'withdrawn';

export type FactType = FactBody['type'];

const factTypes = {
  invoiceRegistered: true,
  invoiceCorrected: true,
  invoiceCancelled: true,
  paymentRecorded: true,
  paymentReturned: true,
  creditNoteRecorded: true,
  writtenOff: true,
  promiseMade: true,
  promiseKept: true,
  promiseBroken: true,
  bankDataAwaited: true,
  promiseWithdrawn: true,
  planStarted: true,
  instalmentMissed: true,
  planCaughtUp: true,
  planEnded: true,
  disputeOpened: true,
  disputeQualified: true,
  disputeAnswered: true,
  disputeChased: true,
  disputeResolved: true,
  holdPlaced: true,
  holdLifted: true,
  debtorChanged: true,
  debtorReplaced: true,
  debtorInsolvent: true,
  legalTermsStated: true,
  insurerTold: true,
  limitationMoved: true,
  clockWarned: true,
  calendarExtended: true,
  stepRequested: true,
  stepWithdrawn: true,
  stepApproved: true,
  stepSkipped: true,
  stepSent: true,
  stepUnconfirmed: true,
  stepHanded: true,
  stepPosted: true,
  stepDelivered: true,
  stepFailed: true,
  letterReported: true,
  taskOpened: true,
  taskDone: true,
  taskReminded: true,
  smallDifferenceFound: true,
  handedOver: true,
  waived: true,
  approvalAsked: true,
  approvalGiven: true,
  approvalRefused: true,
  approvalExpired: true,
  approvalWithdrawn: true,
  approvalReminded: true,
} satisfies Record<FactType, true>;

/** Whether this release knows such a fact: what strangers or newer releases say of a file may be any word. */
export function isFactType(type: unknown): type is FactType {
  return typeof type === 'string' && Object.hasOwn(factTypes, type);
}

/** The body of one kind of fact. */
export type FactOf<T extends FactType> = Extract<FactBody, { type: T }>;
