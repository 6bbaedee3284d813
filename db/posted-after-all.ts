import type { Selectable } from 'kysely';
import { dayAt } from '../domain/calendar.ts';
import { isClosed, recordOf } from '../domain/collection.ts';
import type { Author } from '../domain/fact.ts';
import type { Refusal } from '../domain/refusal.ts';
import type { CivilDate } from '../domain/time.ts';
import { proofOf } from './audit/message-proof.ts';
import { cancelDrafts } from './cancel-drafts.ts';
import type { Desk } from './desk.ts';
import { takeBackLetter } from './letters-in-hand.ts';
import type { TaskTable } from './schema.ts';

/**
 * Puts a letter back on its desk that was taken back when its figures changed, but had been posted by then: what is in the
 * post has been said. What was drawn up anew in its place is withdrawn, so that the debtor never gets two.
 *
 * Refused when it was not posted on a day on which it lay there, or when another letter has left since: then nothing that is
 * known would be true of both. The caller rolls back, and records it as posted next.
 */
export async function putBack(
  desk: Desk,
  task: Selectable<TaskTable>,
  postedOn: CivilDate,
  by: Author,
): Promise<Refusal | null> {
  const message = await desk.tx
    .selectFrom('message')
    .select(['id', 'state', 'reason', 'salt', 'channel', 'recipient', 'sha256'])
    .where('id', '=', task.message_id)
    .executeTakeFirst();
  if (message?.state !== 'cancelled' || message.reason !== 'figures_changed') return notThere;
  const rows = await desk.tx
    .selectFrom('task_invoice')
    .selectAll()
    .where('task_id', '=', task.id)
    .orderBy('invoice_id')
    .execute();
  const files = (await desk.files(rows.map((row) => row.invoice_id))).filter(
    ({ collection }) => !isClosed(collection),
  );
  const [first] = files;
  if (!first || task.done_at === null) return notThere;
  const { calendar } = first.collection;
  const [from, to] = [dayAt(calendar, task.opened_at), dayAt(calendar, task.done_at)];
  if (postedOn < from || postedOn > to)
    return {
      code: 'day-not-possible',
      message: `The letter lay there from ${from} to ${to}: give the day between on which it was posted.`,
      field: 'postedOn',
    };
  for (const { id } of files) {
    const row = rows.find((one) => one.invoice_id === id);
    const step = row?.step ?? task.about ?? '';
    // What lies on a desk anew is one letter for several invoices: the first of them has taken it back for all.
    const current = (await desk.file(id))?.collection;
    const record = current && recordOf(current, step);
    const occurrence = row?.occurrence ?? record?.occurrence;
    if (!record || record.occurrence !== occurrence) return leftSince;
    if (record.state === 'handed' && record.taskId !== null) await takeBackLetter(desk, record.taskId, by);
    else if (record.state === 'requested' || record.state === 'approved')
      await desk.state(id, { type: 'stepWithdrawn', step, occurrence, reason: 'figures_changed' }, by);
    else if (record.state !== 'withdrawn') return leftSince;
    const requests = await desk.tx
      .selectFrom('contact_request')
      .select('id')
      .where('invoice_id', '=', id)
      .where('step', '=', step)
      .where('occurrence', '=', occurrence)
      .execute();
    if (requests.length > 0)
      await cancelDrafts(
        desk,
        requests.map((one) => one.id),
      );
    const { channel } = record;
    await desk.state(id, { type: 'stepRequested', step, occurrence, channel }, by);
    const hand = {
      messageId: message.id,
      ...proofOf(message),
      taskId: task.id,
      task: 'post',
      dueOn: task.due_on,
    } as const;
    await desk.state(id, { type: 'stepHanded', step, occurrence, ...hand }, by);
    const now = (await desk.file(id))?.collection;
    if (!now || recordOf(now, step)?.taskId !== task.id) return notThere;
  }
  const ids = files.map(({ id }) => id);
  const open = { state: 'open' as const, done_at: null };
  await desk.tx.updateTable('task').set(open).where('id', '=', task.id).execute();
  await desk.tx
    .updateTable('task_invoice')
    .set({ open: true })
    .where('task_id', '=', task.id)
    .where('invoice_id', 'in', ids)
    .execute();
  await desk.tx
    .updateTable('message')
    .set({ state: 'accepted', reason: null, state_at: new Date(desk.now) })
    .where('id', '=', message.id)
    .execute();
  await desk.tx
    .updateTable('message_line')
    .set({ open: true })
    .where('message_id', '=', message.id)
    .where('invoice_id', 'in', ids)
    .where('request_id', 'is not', null)
    .execute();
  return null;
}

const notThere: Refusal = {
  code: 'task-unknown',
  message: 'That task is not open: it may have been done, or the invoice was settled.',
};

const leftSince: Refusal = {
  code: 'step-taken',
  message:
    'Something else has been sent or decided for that step since: note on the invoice that this letter was posted too.',
};
