import { sql } from 'kysely';
import type { Kysely } from 'kysely';

/**
 * A hand-over is a litigation file that a partner has. Files that a firm has without one get one here, so that from now on
 * it is told of payments, watched and heard like every other; and being told is no longer written as being chased.
 */
export async function up(db: Kysely<never>): Promise<void> {
  for (const statement of statements) await sql.raw(statement).execute(db);
}

const statements = [
  `alter table litigation_entry add column told_at timestamptz`,
  `update litigation_entry set told_at = chased_at, chased_at = null where kind = 'told'`,

  // The file has the id of its hand-over.
  `create temporary table bare on commit drop as
     select handed.id, handed.invoice_id, handed.firm_id, handed.handed_at, handed.handed_by, firm.kind,
       invoice.debtor_id, invoice.creditor_id, invoice.currency
     from hand_over handed join invoice on invoice.id = handed.invoice_id join firm on firm.id = handed.firm_id
     where handed.ended_at is null and not exists (
       select from litigation_invoice line join litigation on litigation.id = line.litigation_id
       where line.invoice_id = handed.invoice_id and line.left_at is null and litigation.state = 'handed')`,
  `update litigation_invoice set left_at = now() where left_at is null and invoice_id in (select invoice_id from bare)`,
  `update litigation set state = 'closed', outcome = 'withdrawn', reason = 'handed_over', closed_at = now(), closed_by = 'migration'
     where state = 'preparing' and exists (select from litigation_invoice line where line.litigation_id = litigation.id and line.left_at = now())
       and not exists (select from litigation_invoice line where line.litigation_id = litigation.id and line.left_at is null)`,
  `insert into litigation (id, debtor_id, creditor_id, currency, state, opened_at, opened_by, firm_id, route, handed_at, handed_by)
     select id, debtor_id, creditor_id, currency, 'handed', handed_at, handed_by, firm_id,
       case when kind in ('collection_firm', 'insurer', 'factor') then kind end, handed_at, handed_by from bare`,
  `insert into litigation_invoice (litigation_id, invoice_id, joined_at) select id, invoice_id, handed_at from bare`,
  `insert into litigation_piece (id, litigation_id, invoice_id, piece, document_id, not_needed_because, added_by, at)
     select gen_random_uuid(), bare.id, piece.invoice_id, piece.piece, piece.document_id, piece.not_needed_because, piece.added_by, piece.at
     from bare join litigation_invoice line on line.invoice_id = bare.invoice_id and line.left_at = now()
       join litigation_piece piece on piece.litigation_id = line.litigation_id and piece.removed_at is null
         and (piece.invoice_id is null or piece.invoice_id = bare.invoice_id)`,
  `insert into matter (id, kind, debtor_id, look_at) select id, 'litigation', debtor_id, now() from bare on conflict (id) do nothing`,
];
