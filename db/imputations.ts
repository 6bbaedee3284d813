import { sql } from 'kysely';
import { MissingLawValue, orMissing } from '../domain/law/law-value.ts';
import type { Law } from '../domain/law/law-value.ts';
import type { Movement } from '../domain/law/movement.ts';
import { penaltiesOf } from '../domain/law/penalties.ts';
import type { Penalties, PenaltyCase } from '../domain/law/penalties.ts';
import type { CivilDate } from '../domain/time.ts';
import { latestDay } from '../domain/time.ts';
import { countedFrom, penaltyCasesOf } from './claims.ts';
import type { Desk } from './desk.ts';
import { lawIn } from './law.ts';
import { balancesOf, enter } from './ledger.ts';

/**
 * What one payment has settled of the interest of an invoice, less what of it was taken back.
 *
 * The ledger keeps it: an entry of kind `interest` names its payment, and raises the balance by what did not settle the
 * price. It is a fact. Neither a dispute nor another rate, setting or value of the law changes it afterwards; it is taken
 * back when its payment comes back, and where it turns out that such interest was never owed.
 */
export interface Imputed {
  readonly paymentId: string | null;
  readonly cents: number;
  /** The day on which it settled. */
  readonly day: CivilDate;
}

/** Oldest first. */
export async function imputedOn(desk: Desk, invoiceId: string): Promise<readonly Imputed[]> {
  const rows = await desk.tx
    .selectFrom('ledger_entry')
    .select(['payment_id', ({ fn }) => fn.sum<string>('amount_cents').as('cents')])
    .select(sql<CivilDate>`max(day) filter (where amount_cents > 0)`.as('settled_on'))
    .where('invoice_id', '=', invoiceId)
    .where('kind', '=', 'interest')
    .groupBy('payment_id')
    .having(({ fn }) => fn.sum('amount_cents'), '>', 0)
    .orderBy('settled_on')
    .orderBy(sql`min(id::text)`)
    .execute();
  return rows.map((row) => ({ paymentId: row.payment_id, cents: Number(row.cents), day: row.settled_on }));
}

/** Enters what payments settle of interest; below zero, that it is taken back. */
export async function enterImputed(
  desk: Desk,
  invoiceId: string,
  imputed: readonly Imputed[],
): Promise<void> {
  if (imputed.length === 0) return;
  const file = await desk.file(invoiceId);
  if (!file) throw new Error(`invoice ${invoiceId} is not in this database`);
  const { creditorId, currency } = file.collection;
  const common = { creditorId, currency, invoiceId, debtorId: file.debtorId, kind: 'interest' as const };
  await enter(
    desk,
    imputed.map(({ paymentId, cents, day }) => ({ ...common, paymentId, day, amountCents: cents })),
  );
}

/**
 * A payment came back: exactly what it had settled of interest is owed as interest again, from that day on.
 *
 * No correction leaves less of a payment on its invoice than it settled of interest there, so the balance never falls.
 */
export async function takeInterestBack(
  desk: Desk,
  paymentId: string,
  invoiceIds: readonly string[],
  day: CivilDate,
): Promise<void> {
  for (const invoiceId of invoiceIds) {
    const imputed = (await imputedOn(desk, invoiceId)).filter((one) => one.paymentId === paymentId);
    await enterImputed(
      desk,
      invoiceId,
      imputed.map((one) => opposite({ ...one, day })),
    );
  }
}

/** The price was never owed: no interest was either. */
export async function takeAllInterestBack(desk: Desk, invoiceId: string): Promise<void> {
  await enterImputed(desk, invoiceId, (await imputedOn(desk, invoiceId)).map(opposite));
}

/** What has just been entered, by which less interest was owed than payments have settled. */
export interface Lowering {
  /** What would take it out of the debt again. */
  readonly undoing: readonly Movement[];
  /** What it has itself settled of interest. */
  readonly settledCents?: number;
  /** From payments of later days alone; absent: from all. */
  readonly after?: CivilDate;
  /** Whether an invoice may be left below zero: what then is too much is freed. */
  readonly mayOverpay?: boolean;
}

/**
 * Takes back what payments settled of interest that was never owed, since less was owed by then than was known: the latest
 * payment first, on the day on which it settled it. Answers how much.
 *
 * Never more than the lowering itself takes away: another rate or dispute of today changes nothing of what was booked.
 */
export async function takeBackNeverOwed(
  desk: Desk,
  invoiceId: string,
  { undoing, settledCents = 0, after, mayOverpay = false }: Lowering,
): Promise<number> {
  const imputed = await imputedOn(desk, invoiceId);
  const takenFrom = imputed.filter(({ day }) => after === undefined || day > after);
  const [first] = takenFrom;
  if (!first) return 0;
  const until = takenFrom.reduce((last, { day }) => latestDay(last, day), first.day);
  const [one] = await penaltyCasesOf(desk.tx, [invoiceId], until);
  if (!one) return 0;
  const given = { ...one.given, contestedCents: 0 };
  const law = await lawIn(desk.tx);
  const now = worked(law, given);
  const undone = undoing.map((movement) => ({ ...movement, day: countedFrom(movement.day, desk.now) }));
  const without = worked(law, { ...given, movements: [...given.movements, ...undone] });
  if (!now || !without) return 0;
  const lostCents = without.interestCents - now.interestCents + settledCents;
  const balanceCents = (await balancesOf(desk.tx, [invoiceId])).get(invoiceId) ?? 0;
  const mostCents = mayOverpay ? lostCents : Math.min(lostCents, balanceCents);
  const backCents = Math.max(0, Math.min(mostCents, now.interestPaidCents - now.interestCents));

  const back: Imputed[] = [];
  let leftCents = backCents;
  for (const imputation of [...takenFrom].reverse()) {
    const cents = Math.min(imputation.cents, leftCents);
    back.push(opposite({ ...imputation, cents }));
    leftCents -= cents;
  }
  await enterImputed(desk, invoiceId, back);
  return backCents - leftCents;
}

function opposite({ cents, ...imputation }: Imputed): Imputed {
  return { ...imputation, cents: -cents };
}

/** Null where a rate is not known. */
export function worked(law: Law, given: PenaltyCase): Penalties | null {
  const penalties = orMissing(() => penaltiesOf(law, given));
  return penalties instanceof MissingLawValue ? null : penalties;
}
