import { sql } from 'kysely';
import type { Db } from '../database.ts';
import type { Findings } from '../invariants.ts';

/**
 * Holds who decided, and by which law, against the entries that say so: users, answers to questions, holds, stops, values
 * of the law that somebody added, and what the house has set.
 *
 * Each of them names its author in the journal at the moment at which it happened; the rows are what people read.
 */
export async function verifyPeople(db: Db, findings: Findings): Promise<void> {
  for (const [prefix, query] of checks) {
    const { rows } = await query.execute(db);
    for (const { id, what } of rows) findings.add('I29', `${prefix}/${id}`, what);
  }
}

type Query = ReturnType<typeof sql<{ id: string; what: string }>>;

/** A role, and whether he is shut out, as the chain of the user last said. */
const users: Query = sql`
  select app_user.id::text as id, concat_ws(', ',
    case when role.said is not null and role.said <> app_user.role
      then format('has the role %s, and the journal last said %s', app_user.role, role.said) end,
    case when role.said is not null and (standing.type is not distinct from 'userDisabled') <> (app_user.disabled_at is not null)
      then format('is %s, and the journal last said otherwise', case when app_user.disabled_at is null then 'let in' else 'shut out' end)
      end) as what
  from app_user
    left join lateral (select body::jsonb ->> 'role' as said from journal
      where subject = 'user/' || app_user.id and type in ('userAdded', 'roleChanged') order by seq desc limit 1) role on true
    left join lateral (select type from journal
      where subject = 'user/' || app_user.id and type in ('userDisabled', 'userEnabled') order by seq desc limit 1) standing on true
  where role.said is not null and (role.said <> app_user.role
    or (standing.type is not distinct from 'userDisabled') <> (app_user.disabled_at is not null))
  order by 1`;

/** Every question stands on its invoices, with who asked and who answered. */
const approvals: Query = sql`
  with said as (
    select body::jsonb ->> 'approvalId' as id, type, at, body::jsonb -> 'by' as by, body::jsonb ->> 'act' as act
    from journal where type in ('approvalAsked', 'approvalGiven', 'approvalRefused')),
  asked as (select distinct on (id) id, at, by, act from said where type = 'approvalAsked' order by id, at),
  answered as (select distinct on (id) id, at, type, by from said where type <> 'approvalAsked' order by id, at)
  select coalesce(approval.id::text, asked.id) as id,
    case when approval.id is null then 'is gone, and the journal says that it was asked'
      when asked.id is null then 'was asked by no entry of the journal'
      when asked.by ->> 'id' <> approval.asked_by or asked.at <> approval.asked_at or asked.act <> approval.act
        then format('was asked by %s for %s, and the journal says by %s for %s at %s', approval.asked_by, approval.act, asked.by ->> 'id', asked.act, asked.at)
      else format('was %s by %s, and the journal says %s', approval.state, coalesce(approval.decided_by, 'nobody'),
        coalesce(answered.type || ' by ' || (answered.by ->> 'id') || ' at ' || answered.at, 'that nobody answered')) end as what
  from asked full join approval on approval.id::text = asked.id left join answered on answered.id = coalesce(approval.id::text, asked.id)
  where approval.id is null or asked.id is null
    or asked.by ->> 'id' <> approval.asked_by or asked.at <> approval.asked_at or asked.act <> approval.act
    or (approval.state in ('granted', 'refused')) <> (answered.id is not null)
    or (answered.id is not null and (
      (approval.state = 'granted') <> (answered.type = 'approvalGiven') or answered.at <> approval.decided_at
      or case when answered.by ->> 'kind' = 'relance' then null else answered.by ->> 'id' end is distinct from approval.decided_by))
  order by 1`;

/** Four eyes and the caps of the door, each as it was last said; what nobody has ever changed is as it came. */
const settings: Query = sql`
  with said as (
    select distinct on (name) name, value from journal cross join lateral jsonb_each_text(body::jsonb - 'by') as one (name, value)
    where subject = 'settings' and type = 'settingsChanged' order by name, seq desc)
  select row.name as id, case when said.name is null then format('is %s: it came as %s, and the journal names nobody who changed it', row.value, row.came)
    else format('is %s, and the journal last said %s', row.value, said.value) end as what
  from setting cross join lateral (values ('contactsPerDay', contacts_per_day::text, '1'), ('contactsPerWeek', contacts_per_week::text, '3'),
      ('gapDaysMin', gap_days_min::text, '2'), ('restartPerHour', restart_per_hour::text, '600'), ('fourEyes', four_eyes::text, 'true')) as row (name, value, came)
    left join said on said.name = row.name
  where row.value <> coalesce(said.value, row.came)
  order by 1`;

/** Every value that an administrator added. */
const law: Query = sql`
  with said as (select at, body::jsonb as said from journal where subject = 'law' and type = 'lawValueAdded')
  select coalesce(said.said ->> 'code', row.code) as id,
    case when row.id is null then format('the value %s of %s that the journal names is gone', said.said ->> 'value', said.said ->> 'from')
      when said.at is null then format('has a value of %s, %s by %s, of which the journal says nothing', row.from_day, row.value, row.added_by)
      else format('the value of %s ends, or is warranted, otherwise than the journal says', row.from_day) end as what
  from said full join law_value row on row.code = said.said ->> 'code' and row.added_at = said.at
    and row.from_day = (said.said ->> 'from')::date and row.value::numeric = (said.said ->> 'value')::numeric
    and row.added_by = said.said ->> 'by'
  where row.id is null or said.at is null or row.to_day is distinct from (said.said ->> 'to')::date
    or row.sourced <> (said.said ->> 'sourced')::boolean or row.lawyer_validated <> (said.said ->> 'lawyerValidated')::boolean
  order by 1, 2`;

/** Every stop, with who pulled it and who lifted it. */
const stops: Query = sql`
  with pulled as (select body::jsonb ->> 'stopId' as id, at, body::jsonb as said from journal where subject = 'stop' and type = 'stopPulled'),
  lifted as (select body::jsonb ->> 'stopId' as id, at, body::jsonb as said from journal where subject = 'stop' and type = 'stopLifted')
  select coalesce(stop.id::text, pulled.id) as id,
    case when stop.id is null then 'is gone, and the journal says that it was pulled'
      when pulled.id is null then 'is there, and no entry of the journal says that it was pulled'
      else format('was pulled by %s until %s and lifted by %s; the journal says by %s until %s, and lifted by %s', stop.placed_by,
        coalesce(stop.until::text, 'no day'), coalesce(stop.lifted_by, 'nobody'), pulled.said ->> 'by',
        coalesce(pulled.said ->> 'until', 'no day'), coalesce(lifted.said ->> 'by', 'nobody')) end as what
  from pulled full join stop on stop.id::text = pulled.id left join lifted on lifted.id = stop.id::text
  where stop.id is null or pulled.id is null or stop.placed_by <> pulled.said ->> 'by' or stop.since <> pulled.at
    or stop.until::text is distinct from pulled.said ->> 'until' or stop.scope <> pulled.said ->> 'scope'
    or stop.subject_id::text is distinct from pulled.said ->> 'subjectId'
    or stop.lifted_by is distinct from lifted.said ->> 'by' or stop.lifted_at is distinct from lifted.at
  order by 1`;

/** Every hold of a debtor, with who placed it: the first change of him that names it. */
const holds: Query = sql`
  with said as (
    select distinct on (substr(field, 6)) substr(field, 6) as id, body::jsonb #>> '{by,id}' as by
    from journal cross join lateral jsonb_array_elements_text(body::jsonb -> 'fields') field
    where type = 'debtorChanged' and subject like 'debtor/%' and field like 'hold/%' order by substr(field, 6), at, seq)
  select coalesce(hold.id::text, said.id) as id,
    case when hold.id is null then 'is gone, and the journal says that it was placed'
      when said.id is null then 'is there, and no entry of the journal says that it was placed'
      else format('was placed by %s, and the journal says by %s', hold.placed_by, said.by) end as what
  from said full join debtor_hold hold on hold.id::text = said.id
  where hold.id is null or said.id is null or hold.placed_by <> said.by
  order by 1`;

const checks: readonly (readonly [string, Query])[] = [
  ['user', users],
  ['approval', approvals],
  ['setting', settings],
  ['law', law],
  ['stop', stops],
  ['hold', holds],
];
