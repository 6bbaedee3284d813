import { sql } from 'kysely';
import type { Collection } from '../domain/collection.ts';
import { sideUnder } from '../domain/insolvency/claim-side.ts';
import type { ClaimSide } from '../domain/law/claim-side.ts';
import { MissingLawValue, orMissing } from '../domain/law/law-value.ts';
import type { Law } from '../domain/law/law-value.ts';
import type { Penalties } from '../domain/law/penalties.ts';
import type { CivilDate } from '../domain/time.ts';
import { claimUnder, penaltyCasesOf } from './claims.ts';
import type { ClaimCase } from './claims.ts';
import type { Db, Tx } from './database.ts';
import { grouped } from './grouped.ts';
import type { InsolvencyRow } from './insolvencies.ts';
import { seenInvoice } from './visible.ts';
import type { Eyes } from './visible.ts';

/** What is owed of a claim, or was stated of it. */
export interface ClaimSums {
  /** What is left of the price; nothing where only penalties are, which were claimed before it was paid. */
  readonly principalCents: number;
  /** Up to the day before the judgment; null where a value of the law is missing. */
  readonly interestCents: number | null;
  /** In euros. */
  readonly lumpSumCents: number | null;
}

/** One claim as its declaration states it. */
export interface DeclaredClaim extends ClaimSums {
  readonly invoiceId: string;
  readonly number: string;
  readonly term: number;
  readonly issueDate: CivilDate | null;
  readonly performedOn: CivilDate | null;
  readonly dueDate: CivilDate;
  readonly because: ClaimSide['because'];
  readonly currency: string;
}

/** What one declaration stated of one claim. */
export interface StatedClaim extends ClaimSums {
  readonly invoiceId: string;
  readonly on: CivilDate;
}

/** A claim against a debtor in insolvency, with what was declared of it. */
export interface InsolvencyClaim {
  readonly side: ClaimSide['side'];
  readonly creditorId: string;
  readonly creditorName: string;
  /** With the sums that are owed now. */
  readonly claim: DeclaredClaim;
  readonly stated: readonly StatedClaim[];
  /** What is owed and in no declaration; null where there is none of it. */
  readonly undeclared: ClaimSums | null;
  readonly isOwed: boolean;
}

/**
 * Everything that a debtor in insolvency owes or has owed when it was declared, with what it comes to on the day of the
 * judgment.
 *
 * What was declared stands as it was stated. What comes to be owed beyond it (a payment goes back, an invoice was too low)
 * is in no declaration and is lost with its last day, so it counts as undeclared. What is paid after the declaration makes
 * the claim no smaller: a dividend is a part of what was declared.
 */
export async function claimsAgainst(
  eyes: Eyes,
  db: Db | Tx,
  law: Law,
  insolvency: InsolvencyRow,
): Promise<{ readonly claims: readonly InsolvencyClaim[]; readonly lawMissing: string | null }> {
  const invoices = await db
    .selectFrom('invoice')
    .innerJoin('creditor', 'creditor.id', 'invoice.creditor_id')
    .select(['invoice.id', 'invoice.number', 'invoice.term', 'invoice.creditor_id', 'invoice.balance_cents'])
    .select(['invoice.issue_date', 'invoice.performed_on', 'invoice.due_date', 'invoice.currency'])
    .select(['invoice.collection', 'creditor.legal_name', 'creditor.key', isOwed.as('is_owed')])
    .leftJoin('accessory', (join) =>
      join.onRef('accessory.invoice_id', '=', 'invoice.id').on('accessory.state', '=', 'open'),
    )
    .select(['accessory.interest_cents', 'accessory.lump_sum_cents'])
    .where('invoice.debtor_id', '=', insolvency.debtor_id)
    .where(({ or, exists, selectFrom }) =>
      or([
        isOwed,
        exists(
          selectFrom('declared_claim')
            .select('declared_claim.id')
            .where('declared_claim.insolvency_id', '=', insolvency.id)
            .whereRef('declared_claim.invoice_id', '=', 'invoice.id'),
        ),
      ]),
    )
    .where(seenInvoice(eyes, 'invoice'))
    .orderBy('invoice.due_date')
    .orderBy('invoice.id')
    .execute();
  const ids = invoices.map(({ id }) => id);
  const cases = await declaredCasesOf(db, ids, insolvency.judgment_on);
  const { penalties, lawMissing } = penaltiesUnder(law, cases);
  const prices = await pricesOwed(db, insolvency.id, ids, null);
  const stated = grouped(await statedIn(db, insolvency.id), ({ invoiceId }) => invoiceId);
  const claims = invoices.map((invoice): InsolvencyClaim => {
    const { id: invoiceId, number, term, currency, is_owed: owed } = invoice;
    const { issue_date: issueDate, performed_on: performedOn, due_date: dueDate } = invoice;
    const { debtor } = invoice.collection as Collection;
    const { side, because } = sideUnder({ debtor, performedOn, issueDate }, insolvency.judgment_on);
    const known = penalties.get(invoiceId);
    const sums = {
      principalCents: invoice.balance_cents,
      // Of a price that is paid, what was kept beside it stands as it is.
      interestCents: invoice.interest_cents ?? known?.interestDueCents ?? null,
      lumpSumCents: invoice.lump_sum_cents ?? known?.lumpSum.cents ?? null,
    };
    const before = stated.get(invoiceId) ?? [];
    const all = { ...sums, principalCents: prices.get(invoiceId) ?? 0 };
    return {
      side,
      creditorId: invoice.creditor_id,
      creditorName: invoice.legal_name ?? invoice.key,
      claim: { invoiceId, number, term, issueDate, performedOn, dueDate, because, currency, ...sums },
      stated: before,
      undeclared: !owed || side === 'later' ? null : before.length === 0 ? sums : beyond(all, before),
      isOwed: owed,
    };
  });
  return { claims, lawMissing };
}

/**
 * What the penalties of these invoices depend on where they are declared: on the day of the judgment, and for all of them.
 *
 * What is contested is declared like the rest, with its interest: the judge decides of it (L624-2 C. com.), and what was
 * not declared is lost whatever he decides.
 */
export async function declaredCasesOf(
  db: Db | Tx,
  invoiceIds: readonly string[],
  judgmentOn: CivilDate,
): Promise<readonly ClaimCase[]> {
  const cases = await penaltyCasesOf(db, invoiceIds, judgmentOn);
  return cases.map((one) => ({ ...one, given: { ...one.given, contestedCents: 0 } }));
}

/** Whether anything is owed of an invoice that an insolvency would have to hear of. */
const isOwed = sql<boolean>`(invoice.balance_cents > 0 and (invoice.open or invoice.state = 'handed_over')
  or exists (select from accessory where accessory.invoice_id = invoice.id and accessory.state = 'open'))`;

/** What the declarations of an insolvency have stated, claim by claim, oldest first. */
export async function statedIn(db: Db | Tx, insolvencyId: string): Promise<readonly StatedClaim[]> {
  const rows = await db
    .selectFrom('declared_claim')
    .selectAll()
    .where('insolvency_id', '=', insolvencyId)
    .orderBy('sent_on')
    .orderBy('id')
    .execute();
  return rows.map((row) => ({
    invoiceId: row.invoice_id,
    on: row.sent_on,
    principalCents: row.principal_cents,
    interestCents: row.interest_cents,
    lumpSumCents: row.lump_sum_cents,
  }));
}

/**
 * What is owed of the price of each of these invoices by what was entered up to that day (null: all), in cents.
 *
 * Payments of after its first declaration are left out, and with them what came back of those.
 */
export async function pricesOwed(
  db: Db | Tx,
  insolvencyId: string,
  invoiceIds: readonly string[],
  on: CivilDate | null,
): Promise<ReadonlyMap<string, number>> {
  const { rows } = await sql<{ invoice_id: string; cents: string }>`
    with declared as (
      select invoice_id, min(sent_on) as first_on from declared_claim where insolvency_id = ${insolvencyId} group by invoice_id)
    select entry.invoice_id, sum(entry.amount_cents) as cents
      from ledger_entry entry left join declared on declared.invoice_id = entry.invoice_id
      where entry.invoice_id = any(${invoiceIds}::uuid[])
        and (entry.kind = 'invoice' or ${on}::date is null or entry.day <= ${on}::date)
        and not exists (
          select from ledger_entry paid
            where paid.invoice_id = entry.invoice_id and paid.payment_id = entry.payment_id
              and paid.kind = 'payment' and paid.day > declared.first_on)
      group by entry.invoice_id`.execute(db);
  return new Map(rows.map((row) => [row.invoice_id, Number(row.cents)]));
}

/** What is owed beyond what was stated; a sum that was not known on either day says nothing. */
function beyond(owed: ClaimSums, stated: readonly ClaimSums[]): ClaimSums | null {
  const over = (of: (sums: ClaimSums) => number | null): number => {
    const [now, before] = [of(owed), stated.map(of)];
    if (now === null || before.includes(null)) return 0;
    return Math.max(0, now - before.reduce<number>((sum, one) => sum + (one ?? 0), 0));
  };
  const rest = {
    principalCents: over((sums) => sums.principalCents),
    interestCents: over((sums) => sums.interestCents),
    lumpSumCents: over((sums) => sums.lumpSumCents),
  };
  return rest.principalCents + rest.interestCents + rest.lumpSumCents > 0 ? rest : null;
}

function penaltiesUnder(
  law: Law,
  cases: readonly ClaimCase[],
): { readonly penalties: ReadonlyMap<string, Penalties>; readonly lawMissing: string | null } {
  const penalties = new Map<string, Penalties>();
  let lawMissing: string | null = null;
  for (const one of cases) {
    const claim = orMissing(() => claimUnder(law, one));
    if (claim instanceof MissingLawValue) lawMissing = claim.message;
    else penalties.set(one.invoiceId, claim.penalties);
  }
  return { penalties, lawMissing };
}
