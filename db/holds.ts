import { sql } from 'kysely';
import type { CivilDate, Instant } from '../domain/time.ts';
import type { Db } from './database.ts';
import type { StopScope } from './stops.ts';
import { onlySeen } from './visible.ts';
import type { Eyes } from './visible.ts';

/**
 * All that keeps us silent now, whatever placed it, as one list: holds of invoices and debtors, and stops.
 *
 * A hold is a fact of its files: they wait, and their days with them. A stop closes the door alone: files go on, and what
 * they ask for gathers behind it. Who asks why nothing leaves wants both.
 */
export interface Silence {
  readonly id: string;
  readonly kind: 'hold' | 'stop';
  readonly scope: StopScope;
  readonly subjectId: string | null;
  /** The number of the invoice, the name of the debtor or creditor. */
  readonly subjectName: string | null;
  readonly debtorId: string | null;
  readonly reason: string;
  /** The last silent day; null until somebody lifts it. */
  readonly until: CivilDate | null;
  readonly since: Instant;
  readonly placedBy: string;
}

export interface SilenceFilter {
  readonly scope?: StopScope;
  readonly debtorId?: string;
  readonly reason?: string;
}

/** Those in force that are seen, the newest first, one more than `limit`; `before` is the id of the last one shown. */
export async function listSilences(
  eyes: Eyes,
  db: Db,
  now: Instant,
  { scope, debtorId, reason }: SilenceFilter,
  limit: number,
  before?: string,
): Promise<readonly Silence[]> {
  const today = sql<CivilDate>`(${new Date(now)}::timestamptz at time zone debtor.zone)::date`;
  const wants = (one: StopScope): boolean => scope === undefined || scope === one;
  const ofInvoices = !wants('invoice')
    ? []
    : await db
        .selectFrom('invoice_hold')
        .innerJoin('invoice', 'invoice.id', 'invoice_hold.invoice_id')
        .innerJoin('debtor', 'debtor.id', 'invoice.debtor_id')
        .select(['invoice_hold.id', 'invoice_hold.reason', 'invoice_hold.until'])
        .select(['invoice_hold.placed_at as since', 'invoice_hold.placed_by as placedBy'])
        .select(['invoice.id as subjectId', 'invoice.number as subjectName', 'invoice.debtor_id as debtorId'])
        .$call(onlySeen(eyes, 'invoice'))
        .where('invoice.open', '=', true)
        .where('invoice_hold.lifted_at', 'is', null)
        .where(({ or, eb }) =>
          or([eb('invoice_hold.until', 'is', null), eb('invoice_hold.until', '>=', today)]),
        )
        .$if(debtorId !== undefined, (query) => query.where('invoice.debtor_id', '=', debtorId ?? ''))
        .$if(reason !== undefined, (query) => query.where('invoice_hold.reason', '=', reason ?? ''))
        .$if(before !== undefined, (query) => query.where('invoice_hold.id', '<', before ?? ''))
        .orderBy('invoice_hold.id', 'desc')
        .limit(limit + 1)
        .execute();
  const ofDebtors = !wants('debtor')
    ? []
    : await db
        .selectFrom('debtor_hold')
        .innerJoin('debtor', 'debtor.id', 'debtor_hold.debtor_id')
        .select(['debtor_hold.id', 'debtor_hold.reason', 'debtor_hold.until'])
        .select(sql<Instant>`debtor_hold.from_day::timestamp at time zone debtor.zone`.as('since'))
        .select(['debtor_hold.placed_by as placedBy', 'debtor.id as subjectId'])
        .select(['debtor.name as subjectName', 'debtor.id as debtorId'])
        .$call(onlySeen(eyes, 'debtor'))
        .where('debtor_hold.lifted_on', 'is', null)
        .where(({ or, eb }) =>
          or([eb('debtor_hold.until', 'is', null), eb('debtor_hold.until', '>=', today)]),
        )
        .$if(debtorId !== undefined, (query) => query.where('debtor.id', '=', debtorId ?? ''))
        .$if(reason !== undefined, (query) => query.where('debtor_hold.reason', '=', reason ?? ''))
        .$if(before !== undefined, (query) => query.where('debtor_hold.id', '<', before ?? ''))
        .orderBy('debtor_hold.id', 'desc')
        .limit(limit + 1)
        .execute();
  const stops = await db
    .selectFrom('stop')
    .selectAll('stop')
    .select(nameOfSubject.as('subjectName'))
    .select(debtorOfSubject.as('debtorId'))
    .$call(onlySeen(eyes, 'stop'))
    .where('stop.lifted_at', 'is', null)
    .$if(scope !== undefined, (query) => query.where('stop.scope', '=', scope ?? 'everything'))
    .$if(debtorId !== undefined, (query) => query.where(sql<boolean>`${debtorOfSubject} = ${debtorId}`))
    .$if(reason !== undefined, (query) => query.where('stop.reason', '=', reason ?? ''))
    .$if(before !== undefined, (query) => query.where('stop.id', '<', before ?? ''))
    .orderBy('stop.id', 'desc')
    .limit(limit + 1)
    .execute();
  const all: Silence[] = [
    ...ofInvoices.map((row) => ({ ...row, kind: 'hold' as const, scope: 'invoice' as const })),
    ...ofDebtors.map((row) => ({ ...row, kind: 'hold' as const, scope: 'debtor' as const })),
    ...stops.map((row) => ({
      id: row.id,
      kind: 'stop' as const,
      scope: row.scope,
      subjectId: row.subject_id,
      subjectName: row.subjectName,
      debtorId: row.debtorId,
      reason: row.reason,
      until: row.until,
      since: row.since,
      placedBy: row.placed_by,
    })),
  ];
  // Ids tell the time, so they sort as the things were placed.
  return all.sort((one, other) => (one.id < other.id ? 1 : -1)).slice(0, limit + 1);
}

const nameOfSubject = sql<string | null>`case stop.scope
  when 'invoice' then (select number from invoice where id = stop.subject_id)
  when 'debtor' then (select name from debtor where id = stop.subject_id)
  when 'creditor' then (select coalesce(legal_name, key) from creditor where id = stop.subject_id) end`;

const debtorOfSubject = sql<string | null>`case stop.scope
  when 'invoice' then (select debtor_id from invoice where id = stop.subject_id)
  when 'debtor' then stop.subject_id end`;
