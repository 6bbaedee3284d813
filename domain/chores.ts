import { draftIdOf } from './apply.ts';
import { approvalAlarm, approvalReasons, dueApproval, isAwaitingApproval } from './approval/due-approval.ts';
import { addWorkingDays, dayAt, tellingTime, workingDayAfter } from './calendar.ts';
import { hasTask } from './collection.ts';
import type { Collection } from './collection.ts';
import { act, quietStates } from './decision.ts';
import type { Act, Decision, State } from './decision.ts';
import { hasLadder, taskOf } from './dispute/course.ts';
import type { TaskKind } from './fact.ts';
import { silencedByJudgmentOn } from './insolvency/claim-side.ts';
import { clockAlarm, dueClock } from './legal-clocks/due-clock.ts';
import { needsWord } from './notice/needs-word.ts';
import { openTaskFor } from './task.ts';
import type { CivilDate, Instant } from './time.ts';

/** Working days that a person is given to read a draft. */
const draftDays = 2;
/** Working days between telling the owner of a late task and telling his manager. */
const managerDays = 3;

/**
 * Tasks to open and people to tell, beside the course of the file: due now they come first, later they set the alarm.
 *
 * A chore stops no step: what stands at the door goes on standing there.
 */
export function withChores(c: Collection, course: Decision, now: Instant): Decision {
  const late = lateThingsOf(c, course.state);
  const due = missingTask(c, now) ?? dueClock(c, now) ?? dueApproval(c, now) ?? reminderOf(late, now);
  if (due) return { ...due, standing: course.kind === 'close' ? null : course.standing };
  if (course.kind !== 'wait') return course;

  const alarm = Math.min(
    ...late.map((thing) => thing.alarm),
    approvalAlarm(c),
    clockAlarm(c, now),
    course.until ?? Infinity,
  );
  const reasons = [...course.reasons, ...approvalReasons(c)];
  return { ...course, until: Number.isFinite(alarm) ? alarm : null, reasons };
}

function missingTask(c: Collection, now: Instant): Act | null {
  const insolventOn = silencedByJudgmentOn(c);
  const declared = insolventOn !== null && c.done.includes(`insolvency/${insolventOn}`);
  if (insolventOn !== null && !declared && !hasTask(c, 'insolvency', insolventOn))
    return act(openTaskFor(c, 'insolvency', insolventOn, now), 'held', {
      code: 'insolvent',
      on: insolventOn,
    });

  const unowned = c.disputes.find((dispute) => !hasTask(c, taskOf(dispute), dispute.disputeId));
  if (unowned) {
    const task = openTaskFor(c, taskOf(unowned), unowned.disputeId, now);
    return act(task, 'disputed', { code: 'disputed_part', cents: unowned.contestedCents });
  }

  const bounced = c.steps.find((record) => record.bouncedLate);
  if (!bounced) return null;
  const task = openTaskFor(c, 'bounced_late', bounced.step, now);
  return act(task, 'to_do', { code: 'bounced_late', step: bounced.step });
}

interface LateThing {
  readonly id: string;
  readonly alarm: Instant;
  readonly tell: 'owner' | 'manager';
  readonly detail: string;
}

/** Once a task or draft is late its owner is told, and some working days later the manager. */
function reminderOf(late: readonly LateThing[], now: Instant): Act | null {
  const thing = late.find((candidate) => candidate.alarm <= now);
  if (!thing) return null;
  const { id, tell, detail } = thing;
  return act({ do: 'remindTask', taskId: id, tell }, 'to_do', { code: 'task_late', detail });
}

/** Everything that somebody will be told of if he goes on not doing it, with the moment. */
function lateThingsOf(c: Collection, state: State): readonly LateThing[] {
  const quiet = quietStates.includes(state);
  // While nobody has decided, a dispute tells people of itself (`dispute/ladder.ts`).
  const onLadder = new Set<string | null>(
    c.disputes
      .filter((dispute) => hasLadder(dispute) && !dispute.justified)
      .map(({ disputeId }) => disputeId),
  );
  const tasks = c.tasks
    .filter((task) => (!quiet || quietTasks.includes(task.task)) && !onLadder.has(task.about))
    .filter(({ about }) => about === null || !isAwaitingApproval(c, about))
    .map(({ taskId, dueOn, reminders, task }) => ({ id: taskId, dueOn, reminders, detail: task }));
  const drafts = c.steps
    .filter((record) => !quiet && record.state === 'requested' && needsWord(c, record.step))
    .map((record) => {
      const dueOn = addWorkingDays(c.calendar, dayAt(c.calendar, record.at), draftDays);
      return { id: draftIdOf(record), dueOn, reminders: record.reminders, detail: 'draft' };
    });
  return [...tasks, ...drafts]
    .filter(({ id, reminders }) => reminders < 2 && !isAwaitingApproval(c, id))
    .map(({ id, dueOn, reminders, detail }) => ({
      id,
      detail,
      tell: reminders === 0 ? 'owner' : 'manager',
      alarm: alarmAt(c, addWorkingDays(c.calendar, dueOn, reminders * managerDays)),
    }));
}

function alarmAt(c: Collection, dueOn: CivilDate): Instant {
  return tellingTime(c.calendar, workingDayAfter(c.calendar, dueOn));
}

/** While the file is silent nobody is pressed to call or write; what the silence itself asks for goes on. */
const quietTasks: readonly TaskKind[] = [
  'dispute',
  'credit_note',
  'corrected_invoice',
  'goodwill',
  'insolvency',
  'limitation',
  'presentation',
  'bounced_late',
  'stuck',
];
