import type { Author } from '../domain/fact.ts';
import type { CivilDate } from '../domain/time.ts';
import { lastAccessoryOf } from './accessory-reads.ts';
import type { Accessory } from './accessory-reads.ts';
import { dueOf, takeFromCredit } from './accessory-money.ts';
import { withdrawAbout } from './approvals.ts';
import { declarationsChanged } from './declarations.ts';
import type { Desk } from './desk.ts';
import { judgmentBefore } from './hand-overs.ts';
import { creditOf } from './ledger.ts';

/** What came of ending accessories: they are owed by nobody any more, or why they still stand as they did. */
export type AccessoryAnswer =
  | { readonly kind: 'ended'; readonly accessory: Accessory }
  /** They are paid, waived or taken back already. */
  | { readonly kind: 'not-open'; readonly state: string }
  /** The claim is older than the judgment: its payment is forbidden (L622-7 C. com.), a declaration is left of it. */
  | { readonly kind: 'insolvent'; readonly judgmentOn: CivilDate }
  | { readonly kind: 'no-credit'; readonly currency: string; readonly missingCents: number };

/**
 * Ends accessories of an invoice whose debtor is locked: waived, or paid from what stands to the debtor's credit with
 * that creditor. A question whether to waive them is moot then. Undefined when the invoice never had any.
 */
export async function endAccessory(
  desk: Desk,
  invoiceId: string,
  outcome: 'paid' | 'waived',
  by: Author,
  reason: string | null,
): Promise<AccessoryAnswer | undefined> {
  const last = await lastAccessoryOf(desk.tx, invoiceId);
  if (!last) return undefined;
  if (last.state !== 'open') return { kind: 'not-open', state: last.state };
  if (outcome === 'paid') {
    const file = await desk.file(invoiceId);
    const judgmentOn = file ? await judgmentBefore(desk.tx, file) : null;
    if (judgmentOn !== null) return { kind: 'insolvent', judgmentOn };
    const lacking = await payFromCredit(desk, last);
    if (lacking) return lacking;
  }
  const accessory = await desk.tx
    .updateTable('accessory')
    .set({ state: outcome, ended_at: new Date(desk.now), ended_by: by.id, reason })
    .where('id', '=', last.id)
    .returningAll()
    .executeTakeFirstOrThrow();
  await withdrawAbout(desk, last.id, by);
  await declarationsChanged(desk, last.debtor_id);
  const { id: accessoryId, interest_cents: interestCents, lump_sum_cents: lumpSumCents } = accessory;
  const type = outcome === 'paid' ? 'accessoriesPaid' : 'accessoriesWaived';
  await desk.note(invoiceId, type, { accessoryId, interestCents, lumpSumCents, by });
  return { kind: 'ended', accessory };
}

async function payFromCredit(
  desk: Desk,
  accessory: Accessory,
): Promise<Extract<AccessoryAnswer, { kind: 'no-credit' }> | null> {
  const { debtor_id: debtorId, creditor_id: creditorId } = accessory;
  for (const [currency, cents] of dueOf(accessory)) {
    const missingCents = cents - (await creditOf(desk.tx, { debtorId, creditorId, currency }));
    if (missingCents > 0) return { kind: 'no-credit', currency, missingCents };
  }
  await takeFromCredit(desk, accessory, 1);
  desk.poke(accessory.debtor_id);
  return null;
}
