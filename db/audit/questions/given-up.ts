import { sql } from 'kysely';
import { bySql, entriesWithBody, entryColumns, itself, within } from './question.ts';

/** Which money was given up, by whom, how much and why. */
export const givenUp = bySql(
  'given-up',
  (period) => sql`
    select ${entryColumns},
      case entry.type when 'writtenOff' then 'write_off' when 'invoiceCancelled' then 'cancellation'
        when 'accessoriesWaived' then 'accessories'
        else case when said ? 'discountId' then 'discount' when said ? 'disputeId' then 'goodwill' else 'waiver' end end as why,
      jsonb_build_object('amountCents', coalesce((said ->> 'amountCents')::bigint,
          (said ->> 'interestCents')::bigint + (said ->> 'lumpSumCents')::bigint,
          (select (before.body::jsonb ->> 'balanceCents')::bigint from journal before
            where before.subject = entry.subject and before.seq < entry.seq and before.body::jsonb ? 'balanceCents'
            order by before.seq desc limit 1)),
        'currency', (select currency from invoice where 'invoice/' || invoice.id = entry.subject),
        'reason', said ->> 'reason') as more,
      ${itself} || coalesce((select jsonb_agg(jsonb_build_array(word.subject, word.seq) order by word.seq) from journal word
        where word.subject = entry.subject and word.at = entry.at and word.type in ('approvalGiven', 'doneAlone')), '[]') as entries
    from ${entriesWithBody} where ${within(['writtenOff', 'waived', 'invoiceCancelled', 'accessoriesWaived'], period)}`,
);
