import { sql } from 'kysely';
import type { Tx } from './database.ts';

/** Two debtors and the merge between them. */
export interface Pair {
  readonly mergeId: string;
  readonly goneId: string;
  readonly intoId: string;
}

/**
 * Where the id of a debtor stands, and what becomes of it in a merge. A test compares the lists with the database: a table
 * that gets a debtor has a line here.
 *
 * `movedPlaces` change their debtor and are noted row by row, so that exactly they go back. `followers` are of whoever the
 * invoice is of. What else names a debtor keeps the id that it has: merges themselves, marks
 * of who was erased, which are looked for by merges, and stops, which are placed anew.
 */
export const movedPlaces = [
  'invoice',
  'contact',
  'debtor_key',
  'debtor_hold',
  'payment',
  'credit_note',
  'insolvency',
  'plan',
  'litigation',
  'task',
  'approval',
  'message',
  'matter',
] as const;

type Place = (typeof movedPlaces)[number];

export const followers = ['contact_request', 'accessory', 'discount_offer', 'ledger_entry'] as const;

/** What may be about several invoices, and the table that says about which. */
const gatherings = [
  { place: 'plan', lines: 'plan_invoice', by: 'plan_id' },
  { place: 'litigation', lines: 'litigation_invoice', by: 'litigation_id' },
  { place: 'task', lines: 'task_invoice', by: 'task_id' },
  { place: 'approval', lines: 'approval_invoice', by: 'approval_id' },
  { place: 'message', lines: 'message_line', by: 'message_id' },
] as const;

/** Gives all rows of the one to the other and notes which came. */
export async function moveRows(tx: Tx, { mergeId, goneId, intoId }: Pair): Promise<void> {
  for (const place of movedPlaces) {
    // Two open procedures of one judgment: the one of whoever stays speaks for both, the other one waits for the way back.
    const only =
      place === 'insolvency'
        ? sql`and not (ended_at is null and exists (select from insolvency other where other.debtor_id = ${intoId} and other.ended_at is null))`
        : sql``;
    await sql`
      with came as (update ${sql.table(place)} set debtor_id = ${intoId} where debtor_id = ${goneId} ${only} returning ${keyOf(place)} as row_id)
      insert into merge_row (merge_id, place, row_id) select ${mergeId}, ${place}, row_id from came`.execute(
      tx,
    );
  }
  await followInvoices(tx, goneId, intoId);
}

/**
 * Gives back what came and is still there, and what has been made since of the invoices that go back alone. The rest stays:
 * what was made since is of whoever it was made of.
 */
export async function moveRowsBack(tx: Tx, { mergeId, goneId, intoId }: Pair): Promise<void> {
  for (const place of movedPlaces)
    await sql`
      update ${sql.table(place)} set debtor_id = ${goneId} where debtor_id = ${intoId}
        and ${keyOf(place)} in (select row_id from merge_row where merge_id = ${mergeId} and place = ${place})`.execute(
      tx,
    );
  for (const { place, lines, by } of gatherings)
    await sql`
      update ${sql.table(place)} set debtor_id = ${goneId} where debtor_id = ${intoId}
        and exists (select from ${sql.table(lines)} line where line.${sql.ref(by)} = ${sql.table(place)}.id)
        and not exists (select from ${sql.table(lines)} line join invoice on invoice.id = line.invoice_id
          where line.${sql.ref(by)} = ${sql.table(place)}.id and invoice.debtor_id <> ${goneId})`.execute(tx);
  await followInvoices(tx, intoId, goneId);
}

/** The plans and litigation files that are not over and are about invoices of both: they can't be of one of them. */
export async function grownTogether(tx: Tx, { mergeId, intoId }: Pair): Promise<readonly string[]> {
  const { rows } = await sql<{ what: string }>`
    with came as (select row_id::uuid as id from merge_row where merge_id = ${mergeId} and place = 'invoice'),
      gathered as (
        select 'plan/' || plan.id as what, line.invoice_id from plan join plan_invoice line on line.plan_id = plan.id
          where plan.debtor_id = ${intoId} and plan.state in ('proposed', 'running')
        union all
        select 'litigation/' || file.id, line.invoice_id from litigation file join litigation_invoice line on line.litigation_id = file.id
          where file.debtor_id = ${intoId} and file.state <> 'closed' and line.left_at is null)
    select what from gathered group by what
      having bool_or(invoice_id in (select id from came)) and bool_or(invoice_id not in (select id from came))
      order by what`.execute(tx);
  return rows.map(({ what }) => what);
}

/** What is of whoever the invoice is of, and the matters of whoever they are about. */
async function followInvoices(tx: Tx, fromId: string, toId: string): Promise<void> {
  for (const place of followers)
    await sql`
      update ${sql.table(place)} set debtor_id = ${toId} from invoice
        where invoice.id = ${sql.table(place)}.invoice_id and ${sql.table(place)}.debtor_id = ${fromId} and invoice.debtor_id = ${toId}`.execute(
      tx,
    );
  await sql`
    update matter set debtor_id = ${toId} from (
      select id, debtor_id from plan
      union all select id, debtor_id from litigation
      union all select id, debtor_id from insolvency
      union all select id, debtor_id from discount_offer
      union all select id, debtor_id from approval
      union all select dispute.id, invoice.debtor_id from dispute join invoice on invoice.id = dispute.invoice_id) whose
      where whose.id = matter.id and matter.debtor_id = ${fromId} and whose.debtor_id = ${toId}`.execute(tx);
}

function keyOf(place: Place) {
  return place === 'debtor_key' ? sql`key` : sql`id::text`;
}
