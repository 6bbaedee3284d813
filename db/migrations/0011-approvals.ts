import { sql } from 'kysely';
import type { Kysely } from 'kysely';

/**
 * Four eyes: grave acts that one person asks for and another one grants, and waivers, which are such acts.
 *
 * On unless an administrator has said otherwise: a house where one person works alone must say so, and its journal does.
 */
export async function up(db: Kysely<never>): Promise<void> {
  for (const statement of statements) await sql.raw(statement).execute(db);
}

const statements = [
  `alter table setting add column four_eyes boolean not null default true`,

  `alter table ledger_entry drop constraint ledger_entry_kind_check`,
  `alter table ledger_entry add constraint ledger_entry_kind_check
    check (kind in ('invoice', 'correction', 'payment', 'payment_return', 'credit_note', 'write_off', 'waiver', 'cancellation'))`,

  // What is asked for and what became of it, as lists show it; the truth is in the facts. "what" is what a yes carries out.
  `create table approval (
    id uuid primary key, act text not null, debtor_id uuid not null references debtor, creditor_id uuid not null references creditor,
    currency text not null, amount_cents bigint not null, about text, message_id uuid references message, what jsonb not null,
    state text not null check (state in ('open', 'granted', 'refused', 'expired', 'withdrawn')),
    asked_at timestamptz not null, asked_by text not null, expires_at timestamptz not null,
    decided_at timestamptz, decided_by text, reason text)`,
  `create index approval_state on approval (state, expires_at, id)`,
  `create index approval_debtor on approval (debtor_id)`,
  `create index approval_message on approval (message_id) where message_id is not null`,
  `create table approval_invoice (
    approval_id uuid not null references approval, invoice_id uuid not null references invoice deferrable initially deferred,
    amount_cents bigint not null, open boolean not null default true, primary key (approval_id, invoice_id))`,
  `create index approval_invoice_invoice on approval_invoice (invoice_id)`,
];
