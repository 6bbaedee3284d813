import { boundAt } from './amicable-bound.ts';
import { channelFor } from './channel-choice.ts';
import { contestedCentsOf, hasTask, recordOf } from './collection.ts';
import type { Collection } from './collection.ts';
import { act, wait } from './decision.ts';
import type { Decision, Reason } from './decision.ts';
import { rankOf } from './level.ts';
import type { Step } from './scenario.ts';
import { dueAt, lapsesAt, levelReached, upcomingStep } from './schedule.ts';
import { openTaskFor } from './task.ts';
import type { Instant } from './time.ts';

/**
 * The next step of the scenario: wait for its day, ask the door for it, or ask a person when it can't be taken.
 *
 * A formal notice needs an earlier reminder that was delivered, a hand-over a person's word, every step a channel with
 * a valid address.
 */
export function nextStep(c: Collection, now: Instant): Decision {
  const step = upcomingStep(c, now);
  if (!step) return act(openTaskFor(c, 'escalation', null, now), 'to_do', { code: 'scenario_over' });

  const at = dueAt(c, step, now);
  if (now < at) return notYet(c, step, at, now);
  if (step.level === 'litigation') return handOver(c, step, now);
  if (step.level === 'formal_notice' && !wasReminded(c, now)) {
    const reason: Reason = { code: 'no_delivered_reminder', step: step.key };
    return act(openTaskFor(c, 'escalation', null, now), 'to_do', reason);
  }

  const channel = channelFor(c, step);
  if (!channel) return unreachable(c, step, now);

  const record = recordOf(c, step.key);
  // A withdrawn asking is asked again under its number; only a failure makes a new one.
  const occurrence = record ? record.occurrence + (record.state === 'failed' ? 1 : 0) : 1;
  return act(
    { do: 'requestStep', step: step.key, occurrence, channel },
    'at_the_door',
    { code: 'step_due', step: step.key, at },
    ...contested(c),
  );
}

/** Whether the debtor got at least one reminder, with proof: without it nobody gets a formal notice (law-fr §9). */
export function wasReminded(c: Collection, now: Instant): boolean {
  const level = levelReached(c, now);
  return level !== null && rankOf(level) >= rankOf('reminder');
}

function notYet(c: Collection, step: Step, at: Instant, now: Instant): Decision {
  const state = levelReached(c, now) === 'formal_notice' ? 'notice_running' : 'waiting';
  const until = Math.min(at, boundAt(c, now));
  const reason: Reason = { code: 'step_planned', step: step.key, at };
  return wait(state, until, ['paymentRecorded', 'promiseMade', 'disputeOpened'], reason, ...contested(c));
}

function handOver(c: Collection, step: Step, now: Instant): Decision {
  const reason: Reason = { code: 'hand_over_due', step: step.key };
  const free = step.mode === 'automatic' || c.handOverApproved;
  return act(free ? { do: 'handOver' } : openTaskFor(c, 'hand_over', step.key, now), 'to_do', reason);
}

/** A person looks for an address; when there is none to be found, the question is how the file goes on. */
function unreachable(c: Collection, step: Step, now: Instant): Decision {
  const reason: Reason = { code: 'unreachable', step: step.key };
  if (c.done.includes(`unreachable/${step.key}`))
    return act(openTaskFor(c, 'escalation', null, now), 'to_do', reason);
  if (!hasTask(c, 'unreachable', step.key))
    return act(openTaskFor(c, 'unreachable', step.key, now), 'to_do', reason);

  const until = Math.min(boundAt(c, now), lapsesAt(c, step));
  return wait('to_do', Number.isFinite(until) ? until : null, ['taskDone', 'debtorChanged'], reason);
}

function contested(c: Collection): readonly Reason[] {
  return c.disputes.length > 0 ? [{ code: 'disputed_part', cents: contestedCentsOf(c) }] : [];
}
