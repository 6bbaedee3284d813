import { sql } from 'kysely';
import type { Kysely } from 'kysely';

/**
 * Matters: what has a life of its own beside an invoice, such as the ladder of a dispute or the course of a plan.
 *
 * A row says when its workflow should look at it next, so that a lost one is found. `sleeper` names all that sleep.
 */
export async function up(db: Kysely<never>): Promise<void> {
  for (const statement of statements) await sql.raw(statement).execute(db);
}

const statements = [
  `create table matter (
    id uuid primary key, kind text not null check (kind in ('dispute', 'plan', 'litigation', 'insolvency')),
    debtor_id uuid not null references debtor, look_at timestamptz, swept_at timestamptz)`,
  `create index matter_look on matter (look_at) where look_at is not null`,
  `create index matter_debtor on matter (debtor_id)`,
  `create view sleeper as
    select 'invoice/' || id as workflow, state as what, wake_at as wakes_at from invoice where open and wake_at is not null
    union all select 'debtor/' || id, 'the door', look_at from debtor where look_at is not null
    union all select kind || '/' || id, 'a matter', look_at from matter where look_at is not null`,
];
