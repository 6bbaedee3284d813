import { sql } from 'kysely';
import type { Kysely } from 'kysely';

/** A person gets another key when the one that wraps his is not in the ring: it may be lost, or come back. */
export async function up(db: Kysely<never>): Promise<void> {
  for (const statement of statements) await sql.raw(statement).execute(db);
}

const statements = [
  `alter table person_key drop constraint person_key_contact_id_key`,
  `create index person_key_contact on person_key (contact_id)`,
];
