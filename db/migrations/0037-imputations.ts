import { sql } from 'kysely';
import type { Kysely } from 'kysely';

/**
 * What a payment settled of interest is a fact of that payment: its entry names it.
 *
 * Such an entry raises the balance of an invoice and moves no money, so it is no part of what the payment comes to; and no
 * more of it is taken back than was settled.
 */
export async function up(db: Kysely<never>): Promise<void> {
  for (const statement of statements) await sql.raw(statement).execute(db);
}

const statements = [
  // They were made with the entry of their payment, or of its return, at the same moment.
  `update ledger_entry entry set payment_id = money.payment_id
    from (select invoice_id, at, kind, min(payment_id::text)::uuid as payment_id from ledger_entry
      where kind in ('payment', 'payment_return') and invoice_id is not null
      group by invoice_id, at, kind having count(distinct payment_id) = 1) money
    where entry.kind = 'interest' and entry.payment_id is null and money.invoice_id = entry.invoice_id and money.at = entry.at
      and money.kind = case when entry.amount_cents > 0 then 'payment' else 'payment_return' end`,

  `create or replace view inv_04_money_in as
    with moved as (
      select coalesce(payment_id, credit_note_id) as source, invoice_id, debtor_id, sum(amount_cents) as cents,
        sum(amount_cents) filter (where kind <> 'payment_return') as settled, sum(amount_cents) filter (where kind = 'payment_return') as returned
      from ledger_entry where (payment_id is not null or credit_note_id is not null) and kind <> 'interest'
      group by coalesce(payment_id, credit_note_id), invoice_id, debtor_id),
    money as (
      select id, 'payment/' as kind, amount_cents, currency, creditor_id, returned_on is not null as is_back from payment
      union all select id, 'credit-note/', amount_cents, currency, creditor_id, false from credit_note)
    select money.kind || money.id as subject, format('is over %s cents, and its entries say %s and %s back', amount_cents, -coalesce(sum(settled), 0), coalesce(sum(returned), 0)) as what
      from money left join moved on moved.source = money.id
      group by money.kind, money.id, amount_cents, is_back
      having coalesce(sum(settled), 0) <> -amount_cents or coalesce(sum(returned), 0) <> case when is_back then amount_cents else 0 end
    union all
    select money.kind || money.id, format('has %s cents too many taken from %s', greatest(moved.settled, moved.cents), coalesce('invoice ' || invoice_id, 'the account of debtor ' || debtor_id))
      from money join moved on moved.source = money.id where moved.settled > 0 or moved.cents > 0 or (is_back and moved.cents <> 0)
    union all
    select money.kind || money.id, format('is in %s of creditor %s, its entry %s in %s of creditor %s', money.currency, money.creditor_id, entry.id, entry.currency, entry.creditor_id)
      from money join ledger_entry entry on money.id in (entry.payment_id, entry.credit_note_id)
      where entry.currency <> money.currency or entry.creditor_id <> money.creditor_id
    union all
    select 'invoice/' || invoice.id, format('is in %s, its entry %s in %s', invoice.currency, entry.id, entry.currency)
      from invoice join ledger_entry entry on entry.invoice_id = invoice.id
      where entry.currency <> invoice.currency or entry.creditor_id <> invoice.creditor_id
    union all
    select 'payment/' || payment_id, format('has %s cents of interest too many taken back on invoice %s', -sum(amount_cents), invoice_id)
      from ledger_entry where kind = 'interest' and payment_id is not null
      group by payment_id, invoice_id having sum(amount_cents) < 0`,
];
