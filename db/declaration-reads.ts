import type { InsolvencyDates } from '../domain/law/insolvency.ts';
import { MissingLawValue, missingIn } from '../domain/law/law-value.ts';
import type { Law } from '../domain/law/law-value.ts';
import type { CivilDate } from '../domain/time.ts';
import { lumpSumCurrency } from './claims.ts';
import type { Db, Tx } from './database.ts';
import { declarationDatesOf } from './declarations.ts';
import { grouped } from './grouped.ts';
import { claimsAgainst } from './insolvency-claims.ts';
import type { DeclaredClaim, InsolvencyClaim } from './insolvency-claims.ts';
import { openInsolvencyOf } from './insolvencies.ts';
import type { InsolvencyRow } from './insolvencies.ts';
import { lawIn } from './law.ts';
import type { Eyes } from './visible.ts';

/** What one creditor has declared on one day, or has still to declare and by when. */
export interface DeclarationRead {
  readonly creditorId: string;
  readonly creditorName: string;
  /** Null: it has still to be sent. */
  readonly sentOn: CivilDate | null;
  readonly taskId: string | null;
  readonly dates: InsolvencyDates | null;
  readonly claims: readonly DeclaredClaim[];
  readonly totals: readonly { readonly currency: string; readonly cents: number }[];
}

export interface InsolvencyRead {
  readonly row: InsolvencyRow;
  /** The value of the law that a day or a sum waits for. */
  readonly lawMissing: string | null;
  readonly declarations: readonly DeclarationRead[];
  /** Claims born after the judgment. */
  readonly later: readonly DeclaredClaim[];
}

/**
 * The insolvency of a debtor with everything that its declarations state; undefined when he is in none.
 *
 * What was declared stands with its day and its sums, also once nothing of it is owed; what has come in since, or has come to
 * be owed beyond it, stands on a line of its own, with the days that are left.
 * Only claims that the caller sees are shown. A last day that the law's values do not tell is left out, with the reason.
 */
export async function readInsolvency(
  eyes: Eyes,
  db: Db | Tx,
  debtorId: string,
): Promise<InsolvencyRead | undefined> {
  const row = await openInsolvencyOf(db, debtorId);
  if (!row) return undefined;
  const law = await lawIn(db);
  const { claims, lawMissing } = await claimsAgainst(eyes, db, law, row);
  const lines = grouped(claims.flatMap(linesOf), ({ creditorId, sentOn }) => `${creditorId} ${sentOn ?? ''}`);
  const creditorIds = [...new Set(claims.map(({ creditorId }) => creditorId))];
  const tasks = await declarationTasks(db, debtorId);
  const dated = await datesOrWhatIsMissing(db, law, row, creditorIds);
  const declarations = [...lines.values()].flatMap((own): readonly DeclarationRead[] => {
    const [first] = own;
    if (!first) return [];
    const { creditorId, creditorName, sentOn } = first;
    const stated = own.map(({ claim }) => claim);
    return [
      {
        creditorId,
        creditorName,
        sentOn,
        taskId: sentOn === null ? (tasks.get(creditorId) ?? null) : null,
        dates: dated.dates?.get(creditorId) ?? null,
        claims: stated,
        totals: totalsOf(stated),
      },
    ];
  });
  const later = claims.filter(({ side, isOwed }) => side === 'later' && isOwed).map(({ claim }) => claim);
  return { row, lawMissing: dated.lawMissing ?? lawMissing, declarations, later };
}

/** A claim as each declaration stated it, and what has still to be declared of it. */
function linesOf({ creditorId, creditorName, claim, stated, undeclared }: InsolvencyClaim) {
  const sent = stated.map(({ on, ...sums }) => ({ sentOn: on, claim: { ...claim, ...sums } }));
  const left = undeclared ? [{ sentOn: null, claim: { ...claim, ...undeclared } }] : [];
  return [...sent, ...left].map((line) => ({ creditorId, creditorName, ...line }));
}

/** The open task to declare, by creditor. */
async function declarationTasks(db: Db | Tx, debtorId: string): Promise<ReadonlyMap<string, string>> {
  const rows = await db
    .selectFrom('task')
    .select(['id', 'creditor_id'])
    .where('debtor_id', '=', debtorId)
    .where('kind', '=', 'insolvency')
    .where('state', '=', 'open')
    .execute();
  return new Map(rows.map(({ id, creditor_id: creditorId }) => [creditorId, id]));
}

async function datesOrWhatIsMissing(
  db: Db | Tx,
  law: Law,
  row: InsolvencyRow,
  creditorIds: readonly string[],
): Promise<{ dates: ReadonlyMap<string, InsolvencyDates> | null; lawMissing: string | null }> {
  const dates = await declarationDatesOf(db, law, row, creditorIds).catch(missingIn);
  return dates instanceof MissingLawValue
    ? { dates: null, lawMissing: dates.message }
    : { dates, lawMissing: null };
}

/** What claims come to, by currency; what is not known is not in it, and an indemnity is in euros. */
export function totalsOf(claims: readonly DeclaredClaim[]): DeclarationRead['totals'] {
  const sums = new Map<string, number>();
  const add = (currency: string, cents: number) => sums.set(currency, (sums.get(currency) ?? 0) + cents);
  for (const { currency, principalCents, interestCents, lumpSumCents } of claims) {
    add(currency, principalCents + (interestCents ?? 0));
    if (lumpSumCents) add(lumpSumCurrency, lumpSumCents);
  }
  return [...sums].map(([currency, cents]) => ({ currency, cents }));
}
