import { sql } from 'kysely';
import { discountHold } from '../domain/discount/discount.ts';
import type { Fact } from '../domain/fact.ts';
import { silencedByJudgmentOn } from '../domain/insolvency/claim-side.ts';
import type { Desk, InvoiceFile } from './desk.ts';

/**
 * Whatever happens to an invoice with an offer is looked at by the offer: money, an end, its hold being lifted,
 * a judgment that makes it an earlier claim.
 *
 * Apart from what an offer does, since each fact passes here.
 */
export async function followDiscount(
  desk: Desk,
  before: InvoiceFile['collection'],
  file: InvoiceFile,
  fact: Fact,
): Promise<void> {
  const offer = before.holds.find(({ reason }) => reason === discountHold);
  const { balanceCents, holds } = file.collection;
  const isMoved =
    before.balanceCents !== balanceCents ||
    before.holds.length !== holds.length ||
    silencedByJudgmentOn(before) !== silencedByJudgmentOn(file.collection);
  if (!offer || !isMoved) return;
  const lessCents = before.balanceCents - balanceCents;
  if (lessCents > 0 && lowering.has(fact.type)) await askLess(desk, offer.holdId, lessCents);
  desk.attend({ kind: 'discount', id: offer.holdId, debtorId: file.debtorId });
}

/** What lowers the debt otherwise than by its being paid lowers what the offer asks by as much: the discount stays what it was. */
const lowering: ReadonlySet<Fact['type']> = new Set(['creditNoteRecorded', 'invoiceCorrected', 'waived']);

async function askLess(desk: Desk, discountId: string, lessCents: number): Promise<void> {
  await desk.tx
    .updateTable('discount_offer')
    .set({ pay_cents: sql<number>`greatest(1, pay_cents - ${lessCents})` })
    .where('id', '=', discountId)
    .where('state', '=', 'open')
    .execute();
}
