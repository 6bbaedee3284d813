import type { Selectable } from 'kysely';
import type { DeclarationView } from '../domain/insolvency/next-of-declaration.ts';
import type { Author } from '../domain/fact.ts';
import type { Collection } from '../domain/collection.ts';
import { claimSideOf } from '../domain/law/claim-side.ts';
import { insolvencyDates } from '../domain/law/insolvency.ts';
import type { ClaimSide } from '../domain/law/claim-side.ts';
import type { InsolvencyDates } from '../domain/law/insolvency.ts';
import type { Penalties } from '../domain/law/penalties.ts';
import { MissingLawValue } from '../domain/law/law-value.ts';
import type { Law } from '../domain/law/law-value.ts';
import type { CivilDate } from '../domain/time.ts';
import { claimUnder, lumpSumCurrency, penaltyCasesOf } from './claims.ts';
import type { Db, Tx } from './database.ts';
import type { Desk, InvoiceFile } from './desk.ts';
import { grouped } from './grouped.ts';
import { lawIn } from './law.ts';
import { seenInvoice } from './visible.ts';
import type { Eyes } from './visible.ts';
import { note } from './journal.ts';
import type { InsolvencyTable } from './schema.ts';
import { uuidv7 } from './uuid.ts';

/** What the court opened: a safeguard, a receivership, a liquidation. */
export const procedureKinds = ['safeguard', 'receivership', 'liquidation'] as const;

export type ProcedureKind = (typeof procedureKinds)[number];

/** What is learnt of an insolvency; absent means untouched. */
export interface InsolvencyGiven {
  readonly judgmentOn: CivilDate;
  readonly kind?: ProcedureKind | null;
  /** Of its publication in the BODACC. */
  readonly publishedOn?: CivilDate | null;
  /** To whom the claim is declared, as it stands in the announcement. */
  readonly administrator?: string | null;
  readonly court?: string | null;
}

/**
 * The insolvency procedures of debtors, and the declarations of claims that they ask for.
 *
 * A debtor is in one procedure at a time. Its matter `insolvency/<id>` watches the days of its declarations, one for each
 * creditor who has claims of before the judgment.
 */
export async function openInsolvency(
  desk: Desk,
  debtorId: string,
  given: InsolvencyGiven,
  by: Author,
): Promise<void> {
  const { tx } = desk;
  const known = await openInsolvencyOf(tx, debtorId);
  const set = {
    judgment_on: given.judgmentOn,
    ...(given.kind === undefined ? {} : { kind: given.kind }),
    ...(given.publishedOn === undefined ? {} : { published_on: given.publishedOn }),
    ...(given.administrator === undefined ? {} : { administrator: given.administrator }),
    ...(given.court === undefined ? {} : { court: given.court }),
  };
  const id = known?.id ?? uuidv7();
  if (known) await tx.updateTable('insolvency').set(set).where('id', '=', id).execute();
  else
    await tx
      .insertInto('insolvency')
      .values({ id, debtor_id: debtorId, ...set, recorded_at: new Date(desk.now), recorded_by: by.id })
      .execute();
  const { administrator: _words, court: _place, ...told } = given;
  await note(tx, `debtor/${debtorId}`, 'insolvencyRecorded', desk.now, { insolvencyId: id, ...told, by });
  desk.attend({ kind: 'insolvency', id, debtorId });
}

/** Ends the procedure of a debtor that was recorded by mistake, or is over. */
export async function endInsolvency(desk: Desk, debtorId: string, by: Author): Promise<void> {
  const known = await openInsolvencyOf(desk.tx, debtorId);
  if (!known) return;
  await desk.tx
    .updateTable('insolvency')
    .set({ ended_at: new Date(desk.now), ended_by: by.id })
    .where('id', '=', known.id)
    .execute();
  desk.attend({ kind: 'insolvency', id: known.id, debtorId });
}

export async function openInsolvencyOf(
  db: Db | Tx,
  debtorId: string,
): Promise<Selectable<InsolvencyTable> | undefined> {
  return db
    .selectFrom('insolvency')
    .selectAll()
    .where('debtor_id', '=', debtorId)
    .where('ended_at', 'is', null)
    .executeTakeFirst();
}

export async function insolvencyWith(
  db: Db | Tx,
  id: string,
): Promise<Selectable<InsolvencyTable> | undefined> {
  return db.selectFrom('insolvency').selectAll().where('id', '=', id).executeTakeFirst();
}

/** The invoices of a debtor on which something is owed, those that are with others for litigation too. */
export async function claimFilesOf(desk: Desk, debtorId: string): Promise<readonly InvoiceFile[]> {
  const rows = await desk.tx
    .selectFrom('invoice')
    .select('id')
    .where('debtor_id', '=', debtorId)
    .where('balance_cents', '>', 0)
    .where((row) => row.or([row('open', '=', true), row('state', '=', 'handed_over')]))
    .orderBy('id')
    .execute();
  return desk.files(rows.map(({ id }) => id));
}

/** Those that lie before the judgment, by creditor. Closed files have not heard of it, so the day is given. */
export function earlierClaims(
  files: readonly InvoiceFile[],
  judgmentOn: CivilDate,
): ReadonlyMap<string, readonly InvoiceFile[]> {
  const byCreditor = new Map<string, InvoiceFile[]>();
  for (const file of files) {
    const { creditorId, performedOn = null, issueDate: invoicedOn } = file.collection;
    if (claimSideOf({ performedOn, invoicedOn }, judgmentOn).side !== 'earlier') continue;
    byCreditor.set(creditorId, [...(byCreditor.get(creditorId) ?? []), file]);
  }
  return byCreditor;
}

/** The declarations of an insolvency as they stand; one that was never written about is as yet unsent. */
export async function declarationsOf(
  db: Db | Tx,
  insolvencyId: string,
  creditorIds: readonly string[],
): Promise<readonly DeclarationView[]> {
  const rows = await db
    .selectFrom('claim_declaration')
    .selectAll()
    .where('insolvency_id', '=', insolvencyId)
    .execute();
  const ids = [...new Set([...creditorIds, ...rows.map((row) => row.creditor_id)])];
  return ids.map((creditorId) => {
    const row = rows.find((one) => one.creditor_id === creditorId);
    const { warned_clock: clock = null, warned_for: day = null } = row ?? {};
    return {
      creditorId,
      sentOn: row?.sent_on ?? null,
      warned: clock === null || day === null ? null : { clock, for: day },
    };
  });
}

/** The days that each of these creditors must keep; null before the publication is known. Throws `MissingLawValue`. */
export async function declarationDatesOf(
  db: Db | Tx,
  law: Law,
  { judgment_on: judgmentOn, published_on: publishedOn }: Selectable<InsolvencyTable>,
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

/** Keeps that people were warned of that day, so that nobody is told twice. */
export async function declarationWarned(
  tx: Tx,
  insolvencyId: string,
  creditorId: string,
  warned: { readonly clock: string; readonly for: CivilDate },
): Promise<void> {
  const set = { warned_clock: warned.clock, warned_for: warned.for };
  await tx
    .insertInto('claim_declaration')
    .values({ insolvency_id: insolvencyId, creditor_id: creditorId, ...set })
    .onConflict((clash) => clash.columns(['insolvency_id', 'creditor_id']).doUpdateSet(set))
    .execute();
}

/** Somebody has declared the claims of a creditor: its days are kept, and nobody is warned any more. */
export async function declarationSent(
  desk: Desk,
  { debtorId, creditorId, on }: { debtorId: string; creditorId: string; on: CivilDate },
  by: Author,
): Promise<void> {
  const known = await openInsolvencyOf(desk.tx, debtorId);
  if (!known) return;
  const set = { sent_on: on, sent_by: by.id };
  await desk.tx
    .insertInto('claim_declaration')
    .values({ insolvency_id: known.id, creditor_id: creditorId, ...set })
    .onConflict((clash) => clash.columns(['insolvency_id', 'creditor_id']).doUpdateSet(set))
    .execute();
  desk.attend({ kind: 'insolvency', id: known.id, debtorId });
}

/** One claim as its declaration states it. */
interface DeclaredClaim {
  readonly invoiceId: string;
  readonly number: string;
  readonly issueDate: CivilDate | null;
  readonly performedOn: CivilDate | null;
  readonly dueDate: CivilDate;
  readonly because: ClaimSide['because'];
  /** What is left of the price. */
  readonly openCents: number;
  /** Up to the day before the judgment; null where a value of the law is missing. */
  readonly interestCents: number | null;
  /** In euros. */
  readonly lumpSumCents: number | null;
  readonly currency: string;
}

/** What one creditor has to declare, and by when. */
export interface DeclarationRead {
  readonly creditorId: string;
  readonly creditorName: string;
  readonly sentOn: CivilDate | null;
  readonly taskId: string | null;
  readonly dates: InsolvencyDates | null;
  readonly claims: readonly DeclaredClaim[];
  readonly totals: readonly { readonly currency: string; readonly cents: number }[];
}

/**
 * The insolvency of a debtor with everything that a declaration states; undefined when he is in none.
 *
 * Only claims that the caller sees are shown. A last day that the law's values do not tell is left out, with the reason.
 */
export async function readInsolvency(eyes: Eyes, db: Db, debtorId: string) {
  const row = await openInsolvencyOf(db, debtorId);
  if (!row) return undefined;
  const invoices = await db
    .selectFrom('invoice')
    .innerJoin('creditor', 'creditor.id', 'invoice.creditor_id')
    .select(['invoice.id', 'invoice.number', 'invoice.creditor_id', 'invoice.collection'])
    .select(['creditor.legal_name', 'creditor.key'])
    .where('invoice.debtor_id', '=', debtorId)
    .where('balance_cents', '>', 0)
    .where((one) => one.or([one('open', '=', true), one('state', '=', 'handed_over')]))
    .where(seenInvoice(eyes, 'invoice'))
    .orderBy('invoice.due_date')
    .orderBy('invoice.id')
    .execute();
  const law = await lawIn(db);
  const penalties = new Map<string, Penalties>();
  let lawMissing: string | null = null;
  const cases = await penaltyCasesOf(
    db,
    invoices.map(({ id }) => id),
    row.judgment_on,
  );
  for (const one of cases)
    try {
      penalties.set(one.invoiceId, claimUnder(law, one).penalties);
    } catch (problem) {
      if (!(problem instanceof MissingLawValue)) throw problem;
      lawMissing = problem.message;
    }
  const claims = invoices.map((invoice) => {
    const file = invoice.collection as Collection;
    const { issueDate, performedOn = null, dueDate, balanceCents: openCents, currency } = file;
    const { side, because } = claimSideOf({ performedOn, invoicedOn: issueDate }, row.judgment_on);
    const { id: invoiceId, number } = invoice;
    const known = penalties.get(invoiceId);
    const interestCents = known ? known.interestCents - known.interestPaidCents : null;
    const lumpSumCents = known ? known.lumpSum.cents : null;
    const dated = { issueDate, performedOn, dueDate, because };
    const claim = { invoiceId, number, ...dated, openCents, interestCents, lumpSumCents, currency };
    return { side, creditorId: invoice.creditor_id, name: invoice.legal_name ?? invoice.key, claim };
  });
  const earlier = grouped(
    claims.filter(({ side }) => side === 'earlier'),
    ({ creditorId }) => creditorId,
  );
  const tasks = await db
    .selectFrom('task')
    .select(['id', 'creditor_id'])
    .where('debtor_id', '=', debtorId)
    .where('kind', '=', 'insolvency')
    .where('state', '=', 'open')
    .execute();
  const dated = await datesOrWhatIsMissing(db, law, row, [...earlier.keys()]);
  const sent = await declarationsOf(db, row.id, [...earlier.keys()]);
  const declarations = [...earlier].map(([creditorId, own]): DeclarationRead => ({
    creditorId,
    creditorName: own[0]?.name ?? '',
    sentOn: sent.find((one) => one.creditorId === creditorId)?.sentOn ?? null,
    taskId: tasks.find((task) => task.creditor_id === creditorId)?.id ?? null,
    dates: dated.dates?.get(creditorId) ?? null,
    claims: own.map(({ claim }) => claim),
    totals: totalsOf(own.map(({ claim }) => claim)),
  }));
  const later = claims.filter(({ side }) => side === 'later').map(({ claim }) => claim);
  return { row, lawMissing: dated.lawMissing ?? lawMissing, declarations, later };
}

async function datesOrWhatIsMissing(
  db: Db,
  law: Law,
  row: Selectable<InsolvencyTable>,
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
  for (const { currency, openCents, interestCents, lumpSumCents } of claims) {
    add(currency, openCents + (interestCents ?? 0));
    if (lumpSumCents) add(lumpSumCurrency, lumpSumCents);
  }
  return [...sums].map(([currency, cents]) => ({ currency, cents }));
}
