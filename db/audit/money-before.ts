import { sql } from 'kysely';
import type { Instant } from '../../domain/time.ts';
import type { Db, Tx } from '../database.ts';
import { note } from '../journal.ts';

const subject = 'money';
const type = 'moneyBefore';

/** What the journal says of the money that was recorded before it had entries of it. */
export interface MoneyBefore {
  readonly at: Instant;
  /** Of all rows of that time: `sealOfEarlier`. */
  readonly sha256: string;
}

/**
 * Notes once, by one hash, all payments, credit notes and entries of accounts of which the journal has no entry.
 *
 * They are of a release that wrote none. From then on a row without an entry is one that somebody put in.
 */
export async function noteMoneyBefore(db: Db, now: Instant): Promise<void> {
  await db.transaction().execute(async (tx) => {
    await note(tx, subject, type, now, { sha256: await sealOfEarlier(tx) });
  });
}

/** What was noted first; null before the night watch came by. */
export async function readMoneyBefore(db: Db | Tx): Promise<MoneyBefore | null> {
  const entry = await db
    .selectFrom('journal')
    .select(['at', 'body'])
    .where('subject', '=', subject)
    .where('type', '=', type)
    .orderBy('seq')
    .limit(1)
    .executeTakeFirst();
  return entry ? { at: entry.at, ...(JSON.parse(entry.body) as { sha256: string }) } : null;
}

/** A hash over what no entry of the journal names, without what may still change: whose it is, and when it came back. */
export async function sealOfEarlier(db: Db | Tx): Promise<string> {
  const { rows } = await sql<{ sha256: string }>`
    with said as (
      select (body::jsonb ->> case type when 'paymentEntered' then 'paymentId' else 'creditNoteId' end)::uuid as id
      from journal where type in ('paymentEntered', 'creditNoteEntered')
      union all
      select (moved ->> 'entryId')::uuid from journal cross join lateral jsonb_array_elements(body::jsonb -> 'entries') moved
      where type = 'accountMoved'),
    everything as (
      select id, concat_ws('|', 'payment', id, creditor_id, currency, amount_cents, value_date, reference, recorded_by,
        extract(epoch from at)) as text
      from payment
      union all
      select id, concat_ws('|', 'credit_note', id, creditor_id, number, currency, amount_cents, issue_date, recorded_by,
        extract(epoch from at))
      from credit_note
      union all
      select id, concat_ws('|', 'account', id, debtor_id, creditor_id, currency, kind, amount_cents, payment_id, credit_note_id,
        day, extract(epoch from at))
      from ledger_entry where invoice_id is null),
    earlier as (select everything.* from everything left join said on said.id = everything.id where said.id is null)
    select encode(sha256(coalesce(string_agg(sha256(convert_to(text, 'UTF8')), ''::bytea order by id), ''::bytea)), 'hex') as sha256
    from earlier`.execute(db);
  return rows[0]?.sha256 ?? '';
}
