import { dayAt } from '../domain/calendar.ts';
import type { DoorWord } from '../domain/plan-words.ts';
import { taskDueOn } from '../domain/task.ts';
import { ourselves } from './desk.ts';
import type { Desk } from './desk.ts';
import type { DoorRecords } from './door.ts';
import { uuidv7 } from './uuid.ts';
import { withdrawTask } from './word-letters.ts';

/**
 * Asks a person why a word to a debtor has not left for so long: whoever wrote it takes it for said.
 *
 * No file waits for a word, so nothing else would ever tell of one behind a hold without end, a stop, or an address that
 * nobody has. The task ends with the word, or is answered; then the word has as many days again.
 */
export async function askAboutWord(
  desk: Desk,
  { messageId, invoiceId }: Pick<DoorWord, 'messageId' | 'invoiceId'>,
): Promise<void> {
  const file = await desk.file(invoiceId);
  if (!file) throw new Error(`message ${messageId} has no invoice`);
  const taskId = uuidv7();
  const dueOn = taskDueOn(file.collection, 'stuck', dayAt(file.collection.calendar, desk.now));
  await desk.state(
    invoiceId,
    { type: 'taskOpened', taskId, task: 'stuck', about: messageId, dueOn },
    ourselves,
  );
  await desk.tx.updateTable('task').set({ message_id: messageId }).where('id', '=', taskId).execute();
}

/** Ends what people are asked about these words: they leave now, or are not to be said any more. */
export async function waitsNoMore(
  desk: Desk,
  { words }: Pick<DoorRecords, 'words'>,
  messageIds: readonly string[],
): Promise<void> {
  for (const { id: messageId, invoice_id: invoiceId, asked_by: taskId } of words) {
    if (taskId === null || !messageIds.includes(messageId)) continue;
    const file = await desk.file(invoiceId);
    if (file) await withdrawTask(desk, file, { taskId, messageId, reason: 'word_waits_no_more' }, ourselves);
  }
}
