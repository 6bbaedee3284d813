import type { DeclarationView } from '../domain/insolvency/next-of-declaration.ts';
import type { Author } from '../domain/fact.ts';
import { insolvencyDates } from '../domain/law/insolvency.ts';
import type { InsolvencyDates } from '../domain/law/insolvency.ts';
import type { Law } from '../domain/law/law-value.ts';
import type { CivilDate } from '../domain/time.ts';
import type { Db, Tx } from './database.ts';
import type { Desk, InvoiceFile } from './desk.ts';
import { grouped } from './grouped.ts';
import { claimsAgainst, pricesOwed, statedIn } from './insolvency-claims.ts';
import { openInsolvencyOf } from './insolvencies.ts';
import type { InsolvencyRow } from './insolvencies.ts';
import { lawIn } from './law.ts';
import { uuidv7 } from './uuid.ts';
import { allEyes } from './visible.ts';

/**
 * The claims that a creditor has still to declare in the insolvency of a debtor, by creditor.
 *
 * A declaration states the claims that were known when it was sent. One that comes in later, turns out to be older than
 * the judgment, or has grown, is in none: it has its own line, with the same last days.
 */
export async function undeclaredClaims(
  desk: Desk,
  insolvency: InsolvencyRow,
): Promise<ReadonlyMap<string, readonly InvoiceFile[]>> {
  const open = (await leftToDeclare(desk, insolvency)).map(({ file }) => file);
  return grouped(open, ({ collection }) => collection.creditorId);
}

/** What is in no declaration, of each invoice: also of those with others for litigation, and penalties of a paid price. */
async function leftToDeclare(desk: Desk, insolvency: InsolvencyRow) {
  const { claims } = await claimsAgainst(allEyes, desk.tx, await lawIn(desk.tx), insolvency);
  const left = new Map(
    claims.flatMap(({ claim, undeclared }) => (undeclared ? [[claim.invoiceId, undeclared] as const] : [])),
  );
  return (await desk.files([...left.keys()])).flatMap((file) => {
    const sums = left.get(file.id);
    return sums ? [{ file, sums }] : [];
  });
}

/** What there is to declare may have changed: whoever watches the days of it looks again. */
export async function declarationsChanged(desk: Desk, debtorId: string): Promise<void> {
  const known = await openInsolvencyOf(desk.tx, debtorId);
  if (known) desk.attend({ kind: 'insolvency', id: known.id, debtorId });
}

/** The warnings that were given of what each of these creditors has still to declare. */
export async function declarationsOf(
  db: Db | Tx,
  insolvencyId: string,
  creditorIds: readonly string[],
): Promise<readonly DeclarationView[]> {
  const rows = await db
    .selectFrom('claim_declaration')
    .select(['creditor_id', 'warned_clock', 'warned_for'])
    .where('insolvency_id', '=', insolvencyId)
    .execute();
  return creditorIds.map((creditorId) => {
    const row = rows.find((one) => one.creditor_id === creditorId);
    const { warned_clock: clock = null, warned_for: day = null } = row ?? {};
    return { creditorId, warned: clock === null || day === null ? null : { clock, for: day } };
  });
}

/** The days that each of these creditors must keep; null before the publication is known. Throws `MissingLawValue`. */
export async function declarationDatesOf(
  db: Db | Tx,
  law: Law,
  { judgment_on: judgmentOn, published_on: publishedOn }: InsolvencyRow,
  creditorIds: readonly string[],
): Promise<ReadonlyMap<string, InsolvencyDates> | null> {
  if (publishedOn === null || creditorIds.length === 0) return null;
  const rows = await db
    .selectFrom('creditor')
    .select(['id', 'established_abroad'])
    .where('id', 'in', creditorIds)
    .execute();
  return new Map(
    rows.flatMap(({ id, established_abroad: creditorAbroad }) => {
      const dates = insolvencyDates(law, { judgmentOn, publishedOn, creditorAbroad });
      return dates ? [[id, dates] as const] : [];
    }),
  );
}

/** Keeps that people were warned of that day, so that nobody is told twice; null: what comes in from now on is new to all. */
export async function declarationWarned(
  tx: Tx,
  insolvencyId: string,
  creditorId: string,
  warned: { readonly clock: string; readonly for: CivilDate } | null,
): Promise<void> {
  const set = { warned_clock: warned?.clock ?? null, warned_for: warned?.for ?? null };
  await tx
    .insertInto('claim_declaration')
    .values({ insolvency_id: insolvencyId, creditor_id: creditorId, ...set })
    .onConflict((clash) => clash.columns(['insolvency_id', 'creditor_id']).doUpdateSet(set))
    .execute();
}

/**
 * Somebody has declared the claims of a creditor on that day, as they stood then: nobody is warned of these any more.
 *
 * What was not known yet on that day was not declared: it keeps its task and its warnings.
 */
export async function declarationSent(
  desk: Desk,
  { debtorId, creditorId, on }: { debtorId: string; creditorId: string; on: CivilDate },
  by: Author,
): Promise<void> {
  const known = await openInsolvencyOf(desk.tx, debtorId);
  if (!known) return;
  const left = (await leftToDeclare(desk, known)).filter(
    ({ file: { collection } }) => collection.creditorId === creditorId && collection.knownOn <= on,
  );
  const stated = left.map(({ file }) => file.id);
  const prices = await pricesOwed(desk.tx, known.id, stated, on);
  const before = grouped(await statedIn(desk.tx, known.id), ({ invoiceId }) => invoiceId);
  const rows = left.flatMap(({ file, sums }) => {
    const declared = (before.get(file.id) ?? []).reduce((sum, one) => sum + one.principalCents, 0);
    const principalCents = Math.max(0, (prices.get(file.id) ?? 0) - declared);
    // It has come to be owed after that day.
    if (principalCents === 0 && sums.principalCents > 0) return [];
    return {
      id: uuidv7(),
      insolvency_id: known.id,
      invoice_id: file.id,
      creditor_id: creditorId,
      sent_on: on,
      sent_by: by.id,
      principal_cents: principalCents,
      interest_cents: sums.interestCents,
      lump_sum_cents: sums.lumpSumCents,
    };
  });
  if (rows.length > 0) await desk.tx.insertInto('declared_claim').values(rows).execute();
  for (const { id, invoice_id: invoiceId } of rows) {
    const event = { kind: 'declaration', on, evidence: { kind: 'document', id } } as const;
    await desk.ask(invoiceId, { type: 'limitationMoved', event }, by);
  }
  await declarationWarned(desk.tx, known.id, creditorId, null);
  desk.attend({ kind: 'insolvency', id: known.id, debtorId });
}
