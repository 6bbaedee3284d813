import { sql } from 'kysely';
import type { Db } from './database.ts';
import { onlySeen } from './visible.ts';
import type { Eyes } from './visible.ts';
import type { WorkPlace } from './work-reads.ts';

/** Grave acts that wait for an answer, or had one; those that lapse first come first, by keyset. */
export interface ApprovalFilter {
  readonly state?: string;
  readonly act?: string;
  readonly debtorId?: string;
  readonly invoiceId?: string;
}

export async function listApprovals(
  eyes: Eyes,
  db: Db,
  { state = 'open', act, debtorId, invoiceId }: ApprovalFilter,
  limit: number,
  after?: WorkPlace,
) {
  return db
    .selectFrom('approval')
    .innerJoin('debtor', 'debtor.id', 'approval.debtor_id')
    .innerJoin('creditor', 'creditor.id', 'approval.creditor_id')
    .selectAll('approval')
    .$call(onlySeen(eyes, 'approval'))
    .select([
      'debtor.name as debtorName',
      sql<string>`coalesce(creditor.legal_name, creditor.key)`.as('creditorName'),
      sql<string | null>`(select name from app_user where id::text = approval.asked_by)`.as('askedByName'),
      sql<string | null>`(select name from app_user where id::text = approval.decided_by)`.as(
        'decidedByName',
      ),
      sql<string | null>`(select name from firm where id::text = approval.what ->> 'firmId')`.as('firmName'),
      sql<InvoiceOfApproval[]>`coalesce((
        select json_agg(json_build_object('id', invoice.id, 'number', invoice.number, 'term', invoice.term,
                                          'amountCents', line.amount_cents, 'balanceCents', invoice.balance_cents) order by invoice.due_date, invoice.id)
        from approval_invoice line join invoice on invoice.id = line.invoice_id where line.approval_id = approval.id), '[]')`.as(
        'invoices',
      ),
    ])
    .$if(state !== 'any', (query) => query.where(sql<boolean>`approval.state = ${state}`))
    .$if(act !== undefined, (query) => query.where('approval.act', '=', act ?? ''))
    .$if(debtorId !== undefined, (query) => query.where('approval.debtor_id', '=', debtorId ?? ''))
    .$if(invoiceId !== undefined, (query) =>
      query.where(
        sql<boolean>`exists (select from approval_invoice where approval_id = approval.id and invoice_id = ${invoiceId})`,
      ),
    )
    .$if(after !== undefined, (query) =>
      query.where(
        sql<boolean>`(approval.expires_at, approval.id) > (${new Date(Number(after?.[0] ?? 0))}::timestamptz, ${after?.[1]}::uuid)`,
      ),
    )
    .orderBy('approval.expires_at')
    .orderBy('approval.id')
    .limit(limit + 1)
    .execute();
}

export interface InvoiceOfApproval {
  readonly id: string;
  readonly number: string;
  readonly term: number;
  readonly amountCents: number;
  readonly balanceCents: number;
}
