import { sql } from 'kysely';
import type { Kysely } from 'kysely';

/** What a creditor's letters say of it beside its SIREN (R123-237 and R123-238 C. com.): its register, its form, its capital. */
export async function up(db: Kysely<never>): Promise<void> {
  await sql`alter table creditor add column registration text`.execute(db);
}
