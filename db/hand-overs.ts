import { isClosed } from '../domain/collection.ts';
import type { Author } from '../domain/fact.ts';
import type { Instant } from '../domain/time.ts';
import type { Db, Tx } from './database.ts';
import type { Desk, InvoiceFile } from './desk.ts';
import { uuidv7 } from './uuid.ts';

/**
 * Files in the hands of an external firm: which firm has which file, from when, until when.
 *
 * The firm sees a file for as long as it has it (`visible.ts`). While it speaks, we are silent: an open file is held with
 * the reason `with_firm`, and goes on where it was when it is taken back. A file that ended as handed over needs no hold.
 */
export interface HandOver {
  readonly id: string;
  readonly firm: { readonly id: string; readonly name: string };
  readonly since: Instant;
}

/** Why an open file is silent while a firm has it. */
export const withFirm = 'with_firm';

export type Handing =
  | { readonly kind: 'handed'; readonly handOver: HandOver }
  /** No user with this id is an external firm that works here. */
  | { readonly kind: 'no-firm' }
  | { readonly kind: 'already'; readonly handOver: HandOver };

/** Hands a file to a firm; its debtor is locked. */
export async function handToFirm(
  desk: Desk,
  file: InvoiceFile,
  firmId: string,
  by: Author,
): Promise<Handing> {
  const firm = await desk.tx
    .selectFrom('app_user')
    .select(['id', 'name'])
    .where('id', '=', firmId)
    .where('role', '=', 'external_firm')
    .where('disabled_at', 'is', null)
    .forShare()
    .executeTakeFirst();
  if (!firm) return { kind: 'no-firm' };
  const before = await handOverOf(desk.tx, file.id);
  if (before) return { kind: 'already', handOver: before };

  const id = uuidv7();
  const holdId = isClosed(file.collection) ? null : uuidv7();
  await desk.note(file.id, 'handedToFirm', { handOverId: id, firmId, by });
  if (holdId !== null)
    await desk.state(file.id, { type: 'holdPlaced', holdId, reason: withFirm, until: null }, by);
  await desk.tx
    .insertInto('hand_over')
    .values({
      id,
      invoice_id: file.id,
      firm_id: firmId,
      hold_id: holdId,
      handed_at: new Date(desk.now),
      handed_by: by.id,
    })
    .execute();
  return { kind: 'handed', handOver: { id, firm, since: desk.now } };
}

/** Takes a file back from the firm that has it, which loses sight of it at once; undefined when none has it. */
export async function takeBack(desk: Desk, file: InvoiceFile, by: Author): Promise<HandOver | undefined> {
  const before = await handOverOf(desk.tx, file.id);
  if (!before) return undefined;
  const { hold_id: holdId } = await desk.tx
    .updateTable('hand_over')
    .set({ ended_at: new Date(desk.now), ended_by: by.id })
    .where('id', '=', before.id)
    .returning('hold_id')
    .executeTakeFirstOrThrow();
  await desk.note(file.id, 'takenBackFromFirm', { handOverId: before.id, firmId: before.firm.id, by });
  if (file.collection.holds.some((hold) => hold.holdId === holdId && hold.until === null) && holdId !== null)
    await desk.state(file.id, { type: 'holdLifted', holdId }, by);
  return before;
}

/** Who has the file now. */
export async function handOverOf(db: Db | Tx, invoiceId: string): Promise<HandOver | undefined> {
  const row = await db
    .selectFrom('hand_over')
    .innerJoin('app_user', 'app_user.id', 'hand_over.firm_id')
    .select(['hand_over.id', 'firm_id', 'app_user.name', 'handed_at'])
    .where('invoice_id', '=', invoiceId)
    .where('ended_at', 'is', null)
    .executeTakeFirst();
  return row && { id: row.id, firm: { id: row.firm_id, name: row.name }, since: row.handed_at };
}
