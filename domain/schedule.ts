import { lastSilentDayOf } from './amicable-phase.ts';
import { addWorkingDays, dayAt, instantAt, workingDayAfter, workingDayFrom } from './calendar.ts';
import { askedCentsOf, recordOf, underWay } from './collection.ts';
import type { Collection, StepRecord } from './collection.ts';
import { rankOf } from './level.ts';
import type { Level } from './level.ts';
import { isAmicable } from './scenario.ts';
import type { Step } from './scenario.ts';
import { addDays, hourMs, latestDay, minuteMs } from './time.ts';
import type { CivilDate, Instant } from './time.ts';

/**
 * Which step comes next, and when.
 *
 * A step falls due at the later of its own day and the previous step's day plus the planned gap, so a file that comes
 * back from a dispute or an outage goes on where it was, with its spacing, and never catches up two levels in a day.
 */

/** Without a bounce for this long, an accepted mail or SMS counts as delivered. */
export const bounceHours = 48;

/** Working days that a posted letter is given to arrive. */
export const postalDays = 3;

/** The next step of the file at that moment, or undefined at the end of the scenario. */
export function upcomingStep(collection: Collection, now: Instant): Step | undefined {
  const { scenario, place, jumpTo } = collection;
  return scenario.steps.find((step, index) => {
    if (index < place || (jumpTo && rankOf(step.level) < rankOf(jumpTo))) return false;
    if (isOver(collection, recordOf(collection, step.key), now)) return false;
    return meetsConditions(collection, step) && !isTooLate(collection, step, now);
  });
}

/** The moment at which the step falls due: a working day, inside the contact window, spread over it by debtor. */
export function dueAt(collection: Collection, step: Step, now: Instant): Instant {
  const { calendar, debtorId, scenario } = collection;
  return instantAt(calendar, dueOn(collection, step, now), timeOfDayFor(debtorId, scenario.window));
}

/**
 * Whether and on which day a step counts as taken: by its proof, or, for a mail that did not bounce and a letter in
 * the post, by the time that has passed. Null while it does not.
 */
export function takenOn(collection: Collection, record: StepRecord, now: Instant): CivilDate | null {
  if (record.state === 'taken') return record.on;
  const proof = proofAt(collection, record);
  if (proof === null || now < proof) return null;
  return record.state === 'posted' ? dayAt(collection.calendar, proof) : record.on;
}

/** Whether the step is somewhere between our request and its proof. */
export function isUnderWay(collection: Collection, record: StepRecord, now: Instant): boolean {
  return underWay.includes(record.state) && takenOn(collection, record, now) === null;
}

/** When silence becomes proof, for steps where it does. */
export function proofAt(collection: Collection, record: StepRecord): Instant | null {
  if (record.state === 'sent') return record.at + bounceHours * hourMs;
  if (record.state !== 'posted' || record.on === null || record.channel === 'registered_letter') return null;
  return instantAt(collection.calendar, addWorkingDays(collection.calendar, record.on, postalDays), 0);
}

/** The highest level that the file has reached with proof; null before the first. */
export function levelReached(collection: Collection, now: Instant): Level | null {
  const taken = collection.scenario.steps.filter((step) => {
    const record = recordOf(collection, step.key);
    return record !== undefined && (record.takenBefore !== null || takenOn(collection, record, now) !== null);
  });
  return taken.reduce<Level | null>(
    (top, step) => (!top || rankOf(step.level) > rankOf(top) ? step.level : top),
    null,
  );
}

/** The last day on which a reminder after the due date reached the debtor; null while none has. */
export function remindedOn(collection: Collection, now: Instant): CivilDate | null {
  const days = collection.scenario.steps.flatMap((step) => {
    const record = recordOf(collection, step.key);
    if (!record || step.level === 'preventive' || !isAmicable(step)) return [];
    return takenOn(collection, record, now) ?? record.takenBefore ?? [];
  });
  return days.reduce<CivilDate | null>((last, day) => (last === null ? day : latestDay(last, day)), null);
}

/** Milliseconds after midnight, the same for all invoices of a debtor, so that they meet in one message. */
export function timeOfDayFor(
  debtorId: string,
  window: { readonly fromMinute: number; readonly toMinute: number },
): number {
  // Only over the first half of the window: what is late by hours still leaves on its day.
  const length = Math.max(1, ((window.toMinute - window.fromMinute) * minuteMs) / 2);
  return window.fromMinute * minuteMs + (spreadOf(debtorId) % length);
}

function dueOn(collection: Collection, step: Step, now: Instant): CivilDate {
  const { calendar, dueDate } = collection;
  // What a person has decided waits for no day of the scenario.
  const planned = addDays(dueDate, step.level === collection.jumpTo ? 1 : step.offsetDays);
  return workingDayFrom(calendar, latestDay(planned, ...floors(collection, step, now)));
}

function floors(collection: Collection, step: Step, now: Instant): readonly CivilDate[] {
  const { calendar, knownOn, scenario } = collection;
  const days = [addDays(knownOn, scenario.bounds.knownDaysMin)];

  for (const earlier of scenario.steps.slice(0, scenario.steps.indexOf(step))) {
    const record = recordOf(collection, earlier.key);
    if (record) days.push(floorAfter(collection, earlier, record, step, now));
  }

  const silence = lastSilentDayOf(collection, dayAt(calendar, now));
  if (silence) days.push(workingDayAfter(calendar, silence));

  const retry = recordOf(collection, step.key)?.retryAfter;
  if (retry) days.push(workingDayAfter(calendar, retry));
  return days;
}

/** The first day for a step after an earlier one: the planned gap, the answer that a notice allows, never the same day. */
function floorAfter(
  collection: Collection,
  earlier: Step,
  record: StepRecord,
  step: Step,
  now: Instant,
): CivilDate {
  const on = isOver(collection, record, now)
    ? record.state === 'skipped'
      ? record.on
      : takenOn(collection, record, now)
    : null;
  if (!on) return addDays(dayAt(collection.calendar, record.at), 1);

  const gap = step.level === collection.jumpTo ? 1 : step.offsetDays - earlier.offsetDays;
  const noticed = earlier.level === 'formal_notice' && record.state !== 'skipped';
  return addDays(on, noticed ? Math.max(gap, collection.scenario.bounds.noticeAnswerDays + 1) : gap);
}

/** Until when the step has a sense at all: a courtesy before the due date until that day begins, others for ever. */
export function lapsesAt({ calendar, dueDate }: Collection, step: Step): Instant {
  return step.level === 'preventive' ? instantAt(calendar, dueDate, 0) : Infinity;
}

/** A courtesy before the due date has no sense once the day has come. */
function isTooLate(collection: Collection, step: Step, now: Instant): boolean {
  if (step.level !== 'preventive') return false;
  const { calendar, dueDate } = collection;
  return dayAt(calendar, now) >= dueDate || dueOn(collection, step, now) >= dueDate;
}

function isOver(collection: Collection, record: StepRecord | undefined, now: Instant): boolean {
  return record !== undefined && (record.state === 'skipped' || takenOn(collection, record, now) !== null);
}

function meetsConditions(collection: Collection, { conditions }: Step): boolean {
  if (!conditions) return true;
  const { grade, kind } = collection.debtor;
  if (conditions.askedCentsMin !== undefined && askedCentsOf(collection) < conditions.askedCentsMin)
    return false;
  if (conditions.grades && (grade === null || !conditions.grades.includes(grade))) return false;
  return !conditions.kinds || conditions.kinds.includes(kind);
}

/** FNV-1a over the id: spreads debtors evenly, and is the same in every process and replay. */
function spreadOf(id: string): number {
  let hash = 0x811c9dc5;
  for (let index = 0; index < id.length; index += 1)
    hash = Math.imul(hash ^ id.charCodeAt(index), 0x01000193) >>> 0;
  return hash;
}
