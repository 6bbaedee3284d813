import { sql } from 'kysely';
import type { Kysely } from 'kysely';

/**
 * When somebody last proved to be himself in his session: what is dear asks for a proof that is not old.
 *
 * A session of before has none, so its owner is asked.
 */
export async function up(db: Kysely<never>): Promise<void> {
  await sql.raw('alter table session add column proved_at timestamptz').execute(db);
}
