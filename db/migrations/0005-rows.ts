import { sql } from 'kysely';
import type { Kysely } from 'kysely';

/**
 * Whose rows are whose: a collector's portfolio, a resolver's disputes, the files of an external firm.
 *
 * What a caller sees is worked out from these at each query (`db/visible.ts`), so whoever loses a file loses it at once.
 */
export async function up(db: Kysely<never>): Promise<void> {
  for (const statement of statements) await sql.raw(statement).execute(db);
}

const statements = [
  // Whether a collector sees all files, or those alone that name him.
  `alter table app_user add column portfolio text not null default 'all' check (portfolio in ('all', 'own'))`,

  `alter table dispute add column assigned_to uuid references app_user`,
  `create index dispute_assigned on dispute (assigned_to, invoice_id) where assigned_to is not null`,

  // Which firm has which file, from when, until when. A file is with one firm at a time.
  `create table hand_over (
    id uuid primary key, invoice_id uuid not null references invoice, firm_id uuid not null references app_user, hold_id uuid,
    handed_at timestamptz not null, handed_by text not null, ended_at timestamptz, ended_by text)`,
  `create unique index hand_over_in_force on hand_over (invoice_id) where ended_at is null`,
  `create index hand_over_firm on hand_over (firm_id, invoice_id) where ended_at is null`,

  `create index invoice_collector on invoice (lower(collector), due_date, id)`,
  `create index invoice_sales_owner on invoice (lower(sales_owner), due_date, id)`,
  `create index message_document on message (document_id) where document_id is not null`,
  `create index ledger_credit_note on ledger_entry (credit_note_id) where credit_note_id is not null`,
];
