import { sql } from 'kysely';
import type { Kysely } from 'kysely';

/**
 * A word: what one of us says to a debtor about his dispute, as a message that waits at his door and leaves it.
 *
 * It takes no step and asks for nothing, so no request of an invoice stands for it: why it waits and until when is written
 * on the message itself.
 */
export async function up(db: Kysely<never>): Promise<void> {
  for (const statement of statements) await sql.raw(statement).execute(db);
}

const statements = [
  `alter table message drop constraint message_purpose_check,
    add constraint message_purpose_check check (purpose in ('contact', 'internal', 'sample', 'word')),
    add column restart_at timestamptz, add column deferred_until timestamptz`,
  `create index message_word on message (debtor_id) where purpose = 'word' and state = 'planned'`,
  `alter table dispute_message add column message_id uuid references message`,
  `create unique index dispute_message_message on dispute_message (message_id) where message_id is not null`,
];
