import { sql } from 'kysely';
import type { Kysely } from 'kysely';

/** What looks after a matter locks its debtor: one that is left with a debtor who was merged away could do nothing any more. */
export async function up(db: Kysely<never>): Promise<void> {
  for (const statement of statements) await sql.raw(statement).execute(db);
}

const statements = [
  `with recursive stays (id, into_id) as (
      select id, merged_into from debtor where merged_into is not null
      union all
      select stays.id, debtor.merged_into from stays join debtor on debtor.id = stays.into_id where debtor.merged_into is not null)
    update matter set debtor_id = stays.into_id from stays join debtor on debtor.id = stays.into_id
      where stays.id = matter.debtor_id and debtor.merged_into is null`,

  `create or replace view inv_21_merged_away as
    with held as (
      select 'invoice/' || id as subject, debtor_id from invoice
      union all select 'contact/' || id, debtor_id from contact
      union all select 'debtor key ' || key, debtor_id from debtor_key
      union all select 'hold/' || id, debtor_id from debtor_hold
      union all select 'request/' || id, debtor_id from contact_request
      union all select 'message/' || id, debtor_id from message where state in ('planned', 'claimed', 'unknown')
      union all select 'task/' || id, debtor_id from task where state = 'open'
      union all select 'approval/' || id, debtor_id from approval where state = 'open'
      union all select 'plan/' || id, debtor_id from plan where state in ('proposed', 'running')
      union all select 'litigation/' || id, debtor_id from litigation where state <> 'closed'
      union all select 'discount/' || id, debtor_id from discount_offer where state = 'open'
      union all select 'matter/' || id, debtor_id from matter
      union all select 'stop/' || id, subject_id from stop where scope = 'debtor' and lifted_at is null)
    select held.subject, format('is of debtor %s, who was merged into %s', debtor.id, debtor.merged_into) as what
      from held join debtor on debtor.id = held.debtor_id where debtor.merged_into is not null
    union all
    select 'account/' || debtor.id, format('holds %s cents %s, and was merged into %s', sum(entry.amount_cents), entry.currency, debtor.merged_into)
      from ledger_entry entry join debtor on debtor.id = entry.debtor_id
      where debtor.merged_into is not null and entry.invoice_id is null
      group by debtor.id, entry.creditor_id, entry.currency having sum(entry.amount_cents) <> 0
    union all
    select 'invoice/' || invoice.id, format('is of debtor %s by its row, of %s by its file', debtor_id, collection ->> 'debtorId')
      from invoice where debtor_id::text <> collection ->> 'debtorId'
    union all
    select 'invoice/' || invoice.id, format('is of debtor %s, its entry %s of %s', invoice.debtor_id, entry.id, entry.debtor_id)
      from ledger_entry entry join invoice on invoice.id = entry.invoice_id where entry.debtor_id <> invoice.debtor_id`,
];
