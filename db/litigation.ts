import { sql } from 'kysely';
import type { Selectable } from 'kysely';
import { isOver } from '../domain/collection.ts';
import { dayAt } from '../domain/calendar.ts';
import type { Author } from '../domain/fact.ts';
import type { Route } from '../domain/law/route.ts';
import type { Refusal } from '../domain/refusal.ts';
import type { CivilDate } from '../domain/time.ts';
import type { Db, Tx } from './database.ts';
import type { Desk, InvoiceFile } from './desk.ts';
import { handOverOf } from './hand-overs.ts';
import { keepText } from './private-texts.ts';
import type { LitigationTable } from './schema.ts';
import { uuidv7 } from './uuid.ts';

export type LitigationRow = Selectable<LitigationTable>;

export type Done<More extends object = object> =
  ({ readonly kind: 'done' } & More) | { readonly kind: 'refused'; readonly refusal: Refusal };

/**
 * Litigation files: the due invoices of one debtor towards one creditor, from their gathering to the last euro.
 *
 * A file is prepared, handed to a partner, and closed. Whatever happens to it is an entry in the chain of each of its
 * invoices, so that the journal of an invoice tells its whole story; its rows say how it stands, and its own workflow
 * looks after what is due.
 */
export async function gather(
  desk: Desk,
  files: readonly InvoiceFile[],
  by: Author,
): Promise<Done<{ readonly litigationId: string }>> {
  const [first] = files;
  if (!first) throw new Error('a litigation file is about at least one invoice');
  for (const file of files) {
    const refusal = await refusalOfGathering(desk, file, first);
    if (refusal) return { kind: 'refused', refusal };
  }
  const litigationId = await preparedFor(desk, first, by);
  for (const file of files) await join(desk, litigationId, file, by);
  desk.attend({ kind: 'litigation', id: litigationId, debtorId: first.debtorId });
  return { kind: 'done', litigationId };
}

/** What ended as handed over is in the file of its debtor from then on, so that it is never nobody's. */
export async function gatherHandedOver(desk: Desk, file: InvoiceFile, by: Author): Promise<void> {
  if (await fileOfInvoice(desk.tx, file.id)) return;
  const litigationId = await preparedFor(desk, file, by);
  await join(desk, litigationId, file, by);
  desk.attend({ kind: 'litigation', id: litigationId, debtorId: file.debtorId });
}

async function refusalOfGathering(
  desk: Desk,
  file: InvoiceFile,
  first: InvoiceFile,
): Promise<Refusal | null> {
  const { collection, number } = file;
  const other = first.collection;
  if (
    file.debtorId !== first.debtorId ||
    collection.creditorId !== other.creditorId ||
    collection.currency !== other.currency
  )
    return refuse(
      'litigation-mixed',
      `Invoice ${number} has another debtor, creditor or currency: open a file of its own.`,
    );
  if (isOver(collection)) return refuse('invoice-closed', `Invoice ${number} is closed: leave it out.`);
  if (collection.dueDate >= dayAt(collection.calendar, desk.now))
    return refuse('litigation-not-due', `Invoice ${number} is not late yet: leave it out.`);
  const before = await fileOfInvoice(desk.tx, file.id);
  if (before)
    return refuse('litigation-joined', `Invoice ${number} is in litigation file ${before.id} already.`);
  const handed = await handOverOf(desk.tx, file.id);
  if (handed)
    return refuse('handed-already', `${handed.firm.name} has invoice ${number}: take it back first.`);
  return null;
}

async function preparedFor(desk: Desk, file: InvoiceFile, by: Author): Promise<string> {
  const { creditorId, currency } = file.collection;
  const before = await desk.tx
    .selectFrom('litigation')
    .select('id')
    .where('debtor_id', '=', file.debtorId)
    .where('creditor_id', '=', creditorId)
    .where('currency', '=', currency)
    .where('state', '=', 'preparing')
    .executeTakeFirst();
  if (before) return before.id;
  const id = uuidv7();
  await desk.tx
    .insertInto('litigation')
    .values({
      id,
      debtor_id: file.debtorId,
      creditor_id: creditorId,
      currency,
      state: 'preparing',
      opened_at: new Date(desk.now),
      opened_by: by.id,
    })
    .execute();
  return id;
}

/** Takes an invoice into a file. */
export async function join(desk: Desk, litigationId: string, file: InvoiceFile, by: Author): Promise<void> {
  const at = new Date(desk.now);
  await desk.tx
    .insertInto('litigation_invoice')
    .values({ litigation_id: litigationId, invoice_id: file.id, joined_at: at })
    .onConflict((clash) =>
      clash.columns(['litigation_id', 'invoice_id']).doUpdateSet({ joined_at: at, left_at: null }),
    )
    .execute();
  await desk.note(file.id, 'litigationJoined', { litigationId, by });
}

/** The file in which an invoice is now. */
export async function fileOfInvoice(
  db: Db | Tx,
  invoiceId: string,
): Promise<Pick<LitigationRow, 'id' | 'state' | 'debtor_id'> | undefined> {
  return db
    .selectFrom('litigation_invoice')
    .innerJoin('litigation', 'litigation.id', 'litigation_invoice.litigation_id')
    .select(['litigation.id', 'litigation.state', 'litigation.debtor_id'])
    .where('invoice_id', '=', invoiceId)
    .where('left_at', 'is', null)
    .executeTakeFirst();
}

/** The file that was closed as doubtful with the invoice in it, and watches over it until it is prepared anew. */
export async function doubtedFileOf(
  db: Db | Tx,
  invoiceId: string,
): Promise<Pick<LitigationRow, 'id' | 'state' | 'debtor_id'> | undefined> {
  return db
    .selectFrom('litigation_invoice')
    .innerJoin('litigation', 'litigation.id', 'litigation_invoice.litigation_id')
    .select(['litigation.id', 'litigation.state', 'litigation.debtor_id'])
    .where('invoice_id', '=', invoiceId)
    .where('litigation.outcome', '=', 'doubtful')
    .whereRef('left_at', '=', 'litigation.closed_at')
    .orderBy('litigation.id', 'desc')
    .limit(1)
    .executeTakeFirst();
}

/** The file that the invoice was in last, whatever became of it; undefined when it was in none. */
export async function lastFileOf(db: Db | Tx, invoiceId: string): Promise<LitigationRow | undefined> {
  return db
    .selectFrom('litigation')
    .innerJoin('litigation_invoice', 'litigation_invoice.litigation_id', 'litigation.id')
    .selectAll('litigation')
    .where('invoice_id', '=', invoiceId)
    .orderBy(sql`left_at desc nulls first`)
    .limit(1)
    .executeTakeFirst();
}

/** The row of a file; undefined when there is none with this id. */
export async function litigationWith(db: Db | Tx, id: string): Promise<LitigationRow | undefined> {
  return db.selectFrom('litigation').selectAll().where('id', '=', id).executeTakeFirst();
}

/** The invoices of a file: those that are in it, and of a closed one those that were in it at its end. */
export async function invoiceIdsOf(db: Db | Tx, litigation: LitigationRow): Promise<readonly string[]> {
  const rows = await db
    .selectFrom('litigation_invoice')
    .innerJoin('invoice', 'invoice.id', 'litigation_invoice.invoice_id')
    .select(['invoice_id', 'left_at'])
    .where('litigation_id', '=', litigation.id)
    .orderBy('invoice.due_date')
    .orderBy('invoice.id')
    .execute();
  return rows
    .filter(({ left_at: left }) => left === null || left === litigation.closed_at)
    .map((row) => row.invoice_id);
}

/** Adds an entry to the chain of each invoice of a file. */
export async function noteOnAll(
  desk: Desk,
  litigation: LitigationRow,
  type: string,
  body: object,
): Promise<void> {
  for (const invoiceId of await invoiceIdsOf(desk.tx, litigation))
    await desk.note(invoiceId, type, { litigationId: litigation.id, ...body });
}

/** What a person knows of a claim that the papers do not say, and the way that it is to go. */
export interface RouteChoice {
  readonly claimKind?: 'contract' | 'statute' | 'other';
  readonly merchants?: 'yes' | 'no' | null;
  readonly insured?: boolean;
  readonly merchantProcedure?: boolean;
  readonly route?: Route;
  readonly consentOn?: CivilDate;
}

/** Records the choice; whether the way is open is asked by the caller, who knows the amounts. */
export async function chooseRoute(
  desk: Desk,
  litigation: LitigationRow,
  choice: RouteChoice,
  by: Author,
): Promise<Done> {
  if (litigation.state !== 'preparing') return notPreparing(litigation);
  const { claimKind, merchants, insured, merchantProcedure, route, consentOn } = choice;
  const at = new Date(desk.now);
  const set = {
    ...(claimKind === undefined ? {} : { claim_kind: claimKind }),
    ...(merchants === undefined ? {} : { merchants }),
    ...(insured === undefined ? {} : { insured }),
    ...(merchantProcedure === undefined ? {} : { merchant_procedure: merchantProcedure }),
    ...(route === undefined ? {} : { route, route_by: by.id, route_at: at }),
    ...(consentOn === undefined ? {} : { consent_on: consentOn, consent_by: by.id }),
  };
  if (Object.keys(set).length === 0) return { kind: 'done' };
  await desk.tx.updateTable('litigation').set(set).where('id', '=', litigation.id).execute();
  if (route !== undefined || consentOn !== undefined)
    await noteOnAll(desk, litigation, 'litigationRoute', {
      ...(route === undefined ? {} : { route }),
      ...(consentOn === undefined ? {} : { consentOn }),
      by,
    });
  return { kind: 'done' };
}

/** Takes an invoice out of a file, which then says nothing of it any more. */
export async function leave(desk: Desk, litigation: LitigationRow, invoiceId: string): Promise<void> {
  await desk.note(invoiceId, 'litigationLeft', { litigationId: litigation.id });
  await desk.tx
    .updateTable('litigation_invoice')
    .set({ left_at: new Date(desk.now) })
    .where('litigation_id', '=', litigation.id)
    .where('invoice_id', '=', invoiceId)
    .execute();
}

/** Keeps the words of somebody about a file, on its first invoice; null for none. */
export async function wordsOn(
  desk: Desk,
  litigation: LitigationRow,
  text: string | undefined,
): Promise<{ readonly textId: string; readonly sha256: string } | null> {
  if (text === undefined || text.trim() === '') return null;
  const [first] = await invoiceIdsOf(desk.tx, litigation);
  return first === undefined ? null : keepText(desk.tx, `invoice/${first}`, text);
}

/** What is prepared is prepared before it leaves. */
export function notPreparing({ state }: LitigationRow): {
  readonly kind: 'refused';
  readonly refusal: Refusal;
} {
  return {
    kind: 'refused',
    refusal: refuse('litigation-not-preparing', `The file is ${state}: it can be prepared no longer.`),
  };
}

/** Only a partner who has the file says anything of it. */
export function notHandedYet({ state }: LitigationRow): {
  readonly kind: 'refused';
  readonly refusal: Refusal;
} {
  return {
    kind: 'refused',
    refusal: refuse('litigation-not-handed', `The file is ${state}: no partner has it.`),
  };
}

/** A file that is over takes nothing. */
export function notOpen(row: LitigationRow): { readonly kind: 'refused'; readonly refusal: Refusal } {
  return {
    kind: 'refused',
    refusal: refuse(
      'litigation-closed',
      `The file was closed as ${row.outcome ?? 'over'}: open another one.`,
    ),
  };
}

function refuse(code: Refusal['code'], message: string): Refusal {
  return { code, message };
}
