import { sql } from 'kysely';
import type { Selectable } from 'kysely';
import { comparableNumber, numbersIn } from '../domain/allocation.ts';
import type { Calendar } from '../domain/calendar.ts';
import type { PlanView } from '../domain/plan/next-of-plan.ts';
import { bankDataOf } from './bank-data.ts';
import type { Db, Tx } from './database.ts';
import { grouped } from './grouped.ts';
import { balancesOf, paidOfPrice } from './ledger.ts';
import type { PlanTable } from './schema.ts';
import { onlySeen } from './visible.ts';
import type { Eyes } from './visible.ts';

/** Instalment plans as they stand: with their invoices, their instalments, and what has come of them. */
export type WholePlan = Awaited<ReturnType<typeof wholePlans>>[number];

/** A plan with its invoices and its instalments in order; throws when it is not here. */
export async function wholePlan(db: Db | Tx, planId: string): Promise<WholePlan> {
  const [whole] = await wholePlans(db, [planId]);
  if (!whole) throw new Error(`plan ${planId} is not in this database`);
  return whole;
}

/** Plans with their invoices and their instalments in order, in the order of the ids; those that are not here are left out. */
export async function wholePlans(db: Db | Tx, planIds: readonly string[]) {
  if (planIds.length === 0) return [];
  const plans = await db
    .selectFrom('plan')
    .innerJoin('debtor', 'debtor.id', 'plan.debtor_id')
    .selectAll('plan')
    .select('debtor.name as debtor_name')
    .where('plan.id', 'in', planIds)
    .execute();
  const parts = await db
    .selectFrom('plan_invoice')
    .innerJoin('invoice', 'invoice.id', 'plan_invoice.invoice_id')
    .selectAll('plan_invoice')
    .select(['invoice.number', 'invoice.due_date'])
    .where('plan_id', 'in', planIds)
    .orderBy('invoice.due_date')
    .orderBy('invoice.id')
    .execute();
  const instalments = await db
    .selectFrom('plan_instalment')
    .selectAll()
    .where('plan_id', 'in', planIds)
    .orderBy('number')
    .execute();
  const [partsOf, instalmentsOf] = [
    grouped(parts, (part) => part.plan_id),
    grouped(instalments, (one) => one.plan_id),
  ];
  const planOf = new Map(plans.map((plan) => [plan.id, plan]));
  return planIds.flatMap((id) => {
    const plan = planOf.get(id);
    return plan ? [{ plan, parts: partsOf.get(id) ?? [], instalments: instalmentsOf.get(id) ?? [] }] : [];
  });
}

export interface PlanFilter {
  readonly state?: PlanTable['state'];
  readonly late?: boolean;
  readonly debtorId?: string;
  readonly creditorId?: string;
  readonly invoiceId?: string;
}

/** After this moment in milliseconds, and id. */
export type PlanPlace = readonly [proposedAt: number, id: string];

/** The ids of plans that are seen, the latest proposed first; one more than `limit` when there are more. */
export async function listPlans(
  eyes: Eyes,
  db: Db,
  { state, late, debtorId, creditorId, invoiceId }: PlanFilter,
  limit: number,
  after?: PlanPlace,
): Promise<readonly string[]> {
  const rows = await db
    .selectFrom('plan')
    .select('plan.id')
    .$call(onlySeen(eyes, 'plan'))
    .$if(state !== undefined, (query) => query.where('state', '=', state ?? 'running'))
    .$if(late !== undefined, (query) =>
      query.where(sql<boolean>`(plan.state = 'running' and plan.late_since is not null) = ${late ?? false}`),
    )
    .$if(debtorId !== undefined, (query) => query.where('debtor_id', '=', debtorId ?? ''))
    .$if(creditorId !== undefined, (query) => query.where('creditor_id', '=', creditorId ?? ''))
    .$if(invoiceId !== undefined, (query) =>
      query.where(
        sql<boolean>`exists (select from plan_invoice part where part.plan_id = plan.id and part.invoice_id = ${invoiceId})`,
      ),
    )
    .$if(after !== undefined, (query) =>
      query.where(
        sql<boolean>`(plan.proposed_at, plan.id) < (${new Date(after?.[0] ?? 0)}::timestamptz, ${after?.[1]}::uuid)`,
      ),
    )
    .orderBy('plan.proposed_at', 'desc')
    .orderBy('plan.id', 'desc')
    .limit(limit + 1)
    .execute();
  return rows.map(({ id }) => id);
}

/** What a debtor writes on the transfers of a plan; its agreement says so. */
export function planReference(planId: string): string {
  return `PLAN-${planId.slice(-8).toUpperCase()}`;
}

/** The invoices of the running plan that a reference names: the money is meant for them and no others. */
export async function invoicesOfPlanNamedBy(
  tx: Tx,
  money: { readonly debtorId: string; readonly creditorId: string; readonly reference: string | null },
): Promise<ReadonlySet<string> | null> {
  const said = numbersIn(money.reference ?? '');
  if (![...said].some((piece) => piece.startsWith('PLAN'))) return null;
  const rows = await tx
    .selectFrom('plan')
    .innerJoin('plan_invoice', 'plan_invoice.plan_id', 'plan.id')
    .select(['plan.id', 'plan_invoice.invoice_id'])
    .where('plan.debtor_id', '=', money.debtorId)
    .where('plan.creditor_id', '=', money.creditorId)
    .where('plan.state', '=', 'running')
    .execute();
  const named = rows.filter(({ id }) => said.has(comparableNumber(planReference(id))));
  return named.length === 0 ? null : new Set(named.map((row) => row.invoice_id));
}

export async function planWith(db: Db | Tx, planId: string): Promise<Selectable<PlanTable> | undefined> {
  return db.selectFrom('plan').selectAll().where('id', '=', planId).executeTakeFirst();
}

/** What came of a plan since it began: payments, what lowered the debt otherwise, and what is left to pay. */
export interface CameOfPlan {
  readonly paidCents: number;
  readonly creditedCents: number;
  readonly openCents: number;
}

export async function cameOfPlan(db: Db | Tx, whole: Pick<WholePlan, 'parts'>): Promise<CameOfPlan> {
  const [came] = await cameOfPlans(db, [whole]);
  if (!came) throw new Error('nothing was asked of what came of a plan');
  return came;
}

/** The same of several plans, in their order. */
export async function cameOfPlans(
  db: Db | Tx,
  wholes: readonly Pick<WholePlan, 'parts'>[],
): Promise<readonly CameOfPlan[]> {
  const ids = [...new Set(wholes.flatMap(({ parts }) => parts.map((part) => part.invoice_id)))];
  const [paid, balances] = [await paidOfPrice(db, ids), await balancesOf(db, ids)];
  return wholes.map(({ parts }) => {
    let [paidCents, creditedCents, openCents] = [0, 0, 0];
    for (const part of parts) {
      const before = part.balance_before_cents ?? balances.get(part.invoice_id) ?? 0;
      const now = balances.get(part.invoice_id) ?? 0;
      const came =
        (paid.get(part.invoice_id) ?? 0) - (part.paid_before_cents ?? paid.get(part.invoice_id) ?? 0);
      // What is beyond the part of the invoice that is in the plan pays what was contested, not the plan.
      const inPlan = Math.min(came, part.amount_cents);
      // So does a credit note first: it was granted for what was contested, and the plan was agreed beside that.
      const contested = Math.max(0, before - part.amount_cents - (came - inPlan));
      const credited = Math.min(Math.max(0, before - now - came - contested), part.amount_cents - inPlan);
      paidCents += inPlan;
      creditedCents += credited;
      openCents += part.amount_cents - inPlan - credited;
    }
    return { paidCents, creditedCents, openCents };
  });
}

/** Everything that the rule of a plan is asked with. */
export async function planViewOf(db: Db | Tx, whole: WholePlan, calendar: Calendar): Promise<PlanView> {
  const { plan, instalments } = whole;
  return {
    ...(await cameOfPlan(db, whole)),
    instalments: instalments.map((one) => ({
      number: one.number,
      dueOn: one.due_on,
      amountCents: one.amount_cents,
      missedOn: one.missed_on,
    })),
    graceDays: plan.grace_days,
    toleranceCents: plan.tolerance_cents,
    missedMax: plan.missed_max,
    isLate: plan.late_since !== null,
    bank: await bankDataOf(db, plan.creditor_id),
    calendar,
  };
}
