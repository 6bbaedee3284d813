import type { Selectable } from 'kysely';
import type { Tx } from '../database.ts';
import { grouped } from '../grouped.ts';
import type {
  DisputeTable,
  InvoiceHoldTable,
  PlanInstalmentTable,
  PlanInvoiceTable,
  PlanTable,
  PromiseTable,
} from '../schema.ts';

export interface PlanRow {
  readonly plan: Selectable<PlanTable>;
  readonly part: Selectable<PlanInvoiceTable>;
  readonly instalments: readonly Selectable<PlanInstalmentTable>[];
}

/** What tables say of the promises, disputes, holds and plans of one invoice. */
export interface MatterRows {
  readonly promises: readonly Selectable<PromiseTable>[];
  readonly disputes: readonly Selectable<DisputeTable>[];
  readonly holds: readonly Selectable<InvoiceHoldTable>[];
  readonly plans: readonly PlanRow[];
}

/** The same of many invoices, in six queries however many they are. */
export async function readMatters(
  tx: Tx,
  invoiceIds: readonly string[],
): Promise<(invoiceId: string) => MatterRows> {
  const promises = await tx
    .selectFrom('promise')
    .selectAll()
    .where('invoice_id', 'in', invoiceIds)
    .orderBy('id')
    .execute();
  const disputes = await tx
    .selectFrom('dispute')
    .selectAll()
    .where('invoice_id', 'in', invoiceIds)
    .orderBy('id')
    .execute();
  const holds = await tx
    .selectFrom('invoice_hold')
    .selectAll()
    .where('invoice_id', 'in', invoiceIds)
    .orderBy('id')
    .execute();
  const parts = await tx
    .selectFrom('plan_invoice')
    .selectAll()
    .where('invoice_id', 'in', invoiceIds)
    .orderBy('plan_id')
    .execute();
  const planIds = [...new Set(parts.map((part) => part.plan_id))];
  const plans = await tx
    .selectFrom('plan')
    .selectAll()
    .where('id', '=', (eb) => eb.fn.any(eb.val(planIds)))
    .execute();
  const instalments = await tx
    .selectFrom('plan_instalment')
    .selectAll()
    .where('plan_id', '=', (eb) => eb.fn.any(eb.val(planIds)))
    .orderBy('number')
    .execute();
  const planOf = new Map(plans.map((plan) => [plan.id, plan]));
  const instalmentsOf = grouped(instalments, (row) => row.plan_id);
  const [promisesOf, disputesOf, holdsOf, partsOf] = [
    grouped(promises, (row) => row.invoice_id),
    grouped(disputes, (row) => row.invoice_id),
    grouped(holds, (row) => row.invoice_id),
    grouped(parts, (row) => row.invoice_id),
  ];
  return (invoiceId) => ({
    promises: promisesOf.get(invoiceId) ?? [],
    disputes: disputesOf.get(invoiceId) ?? [],
    holds: holdsOf.get(invoiceId) ?? [],
    plans: (partsOf.get(invoiceId) ?? []).flatMap((part) => {
      const plan = planOf.get(part.plan_id);
      return plan ? [{ plan, part, instalments: instalmentsOf.get(plan.id) ?? [] }] : [];
    }),
  });
}
