import { sql } from 'kysely';
import { contestedCentsOf, isSmallDifferenceLeft } from '../domain/collection.ts';
import type { Collection } from '../domain/collection.ts';
import type { DebtorKind } from '../domain/debtor.ts';
import { insolvencySideOf } from '../domain/insolvency/claim-side.ts';
import { agreedOn, firstOf } from '../domain/law/agreed-rate.ts';
import type { AgreedRate } from '../domain/law/agreed-rate.ts';
import type { ClaimSide } from '../domain/law/claim-side.ts';
import type { Law } from '../domain/law/law-value.ts';
import type { Movement } from '../domain/law/movement.ts';
import { penaltiesOf } from '../domain/law/penalties.ts';
import type { Penalties, PenaltyCase } from '../domain/law/penalties.ts';
import { regimeOf } from '../domain/law/regime.ts';
import type { Regime } from '../domain/law/regime.ts';
import { noticeReached } from '../domain/notice/notice-reached.ts';
import type { CivilDate, Instant } from '../domain/time.ts';
import { lawDay } from './calendars.ts';
import type { Db, Tx } from './database.ts';
import { grouped } from './grouped.ts';
import { collectionFrom } from './journal.ts';
import { lawIn } from './law.ts';
import { Rules } from './rules.ts';
import type { LedgerKind } from './schema.ts';

/** The law fixes the indemnity in euros. */
export const lumpSumCurrency = 'EUR';

/** What is owed of one invoice on one day: the price, what late payment costs, and everything that says why. */
export interface Claim {
  readonly invoiceId: string;
  readonly creditorId: string;
  readonly debtorId: string;
  readonly number: string;
  readonly term: number;
  readonly currency: string;
  readonly amountCents: number;
  readonly issueDate: CivilDate | null;
  readonly performedOn: CivilDate | null;
  readonly dueDate: CivilDate;
  /** The last day that is counted. */
  readonly until: CivilDate;
  readonly regime: Regime;
  /** The judgment that opened an insolvency of the debtor, and on which side of it the claim lies; null without one. */
  readonly insolvency: (ClaimSide & { readonly judgmentOn: CivilDate }) | null;
  readonly contestedCents: number;
  /** Agreed for that day, in hundredths of a percent per year; null: the rate of the law. */
  readonly contractHundredths: number | null;
  /** With this debtor, or with all customers of the creditor; null where nothing was agreed. */
  readonly agreedWith: 'debtor' | 'all' | null;
  readonly settings: PenaltyCase['settings'];
  readonly penalties: Penalties;
  /** The fixed indemnity is owed in euros; a total in another currency leaves it out. */
  readonly totalCents: number;
}

/**
 * What is claimed for an invoice, worked out to that day: the one place where screens, letters and packs get it from.
 *
 * The price comes from the ledger, the rules from the creditor's settings and the law, as they are now. Throws
 * `MissingLawValue` when a day that bears interest has no rate, and when there is no such invoice.
 */
export async function claimOf(db: Db | Tx, invoiceId: string, until: CivilDate): Promise<Claim> {
  const claim = (await claimsFor(db, [invoiceId], until)).get(invoiceId);
  if (!claim) throw new Error(`invoice ${invoiceId} is not in this database`);
  return claim;
}

/** The same where nothing is to be worked out any more: with these penalties. */
export async function claimWithout(
  db: Db | Tx,
  invoiceId: string,
  until: CivilDate,
  penalties: Penalties,
): Promise<Claim> {
  const [one] = await penaltyCasesOf(db, [invoiceId], until);
  if (!one) throw new Error(`invoice ${invoiceId} is not in this database`);
  const { given: _given, rates: _rates, ...claim } = one;
  return withPenalties(claim, penalties);
}

/** The same for many invoices, in a few queries; unknown ids are left out. */
export async function claimsFor(
  db: Db | Tx,
  invoiceIds: readonly string[],
  until: CivilDate,
): Promise<ReadonlyMap<string, Claim>> {
  const [law, cases] = [await lawIn(db), await penaltyCasesOf(db, invoiceIds, until)];
  return new Map(cases.map((one) => [one.invoiceId, claimUnder(law, one)]));
}

/** An invoice with everything that its penalties depend on, before anything is worked out. */
export type ClaimCase = Omit<Claim, 'penalties' | 'totalCents'> & {
  readonly given: PenaltyCase;
  /** What was agreed with its debtor, and with all customers of its creditor. */
  readonly rates: { readonly debtor: AgreedRate; readonly creditor: AgreedRate };
};

/** Works out what was read. Throws `MissingLawValue`. */
export function claimUnder(law: Law, { given, rates: _rates, ...claim }: ClaimCase): Claim {
  return withPenalties(claim, penaltiesOf(law, given));
}

function withPenalties(claim: Omit<ClaimCase, 'given' | 'rates'>, penalties: Penalties): Claim {
  const totalCents =
    claim.currency === lumpSumCurrency ? penalties.totalCents : penalties.principalAndInterestCents;
  return { ...claim, penalties, totalCents };
}

/**
 * Reads what penalties of these invoices depend on: needs no law, and so never fails for the want of a rate.
 *
 * What payments have settled of interest is what the ledger says, whatever the rate, the settings and the disputes are by
 * now; but for the payment that is just being booked, of which it is to be worked out.
 */
export async function penaltyCasesOf(
  db: Db | Tx,
  invoiceIds: readonly string[],
  until: CivilDate,
  bookingId: string | null = null,
): Promise<readonly ClaimCase[]> {
  if (invoiceIds.length === 0) return [];
  const rows = await db
    .selectFrom('invoice')
    .innerJoin('creditor', 'creditor.id', 'invoice.creditor_id')
    .innerJoin('debtor', 'debtor.id', 'invoice.debtor_id')
    .select(['invoice.id', 'invoice.creditor_id', 'invoice.debtor_id', 'invoice.number', 'invoice.term'])
    .select(['invoice.currency', 'invoice.amount_cents', 'invoice.issue_date', 'invoice.performed_on'])
    .select(['invoice.due_date', 'invoice.collection'])
    .select(['creditor.country as creditor_country', 'creditor.penalty_rate_hundredths', 'creditor.day_base'])
    .select(['creditor.credit_notes_count', 'creditor.payments_go_to', 'creditor.payments_went_to'])
    .select('creditor.is_individual')
    .select(['debtor.kind', 'debtor.country', 'debtor.insolvent_on'])
    .select(['debtor.penalty_rate_hundredths as debtor_rate', 'debtor.penalty_rates_before as debtor_rates'])
    .select('creditor.penalty_rates_before as creditor_rates')
    .where('invoice.id', 'in', invoiceIds)
    .execute();
  const waived = grouped(await waivedOf(db, invoiceIds), ({ invoice_id: id }) => id);
  const plans = grouped(await plansOf(db, invoiceIds), ({ invoiceId }) => invoiceId);
  const noticed = await noticedConsumers(db, rows, until);
  const movements = grouped(await movementsOf(db, invoiceIds, bookingId), ({ invoiceId }) => invoiceId);

  return rows.map((row) => {
    const file = row.collection as Collection;
    const regime = regimeOf(row.creditor_country, { kind: row.kind as DebtorKind, country: row.country });
    const { performed_on: performedOn, issue_date: issueDate, insolvent_on: judgmentOn } = row;
    const side = insolvencySideOf({ debtor: file.debtor, performedOn, issueDate }, judgmentOn);
    const insolvency = side && judgmentOn !== null ? { ...side, judgmentOn } : null;
    const contestedCents = contestedCentsOf(file);
    const settings = {
      dayBase: row.day_base,
      creditNotes: row.credit_notes_count,
      paymentsGoTo: row.payments_go_to,
      paymentsWentTo: row.payments_went_to,
      inPlans: plans.get(row.id) ?? [],
      smallDifferenceCents: isSmallDifferenceLeft(file) ? (file.smallDifferenceCents ?? 0) + 1 : 0,
    };
    const rates = {
      debtor: { hundredths: row.debtor_rate, before: row.debtor_rates },
      creditor: { hundredths: row.penalty_rate_hundredths, before: row.creditor_rates },
    };
    const withHim = agreedOn(rates.debtor, until);
    const agreed = withHim ?? agreedOn(rates.creditor, until);
    const contract = firstOf(rates.debtor, rates.creditor);
    const shared = { dueDate: row.due_date, until, regime, contestedCents, settings };
    return {
      ...shared,
      rates,
      contractHundredths: agreed,
      agreedWith: agreed === null ? null : withHim !== null ? 'debtor' : 'all',
      invoiceId: row.id,
      creditorId: row.creditor_id,
      debtorId: row.debtor_id,
      number: row.number,
      term: row.term,
      currency: row.currency,
      amountCents: row.amount_cents,
      issueDate: row.issue_date,
      performedOn: row.performed_on,
      insolvency,
      given: {
        ...shared,
        contractHundredths: contract.hundredths,
        contractBefore: contract.before,
        movements: movements.get(row.id) ?? [],
        creditorIsIndividual: row.is_individual,
        givenUp: (waived.get(row.id) ?? []).map((one) => ({
          on: one.settled_on,
          interestCents: one.interest_cents,
          lumpSumCents: one.lump_sum_cents,
        })),
        noticeReceivedOn: noticed.get(row.id) ?? null,
        insolventOn: insolvency?.side === 'earlier' ? insolvency.judgmentOn : null,
      },
    };
  });
}

/** When the formal notice reached each debtor who is a consumer: without it he owes no interest, others do. */
async function noticedConsumers(
  db: Db | Tx,
  rows: readonly { readonly id: string; readonly kind: string; readonly collection: object }[],
  by: CivilDate,
): Promise<ReadonlyMap<string, CivilDate | null>> {
  const rules = new Rules();
  const days = new Map<string, CivilDate | null>();
  for (const row of rows.filter(({ kind }) => kind === 'consumer'))
    days.set(row.id, noticeReached(await collectionFrom(db, rules, row.collection), by));
  return days;
}

/** On which days these invoices were in a plan. */
async function plansOf(db: Db | Tx, invoiceIds: readonly string[]) {
  const rows = await db
    .selectFrom('plan_invoice')
    .innerJoin('plan', 'plan.id', 'plan_invoice.plan_id')
    .select(['plan_invoice.invoice_id', 'plan.started_at', 'plan.ended_at'])
    .where('plan_invoice.invoice_id', 'in', invoiceIds)
    .where('plan.started_at', 'is not', null)
    .execute();
  return rows.map(({ invoice_id: invoiceId, started_at: startedAt, ended_at: endedAt }) => ({
    invoiceId,
    after: lawDay(startedAt ?? 0),
    until: endedAt === null ? null : lawDay(endedAt),
  }));
}

/** Accessories that were waived: should the money come back, they are not claimed once more. */
async function waivedOf(db: Db | Tx, invoiceIds: readonly string[]) {
  return db
    .selectFrom('accessory')
    .select(['invoice_id', 'settled_on', 'interest_cents', 'lump_sum_cents'])
    .where('invoice_id', 'in', invoiceIds)
    .where('state', '=', 'waived')
    .execute();
}

/** The entries of these invoices as the law knows them, oldest first. */
async function movementsOf(
  db: Db | Tx,
  invoiceIds: readonly string[],
  bookingId: string | null,
): Promise<readonly (Movement & { readonly invoiceId: string })[]> {
  const rows = await db
    .selectFrom('ledger_entry')
    .select(['invoice_id', 'kind', 'day', 'at', 'amount_cents', 'payment_id'])
    .where('invoice_id', 'in', invoiceIds)
    .orderBy('day')
    .orderBy(sql`id::text`)
    .execute();
  return rows.flatMap((row) => {
    const kind = kindOf(row.kind);
    const isImputed = bookingId === null || row.payment_id !== bookingId;
    if (kind === null || row.invoice_id === null || (kind === 'interest' && !isImputed)) return [];
    return {
      invoiceId: row.invoice_id,
      kind,
      day: countedFrom(row.day, row.at),
      cents: row.amount_cents,
      paymentId: row.payment_id,
      isImputed,
    };
  });
}

/**
 * What is booked counts from then on, though its day has not come yet in Paris: the debtor lives where it has, or his bank
 * says tomorrow. The balance is that of the letters, and asks for it no more.
 */
export function countedFrom(day: CivilDate, bookedAt: Instant): CivilDate {
  const booked = lawDay(bookedAt);
  return day < booked ? day : booked;
}

/** A waiver gives up a part of the price from its day on, as a write-off does. */
function kindOf(kind: LedgerKind): Movement['kind'] | null {
  if (kind === 'accessory') return null;
  return kind === 'waiver' ? 'write_off' : kind;
}
