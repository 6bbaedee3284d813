import { sql } from 'kysely';
import type { Kysely } from 'kysely';

/** A litigation file may end because nothing is owed any more though nobody paid: written off, waived, cancelled. */
export async function up(db: Kysely<never>): Promise<void> {
  for (const statement of statements) await sql.raw(statement).execute(db);
}

const statements = [
  `alter table litigation drop constraint litigation_outcome_check`,
  `alter table litigation add constraint litigation_outcome_check
     check (outcome in ('recovered', 'no_longer_owed', 'withdrawn', 'doubtful', 'irrecoverable'))`,
];
