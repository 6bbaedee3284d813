import type { Selectable } from 'kysely';
import { dayAt } from '../domain/calendar.ts';
import { isClosed, recordOf } from '../domain/collection.ts';
import type { Author, Fact, FactBody, StepAsked, TaskKind, TaskOutcome } from '../domain/fact.ts';
import { lawOn } from '../domain/law/law-value.ts';
import type { Law } from '../domain/law/law-value.ts';
import type { Channel } from '../domain/message.ts';
import type { Refusal } from '../domain/refusal.ts';
import { outcomesOf } from '../domain/task.ts';
import { addDays } from '../domain/time.ts';
import type { CivilDate } from '../domain/time.ts';
import type { GraveRequest } from './approvals.ts';
import type { Db } from './database.ts';
import { changeDebtor, todayOf } from './debtors.ts';
import { declarationSent } from './declarations.ts';
import type { Answer, Answers, Desk, InvoiceFile } from './desk.ts';
import { openInsolvencyOf } from './insolvencies.ts';
import { lawIn } from './law.ts';
import { addNote } from './notes.ts';
import { putBack } from './posted-after-all.ts';
import type { TaskTable } from './schema.ts';
import { stopsOver, takeStopLockShared } from './stops.ts';
import { uuidv7 } from './uuid.ts';

/** What a person says of a task. */
export interface TaskAnswer {
  readonly outcome: TaskOutcome;
  /** The day on which a letter was posted or presented, or claims were declared; today when absent. */
  readonly on?: CivilDate;
  readonly trackingNumber?: string;
  /** A registered letter by electronic way. */
  readonly electronic?: boolean;
  /** Why it could not be done, as a code. */
  readonly reason?: string;
  readonly comment?: string;
}

export type TaskResult = Answers<{ readonly nextTaskId: string | null }>;

type TaskRow = Selectable<TaskTable>;

/** The debtor whom a task concerns; undefined for an unknown task. */
export async function debtorOfTask(db: Db, taskId: string): Promise<string | undefined> {
  return (await db.selectFrom('task').select('debtor_id').where('id', '=', taskId).executeTakeFirst())
    ?.debtor_id;
}

/**
 * Ends a task: the answer becomes facts of every invoice that the task is about.
 *
 * A call, a letter, a manual step: facts about the step, which say more than that somebody did something. All others:
 * the answer itself. The debtor is locked by the caller. Refused when the task is over or can't end that way; the
 * caller then rolls back, because the task is ended first so that nothing takes it for moot.
 */
export async function completeTask(
  desk: Desk,
  taskId: string,
  answer: TaskAnswer,
  by: Author,
): Promise<TaskResult> {
  const row = () => desk.tx.selectFrom('task').selectAll().where('id', '=', taskId).executeTakeFirst();
  const before = await row();
  const isPutBack = before?.state === 'withdrawn' && before.kind === 'post' && answer.outcome === 'done';
  if (isPutBack && answer.on !== undefined) {
    const refusal = await putBack(desk, before, answer.on, by);
    if (refusal) return { kind: 'refused', refusal };
  }
  const task = isPutBack ? await row() : before;
  if (task?.state !== 'open')
    return refused(
      'task-unknown',
      isPutBack
        ? 'That letter was taken back, for its figures have changed. When it was posted before, give that day in "postedOn".'
        : 'That task is not open: it may have been done, or the invoice was settled.',
    );
  const possible = outcomesOf(task.kind as TaskKind);
  if (!possible.includes(answer.outcome)) {
    const how =
      possible.length > 0
        ? `ends as one of: ${possible.join(', ')}`
        : 'ends by itself, with what it is about';
    return refused('outcome-unknown', `A task "${task.kind}" ${how}.`, 'outcome');
  }
  const lines = await linesOf(desk, task);
  if (
    answer.outcome === 'done' &&
    task.kind === 'post' &&
    !answer.trackingNumber &&
    lines.some(({ channel }) => channel === 'registered_letter')
  )
    return refused(
      'tracking-number-missing',
      'A registered letter is its tracking number: give the number on the slip.',
      'trackingNumber',
    );

  const stopped = task.kind === 'post' ? await refusalOfPosting(desk, lines, answer) : null;
  if (stopped) return stopped;

  if (task.kind === 'presentation' && answer.outcome === 'cannot_be_done' && answer.reason === 'unclaimed')
    return refused(
      'presentation-unknown',
      'A letter that nobody fetched was presented all the same: give the day of its first presentation in "presentedOn".',
      'presentedOn',
    );

  if (answer.electronic === true && !(await agreesToElectronicLetters(desk, task.debtor_id)))
    return refused(
      'consent-missing',
      'No consent to electronic registered letters is on record: send it on paper, or record since when the debtor agrees.',
      'electronic',
    );

  const undeclarable = task.kind === 'insolvency' ? await refusalOfDeclaredOn(desk, task, answer) : null;
  if (undeclarable) return undeclarable;

  const done = {
    state: 'done' as const,
    outcome: answer.outcome,
    done_at: new Date(desk.now),
    done_by: by.id,
  };
  await desk.tx.updateTable('task').set(done).where('id', '=', taskId).execute();
  const result = isAboutStep(task.kind)
    ? await endSteps(desk, task, lines, { ...answer, isPutBack }, by)
    : await endTask(desk, task, lines, answer, by);
  if (result.kind === 'refused') return result;
  for (const { file } of lines)
    await addNote(desk, file.id, 'taskNote', answer.comment, { taskId, outcome: answer.outcome }, by);
  await markAddress(desk, task, answer, by);
  const file = lines[0]?.file;
  if (task.kind === 'insolvency' && file) {
    const on = answer.on ?? dayAt(file.collection.calendar, desk.now);
    const { creditorId } = file.collection;
    await declarationSent(desk, { debtorId: task.debtor_id, creditorId, on }, by);
  }
  return result;
}

/** What an answer to a task hands over to litigation: grave, so a second person is asked; null for any other answer. */
export async function handOverOfTask(
  desk: Desk,
  taskId: string,
  outcome: TaskOutcome,
): Promise<GraveRequest | null> {
  const task = await desk.tx.selectFrom('task').selectAll().where('id', '=', taskId).executeTakeFirst();
  const handsOver =
    task?.state === 'open' &&
    ((task.kind === 'hand_over' && outcome === 'approved') ||
      (task.kind === 'escalation' && outcome === 'hand_over'));
  if (!handsOver) return null;
  const lines = (await linesOf(desk, task)).map(({ file }) => ({
    invoiceId: file.id,
    amountCents: Math.max(0, file.collection.balanceCents),
  }));
  return { act: 'hand_over', lines, about: taskId, deed: { does: 'completeTask', taskId, outcome } };
}

/**
 * Nothing leaves under a stop, by nobody's hand. What was posted before it was is said with its day; what left by mistake
 * afterwards is told once the stop is lifted, and nothing of it is lost by then.
 */
async function refusalOfPosting(
  desk: Desk,
  lines: readonly TaskLine[],
  { outcome, on }: TaskAnswer,
): Promise<ReturnType<typeof refused> | null> {
  if (outcome !== 'done') return null;
  await takeStopLockShared(desk.tx);
  for (const { file } of lines) {
    const [stop] = await stopsOver(desk.tx, file.id);
    if (!stop) continue;
    const since = dayAt(file.collection.calendar, stop.since);
    if (on !== undefined && on <= since) continue;
    const message = `Sending has been stopped since ${since} (${stop.reason}): do not post the letter. When it was posted before, give that day in "postedOn"; else lift the stop first.`;
    return refused('sending-stopped', message, 'postedOn');
  }
  return null;
}

/** Presumed of professionals (L. 100 CPCE); anybody else must have said so. */
async function agreesToElectronicLetters(desk: Desk, debtorId: string): Promise<boolean> {
  const debtor = await desk.tx
    .selectFrom('debtor')
    .select(['kind', 'electronic_letters_since'])
    .where('id', '=', debtorId)
    .executeTakeFirstOrThrow();
  return debtor.electronic_letters_since !== null || debtor.kind === 'company' || debtor.kind === 'internal';
}

interface TaskLine {
  readonly file: InvoiceFile;
  readonly asked: StepAsked | null;
  readonly channel: Channel;
}

/** The invoices that still need the task, with the step that it is about. */
async function linesOf(desk: Desk, task: TaskRow): Promise<readonly TaskLine[]> {
  const rows = await desk.tx
    .selectFrom('task_invoice')
    .selectAll()
    .where('task_id', '=', task.id)
    .where('open', '=', true)
    .orderBy('invoice_id')
    .execute();
  const files = new Map((await desk.files(rows.map((row) => row.invoice_id))).map((file) => [file.id, file]));
  return rows.flatMap((row) => {
    const file = files.get(row.invoice_id);
    if (!file) return [];
    const step = row.step ?? task.about;
    const record = step === null ? undefined : recordOf(file.collection, step);
    const asked = step === null ? null : { step, occurrence: row.occurrence ?? record?.occurrence ?? 1 };
    return { file, asked, channel: record?.channel ?? 'internal' };
  });
}

function isAboutStep(kind: string): boolean {
  return kind === 'call' || kind === 'manual' || kind === 'post' || kind === 'presentation';
}

async function endSteps(
  desk: Desk,
  task: TaskRow,
  lines: readonly TaskLine[],
  answer: TaskAnswer & { readonly isPutBack: boolean },
  by: Author,
): Promise<TaskResult> {
  const isRegistered = lines.some(({ channel }) => channel === 'registered_letter');
  const nextTaskId = task.kind === 'post' && answer.outcome === 'done' && isRegistered ? uuidv7() : null;
  const recorded: { file: InvoiceFile; fact: Fact }[] = [];
  const law = nextTaskId !== null && answer.electronic === true ? await lawIn(desk.tx) : null;
  for (const line of lines) {
    // A letter that takes no step, such as that of a discount: nothing is known of it but that it was posted.
    if (!line.asked || !recordOf(line.file.collection, line.asked.step)) {
      // A file that is over, as by the discount that is confirmed to him, keeps no tasks: the list alone has this one.
      if (!line.file.collection.tasks.some(({ taskId }) => taskId === task.id)) continue;
      const answered = { type: 'taskDone', taskId: task.id, outcome: answer.outcome } as const;
      const said = await desk.ask(line.file.id, answered, by);
      if (said.kind === 'refused') return said;
      recorded.push(said);
      continue;
    }
    const body = stepFact(desk, task, line, line.asked, answer, nextTaskId);
    const fact = law && body.type === 'stepPosted' ? { ...body, acceptBy: acceptBy(law, body.on) } : body;
    if (answer.isPutBack) {
      // It was put back on its desk a moment ago, and posted when it lay there before: that day has been looked at.
      recorded.push({ file: line.file, fact: await desk.state(line.file.id, fact, by) });
      continue;
    }
    const said = await desk.ask(line.file.id, fact, by);
    if (said.kind === 'refused') return said;
    recorded.push(said);
  }
  if (nextTaskId) await openPresentation(desk, task, nextTaskId, lines);
  return { kind: 'recorded', recorded, nextTaskId };
}

/** The last day on which an electronic letter may be accepted: the days count from the one after it was sent. */
function acceptBy(law: Law, sentOn: CivilDate): CivilDate {
  return addDays(sentOn, lawOn(law, 'registered_mail_acceptance_days', sentOn).value);
}

function stepFact(
  desk: Desk,
  task: TaskRow,
  { file, channel }: TaskLine,
  asked: StepAsked,
  answer: TaskAnswer,
  nextTaskId: string | null,
): FactBody {
  const on = answer.on ?? dayAt(file.collection.calendar, desk.now);
  const about = { ...asked, messageId: task.message_id };
  if (answer.outcome !== 'done' && answer.outcome !== 'reached') {
    const reason =
      answer.outcome === 'cannot_be_done'
        ? (answer.reason ?? (task.kind === 'presentation' ? 'unknown_address' : 'cannot_be_done'))
        : answer.outcome;
    return { type: 'stepFailed', ...about, channel: task.kind === 'call' ? 'call' : channel, reason };
  }
  switch (task.kind) {
    case 'call':
      return { type: 'stepDelivered', ...about, channel: 'call', on, proof: 'call' };
    case 'post':
      return {
        type: 'stepPosted',
        ...asked,
        on,
        trackingNumber: answer.trackingNumber ?? null,
        taskId: channel === 'registered_letter' ? nextTaskId : null,
        ...(answer.electronic === true ? { electronic: true as const } : {}),
      };
    case 'presentation':
      return { type: 'stepDelivered', ...about, channel: 'registered_letter', on, proof: 'presentation' };
    default:
      return { type: 'stepDelivered', ...about, channel, on, proof: 'person' };
  }
}

/** The slip of a registered letter comes back, or does not: somebody watches for it. */
async function openPresentation(
  desk: Desk,
  post: TaskRow,
  taskId: string,
  lines: readonly TaskLine[],
): Promise<void> {
  const waiting = lines.filter(({ file }) => file.collection.tasks.some((task) => task.taskId === taskId));
  const dueOn = waiting
    .flatMap(({ file }) =>
      file.collection.tasks.filter((task) => task.taskId === taskId).map((task) => task.dueOn),
    )
    .sort()[0];
  if (dueOn === undefined) return;
  const { debtor_id, creditor_id, about, message_id, owner } = post;
  await desk.tx
    .insertInto('task')
    .values({
      id: taskId,
      kind: 'presentation',
      debtor_id,
      creditor_id,
      about,
      due_on: dueOn,
      state: 'open',
      message_id,
      owner,
      opened_at: new Date(desk.now),
    })
    .execute();
  await desk.tx
    .insertInto('task_invoice')
    .values(
      waiting.map(({ file, asked }) => ({
        task_id: taskId,
        invoice_id: file.id,
        step: asked?.step ?? null,
        occurrence: asked?.occurrence ?? null,
      })),
    )
    .execute();
}

async function endTask(
  desk: Desk,
  task: TaskRow,
  lines: readonly TaskLine[],
  answer: TaskAnswer,
  by: Author,
): Promise<TaskResult> {
  const recorded: { file: InvoiceFile; fact: Fact }[] = [];
  for (const { file } of lines) {
    if (task.kind === 'insolvency' && !file.collection.tasks.some(({ taskId }) => taskId === task.id)) {
      // A file that is over hears of nothing any more; its story says it all the same.
      await desk.note(file.id, 'claimDeclared', { taskId: task.id, by });
      continue;
    }
    // Of a word about an invoice that is over, the list alone has the task.
    if (task.kind === 'stuck' && isClosed(file.collection)) continue;
    const said: Answer = await desk.ask(
      file.id,
      {
        type: 'taskDone',
        taskId: task.id,
        outcome: answer.outcome,
        ...(task.kind === 'insolvency' && answer.on !== undefined ? { on: answer.on } : {}),
      },
      by,
    );
    if (said.kind === 'refused') return said;
    recorded.push(said);
  }
  // What was asked about still stands at the door, and is looked at again.
  if (task.kind === 'stuck') desk.poke(task.debtor_id);
  return { kind: 'recorded', recorded, nextTaskId: null };
}

/** Claims are declared after the judgment that asks for it, and not tomorrow: a right hangs on that day. */
async function refusalOfDeclaredOn(
  desk: Desk,
  task: TaskRow,
  { on }: TaskAnswer,
): Promise<ReturnType<typeof refused> | null> {
  const insolvency = await openInsolvencyOf(desk.tx, task.debtor_id);
  const today = await todayOf(desk, task.debtor_id);
  if (on === undefined || !insolvency || (on >= insolvency.judgment_on && on <= today)) return null;
  const message = `The day ${on} is not possible: give one from ${insolvency.judgment_on} to ${today}.`;
  return refused('day-not-possible', message, 'declaredOn');
}

const badAddress: ReadonlySet<string> = new Set(['unknown_address', 'moved', 'incomplete_address']);

/** An address that failed once fails for every invoice: all of them learn that there is one way less. */
async function markAddress(
  desk: Desk,
  task: TaskRow,
  { outcome, reason = task.kind === 'presentation' ? 'unknown_address' : '' }: TaskAnswer,
  by: Author,
): Promise<void> {
  const contactId = await contactOf(desk, task);
  if (contactId === null) return;
  const set =
    outcome === 'wrong_number'
      ? { phone_invalid: 'wrong_number' }
      : outcome === 'cannot_be_done' &&
          (task.kind === 'post' || task.kind === 'presentation') &&
          badAddress.has(reason)
        ? { address_invalid: reason }
        : null;
  if (set) await changeDebtor(desk, task.debtor_id, { contacts: [{ contactId, set }] }, by);
}

async function contactOf(desk: Desk, task: TaskRow): Promise<string | null> {
  if (task.message_id === null) return null;
  const message = await desk.tx
    .selectFrom('message')
    .select('contact_id')
    .where('id', '=', task.message_id)
    .executeTakeFirst();
  return message?.contact_id ?? null;
}

function refused(
  code: Refusal['code'],
  message: string,
  field?: string,
): { kind: 'refused'; refusal: Refusal } {
  return { kind: 'refused', refusal: field === undefined ? { code, message } : { code, message, field } };
}
