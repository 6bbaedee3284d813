import { sql } from 'kysely';
import type { Kysely } from 'kysely';

/** Discounts for early settlement: what was offered on an invoice, until when, and what came of it. */
export async function up(db: Kysely<never>): Promise<void> {
  for (const statement of statements) await sql.raw(statement).execute(db);
}

const statements = [
  // The id is that of the hold under which the invoice is silent meanwhile. What was paid before is kept, so that what came
  // since is seen.
  `create table discount_offer (
    id uuid primary key, invoice_id uuid not null references invoice, debtor_id uuid not null references debtor,
    pay_cents bigint not null check (pay_cents > 0), discount_cents bigint not null check (discount_cents > 0), pay_by date not null,
    paid_before_cents bigint not null, state text not null check (state in ('open', 'taken', 'lapsed', 'withdrawn', 'overtaken')),
    bank_data_awaited boolean not null default false, offered_at timestamptz not null, offered_by text not null, ended_at timestamptz)`,
  `create unique index discount_offer_open on discount_offer (invoice_id) where state = 'open'`,
  `create index discount_offer_invoice on discount_offer (invoice_id)`,
  `alter table matter drop constraint matter_kind_check,
    add constraint matter_kind_check check (kind in ('dispute', 'plan', 'litigation', 'insolvency', 'stop', 'discount'))`,
];
