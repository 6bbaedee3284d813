import { sql } from 'kysely';
import { bySql, entriesWithBody, entryColumns, itself, within } from './question.ts';

/** Who took lists out of the house, had sealed payloads opened, or looked at the audit and at whole files. */
export const lookedOrTaken = bySql(
  'looked-or-taken',
  (period) => sql`
    select ${entryColumns},
      case entry.type when 'exported' then 'taken' when 'payloadsOpened' then 'opened' else 'looked' end as why,
      jsonb_strip_nulls(jsonb_build_object('what', said ->> 'what', 'about', (said -> 'about') ->> 0,
        'filters', (select string_agg(name, ', ' order by name) from jsonb_array_elements_text(said -> 'filters') name))) as more,
      ${itself} as entries
    from ${entriesWithBody} where ${within(['exported', 'payloadsOpened', 'accessed'], period)}`,
);
