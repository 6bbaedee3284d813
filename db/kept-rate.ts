import { sql } from 'kysely';
import type { RawBuilder } from 'kysely';
import type { Db } from './database.ts';
import { seenInvoice } from './visible.ts';
import type { Eyes } from './visible.ts';

/** How often a debtor kept his word, in one currency. */
export interface KeptRate {
  readonly currency: string;
  /** Promises and plans that fell due or were kept, and those kept in full; one kept in part was not kept. */
  readonly due: number;
  readonly kept: number;
  readonly dueCents: number;
  readonly keptCents: number;
}

/**
 * The promises and plans of each debtor of a query on `debtor`, of what is seen: one counts once, on however many invoices
 * and in however many instalments. A plan that is also about an invoice of a colleague's is not seen, as everywhere.
 *
 * Running ones, and those that were taken back or replaced by another, say nothing yet.
 */
export function keptRates(eyes: Eyes): RawBuilder<KeptRate[]> {
  return sql<KeptRate[]>`coalesce((
    select json_agg(rate order by rate.currency) from (
      select currency, count(*)::int as due, (count(*) filter (where is_kept))::int as kept,
        sum(cents)::bigint as "dueCents", coalesce(sum(cents) filter (where is_kept), 0)::bigint as "keptCents"
      from (
        select promise.id, invoice.currency, bool_and(promise.state = 'kept') as is_kept, sum(promise.amount_cents) as cents
        from promise join invoice on invoice.id = promise.invoice_id
        where invoice.debtor_id = debtor.id and promise.state not in ('withdrawn', 'replaced') and ${seenInvoice(eyes, 'invoice')}
        group by promise.id, invoice.currency having not bool_or(promise.state = 'active')
        union all
        select plan.id, plan.currency, plan.state = 'finished', plan.amount_cents
        from plan
        where plan.debtor_id = debtor.id and plan.state in ('finished', 'broken')
          and not exists (select from plan_invoice join invoice on invoice.id = plan_invoice.invoice_id where plan_invoice.plan_id = plan.id and (${seenInvoice(eyes, 'invoice')}) is not true)) whole
      group by currency) rate), '[]')`;
}

/** How one debtor kept his word; empty before the first has fallen due. */
export async function keptRateOf(eyes: Eyes, db: Db, debtorId: string): Promise<readonly KeptRate[]> {
  const { rate } = await db
    .selectFrom('debtor')
    .select(keptRates(eyes).as('rate'))
    .where('id', '=', debtorId)
    .executeTakeFirstOrThrow();
  return rate;
}
