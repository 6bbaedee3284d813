import { sql } from 'kysely';
import { bySql, entriesWithBody, entryColumns, itself, within } from './question.ts';

/** The fields of a creditor by which claims are worked out or paid. */
const claimFields = [
  ...['iban', 'bic', 'penalty_rate_hundredths', 'penalty_rates_before', 'day_base', 'credit_notes_count'],
  ...['payments_go_to', 'small_difference_cents', 'accessories', 'is_individual', 'sector'],
];
const debtorFields = ['penalty_rate_hundredths', 'penalty_rates_before', 'kind'];

/** Who changed by what claims are worked out, where they are paid, how often we write and whether two must decide. */
export const claimSettingsChanged = bySql(
  'claim-settings-changed',
  (period) => sql`
    select ${entryColumns},
      case when entry.subject = 'settings' then 'house' when entry.subject = 'law' then 'law'
        when entry.type = 'insuranceChanged' then 'insurance' when entry.subject like 'debtor/%' then 'debtor'
        when said -> 'fields' ?| array['iban', 'bic'] then 'bank_account' else 'creditor' end as why,
      jsonb_strip_nulls(jsonb_build_object('subject', entry.subject,
        'fields', (select string_agg(field, ', ' order by field) from jsonb_array_elements_text(said -> 'fields') field),
        'change', case when entry.subject in ('settings', 'law') then (said - 'by')::text end)) as more,
      ${itself} as entries
    from ${entriesWithBody}
    where ${within(['settingsChanged', 'lawValueAdded', 'insuranceChanged', 'creditorChanged', 'debtorChanged'], period)}
      and (entry.subject in ('settings', 'law') or entry.type = 'insuranceChanged'
        or (entry.subject like 'creditor/%' and said -> 'fields' ?| ${claimFields}::text[])
        or (entry.subject like 'debtor/%' and said -> 'fields' ?| ${debtorFields}::text[]))`,
);
