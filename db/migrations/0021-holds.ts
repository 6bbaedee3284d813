import { sql } from 'kysely';
import type { Kysely } from 'kysely';

/**
 * A stop may have a last day: then it is a matter with a workflow of its own, which lifts it.
 *
 * Such a matter is about no debtor in particular.
 */
export async function up(db: Kysely<never>): Promise<void> {
  for (const statement of statements) await sql.raw(statement).execute(db);
}

const statements = [
  // The last silent day where it was stopped, and the moment at which that day ends.
  `alter table stop add column until date, add column ends_at timestamptz, add constraint stop_end check ((until is null) = (ends_at is null))`,
  `alter table matter alter column debtor_id drop not null, drop constraint matter_kind_check,
    add constraint matter_kind_check check (kind in ('dispute', 'plan', 'litigation', 'insolvency', 'stop'))`,
  `alter table matter add constraint matter_debtor_check check ((debtor_id is null) = (kind = 'stop'))`,
];
