import { sql } from 'kysely';
import { bySql, entriesWithBody, entryColumns, itself, within } from './question.ts';

/** Which invoices were claimed first and then became another amount: by a correction, a credit note or a cancellation. */
export const changedAfterClaim = bySql(
  'changed-after-claim',
  (period) => sql`
    select at, key, "invoiceId", by, why, more, entries from (
      select ${entryColumns},
        case entry.type when 'invoiceCancelled' then 'cancelled' when 'creditNoteRecorded' then 'credit_note' else 'corrected' end as why,
        jsonb_build_object('amountCents', coalesce((said ->> 'amountCents')::bigint, 0), 'beforeCents', earlier.cents,
          'currency', (select currency from invoice where 'invoice/' || invoice.id = entry.subject), 'claimedOn', claim.day) as more,
        ${itself} || jsonb_build_array(jsonb_build_array(entry.subject, claim.seq), jsonb_build_array(entry.subject, earlier.seq)) as entries,
        entry.type as kind, (said ->> 'amountCents')::bigint as cents, earlier.cents as cents_before
      from ${entriesWithBody}
        join lateral (select seq, claim.body::jsonb ->> 'day' as day from journal claim
          where claim.subject = entry.subject and claim.seq < entry.seq
            and claim.type in ('stepSent', 'stepUnconfirmed', 'stepPosted', 'stepDelivered', 'stepHanded')
          order by seq limit 1) claim on true
        join lateral (select seq, (earlier.body::jsonb ->> 'amountCents')::bigint as cents from journal earlier
          where earlier.subject = entry.subject and earlier.seq < entry.seq and earlier.type in ('invoiceRegistered', 'invoiceCorrected')
          order by seq desc limit 1) earlier on true
      where ${within(['invoiceCorrected', 'invoiceCancelled', 'creditNoteRecorded'], period)}) found
    where kind <> 'invoiceCorrected' or cents <> cents_before`,
);
