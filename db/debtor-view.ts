import { reachAmong } from '../domain/contact.ts';
import type { DebtorKind, DebtorView, Hold } from '../domain/debtor.ts';
import type { Db, Tx } from './database.ts';
import { contactFrom } from './door.ts';
import { grouped } from './grouped.ts';

/** What decisions see of a debtor; throws for an id that is not here. */
export async function debtorViewOf(db: Db | Tx, debtorId: string): Promise<DebtorView> {
  const view = (await debtorViewsOf(db, [debtorId])).get(debtorId);
  if (!view) throw new Error(`debtor ${debtorId} is not in this database`);
  return view;
}

/** What decisions see of each of these debtors, in three queries however many they are. */
export async function debtorViewsOf(
  db: Db | Tx,
  debtorIds: readonly string[],
): Promise<ReadonlyMap<string, DebtorView>> {
  const ids = [...new Set(debtorIds)];
  if (ids.length === 0) return new Map();
  const debtors = await db
    .selectFrom('debtor')
    .select(['id', 'kind', 'country', 'language', 'grade', 'insolvent_on'])
    .select(({ exists, selectFrom }) =>
      exists(
        selectFrom('insolvency')
          .select('insolvency.id')
          .whereRef('insolvency.debtor_id', '=', 'debtor.id')
          .where('insolvency.ended_at', 'is', null),
      ).as('claims_are_split'),
    )
    .where('id', 'in', ids)
    .execute();
  const contactRows = await db
    .selectFrom('contact')
    .selectAll()
    .where('debtor_id', 'in', ids)
    .orderBy('id')
    .execute();
  const holdRows = await db
    .selectFrom('debtor_hold')
    .selectAll()
    .where('debtor_id', 'in', ids)
    .where('lifted_on', 'is', null)
    .orderBy('id')
    .execute();
  const contacts = grouped(contactRows, (row) => row.debtor_id);
  const holds = grouped(holdRows, (row) => row.debtor_id);
  return new Map(
    debtors.map((row) => [
      row.id,
      {
        kind: row.kind as DebtorKind,
        country: row.country,
        // Messages exist in French and English: whoever speaks neither is written to in English.
        language: row.language === 'fr' ? 'fr' : 'en',
        grade: row.grade,
        reach: reachAmong((contacts.get(row.id) ?? []).map(contactFrom)),
        insolventOn: row.insolvent_on,
        ...(row.insolvent_on !== null && row.claims_are_split ? { claimsAreSplit: true as const } : {}),
        holds: (holds.get(row.id) ?? []).map((hold): Hold => ({
          holdId: hold.id,
          reason: hold.reason,
          from: hold.from_day,
          until: hold.until,
        })),
      },
    ]),
  );
}

/** Where a debtor is: whose holidays he keeps, and by which clock he works. */
export interface Home {
  readonly country: string;
  readonly zone: string;
}

/** Where the debtor is now. */
export function homeOf(tx: Tx, debtorId: string): Promise<Home> {
  return tx
    .selectFrom('debtor')
    .select(['country', 'zone'])
    .where('id', '=', debtorId)
    .executeTakeFirstOrThrow();
}
