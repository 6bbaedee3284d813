import { sql } from 'kysely';
import type { Kysely } from 'kysely';

/**
 * Words that carry papers, and words about an offer of a discount.
 *
 * Which papers go with a message is settled when it is planned: one that is added later goes with the next.
 */
export async function up(db: Kysely<never>): Promise<void> {
  for (const statement of statements) await sql.raw(statement).execute(db);
}

const statements = [
  `create table message_paper (
    message_id uuid not null references message, document_id uuid not null references document, primary key (message_id, document_id))`,
  `create index message_paper_document on message_paper (document_id)`,

  // What the debtor is told of an offer: that it stands, and that he has taken it; each once.
  `create table discount_word (
    message_id uuid primary key references message, discount_id uuid not null references discount_offer,
    says text not null check (says in ('offered', 'taken')), unique (discount_id, says))`,
];
