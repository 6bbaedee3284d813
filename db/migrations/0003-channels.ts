import { sql } from 'kysely';
import type { Kysely } from 'kysely';

/**
 * Real channels: which account carries a creditor's messages, what the providers report, and how fast each may be used.
 *
 * Accounts are known here by their names alone; what opens them stays with the operator, outside the database.
 */
export async function up(db: Kysely<never>): Promise<void> {
  for (const statement of statements) await sql.raw(statement).execute(db);
}

const statements = [
  // Null: the installation's default.
  `alter table creditor add column mail_account text, add column sms_account text`,

  // Which account had the message, written before its first byte: whoever asks later what became of it must ask there,
  // also when the creditor has chosen another one meanwhile.
  `alter table message add column account text`,
  `create index message_texted on message (recipient) where channel = 'sms'`,

  // What providers report, each event once and for ever. It may name a message that is not ours, or come before the
  // call has been answered: so no reference to the message.
  `create table provider_event (
    provider text not null, event_id text not null, message_id uuid, kind text not null, address text, reason text,
    occurred_at timestamptz not null, received_at timestamptz not null default clock_timestamp(), raw_sha256 text not null, processed_at timestamptz,
    primary key (provider, event_id))`,
  `create index provider_event_message on provider_event (message_id) where message_id is not null`,
  `create index provider_event_waiting on provider_event (received_at, provider, event_id) where processed_at is null`,
  `create view inv_08_event_unprocessed as
    select 'event/' || provider || '/' || event_id as subject, format('is %s, came at %s, and nobody has acted upon it', kind, received_at) as what
      from provider_event where processed_at is null and received_at < clock_timestamp() - interval '10 minutes'`,

  // The pace of an account, kept over all processes by the machine's time: when its next call may begin, when those that
  // found no place may come back, one after the other, and the turn that was taken last, null when there was none.
  `create table account_pace (
    account text primary key, next_at timestamptz not null, later_at timestamptz not null, turn_at timestamptz)`,

  // E-invoices bring credit notes too: a row over what one takes off, below zero, as its entries in the ledger are.
  `alter table import_row add column credit_note_id uuid`,
  `create or replace view inv_18_import as
    with counted as (
      select import_id, count(*) as rows, count(*) filter (where state = 'created') as created, count(*) filter (where state = 'updated') as updated,
        count(*) filter (where state = 'unchanged') as unchanged, count(*) filter (where state = 'rejected') as rejected, count(*) filter (where state = 'staged') as staged
      from import_row group by import_id)
    select 'import/' || id as subject,
        format('says %s rows: %s created, %s updated, %s unchanged, %s rejected; its rows say %s: %s, %s, %s, %s and %s to come', import.rows, import.created, import.updated, import.unchanged,
          import.rejected, coalesce(counted.rows, 0), coalesce(counted.created, 0), coalesce(counted.updated, 0), coalesce(counted.unchanged, 0), coalesce(counted.rejected, 0), coalesce(counted.staged, 0)) as what
      from import left join counted on counted.import_id = import.id
      where import.state in ('applying', 'applied') and (
        import.rows <> coalesce(counted.rows, 0) or import.created <> coalesce(counted.created, 0) or import.updated <> coalesce(counted.updated, 0)
        or import.unchanged <> coalesce(counted.unchanged, 0) or import.rejected <> coalesce(counted.rejected, 0)
        or (import.state = 'applied' and import.rows <> import.created + import.updated + import.unchanged + import.rejected))
    union all
    select 'import/' || row.import_id, format('line %s created an invoice over %s cents %s; the ledger says %s', row.line, row.amount_cents, row.currency, coalesce(sum(entry.amount_cents)::text, 'nothing'))
      from import_row row left join ledger_entry entry on entry.invoice_id = row.invoice_id and entry.kind = 'invoice' and entry.currency = row.currency
      where row.state = 'created' and row.content ->> 'kind' is distinct from 'credit_note' group by row.import_id, row.place, row.line, row.amount_cents, row.currency
      having row.amount_cents is distinct from sum(entry.amount_cents)
    union all
    select 'import/' || row.import_id, format('line %s created a credit note over %s cents %s; the ledger says %s', row.line, row.amount_cents, row.currency, coalesce(sum(entry.amount_cents)::text, 'nothing'))
      from import_row row left join ledger_entry entry on entry.credit_note_id = row.credit_note_id and entry.kind = 'credit_note' and entry.currency = row.currency
      where row.state = 'created' and row.content ->> 'kind' = 'credit_note' group by row.import_id, row.place, row.line, row.amount_cents, row.currency
      having row.amount_cents is distinct from sum(entry.amount_cents)`,
];
