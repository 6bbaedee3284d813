import type { FactType, StepAsked, TaskKind } from './fact.ts';
import type { LegalClock } from './law/legal-date.ts';
import type { Channel } from './message.ts';
import type { CivilDate, Instant } from './time.ts';

/**
 * The answer to "what now?" for one invoice, with its reasons.
 *
 * The same object drives the workflow, guards the door, and is shown as "why / why not": there is no second place
 * where a next step is computed or explained.
 */
export type Decision =
  | {
      readonly kind: 'act';
      readonly action: Action;
      readonly standing: StepAsked | null;
      readonly state: State;
      readonly reasons: readonly Reason[];
    }
  | {
      readonly kind: 'wait';
      /** When to ask again if nothing happens; null while a task or a named hold keeps the file. */
      readonly until: Instant | null;
      readonly awaits: readonly FactType[];
      /** The step that stands at the door or is out of it; it leaves only while this names it. */
      readonly standing: StepAsked | null;
      readonly state: State;
      readonly reasons: readonly Reason[];
    }
  | {
      readonly kind: 'close';
      readonly outcome: Outcome;
      readonly state: Outcome;
      readonly reasons: readonly Reason[];
    };

/** What we resolve to do; each becomes a fact once it is done. */
export type Action =
  | (StepAsked & { readonly do: 'requestStep'; readonly channel: Channel })
  | {
      readonly do: 'openTask';
      readonly task: TaskKind;
      readonly about: string | null;
      readonly dueOn: CivilDate;
    }
  | { readonly do: 'remindTask'; readonly taskId: string; readonly tell: 'owner' | 'manager' }
  | {
      readonly do: 'warnOfClock';
      readonly clock: LegalClock;
      readonly on: CivilDate;
      readonly for: CivilDate;
    }
  | { readonly do: 'breakPromise'; readonly promiseId: string; readonly receivedCents: number }
  | { readonly do: 'handOver' }
  | { readonly do: 'remindApprovers' | 'expireApproval' | 'withdrawApproval'; readonly approvalId: string };

export type Outcome = 'paid' | 'small_difference' | 'cancelled' | 'written_off' | 'handed_over';

/** Where a file stands, in one word; lists are filtered by it. */
export type State =
  | 'waiting'
  | 'at_the_door'
  | 'awaiting_approval'
  | 'on_its_way'
  | 'to_confirm'
  | 'to_do'
  | 'held'
  | 'disputed'
  | 'promised'
  | 'in_plan'
  | 'notice_running'
  | Outcome;

/** States in which nobody is pressed to call or write to the debtor. */
export const quietStates: readonly State[] = ['held', 'disputed', 'promised', 'in_plan'];

/** One reason as a code with its data; the sentence is made where it is shown. */
export interface Reason {
  readonly code: ReasonCode;
  readonly step?: string;
  readonly at?: Instant;
  readonly on?: CivilDate;
  readonly cents?: number;
  readonly count?: number;
  readonly detail?: string;
}

export type ReasonCode =
  | 'settled'
  | 'small_difference'
  | 'ended'
  | 'insolvent'
  | 'limited'
  | 'clock_near'
  | 'not_chased'
  | 'hold'
  | 'disputed_whole'
  | 'disputed_part'
  | 'promise_running'
  | 'promise_overdue'
  | 'bank_data_old'
  | 'plan_running'
  | 'plan_late'
  | 'task_open'
  | 'task_late'
  | 'amicable_bound'
  | 'no_delivered_reminder'
  | 'scenario_over'
  | 'unreachable'
  | 'bounced_late'
  | 'at_the_door'
  | 'stuck'
  | 'awaiting_approval'
  | 'proof_awaited'
  | 'outcome_unknown'
  | 'presentation_awaited'
  | 'step_due'
  | 'step_planned'
  | 'hand_over_due'
  | 'approval_open';

export type Act = Extract<Decision, { kind: 'act' }>;
export type Wait = Extract<Decision, { kind: 'wait' }>;
export type Close = Extract<Decision, { kind: 'close' }>;

/** We do something now; the step that stands is named by the rule that knows it. */
export function act(action: Action, state: State, ...reasons: Reason[]): Act {
  return { kind: 'act', action, standing: null, state, reasons };
}

/** Nothing is done until that moment, or until a fact. */
export function wait(
  state: State,
  until: Instant | null,
  awaits: readonly FactType[],
  ...reasons: Reason[]
): Wait {
  return { kind: 'wait', until, awaits, standing: null, state, reasons };
}

/** The life of the file is over. */
export function close(outcome: Outcome, ...reasons: Reason[]): Close {
  return { kind: 'close', outcome, state: outcome, reasons };
}
