import { sql } from 'kysely';
import type { Kysely } from 'kysely';

/**
 * Promises over several invoices, the bank data on which they are judged, and instalment plans.
 *
 * A promise has one row per invoice under one id; what was paid before it was made is kept, so that what it brought is
 * seen whatever the money was booked on.
 */
export async function up(db: Kysely<never>): Promise<void> {
  for (const statement of statements) await sql.raw(statement).execute(db);
}

const statements = [
  `alter table promise drop constraint promise_pkey, add primary key (id, invoice_id),
    add column grace_days int, add column tolerance_cents bigint not null default 0, add column paid_before_cents bigint not null default 0,
    add column exceeding text, add column bank_data_awaited boolean not null default false`,
  `create index promise_awaiting on promise (invoice_id) where bank_data_awaited`,

  // What a creditor lets pass: days of grace (null: the scenario's) and cents. How old its bank data may be, in working
  // days; null: payments are recorded by hand, and what is not recorded has not come.
  `alter table creditor
    add column promise_grace_days int check (promise_grace_days between 0 and 30),
    add column promise_tolerance_cents bigint not null default 0 check (promise_tolerance_cents >= 0),
    add column bank_data_days_max int check (bank_data_days_max between 0 and 60)`,
  `create table bank_data (
    creditor_id uuid primary key references creditor, known_to date not null, stated_by text not null, at timestamptz not null)`,

  // A debt of one debtor towards one creditor in dated amounts. What was owed and paid on each invoice before it began is
  // kept, so that what came since is seen whatever it was booked on.
  `create table plan (
    id uuid primary key, debtor_id uuid not null references debtor, creditor_id uuid not null references creditor, currency text not null,
    amount_cents bigint not null check (amount_cents > 0), state text not null check (state in ('proposed', 'running', 'finished', 'broken', 'withdrawn')),
    grace_days int not null, missed_max int not null, tolerance_cents bigint not null, proposed_at timestamptz not null, proposed_by text not null,
    accepted_on date, accepted_how text, accepted_by text, started_at timestamptz, late_since date, bank_data_awaited boolean not null default false,
    ended_at timestamptz, ended_by text, reason text)`,
  `create index plan_debtor on plan (debtor_id)`,
  `create index plan_state on plan (state, proposed_at, id)`,
  `create table plan_invoice (
    plan_id uuid not null references plan, invoice_id uuid not null references invoice, amount_cents bigint not null check (amount_cents > 0),
    balance_before_cents bigint, paid_before_cents bigint, primary key (plan_id, invoice_id))`,
  `create index plan_invoice_invoice on plan_invoice (invoice_id)`,
  `create table plan_instalment (
    plan_id uuid not null references plan, number int not null, due_on date not null, amount_cents bigint not null check (amount_cents > 0),
    missed_on date, primary key (plan_id, number))`,

  // Nobody wakes a file in a plan: its plan does, and while it runs, that is the name of the silence.
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
          or jsonb_path_exists(collection, '$.debtor.holds[*] ? (@.until == null)')))
        and not (state = 'promised' and jsonb_path_exists(collection, '$.promise.bankDataAwaited'))
        and not (state = 'in_plan' and exists (
          select from plan join plan_invoice on plan_invoice.plan_id = plan.id where plan_invoice.invoice_id = invoice.id and plan.state = 'running'))`,
];
