import type { Allocated, Allocation } from '../domain/allocation.ts';
import type { CivilDate } from '../domain/time.ts';
import { penaltyCasesOf } from './claims.ts';
import type { Desk } from './desk.ts';
import { enterImputed, imputedOn, takeBackNeverOwed, worked } from './imputations.ts';
import { lawIn } from './law.ts';
import { enter } from './ledger.ts';

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
 * raises the balance by it; and what stands to the debtor's credit of the same payment then goes on the invoice too. It is
 * worked out once, of what is asked when the payment is booked; where a rate is not known, the money settles the price. A
 * credit note may say that less was ever owed, and then interest on it was not owed either.
 */
export async function settleInterestFirst(desk: Desk, money: Money, plan: Allocated): Promise<Allocated> {
  if (money.kind === 'credit_note') {
    for (const { invoiceId, amountCents: cents } of plan.allocations)
      await takeBackNeverOwed(desk, invoiceId, {
        undoing: [{ kind: 'credit_note', day: money.day, cents }],
      });
    return plan;
  }
  if (plan.allocations.length === 0 || !(await isInterestFirst(desk, money.creditorId))) return plan;
  let restCents = plan.unallocatedCents;
  const allocations: Allocated['allocations'][number][] = [];
  for (const share of plan.allocations) {
    const raisedCents = await bookInterest(desk, money, share);
    const moreCents = Math.max(0, Math.min(restCents, raisedCents));
    if (moreCents > 0) await moveToInvoice(desk, money, share.invoiceId, moreCents);
    restCents -= moreCents;
    allocations.push({ ...share, amountCents: share.amountCents + moreCents });
  }
  return { ...plan, allocations, unallocatedCents: restCents };
}

/** Whether any payment ever did: one of then may be booked late. */
async function isInterestFirst(desk: Desk, creditorId: string): Promise<boolean> {
  const { payments_go_to: first, payments_went_to: before } = await desk.tx
    .selectFrom('creditor')
    .select(['payments_go_to', 'payments_went_to'])
    .where('id', '=', creditorId)
    .executeTakeFirstOrThrow();
  return first === 'interest' || before.some(({ to }) => to === 'interest');
}

/**
 * Enters what this payment settles of interest as the debt stands now; answers by how much the balance rose.
 *
 * One that is told of late lowers what was owed on later days: what payments of those days have settled too much goes to
 * the price.
 */
async function bookInterest(desk: Desk, { id, day }: Money, share: Allocation): Promise<number> {
  const { invoiceId, amountCents } = share;
  const [one] = await penaltyCasesOf(desk.tx, [invoiceId], day, id);
  const penalties = one && worked(await lawIn(desk.tx), one.given);
  if (!penalties) return 0;
  const settles = penalties.imputations.filter(({ paymentId }) => paymentId === id);
  // The rest of a payment that was allocated in two goes adds to what its first part has settled.
  const booked = (await imputedOn(desk, invoiceId)).filter(({ paymentId }) => paymentId === id);
  const settlesCents = settles.reduce((sum, { interestCents }) => sum + interestCents, 0);
  const cents = booked.reduce((left, it) => Math.max(0, left - it.cents), settlesCents);
  await enterImputed(desk, invoiceId, [{ paymentId: id, cents, day }]);
  const backCents = await takeBackNeverOwed(desk, invoiceId, {
    undoing: [
      { kind: 'payment', day, cents: amountCents, paymentId: id, isImputed: true },
      { kind: 'interest', day, cents: -cents, paymentId: id },
    ],
    settledCents: cents,
    after: day,
  });
  return cents - backCents;
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
