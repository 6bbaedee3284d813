import type { Allocated } from '../domain/allocation.ts';
import { MissingLawValue } from '../domain/law/law-value.ts';
import type { CivilDate } from '../domain/time.ts';
import { latestDay } from '../domain/time.ts';
import { claimOf } from './claims.ts';
import type { Desk } from './desk.ts';
import { balancesOf, enter } from './ledger.ts';

/** Money whose shares were just entered, and what of it stands to the debtor's credit. */
interface Money {
  readonly kind: 'payment' | 'credit_note';
  readonly id: string;
  readonly creditorId: string;
  readonly debtorId: string;
  readonly currency: string;
  readonly day: CivilDate;
}

/**
 * Lets payments settle interest before principal (art. 1343-1 C. civ.), where their creditor has it so.
 *
 * The ledger holds prices. What a payment settles of interest leaves as much of the price owed, so an entry of its own
 * raises the balance by it; and what stands to the debtor's credit of the same payment then goes on the invoice too.
 * Where a rate is not known, the money is booked on the price, and put right by the next movement after it is.
 */
export async function settleInterestFirst(desk: Desk, money: Money, plan: Allocated): Promise<Allocated> {
  if (plan.allocations.length === 0 || !(await isInterestFirst(desk, money.creditorId))) return plan;
  let restCents = plan.unallocatedCents;
  const allocations: Allocated['allocations'][number][] = [];
  for (const share of plan.allocations) {
    const raisedCents = await followInterest(desk, share.invoiceId, money.day);
    const moreCents = money.kind === 'payment' ? Math.max(0, Math.min(restCents, raisedCents)) : 0;
    if (moreCents > 0) await moveToInvoice(desk, money, share.invoiceId, moreCents);
    restCents -= moreCents;
    allocations.push({ ...share, amountCents: share.amountCents + moreCents });
  }
  return { ...plan, allocations, unallocatedCents: restCents };
}

/** The same for a payment that came back: what it had settled of interest is owed as interest again. */
export async function takeInterestBack(
  desk: Desk,
  creditorId: string,
  invoiceIds: readonly string[],
  day: CivilDate,
): Promise<void> {
  if (invoiceIds.length === 0 || !(await isInterestFirst(desk, creditorId))) return;
  for (const invoiceId of invoiceIds) await followInterest(desk, invoiceId, day);
}

/** Whether any payment ever did: one of then may come back. */
async function isInterestFirst(desk: Desk, creditorId: string): Promise<boolean> {
  const { payments_go_to: first, payments_went_to: before } = await desk.tx
    .selectFrom('creditor')
    .select(['payments_go_to', 'payments_went_to'])
    .where('id', '=', creditorId)
    .executeTakeFirstOrThrow();
  return first === 'interest' || before.some(({ to }) => to === 'interest');
}

/** Brings the ledger to what payments have settled of interest by now; answers by how much the balance rose. */
async function followInterest(desk: Desk, invoiceId: string, day: CivilDate): Promise<number> {
  const settled = await interestSettled(desk, invoiceId, day);
  if (settled === null) return 0;
  const { entered, file } = settled;
  const balanceCents = (await balancesOf(desk.tx, [invoiceId])).get(invoiceId) ?? 0;
  const amountCents = Math.max(settled.cents - entered, -balanceCents);
  await enter(desk, [{ ...file, invoiceId, kind: 'interest', amountCents, day }]);
  return amountCents;
}

/** What payments have settled of interest, and what the ledger says of it; null where a rate is not known. */
async function interestSettled(desk: Desk, invoiceId: string, day: CivilDate) {
  const rows = await desk.tx
    .selectFrom('ledger_entry')
    .select(['kind', 'amount_cents', 'day', 'creditor_id', 'debtor_id', 'currency'])
    .where('invoice_id', '=', invoiceId)
    .where('kind', 'in', ['payment', 'payment_return', 'interest', 'invoice'])
    .execute();
  const [first] = rows;
  if (!first) throw new Error(`invoice ${invoiceId} has no ledger`);
  const entered = rows.reduce((sum, row) => (row.kind === 'interest' ? sum + row.amount_cents : sum), 0);
  const payments = rows.filter(({ kind }) => kind === 'payment' || kind === 'payment_return');
  const until = payments.reduce((last, row) => latestDay(last, row.day), day);
  const file = { creditorId: first.creditor_id, debtorId: first.debtor_id, currency: first.currency };
  try {
    const { penalties } = await claimOf(desk.tx, invoiceId, until);
    return { cents: penalties.interestPaidCents, entered, file };
  } catch (fault) {
    if (fault instanceof MissingLawValue) return null;
    throw fault;
  }
}

async function moveToInvoice(desk: Desk, money: Money, invoiceId: string, cents: number): Promise<void> {
  const { creditorId, currency, day, id: paymentId } = money;
  const [file] = await desk.files([invoiceId]);
  const common = { creditorId, currency, kind: 'payment' as const, paymentId, day };
  await enter(desk, [
    { ...common, invoiceId, debtorId: file?.debtorId ?? money.debtorId, amountCents: -cents },
    { ...common, invoiceId: null, debtorId: money.debtorId, amountCents: cents },
  ]);
}
