import { sql } from 'kysely';
import type { CivilDate } from '../domain/time.ts';
import type { Db } from './database.ts';
import { onlySeen } from './visible.ts';
import type { Eyes } from './visible.ts';

/**
 * Why debtors contest, counted: by reason, by department, by debtor (F19).
 *
 * Every dispute that was entered counts once, on the day of its opening, with the amount that was contested then, whatever
 * became of it; so the sums are those of the disputes entered.
 */
export interface CauseFilter {
  readonly from?: CivilDate;
  /** The last day that counts. */
  readonly to?: CivilDate;
  readonly reason?: string;
  readonly department?: string;
  readonly debtorId?: string;
  readonly creditorId?: string;
}

export type CauseBy = 'reason' | 'department' | 'debtor';

export interface Cause {
  /** The reason, the department or the id of the debtor. */
  readonly key: string;
  readonly debtorName: string | null;
  readonly currency: string;
  readonly disputes: number;
  readonly contestedCents: number;
  readonly open: number;
  readonly rejected: number;
  readonly granted: number;
  readonly grantedCents: number;
}

/** So many groups are shown, the largest amounts first. */
export const causesMax = 500;

/** The groups, largest amount first, `causesMax` and one at most. */
export async function causesBy(
  eyes: Eyes,
  db: Db,
  by: CauseBy,
  filter: CauseFilter,
): Promise<readonly Cause[]> {
  const key = {
    reason: sql<string>`dispute.reason`,
    department: sql<string>`dispute.department`,
    debtor: sql<string>`debtor.id::text`,
  }[by];
  const name = by === 'debtor' ? sql<string | null>`min(debtor.name)` : sql<string | null>`null::text`;
  return counted(eyes, db, filter)
    .select([key.as('key'), name.as('debtorName'), 'invoice.currency'])
    .groupBy([key, 'invoice.currency'])
    .orderBy('contestedCents', 'desc')
    .orderBy('key')
    .limit(causesMax + 1)
    .execute();
}

/** The same without groups but the currencies. */
export async function allCauses(eyes: Eyes, db: Db, filter: CauseFilter) {
  return counted(eyes, db, filter)
    .select('invoice.currency')
    .groupBy('invoice.currency')
    .orderBy('invoice.currency')
    .execute();
}

function counted(eyes: Eyes, db: Db, { from, to, reason, department, debtorId, creditorId }: CauseFilter) {
  const gave = sql`dispute.outcome in ('justified', 'credit_note', 'corrected_invoice', 'goodwill')`;
  return db
    .selectFrom('dispute')
    .innerJoin('invoice', 'invoice.id', 'dispute.invoice_id')
    .innerJoin('debtor', 'debtor.id', 'invoice.debtor_id')
    .select([
      sql<number>`count(*)::int`.as('disputes'),
      sql<number>`sum(dispute.contested_cents)::bigint`.as('contestedCents'),
      sql<number>`(count(*) filter (where dispute.state = 'open'))::int`.as('open'),
      sql<number>`(count(*) filter (where dispute.outcome in ('rejected', 'unjustified')))::int`.as(
        'rejected',
      ),
      sql<number>`(count(*) filter (where ${gave}))::int`.as('granted'),
      sql<number>`coalesce(sum(coalesce(dispute.granted_cents, dispute.contested_cents)) filter (where ${gave}), 0)::bigint`.as(
        'grantedCents',
      ),
    ])
    .$call(onlySeen(eyes, 'dispute'))
    .$if(from !== undefined, (query) => query.where('dispute.opened_on', '>=', from ?? ''))
    .$if(to !== undefined, (query) => query.where('dispute.opened_on', '<=', to ?? ''))
    .$if(reason !== undefined, (query) => query.where('dispute.reason', '=', reason ?? ''))
    .$if(department !== undefined, (query) => query.where('dispute.department', '=', department ?? ''))
    .$if(debtorId !== undefined, (query) => query.where('invoice.debtor_id', '=', debtorId ?? ''))
    .$if(creditorId !== undefined, (query) => query.where('invoice.creditor_id', '=', creditorId ?? ''));
}
