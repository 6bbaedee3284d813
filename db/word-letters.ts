import type { Author } from '../domain/fact.ts';
import { isWordMoot, silenceOfWord } from '../domain/word.ts';
import type { Desk, InvoiceFile } from './desk.ts';

/**
 * Letters of words that somebody is to post, and that are not to be said as things are now.
 *
 * No step of a file is behind them, so nothing else takes them back: an offer that is over, an invoice that is paid, a
 * judgment, a hold. What is only not to be said for now is planned again, and drawn up anew when the silence ends.
 */
export async function takeBackWords(desk: Desk, file: InvoiceFile, by: Author): Promise<void> {
  for (const letter of await lettersInHand(desk, file.id)) {
    const { taskId, messageId, payBy, offerId: id, says, state } = letter;
    const offer = { id, says, state, payBy };
    const isMoot = isWordMoot(file.collection, offer, desk.now);
    if (!isMoot && silenceOfWord(file.collection, offer, desk.now) === null) continue;
    await withdrawTask(desk, file, { taskId, messageId, reason: 'word_taken_back' }, by);
    const becomes = isMoot
      ? ({ state: 'cancelled', reason: 'overtaken' } as const)
      : ({ state: 'planned', reason: 'muted', provider: null, claimed_at: null } as const);
    await desk.tx
      .updateTable('message')
      .set({ ...becomes, state_at: new Date(desk.now) })
      .where('id', '=', messageId)
      .execute();
    if (!isMoot) desk.poke(file.debtorId);
  }
}

/** Those not posted: a file that no longer needs a task has taken it from the lists already. */
async function lettersInHand(desk: Desk, invoiceId: string) {
  return (
    desk.tx
      .selectFrom('discount_offer')
      .innerJoin('discount_word', 'discount_word.discount_id', 'discount_offer.id')
      .innerJoin('message', 'message.id', 'discount_word.message_id')
      .innerJoin('task', 'task.message_id', 'message.id')
      .select(['task.id as taskId', 'message.id as messageId', 'discount_offer.id as offerId'])
      .select(['discount_word.says', 'discount_offer.state', 'discount_offer.pay_by as payBy'])
      .where('discount_offer.invoice_id', '=', invoiceId)
      .where('message.state', '=', 'accepted')
      .where('task.kind', '=', 'post')
      .where('task.state', 'in', ['open', 'withdrawn'])
      // Taken back once, it may have been drawn up anew and posted since.
      .where(({ not, exists, selectFrom }) =>
        not(
          exists(
            selectFrom('task as answered')
              .select('answered.id')
              .whereRef('answered.message_id', '=', 'message.id')
              .where('answered.state', '=', 'done'),
          ),
        ),
      )
      .orderBy('task.id')
      .execute()
  );
}

/** Ends the task about a word in its file and in the lists: a file that is over keeps none, and they have it alone. */
export async function withdrawTask(
  desk: Desk,
  file: InvoiceFile,
  { taskId, messageId, reason }: { taskId: string; messageId: string; reason: string },
  by: Author,
): Promise<void> {
  if (file.collection.tasks.some((task) => task.taskId === taskId)) {
    await desk.state(file.id, { type: 'stepWithdrawn', step: messageId, occurrence: 1, reason }, by);
    return;
  }
  await desk.tx
    .updateTable('task')
    .set({ state: 'withdrawn', done_at: new Date(desk.now) })
    .where('id', '=', taskId)
    .where('state', '=', 'open')
    .execute();
  await desk.tx.updateTable('task_invoice').set({ open: false }).where('task_id', '=', taskId).execute();
}
