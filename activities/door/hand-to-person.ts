import type { Desk } from '../../db/desk.ts';
import { ourselves } from '../../db/desk.ts';
import { uuidv7 } from '../../db/uuid.ts';
import { dayAt } from '../../domain/calendar.ts';
import type { TaskKind } from '../../domain/fact.ts';
import type { Group } from '../../domain/plan-contacts.ts';
import { taskDueOn } from '../../domain/task.ts';
import type { Written } from './write-message.ts';

/** Calls, letters to post and manual steps leave the door into a person's list: one task for all their invoices. */
export async function handToPerson(
  desk: Desk,
  debtorId: string,
  group: Group,
  { id: messageId, proof }: Written,
): Promise<void> {
  const task: TaskKind = group.channel === 'call' ? 'call' : group.mode === 'manual' ? 'manual' : 'post';
  const first = await desk.file(group.requests[0]?.invoiceId ?? '');
  if (!first) throw new Error(`message ${messageId} has no invoice`);
  const dueOn = taskDueOn(first.collection, task, dayAt(first.collection.calendar, desk.now));
  const taskId = uuidv7();
  const at = new Date(desk.now);
  await desk.tx
    .insertInto('task')
    .values({
      id: taskId,
      kind: task,
      debtor_id: debtorId,
      creditor_id: group.creditorId,
      about: null,
      due_on: dueOn,
      state: 'open',
      message_id: messageId,
      opened_at: at,
    })
    .execute();
  for (const { invoiceId, requestId } of group.requests) {
    const { step, occurrence } = await desk.tx
      .selectFrom('contact_request')
      .select(['step', 'occurrence'])
      .where('id', '=', requestId)
      .executeTakeFirstOrThrow();
    await desk.tx
      .insertInto('task_invoice')
      .values({ task_id: taskId, invoice_id: invoiceId, step, occurrence })
      .execute();
    await desk.state(
      invoiceId,
      { type: 'stepHanded', step, occurrence, messageId, ...proof, taskId, task, dueOn },
      ourselves,
    );
  }
  await desk.tx
    .updateTable('message')
    .set({ state: 'accepted', provider: 'person', state_at: at })
    .where('id', '=', messageId)
    .execute();
  await desk.tx
    .updateTable('message_line')
    .set({ open: false })
    .where('message_id', '=', messageId)
    .execute();
}
