import { apply } from './apply.ts';
import { addWorkingDays, dayAt, instantAt } from './calendar.ts';
import type { Collection, StepRecord } from './collection.ts';
import { decide } from './decide.ts';
import { quietStates } from './decision.ts';
import type { Action, Decision, Reason } from './decision.ts';
import type { FactBody } from './fact.ts';
import { limitedSince } from './legal-clocks/legal-terms.ts';
import type { Level } from './level.ts';
import type { Channel } from './message.ts';
import { stepOf } from './scenario.ts';
import { isUnderWay } from './schedule.ts';
import { hourMs, latestDay } from './time.ts';
import type { Instant } from './time.ts';

/**
 * The life that an invoice has before it if nobody answers: its next steps with their moments.
 *
 * It is no second planner: it lets the file live through `decide` and `apply` with the facts that would come, every
 * message delivered at once, every person willing. So the preview of an import, the calendar on the page and the real
 * life can't disagree, except where the world does.
 */
export interface LifeAhead {
  readonly steps: readonly PlannedStep[];
  /** Why the life goes no further: its end, or what it would wait for. */
  readonly then: readonly Reason[];
}

export interface PlannedStep {
  readonly step: string;
  readonly level: Level;
  readonly channel: Channel;
  readonly mode: 'automatic' | 'review' | 'manual';
  readonly at: Instant;
}

/** A life is finite: scenarios end in an exit. The limit guards against a scenario that would not. */
const turnsMax = 400;

/** Lives the file from `now` on, as if nothing came but what we do ourselves. */
export function lifeAhead(collection: Collection, now: Instant): LifeAhead {
  const steps: PlannedStep[] = [];
  let [file, at] = [withoutWatch(collection, now), now];
  for (let turn = 0; turn < turnsMax; turn += 1) {
    const decision = decide(file, at);
    if (decision.kind === 'close') return { steps, then: decision.reasons };
    if (decision.kind === 'wait') {
      const goneOn = movedOn(file, at);
      if (goneOn) [file, at] = goneOn;
      else if (decision.until === null) return { steps, then: decision.reasons };
      else at = Math.max(at, decision.until);
      continue;
    }
    const planned = plannedBy(file, decision.action, at);
    if (planned) steps.push(planned);
    if (needsPerson(decision)) return { steps, then: decision.reasons };
    [file, at] = live(file, decision.action, at);
  }
  return { steps, then: [] };
}

/** A file that waits for a person has no step ahead, though the law will limit it one day: that is told by its clocks. */
function withoutWatch(collection: Collection, now: Instant): Collection {
  const { legalTerms, ...file } = collection;
  if (!legalTerms || limitedSince(collection, dayAt(collection.calendar, now))) return collection;
  return file;
}

function plannedBy(file: Collection, action: Action, at: Instant): PlannedStep | undefined {
  if (action.do === 'requestStep') {
    const { level, mode } = stepOf(file.scenario, action.step);
    return { step: action.step, level, channel: action.channel, mode, at };
  }
  if (action.do !== 'handOver') return undefined;
  const exit = file.scenario.steps.at(-1);
  return exit && { step: exit.key, level: exit.level, channel: exit.channel, mode: exit.mode, at };
}

function needsPerson(decision: Extract<Decision, { kind: 'act' }>): boolean {
  const { action } = decision;
  return (
    action.do === 'openTask' &&
    (action.task === 'escalation' || action.task === 'unreachable' || action.task === 'stuck')
  );
}

/** The file after that act, as if it had been done at that moment, with the moment. */
export function live(file: Collection, action: Action, at: Instant): [Collection, Instant] {
  switch (action.do) {
    case 'requestStep': {
      const { step, occurrence, channel } = action;
      return [state(file, at, { type: 'stepRequested', step, occurrence, channel }), at];
    }
    case 'openTask': {
      const { task, about, dueOn } = action;
      return [state(file, at, { type: 'taskOpened', taskId: `ahead-${file.fact}`, task, about, dueOn }), at];
    }
    case 'remindTask':
      return [
        state(file, at, { type: 'taskReminded', taskId: action.taskId, told: action.tell, people: 1 }),
        at,
      ];
    case 'warnOfClock': {
      const { clock, on, for: day } = action;
      return [state(file, at, { type: 'clockWarned', clock, on, for: day, people: 1, managers: 1 }), at];
    }
    case 'breakPromise': {
      const { promiseId, receivedCents } = action;
      return [state(file, at, { type: 'promiseBroken', promiseId, receivedCents }), at];
    }
    case 'handOver':
      return [state(file, at, { type: 'handedOver', packId: 'ahead' }), at];
    case 'remindApprovers':
      return [state(file, at, { type: 'approvalReminded', approvalId: action.approvalId, people: 1 }), at];
    case 'expireApproval':
      return [state(file, at, { type: 'approvalExpired', approvalId: action.approvalId }), at];
    case 'withdrawApproval': {
      const { approvalId } = action;
      return [state(file, at, { type: 'approvalWithdrawn', approvalId, reason: 'overtaken' }), at];
    }
  }
}

/** What willing people and a working post do while the file waits for them; undefined when it waits for time or others. */
export function movedOn(file: Collection, at: Instant): [Collection, Instant] | undefined {
  const decision = decide(file, at);
  if (quietStates.includes(decision.state)) return undefined;
  const handOver = file.tasks.find((task) => task.task === 'hand_over');
  if (handOver)
    return [state(file, at, { type: 'taskDone', taskId: handOver.taskId, outcome: 'approved' }), at];

  // A request that no longer stands goes nowhere: the door takes it back.
  const record = file.steps.find(
    (candidate) =>
      isUnderWay(file, candidate, at) &&
      (!isAtTheDoor(candidate) || (decision.kind !== 'close' && decision.standing?.step === candidate.step)),
  );
  return record && delivered(file, record, at);
}

function isAtTheDoor({ state }: StepRecord): boolean {
  return state === 'requested' || state === 'approved';
}

/** A registered letter takes two working days to be presented, everything else arrives at once. */
function delivered(file: Collection, record: StepRecord, at: Instant): [Collection, Instant] {
  const { step, occurrence, channel } = record;
  const today = dayAt(file.calendar, at);
  const on = channel === 'registered_letter' ? addWorkingDays(file.calendar, record.on ?? today, 2) : today;
  const then = on <= today ? at : instantAt(file.calendar, on, 12 * hourMs);
  const day = latestDay(on, today);
  const proof = channel === 'registered_letter' ? 'presentation' : 'person';
  return [
    state(file, then, { type: 'stepDelivered', step, occurrence, channel, messageId: null, on: day, proof }),
    then,
  ];
}

function state(file: Collection, at: Instant, body: FactBody): Collection {
  const stamp = { n: file.fact + 1, at, day: dayAt(file.calendar, at) };
  return apply(file, { ...body, ...stamp, by: { kind: 'relance', id: 'foresight' } });
}
