import { sql } from 'kysely';
import type { RawBuilder } from 'kysely';
import { atOneMoment } from '../at-one-moment.ts';
import type { Db, Tx } from '../database.ts';
import type { Findings } from '../invariants.ts';
import { readMoneyBefore, sealOfEarlier } from './money-before.ts';

/**
 * Holds payments, credit notes and what stands on accounts against what the journal says was recorded: `money-noted.ts`.
 *
 * What was recorded before the journal said so has no entry; once `money-before.ts` has counted that, no more may come to
 * it, and until then nothing that is newer than the first entry. A debtor is compared nowhere: merges move what is his.
 */
export async function verifyMoneyNoted(db: Db, findings: Findings): Promise<void> {
  const offenders = await atOneMoment(db, async (tx) => {
    const before = await readMoneyBefore(tx);
    // What bears the very moment of the seal is under it.
    const since = before ? before.at + 1 : await firstEntry(tx);
    const found: { subject: string; what: string }[] = [];
    for (const compared of [payments(since), creditNotes(since), accounts(since)])
      found.push(...(await compared.execute(tx)).rows);
    if (before !== null && (await sealOfEarlier(tx)) !== before.sha256)
      found.push({
        subject: 'money',
        what: `what was recorded before ${new Date(before.at).toISOString()} without an entry of its own is not what it was`,
      });
    return found;
  });
  for (const { subject, what } of offenders) findings.add('I26', subject, what);
}

async function firstEntry(tx: Tx): Promise<number | null> {
  const { at } = await tx
    .selectFrom('journal')
    .select(({ fn }) => fn.min('at').as('at'))
    .where('type', 'in', ['paymentEntered', 'creditNoteEntered', 'accountMoved'])
    .executeTakeFirstOrThrow();
  return at;
}

type Compared = RawBuilder<{ subject: string; what: string }>;

/** A row of which nothing says that it was recorded: told when it is of no earlier time. */
const unsaid = (at: RawBuilder<unknown>, since: number | null): RawBuilder<unknown> =>
  since === null ? sql`false` : sql`${at} >= ${new Date(since)}::timestamptz`;

function payments(since: number | null): Compared {
  return sql`
    with said as (
      select subject || '#' || seq as entry, at, (body::jsonb ->> 'paymentId')::uuid as id, body::jsonb as said
      from journal where type = 'paymentEntered'),
    back as (
      select distinct on (body::jsonb ->> 'paymentId') (body::jsonb ->> 'paymentId')::uuid as id, (body::jsonb ->> 'on')::date as day
      from journal where type = 'paymentSentBack' order by body::jsonb ->> 'paymentId', at)
    select 'payment/' || coalesce(said.id, row.id) as subject,
      case when row.id is null then format('is gone, and %s says that it was recorded', said.entry)
        when said.id is null then format('was recorded %s, and no entry of the journal says so', row.at)
        else format('is not what %s says that it was recorded as: it has another %s', said.entry, differs.columns) end as what
    from said full join payment row on row.id = said.id
      left join back on back.id = row.id
      cross join lateral (select concat_ws(', ',
        case when row.creditor_id::text is distinct from said ->> 'creditorId' then 'creditor_id' end,
        case when row.currency is distinct from said ->> 'currency' then 'currency' end,
        case when row.amount_cents is distinct from (said ->> 'cents')::bigint then 'amount_cents' end,
        case when row.value_date is distinct from (said ->> 'valueDate')::date then 'value_date' end,
        case when row.recorded_by is distinct from said ->> 'by' then 'recorded_by' end,
        case when row.at is distinct from said.at then 'at' end,
        case when row.returned_on is distinct from back.day then 'returned_on' end,
        case when encode(sha256(convert_to(row.reference_salt || chr(10) || row.reference, 'UTF8')), 'hex')
          is distinct from said ->> 'reference' then 'reference' end) as columns) differs
    where case when row.id is null then true when said.id is null then ${unsaid(sql`row.at`, since)} else differs.columns <> '' end
    order by 1`;
}

function creditNotes(since: number | null): Compared {
  return sql`
    with said as (
      select subject || '#' || seq as entry, at, (body::jsonb ->> 'creditNoteId')::uuid as id, body::jsonb as said
      from journal where type = 'creditNoteEntered')
    select 'credit-note/' || coalesce(said.id, row.id) as subject,
      case when row.id is null then format('is gone, and %s says that it was recorded', said.entry)
        when said.id is null then format('was recorded %s, and no entry of the journal says so', row.at)
        else format('is not what %s says that it was recorded as: it has another %s', said.entry, differs.columns) end as what
    from said full join credit_note row on row.id = said.id
      cross join lateral (select concat_ws(', ',
        case when row.creditor_id::text is distinct from said ->> 'creditorId' then 'creditor_id' end,
        case when row.number is distinct from said ->> 'number' then 'number' end,
        case when row.currency is distinct from said ->> 'currency' then 'currency' end,
        case when row.amount_cents is distinct from (said ->> 'cents')::bigint then 'amount_cents' end,
        case when row.issue_date is distinct from (said ->> 'issueDate')::date then 'issue_date' end,
        case when row.recorded_by is distinct from said ->> 'by' then 'recorded_by' end,
        case when row.at is distinct from said.at then 'at' end) as columns) differs
    where case when row.id is null then true when said.id is null then ${unsaid(sql`row.at`, since)} else differs.columns <> '' end
    order by 1`;
}

function accounts(since: number | null): Compared {
  return sql`
    with said as (
      select subject, subject || '#' || seq as entry, at, (said ->> 'entryId')::uuid as id, said
      from journal cross join lateral jsonb_array_elements(body::jsonb -> 'entries') said where type = 'accountMoved'),
    row as (select * from ledger_entry where invoice_id is null)
    select coalesce(said.subject, 'debtor/' || row.debtor_id) as subject,
      case when row.id is null then format('ledger entry %s is gone from the account, and %s says that it was recorded', said.id, said.entry)
        when said.id is null then format('has ledger entry %s, %s of %s cents on %s, on the account, and no entry of the journal says so',
          row.id, row.kind, row.amount_cents, row.day)
        else format('ledger entry %s is not what %s says that it was recorded as: it has another %s', row.id, said.entry, differs.columns) end as what
    from said full join row on row.id = said.id
      cross join lateral (select concat_ws(', ',
        case when 'debtor/' || row.debtor_id is distinct from said.subject then 'debtor_id' end,
        case when row.creditor_id::text is distinct from said ->> 'creditorId' then 'creditor_id' end,
        case when row.currency is distinct from said ->> 'currency' then 'currency' end,
        case when row.kind is distinct from said ->> 'kind' then 'kind' end,
        case when row.amount_cents is distinct from (said ->> 'cents')::bigint then 'amount_cents' end,
        case when row.payment_id::text is distinct from said ->> 'paymentId' then 'payment_id' end,
        case when row.credit_note_id::text is distinct from said ->> 'creditNoteId' then 'credit_note_id' end,
        case when row.day is distinct from (said ->> 'day')::date then 'day' end,
        case when row.at is distinct from said.at then 'at' end) as columns) differs
    where case when row.id is null then true when said.id is null then ${unsaid(sql`row.at`, since)} else differs.columns <> '' end
    order by 1`;
}
