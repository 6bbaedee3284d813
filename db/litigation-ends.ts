import { dayAt } from '../domain/calendar.ts';
import { isClosed, isPursuedOutside } from '../domain/collection.ts';
import type { Author } from '../domain/fact.ts';
import { doubtDays } from '../domain/litigation/next-of-file.ts';
import type { LitigationOutcome } from '../domain/litigation/outcome.ts';
import { addDays } from '../domain/time.ts';
import type { Db, Tx } from './database.ts';
import type { Desk, InvoiceFile } from './desk.ts';
import { handOverOf, takeBack } from './hand-overs.ts';
import type { HandOver } from './hand-overs.ts';
import {
  fileOfInvoice,
  gatherHandedOver,
  invoiceIdsOf,
  leave,
  litigationWith,
  noteOnAll,
  notOpen,
} from './litigation.ts';
import type { Done, LitigationRow } from './litigation.ts';
import { keepPieces } from './litigation-pieces.ts';
import { toTell } from './litigation-telling.ts';
import { moment } from './moment.ts';
import { uuidv7 } from './uuid.ts';

/**
 * Ends a file. Recovered: nothing is owed. Withdrawn: taken back from the partner, so that reminders go on where they
 * were, and what had ended as handed over is prepared anew. Doubtful: silent for half a year, for it is still owed and its
 * limitation runs; what had ended as handed over is watched until then, and prepared anew (`reviewDoubted`). Irrecoverable: silent for good. What the accounts then say is proposed, never posted. What is lost is
 * written off by `closeAsLost`, which calls this.
 */
export async function closeFile(
  desk: Desk,
  litigation: LitigationRow,
  { outcome, reason }: { readonly outcome: LitigationOutcome; readonly reason: string | null },
  by: Author,
): Promise<Done> {
  if (litigation.state === 'closed') return notOpen(litigation);
  const ids = await invoiceIdsOf(desk.tx, litigation);
  await noteOnAll(desk, litigation, 'litigationClosed', { outcome, reason, by });
  const at = new Date(desk.now);
  await desk.tx
    .updateTable('litigation')
    .set({ state: 'closed', outcome, reason, closed_at: at, closed_by: by.id })
    .where('id', '=', litigation.id)
    .execute();
  await desk.tx
    .updateTable('litigation_invoice')
    .set({ left_at: at })
    .where('litigation_id', '=', litigation.id)
    .where('left_at', 'is', null)
    .execute();
  for (const file of await desk.files(ids)) {
    // Before the firm gives it back: the claim must not be chased for the moment between two silences.
    if ((outcome === 'doubtful' || outcome === 'irrecoverable') && !isClosed(file.collection)) {
      const until =
        outcome === 'doubtful' ? addDays(dayAt(file.collection.calendar, desk.now), doubtDays) : null;
      await desk.state(file.id, { type: 'holdPlaced', holdId: uuidv7(), reason: outcome, until }, by);
    }
    await takeBack(desk, file, by);
    if (outcome === 'withdrawn' && isPursuedOutside(file.collection)) await gatherHandedOver(desk, file, by);
  }
  if (outcome === 'withdrawn') await keepPieces(desk, litigation, ids);
  desk.attend({ kind: 'litigation', id: litigation.id, debtorId: litigation.debtor_id });
  return { kind: 'done' };
}

/** What ended as handed over and is in no file since this one was closed as doubtful; empty for any other file. */
export async function stillDoubted(desk: Desk, litigation: LitigationRow): Promise<readonly InvoiceFile[]> {
  if (litigation.outcome !== 'doubtful') return [];
  const doubted: InvoiceFile[] = [];
  for (const file of await desk.files(await invoiceIdsOf(desk.tx, litigation)))
    if (isPursuedOutside(file.collection) && !(await fileOfInvoice(desk.tx, file.id))) doubted.push(file);
  return doubted;
}

/** The half year of what was doubted is over: it is prepared anew with its pieces, for somebody to decide. */
export async function reviewDoubted(
  desk: Desk,
  litigation: LitigationRow,
  files: readonly InvoiceFile[],
  by: Author,
): Promise<void> {
  for (const file of files) await gatherHandedOver(desk, file, by);
  await keepPieces(
    desk,
    litigation,
    files.map(({ id }) => id),
  );
}

/** What was written off of each invoice when a file was closed as lost, in cents. */
export async function lostWith(
  db: Db | Tx,
  { id, outcome, closed_at: at }: LitigationRow,
): Promise<ReadonlyMap<string, number>> {
  if (outcome !== 'irrecoverable' || at === null) return new Map();
  const rows = await db
    .selectFrom('ledger_entry')
    .select(['invoice_id', ({ fn }) => fn.sum<string>('amount_cents').as('cents')])
    .where('kind', '=', 'write_off')
    .where('at', '=', moment(at))
    .where('invoice_id', 'in', (lines) =>
      lines.selectFrom('litigation_invoice').select('invoice_id').where('litigation_id', '=', id),
    )
    .groupBy('invoice_id')
    .execute();
  return new Map(rows.map((row) => [row.invoice_id ?? '', -Number(row.cents)]));
}

/**
 * Takes an invoice back from the firm that has it, and out of the litigation file by which the firm has it: a firm keeps
 * neither sight of nor a word in what is no longer his. The last one ends the file as withdrawn.
 *
 * Undefined when no firm has the invoice.
 */
export async function takeBackInvoice(
  desk: Desk,
  file: InvoiceFile,
  by: Author,
): Promise<HandOver | undefined> {
  const before = await handOverOf(desk.tx, file.id);
  if (!before) return undefined;
  const joined = await fileOfInvoice(desk.tx, file.id);
  const litigation = joined?.state === 'handed' ? await litigationWith(desk.tx, joined.id) : undefined;
  if (litigation && (await invoiceIdsOf(desk.tx, litigation)).length === 1) {
    await closeFile(desk, litigation, { outcome: 'withdrawn', reason: 'taken_back' }, by);
    return before;
  }
  await takeBack(desk, file, by);
  if (!litigation) return before;
  await leave(desk, litigation, file.id);
  const day = dayAt(file.collection.calendar, desk.now);
  const news = { code: 'takenBack', day, invoiceId: file.id, amountCents: file.collection.balanceCents };
  await toTell(desk, litigation.id, news, by);
  if (isPursuedOutside(file.collection)) await gatherHandedOver(desk, file, by);
  desk.attend({ kind: 'litigation', id: litigation.id, debtorId: litigation.debtor_id });
  return before;
}
