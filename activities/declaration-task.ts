import type { Desk, InvoiceFile } from '../db/desk.ts';
import { openInsolvencyOf } from '../db/insolvencies.ts';
import type { Action } from '../domain/decision.ts';

/**
 * The task to declare the claims of a creditor that is open already; undefined when there is none, or it is another task.
 *
 * Claims are declared once for all: the invoices of one debtor towards one creditor share a task, and one that comes in
 * late joins it. The watch over the days of the declaration hears that there is something to declare.
 */
export async function declarationTaskOf(
  desk: Desk,
  { debtorId, collection }: InvoiceFile,
  { task, about }: Extract<Action, { do: 'openTask' }>,
): Promise<string | undefined> {
  if (task !== 'insolvency' || about === null) return undefined;
  const insolvency = await openInsolvencyOf(desk.tx, debtorId);
  if (insolvency) desk.attend({ kind: 'insolvency', id: insolvency.id, debtorId });
  const row = await desk.tx
    .selectFrom('task')
    .select('id')
    .where('debtor_id', '=', debtorId)
    .where('creditor_id', '=', collection.creditorId)
    .where('kind', '=', 'insolvency')
    .where('about', '=', about)
    .where('state', '=', 'open')
    .executeTakeFirst();
  return row?.id;
}
