import { sql } from 'kysely';
import type { Kysely } from 'kysely';

/**
 * Insolvency procedures with the declarations that they ask for, what interrupts the limitation of a claim, the policies of
 * credit insurers, and whether a debtor pays before he is served.
 */
export async function up(db: Kysely<never>): Promise<void> {
  for (const statement of statements) await sql.raw(statement).execute(db);
}

const statements = [
  // A procedure that was recorded by mistake is ended, not forgotten; a debtor is in one at a time.
  `create table insolvency (
    id uuid primary key, debtor_id uuid not null references debtor, judgment_on date not null,
    kind text check (kind in ('safeguard', 'receivership', 'liquidation')), published_on date, administrator text, court text,
    recorded_at timestamptz not null, recorded_by text not null, ended_at timestamptz, ended_by text)`,
  `create unique index insolvency_open on insolvency (debtor_id) where ended_at is null`,

  // One declaration per creditor; the days it must keep are worked out, the last warning of them is kept.
  `create table claim_declaration (
    insolvency_id uuid not null references insolvency, creditor_id uuid not null references creditor, sent_on date, sent_by text,
    warned_clock text, warned_for date, primary key (insolvency_id, creditor_id))`,

  // What begins the limitation of a claim anew or stops its days, said by a person, with its proof.
  `create table limitation_event (
    id uuid primary key, invoice_id uuid not null references invoice, kind text not null, way text, on_day date not null, until_day date,
    document_id uuid references document, reference text, stated_at timestamptz not null, stated_by text not null)`,
  `create index limitation_event_invoice on limitation_event (invoice_id)`,

  // The terms of a policy differ from one to the other: null for what is not agreed.
  `create table insurance_policy (
    id uuid primary key, creditor_id uuid not null references creditor, number text not null, overdue_notice_days int, intervention_days int,
    extension_days int, insolvency_notice_days int, indemnity_days int, added_at timestamptz not null, added_by text not null, ended_at timestamptz)`,
  `create unique index insurance_policy_open on insurance_policy (creditor_id) where ended_at is null`,

  `alter table debtor add column deposit_required_since date`,

  // Nobody wakes a claim that is past its limitation once a person has seen to it: that is the name of the silence.
  `create or replace view inv_17_forgotten as
    select 'invoice/' || id as subject, format('is %s, has no wake-up, no open task and no reason to be silent', state) as what
      from invoice
      where open and wake_at is null
        and not exists (select from task_invoice join task on task.id = task_invoice.task_id where task_invoice.invoice_id = invoice.id and task_invoice.open and task.state = 'open')
        and not (state = 'held' and (
          collection -> 'debtor' ->> 'insolventOn' is not null
          or collection -> 'debtor' ->> 'kind' in ('internal', 'consumer')
          or (collection ->> 'factored')::boolean
          or (collection ->> 'paidBy' in ('direct_debit', 'bill_of_exchange') and not (collection ->> 'paymentCameBack')::boolean)
          or jsonb_path_exists(collection, '$.holds[*] ? (@.until == null)')
          or jsonb_path_exists(collection, '$.debtor.holds[*] ? (@.until == null)')
          or jsonb_path_exists(collection, '$.done[*] ? (@ starts with "limitation/")')))
        and not (state = 'promised' and jsonb_path_exists(collection, '$.promise.bankDataAwaited'))
        and not (state = 'in_plan' and exists (
          select from plan join plan_invoice on plan_invoice.plan_id = plan.id where plan_invoice.invoice_id = invoice.id and plan.state = 'running'))`,
];
