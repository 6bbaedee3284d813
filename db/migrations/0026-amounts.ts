import { sql } from 'kysely';
import type { Kysely } from 'kysely';

/**
 * Amounts: since when payments settle what they do, the rate that was agreed with one debtor, and questions about invoices
 * whose own life is over.
 */
export async function up(db: Kysely<never>): Promise<void> {
  for (const statement of statements) await sql.raw(statement).execute(db);
}

const statements = [
  // Each {before, to}: payments of days before that one settled that first. The column payments_go_to says it of all later ones.
  `alter table creditor add column payments_went_to jsonb not null default '[]'`,

  `alter table debtor add column penalty_rate_hundredths int check (penalty_rate_hundredths between 0 and 10000)`,

  `alter table matter drop constraint matter_kind_check,
    add constraint matter_kind_check check (kind in ('dispute', 'plan', 'litigation', 'insolvency', 'stop', 'discount', 'approval'))`,
];
