import { addWorkingDays, dayAt } from './calendar.ts';
import type { Collection } from './collection.ts';
import type { Action } from './decision.ts';
import type { TaskKind, TaskOutcome } from './fact.ts';
import type { CivilDate, Instant } from './time.ts';

/**
 * What a person is asked to do, and how he may answer.
 *
 * Every kind of task has a closed list of outcomes, so that the workflow always knows how to go on.
 */
const outcomes: Readonly<Record<TaskKind, readonly TaskOutcome[]>> = {
  call: ['reached', 'not_reached', 'wrong_number'],
  manual: ['done', 'cannot_be_done'],
  post: ['done', 'cannot_be_done'],
  presentation: ['done', 'cannot_be_done'],
  escalation: ['extend', 'remind_again', 'formal_notice', 'hand_over'],
  unreachable: ['done', 'cannot_be_done'],
  // It ends with the resolution of the dispute, and in no other way.
  dispute: [],
  // These end with the paper, or when somebody says that none is to come.
  credit_note: ['done'],
  corrected_invoice: ['done'],
  goodwill: ['done'],
  hand_over: ['approved', 'withdrawn'],
  insolvency: ['done'],
  // What interrupts the limitation is recorded as such, and ends it by itself.
  limitation: ['done'],
  bounced_late: ['done'],
  // Of a message that may have left: whether it did. Of a request that waits: that its cause is seen to.
  stuck: ['done', 'reached', 'not_reached'],
};

/** The outcomes that a task of this kind accepts. */
export function outcomesOf(task: TaskKind): readonly TaskOutcome[] {
  return outcomes[task];
}

/** What people do towards the debtor, in place of a message that leaves by itself. */
export const contactTasks: readonly TaskKind[] = ['call', 'manual', 'post'];

/** Working days that each kind of task is given. */
const taskDays: Readonly<Record<TaskKind, number>> = {
  call: 1,
  manual: 1,
  post: 1,
  presentation: 10,
  escalation: 3,
  unreachable: 2,
  dispute: 5,
  credit_note: 5,
  corrected_invoice: 5,
  goodwill: 5,
  hand_over: 3,
  insolvency: 5,
  limitation: 5,
  bounced_late: 2,
  stuck: 1,
};

/** The working day by which a task of this kind that opens on that day should be done. */
export function taskDueOn(collection: Collection, task: TaskKind, day: CivilDate): CivilDate {
  return addWorkingDays(collection.calendar, day, taskDays[task]);
}

/** The resolve to open a task now, with its due date; `about` is the step or dispute that it is about. */
export function openTaskFor(
  collection: Collection,
  task: TaskKind,
  about: string | null,
  now: Instant,
): Action {
  return { do: 'openTask', task, about, dueOn: taskDueOn(collection, task, dayAt(collection.calendar, now)) };
}
