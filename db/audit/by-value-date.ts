import { sql } from 'kysely';
import { ageBandOf } from '../../domain/audit/ageing.ts';
import type { Sum } from '../../domain/audit/ageing.ts';
import { daysBetween } from '../../domain/time.ts';
import type { CivilDate } from '../../domain/time.ts';
import type { Db } from '../database.ts';

/** What an invoice owed on a day, by what is known of that day today. */
export interface OwedThen {
  readonly invoiceId: string;
  readonly creditorId: string;
  readonly debtorId: string;
  readonly currency: string;
  readonly dueDate: CivilDate;
  readonly daysLate: number;
  readonly balanceCents: number;
}

/**
 * What was owed on a day as we know it today: every movement whose own day is that day or before, whenever it was recorded.
 *
 * It answers another question than the portfolio as it was: not what people knew and did, but what was true of
 * the money. A payment valued on the 28th and entered on the 3rd is in the one and not in the other. States, levels and holds have
 * no value date, so there are none here. Up to `limit` invoices after that id, one more where there are more.
 */
export async function owedByValueDate(
  db: Db,
  { day, creditorId }: { readonly day: CivilDate; readonly creditorId?: string | undefined },
  limit: number,
  after: string | null,
): Promise<readonly OwedThen[]> {
  const { rows } = await sql<Omit<OwedThen, 'daysLate'>>`
    select invoice.id as "invoiceId", invoice.creditor_id as "creditorId", invoice.debtor_id as "debtorId", invoice.currency,
      invoice.due_date as "dueDate", owed.cents as "balanceCents"
    from invoice cross join lateral (
      select coalesce(sum(amount_cents), 0)::bigint as cents from ledger_entry
      where ledger_entry.invoice_id = invoice.id and ledger_entry.day <= ${day}::date) owed
    where owed.cents > 0
      ${creditorId === undefined ? sql`` : sql`and invoice.creditor_id = ${creditorId}::uuid`}
      ${after === null ? sql`` : sql`and invoice.id > ${after}::uuid`}
    order by invoice.id limit ${limit + 1}`.execute(db);
  return rows.map((row) => ({ ...row, daysLate: Math.max(0, daysBetween(row.dueDate, day)) }));
}

/** One cell of the aged balance by value date. */
export interface AgedSum extends Sum {
  readonly creditorId: string;
  readonly currency: string;
  readonly band: ReturnType<typeof ageBandOf>;
}

/** The aged balance of the same, per creditor, currency and age. */
export async function agedByValueDate(
  db: Db,
  { day, creditorId }: { readonly day: CivilDate; readonly creditorId?: string | undefined },
): Promise<readonly AgedSum[]> {
  const { rows } = await sql<Omit<AgedSum, 'band'> & { late: number }>`
    select creditor_id as "creditorId", currency, late, count(*)::int as invoices, sum(cents)::bigint as cents
    from (
      select invoice.creditor_id, invoice.currency, sum(entry.amount_cents) as cents,
        case when ${day}::date <= invoice.due_date then 0 when ${day}::date - invoice.due_date <= 30 then 1
          when ${day}::date - invoice.due_date <= 60 then 31 when ${day}::date - invoice.due_date <= 90 then 61 else 91 end as late
      from ledger_entry entry join invoice on invoice.id = entry.invoice_id
      where entry.day <= ${day}::date ${creditorId === undefined ? sql`` : sql`and invoice.creditor_id = ${creditorId}::uuid`}
      group by invoice.id having sum(entry.amount_cents) > 0) owed
    group by creditor_id, currency, late order by creditor_id, currency, late`.execute(db);
  return rows.map(({ late, ...row }) => ({ ...row, band: ageBandOf(late) }));
}
