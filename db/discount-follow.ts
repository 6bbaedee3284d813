import { discountHold } from '../domain/discount/discount.ts';
import { silencedByJudgmentOn } from '../domain/insolvency/claim-side.ts';
import type { Desk, InvoiceFile } from './desk.ts';

/**
 * Whatever happens to an invoice with an offer is looked at by the offer: money, an end, its hold being lifted,
 * a judgment that makes it an earlier claim.
 *
 * Apart from what an offer does, since each fact passes here.
 */
export function followDiscount(desk: Desk, before: InvoiceFile['collection'], file: InvoiceFile): void {
  const offer = before.holds.find(({ reason }) => reason === discountHold);
  const { balanceCents, holds } = file.collection;
  const isMoved =
    before.balanceCents !== balanceCents ||
    before.holds.length !== holds.length ||
    silencedByJudgmentOn(before) !== silencedByJudgmentOn(file.collection);
  if (offer && isMoved) desk.attend({ kind: 'discount', id: offer.holdId, debtorId: file.debtorId });
}
