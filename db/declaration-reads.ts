import type { Collection } from '../domain/collection.ts';
import { sideUnder } from '../domain/insolvency/claim-side.ts';
import type { ClaimSide } from '../domain/law/claim-side.ts';
import type { InsolvencyDates } from '../domain/law/insolvency.ts';
import { MissingLawValue } from '../domain/law/law-value.ts';
import type { Law } from '../domain/law/law-value.ts';
import type { Penalties } from '../domain/law/penalties.ts';
import type { CivilDate } from '../domain/time.ts';
import { claimUnder, lumpSumCurrency, penaltyCasesOf } from './claims.ts';
import type { ClaimCase } from './claims.ts';
import type { Db } from './database.ts';
import { declarationDatesOf, declaredIn, isOwed } from './declarations.ts';
import { grouped } from './grouped.ts';
import { openInsolvencyOf } from './insolvencies.ts';
import type { InsolvencyRow } from './insolvencies.ts';
import { lawIn } from './law.ts';
import { seenInvoice } from './visible.ts';
import type { Eyes } from './visible.ts';

/** One claim as its declaration states it. */
export interface DeclaredClaim {
  readonly invoiceId: string;
  readonly number: string;
  readonly term: number;
  readonly issueDate: CivilDate | null;
  readonly performedOn: CivilDate | null;
  readonly dueDate: CivilDate;
  readonly because: ClaimSide['because'];
  /** What is left of the price; nothing where only penalties are, which were claimed before it was paid. */
  readonly principalCents: number;
  /** Up to the day before the judgment; null where a value of the law is missing. */
  readonly interestCents: number | null;
  /** In euros. */
  readonly lumpSumCents: number | null;
  readonly currency: string;
}

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
 * What was declared stands with its day; what has come in since stands on a line of its own, with the days that are left.
 * Only claims that the caller sees are shown. A last day that the law's values do not tell is left out, with the reason.
 */
export async function readInsolvency(
  eyes: Eyes,
  db: Db,
  debtorId: string,
): Promise<InsolvencyRead | undefined> {
  const row = await openInsolvencyOf(db, debtorId);
  if (!row) return undefined;
  const law = await lawIn(db);
  const { claims, lawMissing } = await claimsOf(eyes, db, law, row);
  const declared = await declaredIn(db, row.id);
  const lines = grouped(
    claims
      .filter(({ side }) => side === 'earlier')
      .map((one) => ({ ...one, sentOn: declared.get(one.claim.invoiceId)?.on ?? null })),
    ({ creditorId, sentOn }) => `${creditorId} ${sentOn ?? ''}`,
  );
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
  const later = claims.filter(({ side }) => side === 'later').map(({ claim }) => claim);
  return { row, lawMissing: dated.lawMissing ?? lawMissing, declarations, later };
}

interface SidedClaim {
  readonly side: ClaimSide['side'];
  readonly creditorId: string;
  readonly creditorName: string;
  readonly claim: DeclaredClaim;
}

/** Everything that the debtor owes, with what it comes to on the day of the judgment. */
async function claimsOf(
  eyes: Eyes,
  db: Db,
  law: Law,
  { debtor_id: debtorId, judgment_on: judgmentOn }: InsolvencyRow,
): Promise<{ readonly claims: readonly SidedClaim[]; readonly lawMissing: string | null }> {
  const invoices = await db
    .selectFrom('invoice')
    .innerJoin('creditor', 'creditor.id', 'invoice.creditor_id')
    .select(['invoice.id', 'invoice.number', 'invoice.term', 'invoice.creditor_id', 'invoice.balance_cents'])
    .select(['invoice.issue_date', 'invoice.performed_on', 'invoice.due_date', 'invoice.currency'])
    .select(['invoice.collection', 'creditor.legal_name', 'creditor.key'])
    .leftJoin('accessory', (join) =>
      join.onRef('accessory.invoice_id', '=', 'invoice.id').on('accessory.state', '=', 'open'),
    )
    .select(['accessory.interest_cents', 'accessory.lump_sum_cents'])
    .where('invoice.debtor_id', '=', debtorId)
    .where(isOwed)
    .where(seenInvoice(eyes, 'invoice'))
    .orderBy('invoice.due_date')
    .orderBy('invoice.id')
    .execute();
  const ids = invoices.map(({ id }) => id);
  const { penalties, lawMissing } = penaltiesUnder(law, await penaltyCasesOf(db, ids, judgmentOn));
  const claims = invoices.map((invoice): SidedClaim => {
    const { id: invoiceId, number, term, currency } = invoice;
    const { issue_date: issueDate, performed_on: performedOn, due_date: dueDate } = invoice;
    const { debtor } = invoice.collection as Collection;
    const { side, because } = sideUnder({ debtor, performedOn, issueDate }, judgmentOn);
    const known = penalties.get(invoiceId);
    // Of a price that is paid, what was kept beside it stands as it is.
    const interestCents = invoice.interest_cents ?? known?.interestDueCents ?? null;
    const lumpSumCents = invoice.lump_sum_cents ?? known?.lumpSum.cents ?? null;
    const dated = { issueDate, performedOn, dueDate, because };
    const sums = { principalCents: invoice.balance_cents, interestCents, lumpSumCents, currency };
    return {
      side,
      creditorId: invoice.creditor_id,
      creditorName: invoice.legal_name ?? invoice.key,
      claim: { invoiceId, number, term, ...dated, ...sums },
    };
  });
  return { claims, lawMissing };
}

function penaltiesUnder(
  law: Law,
  cases: readonly ClaimCase[],
): { readonly penalties: ReadonlyMap<string, Penalties>; readonly lawMissing: string | null } {
  const penalties = new Map<string, Penalties>();
  let lawMissing: string | null = null;
  for (const one of cases)
    try {
      penalties.set(one.invoiceId, claimUnder(law, one).penalties);
    } catch (problem) {
      if (!(problem instanceof MissingLawValue)) throw problem;
      lawMissing = problem.message;
    }
  return { penalties, lawMissing };
}

/** The open task to declare, by creditor. */
async function declarationTasks(db: Db, debtorId: string): Promise<ReadonlyMap<string, string>> {
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
  db: Db,
  law: Law,
  row: InsolvencyRow,
  creditorIds: readonly string[],
): Promise<{ dates: ReadonlyMap<string, InsolvencyDates> | null; lawMissing: string | null }> {
  try {
    return { dates: await declarationDatesOf(db, law, row, creditorIds), lawMissing: null };
  } catch (problem) {
    if (problem instanceof MissingLawValue) return { dates: null, lawMissing: problem.message };
    throw problem;
  }
}

function totalsOf(claims: readonly DeclaredClaim[]): DeclarationRead['totals'] {
  const sums = new Map<string, number>();
  const add = (currency: string, cents: number) => sums.set(currency, (sums.get(currency) ?? 0) + cents);
  for (const { currency, principalCents, interestCents, lumpSumCents } of claims) {
    add(currency, principalCents + (interestCents ?? 0));
    if (lumpSumCents) add(lumpSumCurrency, lumpSumCents);
  }
  return [...sums].map(([currency, cents]) => ({ currency, cents }));
}
