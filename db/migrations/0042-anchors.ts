import { sql } from 'kysely';
import type { Kysely } from 'kysely';

/** What left is proved in the journal, and every day the heads of all its chains are put down in one anchor. */
export async function up(db: Kysely<never>): Promise<void> {
  for (const statement of statements) await sql.raw(statement).execute(db);
}

const statements = [
  `alter table message add column salt text`,

  // The statement is the text that was signed; the other columns are what it says. Its heads stay until they are kept outside.
  `create table anchor (
    n integer primary key check (n > 0), day date not null unique, statement text not null, hash text not null,
    root text not null, chains integer not null, entries bigint not null, at timestamptz not null, made_at timestamptz not null,
    public_key text, signature text,
    heads bytea, kept_as text, kept_at timestamptz, time_stamp bytea, stamped_at timestamptz)`,
];
