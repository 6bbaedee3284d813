import { dayAt } from '../../../domain/calendar.ts';
import type { FactOf } from '../../../domain/fact.ts';
import { dueAt } from '../../../domain/schedule.ts';
import { daysBetween } from '../../../domain/time.ts';
import { entryCandidates, momentsBefore } from './lives.ts';
import type { EntryCandidate, Moment } from './lives.ts';
import { byJudging } from './question.ts';
import type { Found } from './question.ts';

/** How the procedure was kept (F65): steps asked for late, tasks done late, steps skipped, and decisions of people over the scenario. */
export const procedure = byJudging(
  'procedure',
  entryCandidates(['stepRequested', 'stepSkipped', 'taskDone', 'promiseMade']),
  async (house, candidates) => {
    const moments = await momentsBefore(house, candidates);
    return candidates.flatMap((candidate) => {
      const moment = moments.get(candidate.key);
      return (moment && judged(candidate, moment)) ?? [];
    });
  },
);

/** A step that is asked for within a day of its moment is in time: the window and the caps move it by hours. */
const daysLateMax = 1;

function judged(candidate: EntryCandidate, moment: Moment): readonly Found[] {
  const { fact } = moment;
  switch (fact?.type) {
    case 'stepSkipped':
      return [found(candidate, moment, 'skipped', { step: fact.step, reason: fact.reason })];
    case 'stepRequested':
      return requestedLate(candidate, moment, fact);
    case 'taskDone':
      return taskAnswered(candidate, moment, fact);
    case 'promiseMade':
      return fact.exceeding === undefined
        ? []
        : [found(candidate, moment, 'promise_beyond', { reason: fact.exceeding, until: fact.promisedOn })];
    default:
      return [];
  }
}

function requestedLate(
  candidate: EntryCandidate,
  moment: Moment,
  { step: key, at, day }: FactOf<'stepRequested'> & { at: number; day: string },
): readonly Found[] {
  const { before } = moment;
  const step = before.scenario.steps.find((one) => one.key === key);
  if (!step) return [];
  const due = dayAt(before.calendar, dueAt(before, step, at));
  const days = daysBetween(due, day);
  return days > daysLateMax ? [found(candidate, moment, 'late', { step: key, dueOn: due, days })] : [];
}

/** What a person answered a question of the scenario with, where that is not what the scenario would do. */
const overriding = ['extend', 'remind_again', 'formal_notice'];

function taskAnswered(
  candidate: EntryCandidate,
  moment: Moment,
  { taskId, outcome, day }: FactOf<'taskDone'> & { day: string },
): readonly Found[] {
  const task = moment.before.tasks.find((one) => one.taskId === taskId);
  if (!task) return [];
  const about = { task: task.task, dueOn: task.dueOn };
  const days = daysBetween(task.dueOn, day);
  return overriding.includes(outcome)
    ? [found(candidate, moment, 'overridden', { ...about, outcome })]
    : days > 0
      ? [found(candidate, moment, 'task_late', { ...about, days })]
      : [];
}

function found(
  { at, key, subject, seq }: EntryCandidate,
  { invoiceId, fact }: Moment,
  why: string,
  more: Found['more'],
): Found {
  return { at, key, invoiceId, by: fact?.by ?? null, why, more, entries: [[subject, seq]] };
}
