import { sql } from 'kysely';
import type { Kysely } from 'kysely';

/**
 * What must never be true, as views that must be empty.
 *
 * Each row names a subject and says what is wrong with it. They hold at every commit, whatever was killed when, and
 * lean on nothing but stored rows; `verify` reads them beside the checks that no SQL can make.
 */
export async function up(db: Kysely<never>): Promise<void> {
  for (const [name, query] of Object.entries(views))
    await sql.raw(`create view ${name} as ${query}`).execute(db);
}

/** A message may have left from its claim on, unless its outcome says that it did not. */
const mayHaveLeft = `('claimed', 'accepted', 'unknown', 'delivered', 'bounced', 'complained')`;

const views: Readonly<Record<string, string>> = {
  // The unique keys say the same; this says so even where a key was dropped or an index is corrupt.
  inv_01_one_of_each: `
    select 'invoice/' || invoice_id as subject, format('step %s, asking %s, stands at the door %s times', step, occurrence, count(*)) as what
      from contact_request group by invoice_id, step, occurrence having count(*) > 1
    union all
    select 'request/' || request_id, format('%s messages answer it at once', count(*))
      from message_line where open and request_id is not null group by request_id having count(*) > 1
    union all
    select 'message/' || min(id::text), format('%s messages have the key %s', count(*), key) from message group by key having count(*) > 1
    union all
    select 'caller/' || caller, format('the idempotency key %s was taken %s times', key, count(*)) from idempotency group by caller, key having count(*) > 1
    union all
    select 'invoice/' || min(id::text), format('%s invoices are number %s, term %s, of creditor %s', count(*), number, term, creditor_id)
      from invoice group by creditor_id, number, term having count(*) > 1`,

  inv_02_sent_once: `
    select 'request/' || line.request_id as subject, format('%s messages may have left for one asking, and none is flagged', count(*)) as what
      from message_line line join message on message.id = line.message_id
      where line.request_id is not null and message.state in ${mayHaveLeft}
      group by line.request_id having count(*) > 1 and not bool_or(message.possible_duplicate)
    union all
    select 'message/' || id, format('was tried %s times, and is not flagged', attempt) from message where attempt > 1 and not possible_duplicate
    union all
    select 'message/' || id, 'was given up, then taken by the carrier, and is not flagged'
      from message where state = 'cancelled' and provider_ref is not null and not possible_duplicate`,

  // Machine times of one database tell what was committed first; the business clock is read before locks are waited for.
  inv_03_contact_overtaken: `
    select 'message/' || message.id as subject, format('claimed for invoice %s as of fact %s, though fact %s (%s) was recorded before', line.invoice_id, line.fact, later.fact, later.type) as what
      from message join message_line line on line.message_id = message.id
      join journal later on later.subject = 'invoice/' || line.invoice_id and later.fact > line.fact and later.recorded_at < message.recorded_at
      where message.claimed_at is not null and message.purpose = 'contact'
    union all
    select 'message/' || message.id, format('asks for invoice %s, which is settled', line.invoice_id)
      from message join message_line line on line.message_id = message.id
      where message.claimed_at is not null and message.purpose = 'contact' and line.balance_cents <= 0
    union all
    select 'message/' || message.id, format('claimed for invoice %s while the stop %s was in force', line.invoice_id, stop.id)
      from stop
      join journal pulled on pulled.subject = 'stop' and pulled.type = 'stopPulled' and pulled.body::jsonb ->> 'stopId' = stop.id::text
      left join journal lifted on lifted.subject = 'stop' and lifted.type = 'stopLifted' and lifted.body::jsonb ->> 'stopId' = stop.id::text
      join message on message.claimed_at is not null and message.purpose = 'contact' and message.recorded_at > pulled.recorded_at
        and (lifted.recorded_at is null or message.recorded_at < lifted.recorded_at)
      join message_line line on line.message_id = message.id and line.request_id is not null
      join invoice on invoice.id = line.invoice_id
      where stop.scope = 'everything' or stop.subject_id = case stop.scope when 'creditor' then invoice.creditor_id when 'debtor' then invoice.debtor_id else invoice.id end`,

  inv_04_money_in: `
    with moved as (
      select coalesce(payment_id, credit_note_id) as source, invoice_id, debtor_id, sum(amount_cents) as cents,
        sum(amount_cents) filter (where kind <> 'payment_return') as settled, sum(amount_cents) filter (where kind = 'payment_return') as returned
      from ledger_entry where payment_id is not null or credit_note_id is not null
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
      where entry.currency <> invoice.currency or entry.creditor_id <> invoice.creditor_id`,

  inv_05_balance: `
    with booked as (
      select invoice_id, sum(amount_cents) as cents, sum(amount_cents) filter (where kind in ('invoice', 'correction')) as gross from ledger_entry where invoice_id is not null group by invoice_id)
    select 'invoice/' || id as subject, format('owes %s cents by its row, %s by its ledger, %s by its file', balance_cents, coalesce(cents, 0), collection ->> 'balanceCents') as what
      from invoice left join booked on booked.invoice_id = invoice.id
      where balance_cents <> coalesce(cents, 0) or balance_cents <> (collection ->> 'balanceCents')::bigint
    union all
    select 'invoice/' || id, format('amounts to %s cents by its row, %s by its ledger', amount_cents, coalesce(gross, 0))
      from invoice left join booked on booked.invoice_id = invoice.id where amount_cents <> coalesce(gross, 0)
    union all
    select 'invoice/' || id, format('has a balance of %s cents, and amounts to %s', balance_cents, amount_cents)
      from invoice where balance_cents < 0 or balance_cents > amount_cents
    union all
    select 'invoice/' || id, format('is closed as %s and owes %s cents', state, balance_cents)
      from invoice where balance_cents > 0 and state in ('paid', 'cancelled', 'written_off')
    union all
    select 'debtor/' || debtor_id, format('owes %s cents %s to creditor %s that no invoice asks for', sum(amount_cents), currency, creditor_id)
      from ledger_entry where invoice_id is null group by debtor_id, creditor_id, currency having sum(amount_cents) > 0`,

  // Bulk goes at a rate of its own: a word may be ten minutes late, and a second more for each fifty before it.
  inv_06_word_undelivered: `
    select workflow as subject, format('has not heard of %s since %s, after %s tries', concat_ws(' ', 'fact', fact, type), recorded_at, tries) as what
      from (select *, row_number() over (partition by lane order by id) as place from outbox where delivered_at is null) waiting
      where recorded_at < clock_timestamp() - interval '10 minutes' - lane * place / 50 * interval '1 second'`,

  inv_07_closed_and_waking: `
    select 'invoice/' || id as subject, format('is closed as %s and would wake at %s', state, wake_at) as what from invoice where not open and wake_at is not null
    union all
    select 'invoice/' || id, format('is %s though its state is %s', case when open then 'open' else 'closed' end, state)
      from invoice where open = (state in ('paid', 'cancelled', 'written_off', 'handed_over'))`,

  inv_09_chain_without_invoice: `
    select subject, 'has a journal and no invoice' as what from journal
      where seq = 1 and subject like 'invoice/%' and not exists (select from invoice where 'invoice/' || invoice.id = journal.subject)
    union all
    select 'invoice/' || id, 'has no journal' from invoice where not exists (select from journal where subject = 'invoice/' || invoice.id)`,

  // Whom nobody wakes and nobody works on is forgotten, unless something with a name keeps him silent.
  inv_17_forgotten: `
    select 'invoice/' || id as subject, format('is %s, has no wake-up, no open task and no reason to be silent', state) as what
      from invoice
      where open and wake_at is null
        and not exists (select from task_invoice join task on task.id = task_invoice.task_id where task_invoice.invoice_id = invoice.id and task_invoice.open and task.state = 'open')
        and not (state = 'held' and (
          collection -> 'debtor' ->> 'insolventOn' is not null
          or collection -> 'debtor' ->> 'kind' in ('internal', 'consumer')
          or (collection ->> 'factored')::boolean
          or (collection ->> 'paidBy' in ('direct_debit', 'bill_of_exchange') and not (collection ->> 'paymentCameBack')::boolean)
          or jsonb_path_exists(collection, '$.holds[*] ? (@.until == null)')
          or jsonb_path_exists(collection, '$.debtor.holds[*] ? (@.until == null)')))`,

  inv_18_import: `
    with counted as (
      select import_id, count(*) as rows, count(*) filter (where state = 'created') as created, count(*) filter (where state = 'updated') as updated,
        count(*) filter (where state = 'unchanged') as unchanged, count(*) filter (where state = 'rejected') as rejected, count(*) filter (where state = 'staged') as staged
      from import_row group by import_id)
    select 'import/' || id as subject,
        format('says %s rows: %s created, %s updated, %s unchanged, %s rejected; its rows say %s: %s, %s, %s, %s and %s to come', import.rows, import.created, import.updated, import.unchanged,
          import.rejected, coalesce(counted.rows, 0), coalesce(counted.created, 0), coalesce(counted.updated, 0), coalesce(counted.unchanged, 0), coalesce(counted.rejected, 0), coalesce(counted.staged, 0)) as what
      from import left join counted on counted.import_id = import.id
      where import.state in ('applying', 'applied') and (
        import.rows <> coalesce(counted.rows, 0) or import.created <> coalesce(counted.created, 0) or import.updated <> coalesce(counted.updated, 0)
        or import.unchanged <> coalesce(counted.unchanged, 0) or import.rejected <> coalesce(counted.rejected, 0)
        or (import.state = 'applied' and import.rows <> import.created + import.updated + import.unchanged + import.rejected))
    union all
    select 'import/' || row.import_id, format('line %s created an invoice over %s cents %s; the ledger says %s', row.line, row.amount_cents, row.currency, coalesce(sum(entry.amount_cents)::text, 'nothing'))
      from import_row row left join ledger_entry entry on entry.invoice_id = row.invoice_id and entry.kind = 'invoice' and entry.currency = row.currency
      where row.state = 'created' group by row.import_id, row.place, row.line, row.amount_cents, row.currency
      having row.amount_cents is distinct from sum(entry.amount_cents)`,
};
