import { sql } from 'kysely';
import type { CivilDate } from '../domain/time.ts';
import type { Db, Tx } from './database.ts';
import { keptRates } from './kept-rate.ts';
import { onlySeen, seenInvoice } from './visible.ts';
import type { Eyes } from './visible.ts';

/** The debtors as lists show them, and the one with his contacts, holds and credit. */
export interface DebtorFilter {
  readonly text?: string;
  readonly creditorId?: string;
  /** Only those who owe something. */
  readonly owing?: boolean;
}

export interface DebtorSum {
  readonly currency: string;
  readonly openInvoices: number;
  readonly balanceCents: number;
}

/** By name, one more than `limit`. */
export async function listDebtors(
  eyes: Eyes,
  db: Db,
  { text, creditorId, owing }: DebtorFilter,
  limit: number,
  after?: readonly [name: string, id: string],
) {
  return db
    .selectFrom('debtor')
    .selectAll('debtor')
    .where('debtor.merged_into', 'is', null)
    .$call(onlySeen(eyes, 'debtor'))
    .select(
      sql<DebtorSum[]>`coalesce((
      select json_agg(sum order by sum.currency) from (
        select currency, count(*)::int as "openInvoices", sum(balance_cents)::bigint as "balanceCents"
        from invoice where debtor_id = debtor.id and open and ${seenInvoice(eyes, 'invoice')} group by currency) sum), '[]')`.as(
        'sums',
      ),
    )
    .select(keptRates(eyes).as('promises'))
    .$if(text !== undefined, (query) =>
      query.where(
        'debtor.name',
        'ilike',
        `%${(text ?? '').replace(/[\\%_]/g, (character) => `\\${character}`)}%`,
      ),
    )
    .$if(creditorId !== undefined, (query) =>
      query.where(
        sql<boolean>`exists (select from invoice where debtor_id = debtor.id and creditor_id = ${creditorId} and ${seenInvoice(eyes, 'invoice')})`,
      ),
    )
    .$if(owing === true, (query) =>
      query.where(
        sql<boolean>`exists (select from invoice where debtor_id = debtor.id and open and ${seenInvoice(eyes, 'invoice')})`,
      ),
    )
    .$if(after !== undefined, (query) =>
      query.where(sql<boolean>`(debtor.name, debtor.id) > (${after?.[0]}, ${after?.[1]}::uuid)`),
    )
    .orderBy('debtor.name')
    .orderBy('debtor.id')
    .limit(limit + 1)
    .execute();
}

/** The debtor with what is known of him; undefined when he is not here. */
export async function readDebtor(eyes: Eyes, db: Db, id: string) {
  const debtor = await db
    .selectFrom('debtor')
    .selectAll()
    .select(keptRates(eyes).as('promises'))
    .where('id', '=', id)
    .$call(onlySeen(eyes, 'debtor'))
    .executeTakeFirst();
  if (!debtor) return undefined;
  const contacts = await db
    .selectFrom('contact')
    .selectAll()
    .where('debtor_id', '=', id)
    .orderBy('id')
    .execute();
  const holds = await db
    .selectFrom('debtor_hold')
    .selectAll()
    .where('debtor_id', '=', id)
    .orderBy('id')
    .execute();
  return { debtor, contacts, holds };
}

/** What secures the debts of a debtor; all null where nothing does. */
export interface Securities {
  /** Since when he pays a deposit before he is served. */
  readonly depositSince: CivilDate | null;
  readonly guarantee: string | null;
  readonly guaranteeUntil: CivilDate | null;
}

export async function securitiesOf(db: Db | Tx, debtorId: string): Promise<Securities> {
  const row = await db
    .selectFrom('debtor')
    .select(['deposit_required_since', 'guarantee', 'guarantee_until'])
    .where('id', '=', debtorId)
    .executeTakeFirst();
  return {
    depositSince: row?.deposit_required_since ?? null,
    guarantee: row?.guarantee ?? null,
    guaranteeUntil: row?.guarantee_until ?? null,
  };
}
