import { sql } from 'kysely';
import { bySql, entriesWithBody, entryColumns, itself, within } from './question.ts';

/** Which messages nobody knows to have left, and which steps may have reached the debtor twice. */
export const messagesInDoubt = bySql(
  'messages-in-doubt',
  (period) => sql`
    select ${entryColumns}, 'outcome_unknown' as why,
      jsonb_build_object('step', said ->> 'step', 'messageId', said ->> 'messageId', 'stateNow',
        (select state from message where message.id = (said ->> 'messageId')::uuid)) as more, ${itself} as entries
    from ${entriesWithBody} where ${within(['stepUnconfirmed'], period)}
    union all
    select ${entryColumns}, 'sent_twice', jsonb_build_object('step', said ->> 'step', 'messageId', said ->> 'messageId'),
      ${itself} || jsonb_build_array(jsonb_build_array(entry.subject, first.seq))
    from ${entriesWithBody} join lateral (select seq from journal first where first.subject = entry.subject and first.seq < entry.seq
        and first.type in ('stepSent', 'stepUnconfirmed', 'stepPosted') and first.body::jsonb ->> 'step' = said ->> 'step'
        and first.body::jsonb ->> 'occurrence' = said ->> 'occurrence'
        and first.body::jsonb ->> 'messageId' is distinct from said ->> 'messageId' and first.body::jsonb ? 'messageId'
        order by seq limit 1) first on true
    where ${within(['stepSent', 'stepUnconfirmed'], period)}
    union all
    select ${entryColumns}, 'possible_duplicate', jsonb_build_object('step', said ->> 'step', 'messageId', said ->> 'messageId'), ${itself}
    from ${entriesWithBody} join message on message.id = (said ->> 'messageId')::uuid and message.possible_duplicate
    where ${within(['stepSent'], period)}`,
);
