import { ourselves } from '../db/desk.ts';
import type { Desk } from '../db/desk.ts';
import { endDiscount, openDiscount } from '../db/discounts.ts';
import { takeBackWords } from '../db/word-letters.ts';
import { nextOfDiscount } from '../domain/discount/next-of-discount.ts';
import type { Instant } from '../domain/time.ts';

/**
 * Looks after an offer of a discount until it is taken, lapses, is taken back or overtaken.
 *
 * Says when to look again; null when it is over, or only bank data can move it.
 */
export async function followDiscount(desk: Desk, discountId: string): Promise<Instant | null> {
  const offer = await openDiscount(desk, discountId);
  if (!offer) return null;
  const move = nextOfDiscount(offer.view, desk.now);
  switch (move.do) {
    case 'wait':
      // Its day may be over while its money may still come: nothing of it is posted then.
      await takeBackWords(desk, offer.file, ourselves);
      return move.until;
    case 'awaitBankData':
      await desk.tx
        .updateTable('discount_offer')
        .set({ bank_data_awaited: true })
        .where('id', '=', discountId)
        .execute();
      return null;
    case 'end':
      await endDiscount(desk, discountId, move.how);
      return null;
  }
}
