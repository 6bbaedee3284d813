import { amicableDaysOf } from './amicable-phase.ts';
import { recordOf } from './collection.ts';
import type { Collection, OpenTask, StepRecord } from './collection.ts';
import { withoutDispute } from './dispute/course.ts';
import type { FactOf, FactStamp, TaskOutcome } from './fact.ts';
import { rankOf } from './level.ts';
import type { Level } from './level.ts';
import { isAmicable } from './scenario.ts';
import { levelReached } from './schedule.ts';
import { letGo, stepNow } from './step-outcome.ts';
import { addDays, latestDay } from './time.ts';
import type { CivilDate } from './time.ts';

/** Days that a person grants with one answer to "what now?" at the end of the amicable phase. */
export const extensionDays = 15;

/**
 * What a person's answer to a task changes.
 *
 * Each answer moves the file on, so that no question is put twice for the same reason on the same day. An answer about
 * a step says what became of it; the facts about the step itself say more (the day, the tracking number) and are
 * preferred.
 */
export function answered(c: Collection, fact: FactOf<'taskDone'> & FactStamp): Collection {
  const task = c.tasks.find((candidate) => candidate.taskId === fact.taskId);
  if (!task) return c;
  const rest = { ...c, tasks: c.tasks.filter((other) => other !== task) };
  const about = task.about ?? '';

  switch (task.task) {
    case 'escalation':
      return decided(rest, fact);
    case 'hand_over':
      if (fact.outcome === 'approved') return { ...rest, handOverApproved: true };
      return extended(rest, fact, 'hand_over_withdrawn');
    case 'unreachable':
      if (fact.outcome === 'cannot_be_done') return { ...rest, done: [...rest.done, `unreachable/${about}`] };
      return withRecord(rest, about, (record) => ({ ...record, failures: [] }));
    case 'stuck':
      return unstuck(rest, about, fact);
    case 'call':
    case 'manual':
    case 'post':
    case 'presentation':
      return stepDone(rest, task, fact);
    case 'insolvency':
      // What was not known yet when the others were declared is not declared: it asks for a task of its own.
      if (fact.on !== undefined && c.knownOn > fact.on) return rest;
      return { ...rest, done: [...rest.done, `insolvency/${about}`] };
    case 'limitation':
      return { ...rest, done: [...rest.done, `limitation/${about}`] };
    case 'credit_note':
    case 'corrected_invoice':
    case 'goodwill':
      return withoutDispute(rest, about);
    case 'dispute':
    case 'bounced_late':
      return rest;
  }
}

type Answer = FactOf<'taskDone'> & FactStamp;

function decided(c: Collection, answer: Answer): Collection {
  switch (answer.outcome) {
    case 'formal_notice':
      return jump(c, 'formal_notice', answer.day);
    case 'hand_over':
      return { ...jump(c, 'litigation', answer.day), handOverApproved: true };
    case 'remind_again':
      return remindAgain(c, answer);
    default:
      return extended(c, answer, 'extended');
  }
}

/** What people were still to do on the way is let go of, and the decision takes effect on the next working day. */
function jump(c: Collection, jumpTo: Level, day: CivilDate): Collection {
  const free = letGo({ ...c, tasks: c.tasks.filter(({ task }) => task !== 'unreachable') });
  return { ...free, jumpTo, resumeAfter: latestDay(day, c.resumeAfter ?? day) };
}

/** Grants time: silence, and the same question again afterwards. */
function extended(c: Collection, { taskId, day }: Answer, reason: string): Collection {
  return {
    ...c,
    holds: [...c.holds, { holdId: taskId, reason, from: day, until: addDays(day, extensionDays) }],
  };
}

/** Lets the last amicable reminder leave, once more if it had left, with time enough for it in the amicable phase. */
function remindAgain(c: Collection, answer: Answer): Collection {
  const level = levelReached(c, answer.at);
  // After a formal notice a friendly word would take it back.
  if (level !== null && rankOf(level) >= rankOf('formal_notice')) return extended(c, answer, 'extended');

  const { steps } = c.scenario;
  const index = steps.findLastIndex((step) => isAmicable(step) && step.level !== 'preventive');
  const key = steps[index]?.key ?? '';
  const again = withRecord(letGo(c), key, (record) => ({
    ...record,
    state: 'failed',
    failures: [],
    retryAfter: null,
    takenBefore: record.state === 'taken' ? record.on : record.takenBefore,
  }));
  const overrun = amicableDaysOf(c, answer.day) - c.scenario.bounds.amicableDays;
  return {
    ...again,
    place: Math.max(0, index),
    resumeAfter: latestDay(answer.day, c.resumeAfter ?? answer.day),
    done: c.done.filter((entry) => entry !== `unreachable/${key}`),
    extraDays: Math.max(overrun, c.extraDays) + extensionDays,
    jumpTo: null,
  };
}

/** A request waits on with a new term; of a message that may have left, the person says whether it did. */
function unstuck(c: Collection, step: string, { at, day, outcome }: Answer): Collection {
  const record = recordOf(c, step);
  if (record?.state !== 'unconfirmed') return withRecord(c, step, (waiting) => ({ ...waiting, at }));
  if (outcome === 'reached')
    return stepNow(c, record, 'taken', { at, on: record.on ?? day }, ['unconfirmed']);
  if (outcome === 'not_reached') return notDone(c, record, 'not_sent', { at, day });
  return withRecord(c, step, (waiting) => ({ ...waiting, at }));
}

function stepDone(c: Collection, { task, about }: OpenTask, { outcome, at, day }: Answer): Collection {
  const record = recordOf(c, about ?? '');
  if (!record) return c;
  if (unsuccessful.includes(outcome)) return notDone(c, record, outcome, { at, day });
  if (task === 'post') return stepNow(c, record, 'posted', { at, on: day, taskId: null }, ['handed']);
  return stepNow(c, record, 'taken', { at, on: day, taskId: null }, ['handed', 'posted']);
}

const unsuccessful: readonly TaskOutcome[] = ['not_reached', 'wrong_number', 'cannot_be_done'];

function notDone(
  c: Collection,
  record: StepRecord,
  reason: string,
  { at, day }: Pick<Answer, 'at' | 'day'>,
): Collection {
  const failures = [...record.failures, { channel: record.channel, reason }];
  const retryAfter = reason === 'not_reached' ? day : null;
  return stepNow(c, record, 'failed', { at, on: null, taskId: null, failures, retryAfter }, [
    'handed',
    'posted',
    'unconfirmed',
  ]);
}

function withRecord(c: Collection, step: string, change: (record: StepRecord) => StepRecord): Collection {
  return { ...c, steps: c.steps.map((record) => (record.step === step ? change(record) : record)) };
}
