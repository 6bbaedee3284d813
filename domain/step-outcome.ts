import { dayAt } from './calendar.ts';
import { recordOf, underWay } from './collection.ts';
import type { Collection, OpenTask, StepRecord, StepState } from './collection.ts';
import type { Fact, FactOf, FactStamp, StepAsked, TaskKind } from './fact.ts';
import { rankOf } from './level.ts';
import { stepOf } from './scenario.ts';
import { takenOn, upcomingStep } from './schedule.ts';
import { contactTasks, taskDueOn } from './task.ts';
import { latestDay } from './time.ts';
import type { CivilDate, Instant } from './time.ts';

type StepFact = Exclude<Extract<Fact, StepAsked>, { type: 'letterReported' }>;

/**
 * What the facts about a step change: its one record, its tasks, and the place of the file in the scenario.
 *
 * A fact speaks of one asking. When that asking has gone further than the fact, or another has taken its place, the
 * fact changes nothing: a time-out that is reported after the proof of delivery does not take the proof away.
 */
export function stepChanged(c: Collection, fact: StepFact): Collection {
  switch (fact.type) {
    case 'stepRequested':
      return requested(c, fact);
    case 'stepSkipped':
      return skipped(c, fact);
    case 'stepFailed':
      return failed(c, fact);

    case 'stepWithdrawn':
      // What takes no step, such as the letter of a discount or an answer to a dispute, is known here by its task alone.
      if (!recordOf(c, fact.step)) return withoutTasks(c, fact.step);
      return stepNow(c, fact, 'withdrawn', { at: fact.at, taskId: null }, [
        ...atTheDoor,
        'unconfirmed',
        'handed',
      ]);
    case 'stepApproved':
      return stepNow(c, fact, 'approved', { at: fact.at }, ['requested']);
    case 'stepSent':
      return stepNow(c, fact, 'sent', { at: fact.at, on: fact.day, channel: fact.channel }, [
        ...atTheDoor,
        'unconfirmed',
      ]);
    case 'stepUnconfirmed':
      return stepNow(c, fact, 'unconfirmed', { at: fact.at, on: fact.day }, atTheDoor);
    case 'stepHanded': {
      const { taskId, task, dueOn, step } = fact;
      const handed = stepNow(c, fact, 'handed', { at: fact.at, taskId }, [...atTheDoor, 'unconfirmed']);
      return handed === c ? c : withTask(handed, { taskId, task, about: step, dueOn });
    }
    case 'stepPosted': {
      const { taskId, on, step, acceptBy } = fact;
      const accepted = acceptBy === undefined ? {} : { acceptBy };
      const posted = stepNow(c, fact, 'posted', { at: fact.at, on, taskId, ...accepted }, [
        ...atTheDoor,
        'unconfirmed',
        'handed',
      ]);
      if (posted === c || taskId === null) return posted;
      return withTask(posted, {
        taskId,
        task: 'presentation',
        about: step,
        dueOn: acceptBy ?? taskDueOn(c, 'presentation', latestDay(on, fact.day)),
      });
    }
    case 'stepDelivered': {
      const record = askedRecord(c, fact);
      // What counts from a delivery must not count from before the step was on its way.
      const on = record ? latestDay(fact.on, record.on ?? dayAt(c.calendar, record.at)) : fact.on;
      return stepNow(c, fact, 'taken', { at: fact.at, on, channel: fact.channel, taskId: null }, underWay);
    }
  }
}

/** The file with every step recorded as taken that silence has proven by then: from there on its level stays reached. */
export function proven(c: Collection, at: Instant): Collection {
  const isProven = (record: StepRecord) => record.state !== 'taken' && takenOn(c, record, at) !== null;
  if (!c.steps.some(isProven)) return c;
  const steps = c.steps.map((record): StepRecord =>
    isProven(record) ? { ...record, state: 'taken', on: takenOn(c, record, at), taskId: null } : record,
  );
  return { ...c, steps };
}

/** Takes back what people should do towards the debtor and have not done: calls, letters to post, manual steps. */
export function letGo(c: Collection): Collection {
  if (!c.steps.some((record) => record.state === 'handed')) return c;
  const steps = c.steps.map((record): StepRecord =>
    record.state === 'handed' ? { ...record, state: 'withdrawn', taskId: null } : record,
  );
  return { ...c, steps, tasks: c.tasks.filter(({ task }) => !contactTasks.includes(task)) };
}

/** Changes the record of that very asking, if it is in one of the states; else nothing at all. */
export function stepNow(
  c: Collection,
  asked: StepAsked,
  state: StepState,
  change: Partial<StepRecord>,
  from: readonly StepState[],
): Collection {
  const record = askedRecord(c, asked);
  if (!record || !from.includes(record.state)) return c;
  const changed = { ...record, ...change, state };
  const steps = c.steps.map((other) => (other === record ? changed : other));
  // Its tasks belong to the state that it leaves.
  const tasks = c.tasks.filter(({ task, about }) => about !== record.step || !stepTasks.includes(task));
  return arrived({ ...c, steps, tasks }, changed);
}

function withoutTasks(c: Collection, about: string): Collection {
  const isIts = (task: OpenTask) => task.about === about && stepTasks.includes(task.task);
  return c.tasks.some(isIts) ? { ...c, tasks: c.tasks.filter((task) => !isIts(task)) } : c;
}

const atTheDoor: readonly StepState[] = ['requested', 'approved'];
const stepTasks: readonly TaskKind[] = [...contactTasks, 'presentation', 'stuck'];

function askedRecord(c: Collection, asked: StepAsked): StepRecord | undefined {
  const record = recordOf(c, asked.step);
  return record?.occurrence === asked.occurrence ? record : undefined;
}

function requested(c: Collection, fact: FactOf<'stepRequested'> & FactStamp): Collection {
  const index = indexOf(c, fact.step);
  const known = recordOf(c, fact.step);
  if (index < 0 || (known && !askable.includes(known.state))) return c;
  const { step, occurrence, channel, at } = fact;
  const tasks = c.tasks.filter(
    ({ task, about }) => about !== step || (task !== 'unreachable' && task !== 'stuck'),
  );
  return withRecord(
    { ...c, tasks, place: index },
    { ...newRecord(known), step, occurrence, channel, at, state: 'requested' },
  );
}

const askable: readonly StepState[] = ['requested', 'approved', 'withdrawn', 'failed'];

function skipped(c: Collection, fact: FactOf<'stepSkipped'> & FactStamp): Collection {
  const index = indexOf(c, fact.step);
  const known = recordOf(c, fact.step);
  if (index < 0 || (known && hasLeft.includes(known.state))) return c;
  const { step, occurrence, at, day: on } = fact;
  // Skipping a later step ahead of its time must not drop those before it.
  const isNext = upcomingStep(c, at)?.key === step;
  const tasks = c.tasks.filter((task) => task.about !== step);
  const file = { ...c, tasks, place: isNext ? Math.max(c.place, index) : c.place };
  const channel = known?.channel ?? 'internal';
  return withRecord(file, { ...newRecord(known), step, occurrence, channel, at, on, state: 'skipped' });
}

const hasLeft: readonly StepState[] = ['taken', 'sent', 'posted', 'unconfirmed'];

function failed(c: Collection, fact: FactOf<'stepFailed'> & FactStamp): Collection {
  const record = askedRecord(c, fact);
  // What was proven stays proven: the level was reached, and a person looks at why it came back.
  if (record?.state === 'taken') {
    return {
      ...c,
      steps: c.steps.map((other) => (other === record ? { ...record, bouncedLate: true } : other)),
    };
  }
  const failures = [...(record?.failures ?? []), { channel: fact.channel, reason: fact.reason }];
  const retryAfter = fact.reason === 'not_reached' ? fact.day : null;
  return stepNow(c, fact, 'failed', { at: fact.at, on: null, taskId: null, failures, retryAfter }, underWay);
}

type NewRecord = Omit<StepRecord, 'step' | 'occurrence' | 'channel' | 'at' | 'state'>;

function newRecord(known: StepRecord | undefined): NewRecord {
  return {
    taskId: null,
    on: null,
    failures: known?.failures ?? [],
    retryAfter: null,
    bouncedLate: false,
    takenBefore: known?.takenBefore ?? null,
    reminders: 0,
  };
}

function withRecord(c: Collection, record: StepRecord): Collection {
  const others = c.steps.filter((other) => other.step !== record.step);
  return arrived({ ...c, steps: [...others, record] }, record);
}

/** A decision to jump has had its effect once a step of that level has left, or a person has skipped it. */
function arrived(c: Collection, { step, state }: StepRecord): Collection {
  if (c.jumpTo === null || waiting.includes(state)) return c;
  return rankOf(stepOf(c.scenario, step).level) >= rankOf(c.jumpTo) ? { ...c, jumpTo: null } : c;
}

const waiting: readonly StepState[] = ['requested', 'approved', 'withdrawn'];

interface NewTask {
  readonly taskId: string;
  readonly task: TaskKind;
  readonly about: string;
  readonly dueOn: CivilDate;
}

function withTask(c: Collection, task: NewTask): Collection {
  return { ...c, tasks: [...c.tasks, { ...task, reminders: 0 }] };
}

function indexOf(c: Collection, key: string): number {
  return c.scenario.steps.findIndex((step) => step.key === key);
}
