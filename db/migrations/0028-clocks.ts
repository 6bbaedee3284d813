import { sql } from 'kysely';
import type { Kysely } from 'kysely';

/** Which claims the declarations of an insolvency have stated, what insurers were told, and what secures a debtor's debts. */
export async function up(db: Kysely<never>): Promise<void> {
  for (const statement of statements) await sql.raw(statement).execute(db);
}

const statements = [
  // A claim that comes in after a declaration was sent is not in it, so each says when it was declared. What
  // `claim_declaration` knows of its sending is read by no release from this one on.
  `create table declared_claim (
    insolvency_id uuid not null references insolvency, invoice_id uuid not null references invoice,
    creditor_id uuid not null references creditor, sent_on date not null, sent_by text not null,
    primary key (insolvency_id, invoice_id))`,
  `insert into declared_claim (insolvency_id, invoice_id, creditor_id, sent_on, sent_by)
     select insolvency.id, invoice.id, invoice.creditor_id, sent_on, sent_by
     from claim_declaration
     join insolvency on insolvency.id = claim_declaration.insolvency_id
     join invoice on invoice.debtor_id = insolvency.debtor_id and invoice.creditor_id = claim_declaration.creditor_id
     where sent_on is not null and (
       invoice.collection -> 'done' @> to_jsonb('insolvency/' || insolvency.judgment_on)
       or (invoice.state = 'handed_over' and invoice.known_at::date <= sent_on))`,
  `update claim_declaration set warned_clock = null, warned_for = null where sent_on is not null`,

  // Where the proof is that the insurer was told; the invoice's log knows that he was, and when.
  `create table insurer_notice (
    id uuid primary key, invoice_id uuid not null references invoice, kind text not null check (kind in ('overdue', 'intervention', 'insolvency')),
    on_day date not null, document_id uuid references document, reference text, said_at timestamptz not null, said_by text not null)`,
  `create unique index insurer_notice_kind on insurer_notice (invoice_id, kind)`,

  // In words, such as a bank's guarantee or a pledge, and the last day on which it may be called; null: it has none.
  `alter table debtor add column guarantee text, add column guarantee_until date`,
];
