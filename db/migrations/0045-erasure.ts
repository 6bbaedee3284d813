import { sql } from 'kysely';
import type { Kysely } from 'kysely';

/** What is kept of a person as proof is sealed with a key of his own, and can be erased for good. */
export async function up(db: Kysely<never>): Promise<void> {
  for (const statement of statements) await sql.raw(statement).execute(db);
}

const statements = [
  `create table person_key (
    id uuid primary key, contact_id uuid not null unique references contact, key bytea, wrapped_by text, made_at timestamptz not null,
    destroyed_at timestamptz, check ((key is null) = (destroyed_at is not null)))`,

  `alter table contact add column erased_at timestamptz`,
  `alter table message add column recipient_mark text, add column sealed_at timestamptz, add column erased_at timestamptz`,
  `alter table document add column erased_at timestamptz`,
  `alter table private_text add column erased_at timestamptz`,

  // Two random UUIDs are 244 bits of chance, and need no extension.
  `alter table setting add column address_secret bytea not null
    default decode(replace(gen_random_uuid()::text || gen_random_uuid()::text, '-', ''), 'hex')`,

  `create index message_texted_to on message (recipient_mark) where channel = 'sms'`,
  `create index message_to_contact on message (contact_id) where contact_id is not null`,
  `create index provider_event_address on provider_event (lower(address)) where address is not null`,
  // What was written before there were keys; a chore seals it, and the index is empty then.
  `create index message_to_seal on message (id) where sealed_at is null and erased_at is null and contact_id is not null`,
];
