import { sql } from 'kysely';
import { bySql, entriesWithBody, entryColumns, itself, within } from './question.ts';

/** A bank books within some days; what is entered later than that is asked about. */
const usualDays = 5;

/**
 * Which payments were entered for a day that had passed: after a message had claimed what was paid already, into a month
 * that was over, or simply late (money on account that is allocated later was entered when it came); and which stand in the ledger with another day than the one that was said.
 */
export const backDatedPayments = bySql(
  'back-dated-payments',
  (period) => sql`
    select found.* from (
      select ${entryColumns},
        case when booked.day is not null then 'day_changed_since' when claim.seq is not null then 'entered_after_claim'
          when date_trunc('month', (said ->> 'on')::date) < date_trunc('month', entered.day) then 'into_past_month'
          when entered.day - (said ->> 'on')::date > ${usualDays} then 'late' end as why,
        jsonb_build_object('amountCents', (said ->> 'amountCents')::bigint, 'valueDay', said ->> 'on', 'recordedOn', entered.day,
          'bookedOn', booked.day, 'currency', (select currency from invoice where 'invoice/' || invoice.id = entry.subject)) as more,
        ${itself} || case when claim.seq is null then '[]' else jsonb_build_array(jsonb_build_array(entry.subject, claim.seq)) end as entries
      from ${entriesWithBody}
        left join lateral (select min(noted.at) as at from journal noted
          where noted.type = 'paymentEntered' and noted.body::jsonb ->> 'paymentId' = said ->> 'paymentId') first on true
        cross join lateral (select coalesce(first.at, min(at), entry.at) as at,
          coalesce((coalesce(first.at, min(at)) at time zone 'Europe/Paris')::date, (said ->> 'day')::date) as day
          from payment where payment.id = (said ->> 'paymentId')::uuid) entered
        left join lateral (select seq from journal claim where claim.subject = entry.subject and claim.seq < entry.seq and claim.at <= entered.at
          and claim.type in ('stepSent', 'stepUnconfirmed', 'stepPosted', 'stepDelivered', 'stepHanded')
          and (claim.body::jsonb ->> 'day')::date >= (said ->> 'on')::date order by seq limit 1) claim on true
        left join lateral (select day from ledger_entry booked where 'invoice/' || booked.invoice_id = entry.subject
          and booked.invoice_id = substr(entry.subject, 9)::uuid and booked.kind = 'payment'
          and booked.payment_id::text = said ->> 'paymentId' and booked.day <> (said ->> 'on')::date limit 1) booked on true
      where ${within(['paymentRecorded'], period)}) found
    where why is not null`,
);
