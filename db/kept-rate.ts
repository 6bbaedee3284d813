import { sql } from 'kysely';
import type { RawBuilder } from 'kysely';
import { seenInvoice } from './visible.ts';
import type { Eyes } from './visible.ts';

/** How often a debtor kept his word, in one currency. */
export interface KeptRate {
  readonly currency: string;
  /** Promises that fell due or were kept, and those kept in full; one kept in part was not kept. */
  readonly due: number;
  readonly kept: number;
  readonly dueCents: number;
  readonly keptCents: number;
}

/**
 * The promises of each debtor of a query on `debtor`, of what is seen: one promise counts once, on however many invoices.
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
        group by promise.id, invoice.currency having not bool_or(promise.state = 'active')) whole
      group by currency) rate), '[]')`;
}
