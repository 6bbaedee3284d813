import { z } from 'zod';
import type { Db, Tx } from '../db/database.ts';
import { cameOfPlans, planReference, wholePlans } from '../db/plan-reads.ts';
import type { CameOfPlan, WholePlan } from '../db/plan-reads.ts';
import { progressOf } from '../domain/plan/plan-progress.ts';
import { instant, instantOf, money, moneyOf } from './shapes.ts';

/** An instalment plan as the API shows it, with what has come of it. */
export const planState = z.enum(['proposed', 'running', 'finished', 'broken', 'withdrawn']);

export const plan = z
  .object({
    id: z.string(),
    reference: z.string().describe('What the debtor writes on the transfers of the plan.'),
    debtorId: z.string(),
    debtorName: z.string(),
    creditorId: z.string(),
    state: planState,
    amount: money,
    open: money.describe('What is left to pay of it.'),
    late: z.boolean().describe('An instalment was missed and not made good.'),
    lateSince: z.string().nullable(),
    graceDays: z.int().describe('Working days after a due day before the plan is broken.'),
    missedMax: z.int().describe('With so many instalments missed it is broken at once.'),
    acceptedOn: z.string().nullable(),
    acceptedHow: z.string().nullable(),
    proposedAt: instant,
    endedAt: instant.nullable(),
    invoices: z.array(z.object({ id: z.string(), number: z.string(), amount: money })),
    instalments: z.array(
      z.object({
        number: z.int(),
        dueOn: z.string(),
        amount: money,
        paid: money,
        missedOn: z.string().nullable().describe('The day on which it was found missed.'),
      }),
    ),
  })
  .meta({ id: 'Plan' });

export type PlanSaid = z.infer<typeof plan>;

/** A plan as the API shows it; throws when it is not here. */
export async function planOf(db: Db | Tx, planId: string): Promise<PlanSaid> {
  const [found] = await plansOf(db, [planId]);
  if (!found) throw new Error(`plan ${planId} is not in this database`);
  return found;
}

/** The same of several, in the order of the ids. */
export async function plansOf(db: Db | Tx, planIds: readonly string[]): Promise<PlanSaid[]> {
  const wholes = await wholePlans(db, planIds);
  const came = await cameOfPlans(db, wholes);
  return wholes.flatMap((whole, place) => {
    const its = came[place];
    return its ? [planSaid(whole, its)] : [];
  });
}

function planSaid({ plan: row, parts, instalments }: WholePlan, came: CameOfPlan): PlanSaid {
  const progress = progressOf(
    instalments.map((one) => ({ number: one.number, dueOn: one.due_on, amountCents: one.amount_cents })),
    came.paidCents,
    came.creditedCents,
  );
  return {
    id: row.id,
    reference: planReference(row.id),
    debtorId: row.debtor_id,
    debtorName: row.debtor_name,
    creditorId: row.creditor_id,
    state: row.state,
    amount: moneyOf(row.amount_cents, row.currency),
    open: moneyOf(came.openCents, row.currency),
    late: row.late_since !== null,
    lateSince: row.late_since,
    graceDays: row.grace_days,
    missedMax: row.missed_max,
    acceptedOn: row.accepted_on,
    acceptedHow: row.accepted_how,
    proposedAt: instantOf(row.proposed_at),
    endedAt: instantOf(row.ended_at),
    invoices: parts.map((part) => ({
      id: part.invoice_id,
      number: part.number,
      amount: moneyOf(part.amount_cents, row.currency),
    })),
    instalments: progress.map((one) => ({
      number: one.number,
      dueOn: one.dueOn,
      amount: moneyOf(one.askedCents, row.currency),
      paid: moneyOf(one.paidCents, row.currency),
      missedOn: instalments.find(({ number }) => number === one.number)?.missed_on ?? null,
    })),
  };
}
