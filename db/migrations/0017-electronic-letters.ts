import { sql } from 'kysely';
import type { Kysely } from 'kysely';

/**
 * Since when a debtor agrees to registered letters by electronic way (L. 100 CPCE).
 *
 * Of professionals that is presumed; a consumer must have said so before, and a public body is asked.
 */
export async function up(db: Kysely<never>): Promise<void> {
  await sql.raw(`alter table debtor add column electronic_letters_since date`).execute(db);
}
