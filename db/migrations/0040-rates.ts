import { sql } from 'kysely';
import type { Kysely } from 'kysely';

/** A rate of late payment holds from a day: what was agreed for earlier days stays with it. */
export async function up(db: Kysely<never>): Promise<void> {
  for (const statement of statements) await sql.raw(statement).execute(db);
}

// Each {before, hundredths}, oldest first. The column penalty_rate_hundredths says it of all later days.
const statements = ['creditor', 'debtor'].map(
  (table) => `alter table ${table} add column penalty_rates_before jsonb not null default '[]'`,
);
