import { sql } from 'kysely';
import { declarationsChanged } from '../db/declarations.ts';
import { ourselves } from '../db/desk.ts';
import type { Desk, InvoiceFile } from '../db/desk.ts';
import type { InsolvencyRow } from '../db/insolvencies.ts';
import { uuidv7 } from '../db/uuid.ts';
import { dayAt } from '../domain/calendar.ts';
import { isClosed } from '../domain/collection.ts';
import type { Action } from '../domain/decision.ts';
import { taskDueOn } from '../domain/task.ts';
import type { CivilDate } from '../domain/time.ts';

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
  await declarationsChanged(desk, debtorId);
  return openTaskOf(desk, debtorId, collection.creditorId, about);
}

/**
 * Asks for the declarations that no open invoice asks for: of what is with others for litigation, of penalties whose price
 * is paid, and of what has come to be owed beyond what was declared. What has nothing left to declare is asked for no more.
 */
export async function keepDeclarationTasks(
  desk: Desk,
  { debtor_id: debtorId, judgment_on: judgmentOn }: InsolvencyRow,
  claims: ReadonlyMap<string, readonly InvoiceFile[]>,
): Promise<void> {
  for (const [creditorId, files] of claims) {
    const [first] = files;
    if (!first || files.some((file) => asksByItself(file, judgmentOn))) continue;
    if ((await openTaskOf(desk, debtorId, creditorId, judgmentOn)) !== undefined) continue;
    const { collection } = first;
    const id = uuidv7();
    const due_on = taskDueOn(collection, 'insolvency', dayAt(collection.calendar, desk.now));
    const about = { debtor_id: debtorId, creditor_id: creditorId, about: judgmentOn };
    await desk.tx
      .insertInto('task')
      .values({ id, kind: 'insolvency', ...about, due_on, state: 'open', opened_at: new Date(desk.now) })
      .execute();
    const task = { taskId: id, task: 'insolvency', about: judgmentOn, dueOn: due_on } as const;
    for (const file of files) {
      if (!isClosed(file.collection)) {
        await desk.state(file.id, { type: 'taskOpened', ...task }, ourselves);
        continue;
      }
      // A file that is over hears of nothing any more; its story says it all the same.
      await desk.tx
        .insertInto('task_invoice')
        .values({ task_id: id, invoice_id: file.id, step: null })
        .execute();
      await desk.note(file.id, 'declarationAsked', { taskId: id, by: ourselves });
    }
  }
  await desk.tx
    .updateTable('task')
    .set({ state: 'withdrawn', done_at: new Date(desk.now) })
    .where('debtor_id', '=', debtorId)
    .where('kind', '=', 'insolvency')
    .where('state', '=', 'open')
    .$if(claims.size > 0, (query) => query.where('creditor_id', 'not in', [...claims.keys()]))
    .where(
      sql<boolean>`not exists (select from task_invoice line join invoice on invoice.id = line.invoice_id
        where line.task_id = task.id and line.open and invoice.open)`,
    )
    .execute();
}

/** An open invoice asks once: what has come to be owed of it since is asked for here. */
function asksByItself({ collection }: InvoiceFile, judgmentOn: CivilDate): boolean {
  return !isClosed(collection) && !collection.done.includes(`insolvency/${judgmentOn}`);
}

async function openTaskOf(
  { tx }: Desk,
  debtorId: string,
  creditorId: string,
  about: string,
): Promise<string | undefined> {
  const row = await tx
    .selectFrom('task')
    .select('id')
    .where('debtor_id', '=', debtorId)
    .where('creditor_id', '=', creditorId)
    .where('kind', '=', 'insolvency')
    .where('about', '=', about)
    .where('state', '=', 'open')
    .executeTakeFirst();
  return row?.id;
}
