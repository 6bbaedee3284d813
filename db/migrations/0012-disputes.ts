import { sql } from 'kysely';
import type { Kysely } from 'kysely';

/**
 * The file of a dispute: its stages, its messages and documents, and who answers for which reason.
 *
 * Disputes of earlier releases keep the ladder of their task; they get their day, as the journal says it, and the
 * department that usually answers for their reason, so that they are counted with the others.
 */
export async function up(db: Kysely<never>): Promise<void> {
  for (const statement of statements) await sql.raw(statement).execute(db);
}

const statements = [
  `alter table dispute
    add column opened_on date, add column department text, add column qualify_by date, add column qualified_at timestamptz,
    add column qualified_by text, add column answered_at timestamptz,
    add column stage text check (stage in ('qualification', 'answer', 'decision')), add column stage_since date,
    add column rungs int not null default 0, add column granted_cents bigint, add column resolved_by text`,
  `update dispute set opened_on = coalesce(
      (select (body::jsonb ->> 'day')::date from journal
        where subject = 'invoice/' || dispute.invoice_id and type = 'disputeOpened' and body::jsonb ->> 'disputeId' = dispute.id::text),
      (opened_at at time zone 'Europe/Paris')::date),
    department = case
      when reason in ('delivery', 'not_received', 'quantity') then 'logistics'
      when reason = 'quality' then 'quality'
      when reason in ('price', 'terms', 'missing_order_number') then 'sales'
      else 'accounting' end`,
  `alter table dispute alter column opened_on set not null, alter column department set not null`,
  `create index dispute_opened_on on dispute (opened_on)`,

  // What the debtor, the collector and the resolver say to each other; the words stand apart, so that they can be erased.
  `create table dispute_message (
    id uuid primary key, dispute_id uuid not null references dispute, way text not null check (way in ('internal', 'to_debtor', 'from_debtor')),
    text_id uuid not null, written_by text not null, at timestamptz not null)`,
  `create index dispute_message_dispute on dispute_message (dispute_id, at)`,

  `create table dispute_document (
    id uuid primary key references document, dispute_id uuid not null references dispute,
    way text not null check (way in ('internal', 'to_debtor', 'from_debtor')), added_by text not null, at timestamptz not null)`,
  `create index dispute_document_dispute on dispute_document (dispute_id, at)`,
  `create index document_subject on document (subject) where subject is not null`,

  // Whom the house has named for a reason, where it is not as usual.
  `create table dispute_reason (
    reason text primary key, department text not null, resolver_id uuid references app_user)`,
];
