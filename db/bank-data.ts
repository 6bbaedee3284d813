import type { Author } from '../domain/fact.ts';
import type { CivilDate, Instant } from '../domain/time.ts';
import type { Db, Tx } from './database.ts';
import type { Desk } from './desk.ts';
import { note, subjectOf } from './journal.ts';
import { workflowOf } from './matters.ts';
import { poke } from './pokes.ts';

/**
 * Up to which day the bank data of a creditor are known, and what waits for more.
 *
 * Payments that a bank or a file brought say it by their value date; an operator says it of a quiet account. Nothing is
 * declared broken on older data than the creditor allows: who may have paid is not told that he did not.
 */
export interface BankData {
  readonly knownTo: CivilDate | null;
  /** Working days that they may be old; null: they are not watched. */
  readonly daysMax: number | null;
}

export async function bankDataOf(db: Db | Tx, creditorId: string): Promise<BankData> {
  const row = await db
    .selectFrom('creditor')
    .leftJoin('bank_data', 'bank_data.creditor_id', 'creditor.id')
    .select(['bank_data_days_max', 'bank_data.known_to'])
    .where('creditor.id', '=', creditorId)
    .executeTakeFirstOrThrow();
  return { knownTo: row.known_to ?? null, daysMax: row.bank_data_days_max };
}

/** Money that a bank or a file brought tells how far its data go; a day that is to come tells nothing. */
export async function bankDataCameTo(
  desk: Desk,
  creditorId: string,
  day: CivilDate,
  by: Author,
): Promise<void> {
  const today = new Date(desk.now).toISOString().slice(0, 10);
  await keepBankData(desk.tx, creditorId, day < today ? day : today, by.id, desk.now);
}

/** A person says that the bank data are complete up to that day. Answers how far they are known now. */
export async function stateBankData(
  tx: Tx,
  now: Instant,
  creditorId: string,
  day: CivilDate,
  by: string,
): Promise<CivilDate> {
  if (await keepBankData(tx, creditorId, day, by, now))
    await note(tx, `creditor/${creditorId}`, 'bankDataStated', now, { knownTo: day, by });
  return (await bankDataOf(tx, creditorId)).knownTo ?? day;
}

/** Whether the data go farther than before: read first, since most money brings no news and a row lock would queue it. */
async function keepBankData(
  tx: Tx,
  creditorId: string,
  day: CivilDate,
  by: string,
  now: Instant,
): Promise<boolean> {
  const known = await tx
    .selectFrom('bank_data')
    .select('known_to')
    .where('creditor_id', '=', creditorId)
    .executeTakeFirst();
  if (known && known.known_to >= day) return false;
  const row = { known_to: day, stated_by: by, at: new Date(now) };
  await tx
    .insertInto('bank_data')
    .values({ creditor_id: creditorId, ...row })
    .onConflict((clash) => clash.column('creditor_id').doUpdateSet(row).where('bank_data.known_to', '<', day))
    .execute();
  await wakeWhatAwaits(tx, creditorId);
  return true;
}

/** Every file with a promise, every plan and every offer that waits for the data looks again as soon as this is committed. */
export async function wakeWhatAwaits(tx: Tx, creditorId: string): Promise<void> {
  const plans = await tx
    .selectFrom('plan')
    .select('id')
    .where('bank_data_awaited', '=', true)
    .where('state', '=', 'running')
    .where('creditor_id', '=', creditorId)
    .execute();
  const discounts = await tx
    .selectFrom('discount_offer')
    .innerJoin('invoice', 'invoice.id', 'discount_offer.invoice_id')
    .select('discount_offer.id')
    .where('discount_offer.bank_data_awaited', '=', true)
    .where('invoice.creditor_id', '=', creditorId)
    .execute();
  const waiting = await tx
    .selectFrom('promise')
    .innerJoin('invoice', 'invoice.id', 'promise.invoice_id')
    .select('promise.invoice_id')
    .distinct()
    .where('promise.bank_data_awaited', '=', true)
    .where('invoice.creditor_id', '=', creditorId)
    .execute();
  const workflows = [
    ...plans.map(({ id }) => workflowOf({ kind: 'plan', id })),
    ...discounts.map(({ id }) => workflowOf({ kind: 'discount', id })),
    ...waiting.map((row) => subjectOf(row.invoice_id)),
  ];
  await poke(tx, workflows, 'bulk');
}
