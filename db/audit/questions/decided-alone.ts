import { sql } from 'kysely';
import { bySql, entriesWithBody, entryColumns, itself, within } from './question.ts';

/** The steps by which formal notices are asked for, in any scenario. */
const noticeSteps = sql`select step ->> 'key' from scenario_version,
  jsonb_array_elements(content -> 'steps') step where step ->> 'level' = 'formal_notice'`;

/**
 * Which grave acts one person did alone: with four eyes off, by a paper that needs no second person, with the yes of their
 * own author, or with nobody's word on record at all. What Relance itself waives keeps an offer that was agreed before.
 */
export const decidedAlone = bySql(
  'decided-alone',
  (period) => sql`
    select ${entryColumns}, said ->> 'why' as why, jsonb_build_object('act', said ->> 'act') as more, ${itself} as entries
    from ${entriesWithBody} where ${within(['doneAlone'], period)}
    union all
    select ${entryColumns}, 'own_approval',
      jsonb_build_object('act', asked.body::jsonb ->> 'act', 'amountCents', asked.body::jsonb -> 'amountCents'),
      ${itself} || jsonb_build_array(jsonb_build_array(asked.subject, asked.seq))
    from ${entriesWithBody} join journal asked on asked.subject = entry.subject and asked.type = 'approvalAsked'
      and asked.body::jsonb ->> 'approvalId' = said ->> 'approvalId'
      and asked.body::jsonb -> 'by' ->> 'id' = said -> 'by' ->> 'id'
    where ${within(['approvalGiven'], period)}
    union all
    select ${entryColumns}, 'no_word',
      jsonb_build_object('act', case entry.type when 'writtenOff' then 'write_off' when 'handedToFirm' then 'hand_over'
        when 'stepApproved' then 'formal_notice' else 'waiver' end,
        'amountCents', said -> 'amountCents'),
      ${itself}
    from ${entriesWithBody}
    where ${within(['writtenOff', 'waived', 'accessoriesWaived', 'handedToFirm', 'stepApproved'], period)}
      and said -> 'by' ->> 'kind' = 'user' and not said ? 'discountId'
      and (entry.type <> 'stepApproved' or said ->> 'step' in (${noticeSteps}))
      and not exists (select from journal word where word.subject = entry.subject and word.at = entry.at
        and word.type in ('approvalGiven', 'doneAlone'))`,
);
