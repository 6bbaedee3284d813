import { sql } from 'kysely';
import { bySql, entriesWithBody, entryColumns, itself, within } from './question.ts';

/** Which silences nobody has bounded or explained: holds of invoices and debtors, and stops of everything. */
export const holdsWithoutEnd = bySql(
  'holds-without-end',
  (period) => sql`
    select ${entryColumns},
      case when said ->> 'until' is null then 'no_end' else 'no_reason' end as why,
      jsonb_build_object('reason', said ->> 'reason', 'until', said ->> 'until', 'liftedOn', lifted.day) as more,
      ${itself} || case when lifted.seq is null then '[]' else jsonb_build_array(jsonb_build_array(entry.subject, lifted.seq)) end as entries
    from ${entriesWithBody}
      left join lateral (select seq, lifted.body::jsonb ->> 'day' as day from journal lifted where lifted.subject = entry.subject
        and lifted.seq > entry.seq and lifted.type = 'holdLifted' and lifted.body::jsonb ->> 'holdId' = said ->> 'holdId'
        order by seq limit 1) lifted on true
    where ${within(['holdPlaced'], period)} and (said ->> 'until' is null or trim(coalesce(said ->> 'reason', '')) in ('', 'other'))
    union all
    select ${entryColumns}, 'no_end', jsonb_build_object('reason', held ->> 'reason', 'until', null, 'liftedOn', null), ${itself}
    from ${entriesWithBody} cross join lateral jsonb_array_elements(said -> 'holds') held
    where ${within(['invoiceRegistered'], period)} and jsonb_array_length(said -> 'holds') > 0 and held ->> 'until' is null
      and not exists (select from journal lifted where lifted.subject = entry.subject and lifted.type = 'holdLifted'
        and lifted.body::jsonb ->> 'holdId' = held ->> 'holdId')
    union all
    select ${entryColumns}, case when hold.until is null then 'debtor_no_end' else 'debtor_no_reason' end,
      jsonb_build_object('reason', hold.reason, 'until', hold.until, 'liftedOn', hold.lifted_on, 'debtorId', substr(entry.subject, 8)), ${itself}
    from ${entriesWithBody} cross join lateral jsonb_array_elements_text(said -> 'fields') field
      join debtor_hold hold on 'hold/' || hold.id = field
    where ${within(['debtorChanged'], period)} and entry.subject like 'debtor/%'
      and (hold.until is null or trim(hold.reason) in ('', 'other'))
      and not exists (select from journal earlier where earlier.subject = entry.subject and earlier.seq < entry.seq
        and earlier.type = 'debtorChanged' and earlier.body::jsonb -> 'fields' ? ('hold/' || hold.id))
    union all
    select ${entryColumns}, 'stop_no_end', jsonb_build_object('scope', said ->> 'scope', 'subjectId', said ->> 'subjectId',
        'liftedOn', (select (lifted_at at time zone 'Europe/Paris')::date from stop where stop.id::text = said ->> 'stopId')), ${itself}
    from ${entriesWithBody} where ${within(['stopPulled'], period)} and said ->> 'until' is null`,
);
