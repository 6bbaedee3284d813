import { sql } from 'kysely';
import type { Kysely } from 'kysely';

/** What each declaration stated of a claim: what comes to be owed beyond it is in no declaration, and is lost unless told. */
export async function up(db: Kysely<never>): Promise<void> {
  for (const statement of statements) await sql.raw(statement).execute(db);
}

const statements = [
  // A claim that has grown is declared a second time. What earlier releases declared of interest and indemnity they have not
  // kept; the price that was open on that day is what the ledger says of it.
  `alter table declared_claim drop constraint declared_claim_pkey,
    add column id uuid not null default gen_random_uuid() primary key,
    add column principal_cents bigint, add column interest_cents bigint, add column lump_sum_cents bigint`,
  `update declared_claim set principal_cents = greatest(0, (
     select coalesce(sum(amount_cents), 0) from ledger_entry entry
     where entry.invoice_id = declared_claim.invoice_id and (entry.kind = 'invoice' or entry.day <= declared_claim.sent_on)))`,
  `alter table declared_claim alter column principal_cents set not null, alter column id drop default`,
  `create index declared_claim_invoice on declared_claim (insolvency_id, invoice_id)`,
];
