import { sql } from 'kysely';
import type { Kysely } from 'kysely';

/**
 * What late payment costs: the values of the law that were added to those shipped, what each creditor has chosen, what
 * messages have claimed, and what stays owed of it once the price is paid.
 */
export async function up(db: Kysely<never>): Promise<void> {
  for (const statement of statements) await sql.raw(statement).execute(db);
}

const statements = [
  // Rows are added and never changed: of two that hold on a day, the one added later counts.
  `create table law_value (
    id bigint generated always as identity primary key, code text not null, from_day date not null, to_day date check (to_day >= from_day),
    value bigint not null check (value >= 0), source text not null, sourced boolean not null, lawyer_validated boolean not null,
    added_at timestamptz not null, added_by text not null)`,

  // The agreed rate in hundredths of a percent (null: that of the law), how interest is counted, where money goes first,
  // what is too little to chase; and what the law asks of the creditor itself.
  `alter table creditor
    add column penalty_rate_hundredths int check (penalty_rate_hundredths between 0 and 10000),
    add column day_base text not null default 'act_365' check (day_base in ('act_365', 'act_act')),
    add column credit_notes_count text not null default 'from_start' check (credit_notes_count in ('from_start', 'from_day')),
    add column payments_go_to text not null default 'principal' check (payments_go_to in ('principal', 'interest')),
    add column small_difference_cents bigint not null default 0 check (small_difference_cents >= 0),
    add column accessories text not null default 'pursued' check (accessories in ('pursued', 'waived')),
    add column is_individual boolean not null default false,
    add column sector text check (sector in ('general', 'transport', 'telecom')),
    add column established_abroad boolean not null default false`,

  // The day of performance, by which the law dates a claim; null where nobody has told it.
  `alter table invoice add column performed_on date`,

  // What a message claimed beside the price; null where it claimed none.
  `alter table message_line add column interest_cents bigint, add column lump_sum_cents bigint`,

  // Interest that a payment settles first makes so much of the price stay owed; accessories are paid from the debtor's credit.
  `alter table ledger_entry drop constraint ledger_entry_kind_check`,
  `alter table ledger_entry add constraint ledger_entry_kind_check
    check (kind in ('invoice', 'correction', 'payment', 'payment_return', 'credit_note', 'write_off', 'waiver', 'cancellation', 'interest', 'accessory'))`,

  // What was claimed beside the price and is not paid when the price is.
  `create table accessory (
    id uuid primary key, invoice_id uuid not null references invoice, debtor_id uuid not null references debtor, creditor_id uuid not null references creditor,
    currency text not null, interest_cents bigint not null check (interest_cents >= 0), lump_sum_cents bigint not null check (lump_sum_cents >= 0),
    settled_on date not null, state text not null check (state in ('open', 'paid', 'waived', 'reopened')), arisen_at timestamptz not null,
    ended_at timestamptz, ended_by text, reason text)`,
  `create unique index accessory_open on accessory (invoice_id) where state = 'open'`,
  `create index accessory_debtor on accessory (debtor_id, creditor_id)`,
];
