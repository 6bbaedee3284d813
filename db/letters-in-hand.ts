import { allHolds } from '../domain/amicable-phase.ts';
import { askedCentsOf, isClosed, recordOf } from '../domain/collection.ts';
import type { Collection } from '../domain/collection.ts';
import type { Author } from '../domain/fact.ts';
import { holdsInForce, isSilenced } from '../domain/silence.ts';
import type { Instant } from '../domain/time.ts';
import type { Desk, InvoiceFile } from './desk.ts';
import { takeBackWords } from './word-letters.ts';

/**
 * Letters that somebody is to post, and that no longer say what is asked for.
 *
 * A letter waits for days on a desk, and its sums are printed. What is paid, contested, promised or held meanwhile takes
 * it back for all its invoices, in the transaction of that fact: its task leaves the lists, it counts as never sent, and
 * what is still to be said goes through the door again, with a new draft and a new yes where one is needed. A stop states
 * no fact and takes nothing back, for it may be over thousands: its letters stay on the desk, and none is recorded as
 * posted under it (`tasks.ts`).
 */
export async function takeBackLetters(
  desk: Desk,
  file: InvoiceFile,
  before: Collection,
  by: Author,
): Promise<void> {
  const posts = before.tasks.filter(({ task }) => task === 'post');
  const letters = posts.filter(({ about }) => isInHand(before, about));
  if (letters.length < posts.length) await takeBackWords(desk, file, by);
  if (letters.length === 0 || saysTheSame(before, file.collection, desk.now)) return;
  for (const { taskId } of letters) await takeBackLetter(desk, taskId, by);
}

function isInHand(c: Collection, step: string | null): boolean {
  return step !== null && recordOf(c, step)?.state === 'handed';
}

function saysTheSame(before: Collection, after: Collection, now: Instant): boolean {
  const isHeld = (c: Collection): boolean => holdsInForce(allHolds(c), c.calendar, now).length > 0;
  const isMuted = (c: Collection): boolean => isClosed(c) || isSilenced(c) || isHeld(c);
  return askedCentsOf(before) === askedCentsOf(after) && isMuted(before) === isMuted(after);
}

/** Takes back one letter that lies on a desk, for all its invoices: it counts as never sent. */
export async function takeBackLetter(desk: Desk, taskId: string, by: Author): Promise<void> {
  const rows = await desk.tx
    .selectFrom('task_invoice')
    .innerJoin('task', 'task.id', 'task_invoice.task_id')
    .select(['task_invoice.invoice_id', 'task.message_id'])
    .where('task.id', '=', taskId)
    .orderBy('task_invoice.invoice_id')
    .execute();
  for (const { id, collection } of await desk.files(rows.map((row) => row.invoice_id))) {
    const step = collection.tasks.find((task) => task.taskId === taskId)?.about ?? null;
    const record = step === null ? undefined : recordOf(collection, step);
    if (record?.state !== 'handed') continue;
    const { occurrence } = record;
    const fact = { type: 'stepWithdrawn', step: record.step, occurrence, reason: 'figures_changed' } as const;
    await desk.state(id, fact, by);
  }
  const messageId = rows[0]?.message_id ?? null;
  if (messageId === null) return;
  await desk.tx
    .updateTable('message')
    .set({ state: 'cancelled', reason: 'figures_changed', state_at: new Date(desk.now) })
    .where('id', '=', messageId)
    .where('state', '=', 'accepted')
    .execute();
}
