import { isDeepStrictEqual } from 'node:util';
import type { Selectable } from 'kysely';
import type { RateBefore } from '../domain/law/agreed-rate.ts';
import type { Went } from '../domain/law/penalties.ts';
import { addDays, latestDay } from '../domain/time.ts';
import type { CivilDate, Instant } from '../domain/time.ts';
import { creditorNoted } from './audit/terms-noted.ts';
import { wakeWhatAwaits } from './bank-data.ts';
import { lawDay } from './calendars.ts';
import type { Db, Tx } from './database.ts';
import { note } from './journal.ts';
import { wakeForTerms } from './legal-terms.ts';
import { debtorsWaiting, pokeDebtors } from './pokes.ts';
import type { CreditorTable } from './schema.ts';
import { uuidv7 } from './uuid.ts';
import { onlySeen } from './visible.ts';
import type { Eyes } from './visible.ts';

/**
 * The creditors: the legal entities in whose name we write.
 *
 * One that was met in a file starts with its key alone and sends nothing until it is complete; completing it lets what
 * has gathered at its door look again.
 */
export type Creditor = Selectable<CreditorTable>;

/** What may be set; absent stays as it is, null empties. */
export type CreditorChange = Partial<
  Pick<
    Creditor,
    | 'legal_name'
    | 'siren'
    | 'vat_number'
    | 'registration'
    | 'address'
    | 'country'
    | 'iban'
    | 'bic'
    | 'sender_name'
    | 'reply_to'
    | 'phone'
    | 'language'
    | 'zone'
    | 'currency'
    | 'mail_account'
    | 'sms_account'
    | 'promise_grace_days'
    | 'promise_tolerance_cents'
    | 'bank_data_days_max'
    | 'penalty_rate_hundredths'
    | 'day_base'
    | 'credit_notes_count'
    | 'payments_go_to'
    | 'small_difference_cents'
    | 'accessories'
    | 'is_individual'
    | 'sector'
    | 'established_abroad'
  >
>;

export async function readCreditor(eyes: Eyes, db: Db | Tx, id: string): Promise<Creditor | undefined> {
  return db
    .selectFrom('creditor')
    .selectAll()
    .where('id', '=', id)
    .$call(onlySeen(eyes, 'creditor'))
    .executeTakeFirst();
}

/** All creditors, in the order in which they came. */
export async function listCreditors(eyes: Eyes, db: Db | Tx): Promise<readonly Creditor[]> {
  return db.selectFrom('creditor').selectAll().$call(onlySeen(eyes, 'creditor')).orderBy('id').execute();
}

/** Adds a creditor under the key by which files name it; undefined when that key is taken. */
export async function addCreditor(
  tx: Tx,
  now: Instant,
  key: string,
  change: CreditorChange,
  by: string,
): Promise<Creditor | undefined> {
  const id = uuidv7();
  const row = await tx
    .insertInto('creditor')
    .values({ id, key, ...change, created_at: new Date(now) })
    .onConflict((clash) => clash.column('key').doNothing())
    .returningAll()
    .executeTakeFirst();
  if (row)
    await note(tx, `creditor/${id}`, 'creditorAdded', now, {
      fields: Object.keys(change),
      noted: creditorNoted(row),
      by,
    });
  return row;
}

/**
 * Changes a creditor and pokes the debtors for whom something waits in its name; undefined when it is not here.
 *
 * `ratesBefore` are the rates of late payment of earlier days, where the given one does not hold for all. The journal says who changed which fields; bank details above all must have an author. Their values stay in the row, and hashes of them are in the journal.
 */
export async function changeCreditor(
  tx: Tx,
  now: Instant,
  id: string,
  change: CreditorChange,
  by: string,
  ratesBefore?: readonly RateBefore[],
): Promise<Creditor | undefined> {
  const before = await tx
    .selectFrom('creditor')
    .selectAll()
    .where('id', '=', id)
    .forNoKeyUpdate()
    .executeTakeFirst();
  if (!before) return undefined;
  const fields = (Object.keys(change) as (keyof CreditorChange)[]).filter(
    (field) => JSON.stringify(change[field]) !== JSON.stringify(before[field]),
  );
  const isOtherBefore =
    ratesBefore !== undefined && !isDeepStrictEqual(ratesBefore, before.penalty_rates_before);
  if (fields.length === 0 && !isOtherBefore) return before;
  const went = fields.includes('payments_go_to') ? await wentUntil(tx, before, now) : null;
  const row = await tx
    .updateTable('creditor')
    .set({
      ...change,
      ...(isOtherBefore ? { penalty_rates_before: JSON.stringify(ratesBefore) } : {}),
      ...(went ? { payments_went_to: JSON.stringify(went) } : {}),
    })
    .where('id', '=', id)
    .returningAll()
    .executeTakeFirstOrThrow();
  await note(tx, `creditor/${id}`, 'creditorChanged', now, {
    fields: isOtherBefore ? [...fields, 'penalty_rates_before'] : fields,
    noted: creditorNoted(row),
    by,
  });
  await pokeDebtors(tx, await debtorsWaiting(tx, id), 'people');
  if (fields.includes('bank_data_days_max')) await wakeWhatAwaits(tx, id);
  if (fields.includes('sector')) await wakeForTerms(tx, id, now);
  return row;
}

/**
 * What payments settled first so far, now that it changes: those of today and before stay where they went, or what was
 * asked, paid and answered of them would be another. A creditor whom nobody has paid yet has nothing to keep.
 */
async function wentUntil(tx: Tx, before: Creditor, now: Instant): Promise<readonly Went[]> {
  const { last } = await tx
    .selectFrom('ledger_entry')
    .select(({ fn }) => fn.max<CivilDate | null>('day').as('last'))
    .where('creditor_id', '=', before.id)
    .where('kind', '=', 'payment')
    .executeTakeFirstOrThrow();
  if (last === null) return [];
  const from = addDays(latestDay(lawDay(now), last), 1);
  const known = before.payments_went_to;
  if ((known.at(-1)?.before ?? '') >= from) return known;
  return [...known, { before: from, to: before.payments_go_to }];
}
