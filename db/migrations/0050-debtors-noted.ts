import { sql } from 'kysely';
import type { Kysely } from 'kysely';

/** The journal knows debtors and their contacts by hashes; the salt stands in the row, and goes with whoever is erased. */
export async function up(db: Kysely<never>): Promise<void> {
  for (const statement of statements) await sql.raw(statement).execute(db);
}

const statements = [
  `alter table debtor add column noted_salt text not null default gen_random_uuid()::text`,
  `alter table contact add column noted_salt text default gen_random_uuid()::text`,
  `update contact set noted_salt = null where erased_at is not null`,
];
