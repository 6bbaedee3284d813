import { sql } from 'kysely';
import type { Kysely } from 'kysely';

/**
 * The first tables: who owes what to whom, what happened, what was said, and what people are asked to do.
 *
 * Money is integer cents in `bigint`; instants of business are `timestamptz` written by the Clock, never `now()`;
 * civil days are `date`. Columns named `recorded_at` hold the machine's time and serve operators alone.
 */
export async function up(db: Kysely<never>): Promise<void> {
  for (const statement of statements) await sql.raw(statement).execute(db);
}

const statements = [
  // People and rules.
  `create table app_user (
    id uuid primary key, name text not null unique, email text, role text not null, language text not null default 'fr',
    created_at timestamptz not null, disabled_at timestamptz)`,
  `create table api_key (
    hash bytea primary key, user_id uuid not null references app_user, prefix text not null,
    created_at timestamptz not null, revoked_at timestamptz)`,
  `create table setting (
    one boolean primary key default true check (one), clock_origin timestamptz not null, clock_anchor timestamptz not null,
    speed double precision not null, contacts_per_day int not null default 1, contacts_per_week int not null default 3,
    gap_days_min int not null default 2, restart_per_hour int not null default 600)`,
  `create table scenario_version (
    id text primary key, rank int not null, content jsonb not null, checksum text not null, published_at timestamptz not null default now())`,
  `create table calendar (id text primary key, content jsonb not null)`,

  // Who owes to whom.
  `create table creditor (
    id uuid primary key, key text not null unique, legal_name text, siren text, vat_number text,
    address text[] not null default '{}', country text not null default 'FR', iban text, bic text, sender_name text,
    reply_to text, phone text, language text not null default 'fr', zone text not null default 'Europe/Paris',
    currency text not null default 'EUR', demonstration boolean not null default false, created_at timestamptz not null)`,
  `create table debtor (
    id uuid primary key, key text not null unique, name text not null, siren text, vat_number text, reference text,
    kind text not null default 'company', country text not null default 'FR', language text not null default 'fr',
    zone text not null default 'Europe/Paris', grade text, insolvent_on date, demonstration boolean not null default false,
    look_at timestamptz, swept_at timestamptz, created_at timestamptz not null)`,
  `create index debtor_look on debtor (look_at) where look_at is not null`,
  // By what files know a debtor: VAT number, SIREN, a seller's own reference or name for him.
  `create table debtor_key (key text primary key, debtor_id uuid not null references debtor)`,
  `create index debtor_key_debtor on debtor_key (debtor_id)`,
  `create table contact (
    id uuid primary key, debtor_id uuid not null references debtor, name text, role text not null default 'billing',
    email text, mobile text, phone text, address text[] not null default '{}', language text,
    email_invalid text, mobile_invalid text, phone_invalid text, address_invalid text, opted_out_at timestamptz,
    created_at timestamptz not null)`,
  `create index contact_debtor on contact (debtor_id)`,
  `create table debtor_hold (
    id uuid primary key, debtor_id uuid not null references debtor, reason text not null, from_day date not null, until date,
    placed_by text not null, lifted_on date)`,
  `create index debtor_hold_debtor on debtor_hold (debtor_id)`,

  // The invoice carries its Collection: the fold of its facts, and what lists and sweeps read of it.
  `create table invoice (
    id uuid primary key, creditor_id uuid not null references creditor, debtor_id uuid not null references debtor,
    number text not null, term int not null default 1, issue_date date, due_date date not null, currency text not null,
    amount_cents bigint not null, balance_cents bigint not null, order_number text, collector text, sales_owner text,
    flags text[] not null default '{}', import_id uuid, known_at timestamptz not null,
    state text not null, level text, wake_at timestamptz, open boolean not null, fact int not null, collection jsonb not null,
    journal_seq int not null, journal_hash text not null, started boolean not null default false, swept_at timestamptz,
    unique (creditor_id, number, term))`,
  `create index invoice_debtor on invoice (debtor_id) where open`,
  `create index invoice_debtor_all on invoice (debtor_id, id)`,
  `create index invoice_wake on invoice (wake_at) where open`,
  `create index invoice_due on invoice (due_date, id)`,
  `create index invoice_state on invoice (state, due_date, id)`,
  `create index invoice_import on invoice (import_id) where import_id is not null`,

  // Money: append-only entries; a balance is their sum and nothing else. A new invoice is written last, after what its
  // first transaction says about it, so references to it are checked at the commit.
  `create table payment (
    id uuid primary key, creditor_id uuid not null references creditor, debtor_id uuid not null references debtor,
    currency text not null, amount_cents bigint not null check (amount_cents > 0), value_date date not null, reference text,
    returned_on date, recorded_by text not null, at timestamptz not null)`,
  `create index payment_debtor on payment (debtor_id, at)`,
  `create table credit_note (
    id uuid primary key, creditor_id uuid not null references creditor, debtor_id uuid not null references debtor,
    number text not null, currency text not null, amount_cents bigint not null check (amount_cents > 0), issue_date date not null,
    recorded_by text not null, at timestamptz not null, unique (creditor_id, number))`,
  `create table ledger_entry (
    id uuid primary key, creditor_id uuid not null references creditor, debtor_id uuid not null references debtor,
    invoice_id uuid references invoice deferrable initially deferred, currency text not null,
    kind text not null check (kind in ('invoice', 'correction', 'payment', 'payment_return', 'credit_note', 'write_off', 'cancellation')),
    amount_cents bigint not null check (amount_cents <> 0), payment_id uuid references payment, credit_note_id uuid references credit_note,
    day date not null, at timestamptz not null)`,
  `create index ledger_invoice on ledger_entry (invoice_id)`,
  `create index ledger_payment on ledger_entry (payment_id) where payment_id is not null`,
  `create index ledger_account on ledger_entry (debtor_id, creditor_id, currency) where invoice_id is null`,

  // What was agreed and contested, as lists show it; the truth is in the facts.
  `create table promise (
    id uuid primary key, invoice_id uuid not null references invoice, amount_cents bigint not null, received_cents bigint not null default 0,
    made_at timestamptz not null, promised_on date not null, state text not null, made_by text not null)`,
  `create index promise_invoice on promise (invoice_id)`,
  `create index promise_state on promise (state, promised_on, id)`,
  `create table dispute (
    id uuid primary key, invoice_id uuid not null references invoice deferrable initially deferred, contested_cents bigint not null, reason text not null,
    state text not null, outcome text, opened_at timestamptz not null, resolved_at timestamptz, opened_by text not null)`,
  `create index dispute_invoice on dispute (invoice_id)`,
  `create index dispute_state on dispute (state, opened_at, id)`,
  `create table invoice_hold (
    id uuid primary key, invoice_id uuid not null references invoice deferrable initially deferred, reason text not null, until date,
    placed_at timestamptz not null, lifted_at timestamptz, placed_by text not null)`,
  `create index invoice_hold_invoice on invoice_hold (invoice_id)`,

  // The door.
  `create table contact_request (
    id uuid primary key, invoice_id uuid not null references invoice, debtor_id uuid not null references debtor,
    creditor_id uuid not null references creditor, step text not null, occurrence int not null, level text not null,
    channel text not null, mode text not null, template text not null, recipient text not null,
    state text not null check (state in ('waiting', 'claimed', 'done', 'failed', 'withdrawn')),
    approved_by text, approved_digest text, free_text text, deferred_until timestamptz, reason text, restart_at timestamptz,
    asked_at timestamptz not null, unique (invoice_id, step, occurrence))`,
  `create index contact_request_waiting on contact_request (debtor_id) where state = 'waiting'`,
  `create table document (
    id uuid primary key, kind text not null, name text not null, media_type text not null, bytes bytea not null, sha256 text not null,
    subject uuid, at timestamptz not null)`,
  `create table message (
    id uuid primary key, key text not null unique, purpose text not null check (purpose in ('contact', 'internal', 'sample')),
    creditor_id uuid references creditor, debtor_id uuid references debtor, contact_id uuid references contact, user_id uuid references app_user,
    channel text not null, language text not null, level text, template text not null,
    state text not null check (state in ('planned', 'claimed', 'accepted', 'refused', 'unknown', 'cancelled', 'delivered', 'bounced', 'complained')),
    attempt int not null default 0, possible_duplicate boolean not null default false, planned_at timestamptz not null,
    claimed_at timestamptz, touched_at timestamptz not null default clock_timestamp(), state_at timestamptz not null, figures jsonb not null, recipient text not null, subject text,
    body_html text, body_text text, document_id uuid references document, sha256 text not null, provider text, provider_ref text, reason text,
    recorded_at timestamptz not null default clock_timestamp())`,
  `create index message_debtor on message (debtor_id, claimed_at)`,
  `create index message_newest on message (planned_at desc, id desc)`,
  `create index message_open on message (state) where state in ('planned', 'claimed', 'unknown')`,
  `create table message_line (
    message_id uuid not null references message, invoice_id uuid not null references invoice, request_id uuid references contact_request,
    fact int not null, balance_cents bigint not null, asked_cents bigint not null, open boolean not null,
    primary key (message_id, invoice_id))`,
  `create unique index message_line_open on message_line (request_id) where open and request_id is not null`,
  `create index message_line_invoice on message_line (invoice_id)`,
  `create table message_part (
    message_id uuid not null references message, cid text not null, media_type text not null, bytes bytea not null, primary key (message_id, cid))`,

  // What people are asked to do.
  `create table task (
    id uuid primary key, kind text not null, debtor_id uuid not null references debtor, creditor_id uuid not null references creditor,
    about text, due_on date not null, state text not null check (state in ('open', 'done', 'withdrawn')), outcome text, message_id uuid references message,
    owner text, reminders int not null default 0, opened_at timestamptz not null, done_at timestamptz, done_by text)`,
  `create index task_open on task (due_on, id) where state = 'open'`,
  `create table task_invoice (
    task_id uuid not null references task, invoice_id uuid not null references invoice, step text, occurrence int, open boolean not null default true,
    primary key (task_id, invoice_id))`,
  `create index task_invoice_invoice on task_invoice (invoice_id)`,
  `create table stop (
    id uuid primary key, scope text not null check (scope in ('everything', 'creditor', 'debtor', 'invoice')), subject_id uuid,
    reason text not null, since timestamptz not null, placed_by text not null, lifted_at timestamptz, lifted_by text)`,
  `create unique index stop_in_force on stop (scope, coalesce(subject_id, '00000000-0000-0000-0000-000000000000'::uuid)) where lifted_at is null`,

  // What happened, and who must hear of it.
  `create table journal (
    subject text not null, seq int not null, fact int, type text not null, at timestamptz not null, body text not null,
    prev_hash text not null, hash text not null, recorded_at timestamptz not null default clock_timestamp(), primary key (subject, seq))`,
  `create unique index journal_fact on journal (subject, fact) where fact is not null`,
  `create table private_text (id uuid primary key, subject text not null, salt text not null, sha256 text not null, content text not null)`,
  `create index private_text_subject on private_text (subject)`,
  `create sequence event_position`,
  `create table outbox (
    id bigint generated always as identity primary key, lane smallint not null, workflow text not null, fact int, type text not null,
    position bigint unique, delivered_at timestamptz, tries int not null default 0, recorded_at timestamptz not null default clock_timestamp())`,
  `create index outbox_waiting on outbox (lane, id) where delivered_at is null`,
  `create index outbox_unnumbered on outbox (id) where position is null`,

  // What came in from outside.
  `create table import (
    id uuid primary key, sha256 text not null unique, name text not null, state text not null check (state in ('staging', 'applying', 'applied', 'failed')),
    creditor_id uuid references creditor, answers jsonb not null, reading jsonb not null, cursor int not null default 0, rows int not null default 0,
    created int not null default 0, updated int not null default 0, unchanged int not null default 0, rejected int not null default 0,
    failure text, release_when_applied boolean not null default false, released_at timestamptz, released_by text, release_cursor uuid, release_finished_at timestamptz,
    imported_by text not null, at timestamptz not null, applied_at timestamptz)`,
  `create table import_row (
    import_id uuid not null references import, place int not null, line int not null, state text not null check (state in ('staged', 'created', 'updated', 'unchanged', 'rejected')),
    content jsonb not null, problems jsonb, amount_cents bigint, currency text, invoice_id uuid, changes jsonb, primary key (import_id, place))`,
  `create index import_row_rejected on import_row (import_id, place) where state = 'rejected'`,
  `create index import_row_invoice on import_row (invoice_id, import_id, place) where invoice_id is not null`,
  `create table idempotency (
    caller uuid not null, key text not null, request_hash text not null, status int, answer text, recorded_at timestamptz not null default clock_timestamp(),
    primary key (caller, key))`,
];
