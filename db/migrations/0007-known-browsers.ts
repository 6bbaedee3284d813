import { sql } from 'kysely';
import type { Kysely } from 'kysely';

/** Browsers in which a user has logged in before: what fails elsewhere does not make them wait. */
export async function up(db: Kysely<never>): Promise<void> {
  await sql
    .raw(
      `create table known_browser (
        token_sha256 bytea primary key, user_id uuid not null references app_user, seen_at timestamptz not null)`,
    )
    .execute(db);
  await sql.raw(`create index known_browser_user on known_browser (user_id, seen_at)`).execute(db);
}
