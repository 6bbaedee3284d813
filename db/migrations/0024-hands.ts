import { sql } from 'kysely';
import type { Kysely } from 'kysely';

/** Keys remember the people through whose hands they went, and questions those of whoever asked. */
export async function up(db: Kysely<never>): Promise<void> {
  for (const statement of statements) await sql.raw(statement).execute(db);
}

const statements = [
  `alter table api_key add column hands text[] not null default '{}'`,
  // Whoever issued the keys of before stands in the journal; the command line is nobody who asks or says yes.
  `update api_key set hands = array(
     select distinct body::json ->> 'by' from journal
     where subject = 'user/' || api_key.user_id and type = 'keyAdded' and body::json ->> 'prefix' = api_key.prefix
       and body::json ->> 'by' in (select id::text from app_user))`,
  `alter table approval add column asked_through text[] not null default '{}'`,
];
