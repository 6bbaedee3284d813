import { sql } from 'kysely';
import type { Kysely } from 'kysely';

/**
 * Firms with their mandates, and litigation files: what they gather, what is handed in, what their partners tell.
 *
 * A firm used to be the one user who came in for it. Each of these becomes a firm of the same id, so that what names it
 * (hand-overs, the journal) goes on naming it; from now on several users may come in for one firm.
 */
export async function up(db: Kysely<never>): Promise<void> {
  for (const statement of statements) await sql.raw(statement).execute(db);
}

const statements = [
  // Who collects for others by profession has an insurance, an account for the funds and has declared itself; lawyers,
  // officers, insurers and factors work under rules of their own.
  `create table firm (
    id uuid primary key, name text not null,
    kind text not null check (kind in ('collection_firm', 'commissaire_de_justice', 'lawyer', 'insurer', 'factor')),
    email text, address text[] not null default '{}', insurer text, insurance_policy text, insured_until date, funds_iban text,
    declared_on date, created_at timestamptz not null, created_by text not null, ended_at timestamptz)`,
  `insert into firm (id, name, kind, created_at, created_by)
    select id, name, 'collection_firm', created_at, 'migration' from app_user
      where role = 'external_firm' or id in (select firm_id from hand_over)`,
  `alter table app_user add column firm_id uuid references firm`,
  `update app_user set firm_id = id where role = 'external_firm'`,
  `create index app_user_firm on app_user (firm_id) where firm_id is not null`,
  `alter table hand_over drop constraint hand_over_firm_id_fkey,
    add constraint hand_over_firm_id_fkey foreign key (firm_id) references firm`,

  // What a creditor (null: every creditor of the house) has agreed with a firm, in writing. The last one counts.
  `create table mandate (
    id uuid primary key, firm_id uuid not null references firm, creditor_id uuid references creditor, signed_on date not null,
    may_receive boolean not null, basis text, guarantee text, fee text, remittance text,
    remit_within_days int check (remit_within_days between 1 and 31), recorded_at timestamptz not null, recorded_by text not null,
    ended_on date)`,
  `create index mandate_firm on mandate (firm_id, creditor_id)`,

  // The due invoices of one debtor towards one creditor, on their way through a partner or a court.
  `create table litigation (
    id uuid primary key, debtor_id uuid not null references debtor, creditor_id uuid not null references creditor, currency text not null,
    state text not null check (state in ('preparing', 'handed', 'closed')), opened_at timestamptz not null, opened_by text not null,
    claim_kind text not null default 'contract' check (claim_kind in ('contract', 'statute', 'other')),
    merchants text check (merchants in ('yes', 'no')), insured boolean not null default false, merchant_procedure boolean not null default false,
    route text, route_by text, route_at timestamptz, consent_on date, consent_by text,
    firm_id uuid references firm, handed_at timestamptz, handed_by text, pack_id uuid references document, incomplete_because text,
    status text, status_on date, heard_at timestamptz, told_at timestamptz,
    outcome text check (outcome in ('recovered', 'withdrawn', 'doubtful', 'irrecoverable')),
    closed_at timestamptz, closed_by text, reason text,
    check ((state = 'closed') = (outcome is not null)), check (state <> 'handed' or firm_id is not null))`,
  `create unique index litigation_preparing on litigation (debtor_id, creditor_id, currency) where state = 'preparing'`,
  `create index litigation_state on litigation (state, opened_at, id)`,
  `create index litigation_firm on litigation (firm_id) where firm_id is not null`,
  `create table litigation_invoice (
    litigation_id uuid not null references litigation, invoice_id uuid not null references invoice, joined_at timestamptz not null,
    left_at timestamptz, primary key (litigation_id, invoice_id))`,
  `create unique index litigation_invoice_now on litigation_invoice (invoice_id) where left_at is null`,

  // A document that was handed in, or why there is none and none is needed.
  `create table litigation_piece (
    id uuid primary key, litigation_id uuid not null references litigation, invoice_id uuid references invoice,
    piece text not null check (piece in ('contract', 'order', 'delivery_proof', 'invoice_copy', 'registry_extract', 'other')),
    document_id uuid references document, not_needed_because text, added_by text not null, at timestamptz not null,
    removed_at timestamptz, removed_by text, check ((document_id is null) <> (not_needed_because is null)))`,
  `create index litigation_piece_file on litigation_piece (litigation_id, at)`,
  `create index litigation_piece_document on litigation_piece (document_id) where document_id is not null`,

  // What a partner tells, costs, has received and has passed on, and what we have told him; the last to be the newest.
  `create table litigation_entry (
    id uuid primary key, litigation_id uuid not null references litigation,
    kind text not null check (kind in ('status', 'cost', 'recovery', 'remittance', 'told')), code text,
    amount_cents bigint check (amount_cents > 0), day date not null, remit_by date, chased_at timestamptz, payment_id uuid references payment,
    invoice_id uuid references invoice, text_id uuid, by text not null, at timestamptz not null)`,
  `create index litigation_entry_file on litigation_entry (litigation_id, id)`,
  `create index litigation_entry_payment on litigation_entry (payment_id) where payment_id is not null`,
];
