import { boundAt } from './amicable-bound.ts';
import { isUsable } from './channel-choice.ts';
import { addWorkingDays, dayAt, instantAt } from './calendar.ts';
import { hasTask } from './collection.ts';
import type { Collection, StepRecord } from './collection.ts';
import { act, wait } from './decision.ts';
import type { Act, Decision, Reason, State, Wait } from './decision.ts';
import type { FactType, TaskKind } from './fact.ts';
import { needsWord } from './notice/needs-word.ts';
import { stepOf } from './scenario.ts';
import { dueAt, isUnderWay, lapsesAt, proofAt, upcomingStep } from './schedule.ts';
import { contactTasks, openTaskFor } from './task.ts';
import { hourMs } from './time.ts';
import type { Instant } from './time.ts';

/** Working days after which a request that the door could not let out is shown to a person. */
export const stuckDays = 10;
/** Hours that evidence is given to say whether a message left, before a person is asked. */
export const unknownHours = 24;

/**
 * What the file waits for while a step is on its way between our request and its proof.
 *
 * What has left is waited for; what is still at the door stands there only while the step would be asked for anew, so
 * a corrected due date or a lost address takes it back. No wait is endless without a person who knows: a request that
 * sticks, a message of which nobody knows whether it left, a letter without a presentation date become tasks.
 */
export function stepUnderWay(c: Collection, now: Instant): Decision | null {
  const record = c.steps.find(
    (candidate) => isUnderWay(c, candidate, now) && !isTakenBack(c, candidate, now),
  );
  if (!record) return null;

  switch (record.state) {
    case 'requested':
    case 'approved':
      return { ...atTheDoor(c, record, now), standing: { step: record.step, occurrence: record.occurrence } };
    case 'unconfirmed':
      return unconfirmed(c, record, now);
    case 'handed':
      return inHands(c, record, now);
    default:
      return onItsWay(c, record, now);
  }
}

/** Whether a request at the door would not be made any more: not now, not for this step, not through this channel. */
function isTakenBack(c: Collection, record: StepRecord, now: Instant): boolean {
  if (record.state !== 'requested' && record.state !== 'approved') return false;
  const step = upcomingStep(c, now);
  return step?.key !== record.step || now < dueAt(c, step, now) || !isUsable(c, step, record.channel);
}

function atTheDoor(c: Collection, record: StepRecord, now: Instant): Act | Wait {
  const { step, at } = record;
  const planned = stepOf(c.scenario, step);
  const stuckAt = instantAt(c.calendar, addWorkingDays(c.calendar, dayAt(c.calendar, at), stuckDays), 0);
  const told = hasTask(c, 'stuck', step);
  if (now >= stuckAt && !told)
    return act(openTaskFor(c, 'stuck', step, now), 'to_do', { code: 'stuck', step, count: stuckDays });

  const draft = record.state === 'requested' && needsWord(c, step);
  const [state, code] = draft
    ? (['awaiting_approval', 'awaiting_approval'] as const)
    : (['at_the_door', 'at_the_door'] as const);
  const until = Math.min(told ? Infinity : stuckAt, lapsesAt(c, planned));
  return pending(c, now, state, until, ['stepSent', 'stepWithdrawn'], { code, step, at });
}

function unconfirmed(c: Collection, { step, at }: StepRecord, now: Instant): Decision {
  const askAt = at + unknownHours * hourMs;
  const told = hasTask(c, 'stuck', step);
  const reason: Reason = { code: 'outcome_unknown', step, at };
  if (now >= askAt && !told) return act(openTaskFor(c, 'stuck', step, now), 'to_confirm', reason);
  return pending(c, now, 'to_confirm', told ? Infinity : askAt, ['stepSent', 'stepFailed'], reason);
}

function inHands(c: Collection, record: StepRecord, now: Instant): Decision {
  const open = c.tasks.find((task) => task.about === record.step && contactTasks.includes(task.task));
  const task = open?.task ?? taskFor(record);
  const reason: Reason = { code: 'task_open', step: record.step, detail: task };
  if (!open) return act(openTaskFor(c, task, record.step, now), 'to_do', reason);
  return pending(c, now, 'to_do', Infinity, ['stepDelivered', 'stepFailed', 'stepPosted'], reason);
}

function onItsWay(c: Collection, record: StepRecord, now: Instant): Decision {
  const { step } = record;
  const proof = proofAt(c, record);
  const awaits: FactType[] = ['stepDelivered', 'stepFailed'];
  if (proof !== null)
    return pending(c, now, 'on_its_way', afterProof(c, proof), awaits, {
      code: 'proof_awaited',
      step,
      at: proof,
    });

  const reason: Reason = { code: 'presentation_awaited', step };
  if (!hasTask(c, 'presentation', step))
    return act(openTaskFor(c, 'presentation', step, now), 'on_its_way', reason);
  return pending(c, now, 'on_its_way', Infinity, awaits, reason);
}

/** One wake-up for both: when the silence has become proof and the next step is due, whichever is later. */
function afterProof(c: Collection, proof: Instant): Instant {
  const next = upcomingStep(c, proof);
  return next ? Math.max(proof, dueAt(c, next, proof)) : proof;
}

/** The amicable phase runs on while a step is under way, whoever is slow. */
function pending(
  c: Collection,
  now: Instant,
  state: State,
  until: Instant,
  awaits: readonly FactType[],
  reason: Reason,
): Wait {
  const first = Math.min(until, boundAt(c, now));
  return wait(state, Number.isFinite(first) ? first : null, awaits, reason);
}

function taskFor({ channel }: StepRecord): TaskKind {
  if (channel === 'call') return 'call';
  return channel === 'letter' || channel === 'registered_letter' ? 'post' : 'manual';
}
