import { sql } from 'kysely';
import type { Kysely } from 'kysely';

/** The journal says of each payment that it was recorded, and knows its reference by a salted hash. */
export async function up(db: Kysely<never>): Promise<void> {
  for (const statement of statements) await sql.raw(statement).execute(db);
}

const statements = [
  `alter table payment add column reference_salt text`,
  `create index journal_payment_entered on journal ((body::jsonb ->> 'paymentId')) where type = 'paymentEntered'`,
];
