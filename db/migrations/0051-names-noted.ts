import { sql } from 'kysely';
import type { Kysely } from 'kysely';

/** The journal knows what a user is called by a hash; the salt stands in the row. */
export async function up(db: Kysely<never>): Promise<void> {
  for (const statement of statements) await sql.raw(statement).execute(db);
}

const statements = [
  `alter table app_user add column noted_salt text not null default gen_random_uuid()::text`,
];
