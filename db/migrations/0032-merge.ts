import { sql } from 'kysely';
import type { Kysely } from 'kysely';

/**
 * Debtors who turn out to be one: what came with a merge, so that all of it can go back, and nothing that points to
 * whoever is gone.
 *
 * A debtor's id stays in his own row for ever; `merged_into` says who answers for him. What stood on his account is moved by
 * entries of the ledger, by what it came from (`merge_credit`), for it may be spent when it is to go back.
 */
export async function up(db: Kysely<never>): Promise<void> {
  for (const statement of statements) await sql.raw(statement).execute(db);
}

const statements = [
  `alter table debtor add column merged_into uuid references debtor check (merged_into <> id)`,
  `create index debtor_merged on debtor (merged_into) where merged_into is not null`,
  `create table merge (
    id uuid primary key, gone_id uuid not null references debtor, into_id uuid not null references debtor check (into_id <> gone_id),
    merged_at timestamptz not null, merged_by text not null, learnt jsonb not null, undone_at timestamptz, undone_by text)`,
  `create unique index merge_standing on merge (gone_id) where undone_at is null`,
  `create index merge_into on merge (into_id)`,
  `create table merge_row (merge_id uuid not null references merge, place text not null, row_id text not null, primary key (merge_id, place, row_id))`,
  `create table merge_credit (
    merge_id uuid not null references merge, creditor_id uuid not null references creditor, currency text not null, kind text not null,
    payment_id uuid references payment, credit_note_id uuid references credit_note, cents bigint not null)`,
  `create index merge_credit_merge on merge_credit (merge_id)`,

  // A message that left before its invoice was given to a stopped debtor left in time.
  `create or replace view inv_03_contact_overtaken as 
    select 'message/' || message.id as subject, format('claimed for invoice %s as of fact %s, though fact %s (%s) was recorded before', line.invoice_id, line.fact, later.fact, later.type) as what
      from message join message_line line on line.message_id = message.id
      join journal later on later.subject = 'invoice/' || line.invoice_id and later.fact > line.fact and later.recorded_at < message.recorded_at
      where message.claimed_at is not null and message.purpose = 'contact'
    union all
    select 'message/' || message.id, format('asks for invoice %s, which is settled', line.invoice_id)
      from message join message_line line on line.message_id = message.id
      where message.claimed_at is not null and message.purpose = 'contact' and line.balance_cents <= 0
    union all
    select 'message/' || message.id, format('claimed for invoice %s while the stop %s was in force', line.invoice_id, stop.id)
      from stop
      join journal pulled on pulled.subject = 'stop' and pulled.type = 'stopPulled' and pulled.body::jsonb ->> 'stopId' = stop.id::text
      left join journal lifted on lifted.subject = 'stop' and lifted.type = 'stopLifted' and lifted.body::jsonb ->> 'stopId' = stop.id::text
      join message on message.claimed_at is not null and message.purpose = 'contact' and message.recorded_at > pulled.recorded_at
        and (lifted.recorded_at is null or message.recorded_at < lifted.recorded_at)
      join message_line line on line.message_id = message.id and line.request_id is not null
      join invoice on invoice.id = line.invoice_id
      where (stop.scope = 'everything' or stop.subject_id = case stop.scope when 'creditor' then invoice.creditor_id when 'debtor' then invoice.debtor_id else invoice.id end)
        and not (stop.scope = 'debtor' and exists (
          select from journal moved where moved.subject = 'invoice/' || invoice.id and moved.type = 'debtorReplaced' and moved.recorded_at > message.recorded_at))`,

  `create view inv_21_merged_away as
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
