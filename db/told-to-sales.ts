import type { Db, Tx } from './database.ts';
import { authorOf } from './authors.ts';
import type { PastEntry } from './timeline.ts';

/**
 * The past of an invoice as those who sell are told it: without the money that came in, and without litigation.
 *
 * Left out are payments and what was noted of them, hand-overs and the tasks and packs about them, and the notes of
 * lawyers and collection firms. What is owed stays: the customer of somebody who sells is his own business.
 */
export async function toldToSales(db: Db | Tx, entries: readonly PastEntry[]): Promise<readonly PastEntry[]> {
  const lawyers = new Set(
    (
      await db.selectFrom('app_user').select('id').where('role', 'in', ['legal', 'external_firm']).execute()
    ).map(({ id }) => id),
  );
  const tasks = new Set(
    entries.flatMap(({ fact }) =>
      fact?.type === 'taskOpened' && lawyersTasks.has(fact.task) ? [fact.taskId] : [],
    ),
  );
  return entries.filter(({ type, fact, body }) => {
    if (untold.has(type)) return false;
    if (fact) return !('taskId' in fact && typeof fact.taskId === 'string' && tasks.has(fact.taskId));
    if (body['kind'] === 'litigation_pack') return false;
    return !lawyers.has(authorOf(body)?.id ?? '') && !tasks.has(String(body['taskId']));
  });
}

const untold: ReadonlySet<string> = new Set([
  'paymentRecorded',
  'paymentReturned',
  'paymentNote',
  'handedOver',
  'handedToFirm',
  'takenBackFromFirm',
  'handOverNote',
]);

const lawyersTasks: ReadonlySet<string> = new Set(['hand_over', 'escalation']);
