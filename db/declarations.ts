import { sql } from 'kysely';
import type { DeclarationView } from '../domain/insolvency/next-of-declaration.ts';
import type { Author } from '../domain/fact.ts';
import { silencedByJudgmentOn } from '../domain/insolvency/claim-side.ts';
import { insolvencyDates } from '../domain/law/insolvency.ts';
import type { InsolvencyDates } from '../domain/law/insolvency.ts';
import type { Law } from '../domain/law/law-value.ts';
import type { CivilDate } from '../domain/time.ts';
import type { Db, Tx } from './database.ts';
import type { Desk, InvoiceFile } from './desk.ts';
import { grouped } from './grouped.ts';
import { openInsolvencyOf } from './insolvencies.ts';
import type { InsolvencyRow } from './insolvencies.ts';

/**
 * The claims that a creditor has still to declare in the insolvency of a debtor, by creditor.
 *
 * A declaration states the claims that were known when it was sent. One that comes in later, or turns out to be older than
 * the judgment, is in none: it has its own line, with the same last days.
 */
export async function undeclaredClaims(
  desk: Desk,
  insolvency: InsolvencyRow,
): Promise<ReadonlyMap<string, readonly InvoiceFile[]>> {
  const files = await claimFilesOf(desk, insolvency.debtor_id);
  const declared = await declaredIn(desk.tx, insolvency.id);
  const open = files.filter((file) => !declared.has(file.id) && isEarlier(file, insolvency.judgment_on));
  return grouped(open, ({ collection }) => collection.creditorId);
}

/** What there is to declare may have changed: whoever watches the days of it looks again. */
export async function declarationsChanged(desk: Desk, debtorId: string): Promise<void> {
  const known = await openInsolvencyOf(desk.tx, debtorId);
  if (known) desk.attend({ kind: 'insolvency', id: known.id, debtorId });
}

/** When each claim of an insolvency was declared, by invoice; one that was not is not there. */
export async function declaredIn(
  db: Db | Tx,
  insolvencyId: string,
): Promise<ReadonlyMap<string, { readonly on: CivilDate; readonly by: string }>> {
  const rows = await db
    .selectFrom('declared_claim')
    .select(['invoice_id', 'sent_on', 'sent_by'])
    .where('insolvency_id', '=', insolvencyId)
    .execute();
  return new Map(rows.map((row) => [row.invoice_id, { on: row.sent_on, by: row.sent_by }]));
}

/**
 * The invoices of a debtor on which something is owed: those that are with others for litigation too, and those that are
 * paid and have penalties left that were claimed.
 */
async function claimFilesOf(desk: Desk, debtorId: string): Promise<readonly InvoiceFile[]> {
  const rows = await desk.tx
    .selectFrom('invoice')
    .select('id')
    .where('debtor_id', '=', debtorId)
    .where(isOwed)
    .orderBy('id')
    .execute();
  return desk.files(rows.map(({ id }) => id));
}

/** Whether anything is owed of an invoice that an insolvency would have to hear of. */
export const isOwed = sql<boolean>`(invoice.balance_cents > 0 and (invoice.open or invoice.state = 'handed_over')
  or exists (select from accessory where accessory.invoice_id = invoice.id and accessory.state = 'open'))`;

/** Closed files have not heard of the judgment, so its day is given. */
function isEarlier({ collection }: InvoiceFile, judgmentOn: CivilDate): boolean {
  return silencedByJudgmentOn(collection, judgmentOn) !== null;
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
 * Somebody has declared the claims of a creditor on that day: nobody is warned of these any more.
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
  const claims = (await undeclaredClaims(desk, known)).get(creditorId) ?? [];
  const stated = claims.filter(({ collection }) => collection.knownOn <= on);
  if (stated.length > 0)
    await desk.tx
      .insertInto('declared_claim')
      .values(
        stated.map(({ id }) => ({
          insolvency_id: known.id,
          invoice_id: id,
          creditor_id: creditorId,
          sent_on: on,
          sent_by: by.id,
        })),
      )
      .execute();
  await declarationWarned(desk.tx, known.id, creditorId, null);
  desk.attend({ kind: 'insolvency', id: known.id, debtorId });
}
