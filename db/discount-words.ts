import type { Tx } from './database.ts';
import type { Desk, InvoiceFile } from './desk.ts';
import { insertWord } from './words.ts';

/**
 * What a debtor is told of a discount: that it is offered, and that he has it.
 *
 * An offer that nobody hears of brings nothing, and binds us all the same: so he is told as soon as it stands, at his door
 * as by any word, by mail or, where he has none, by letter.
 */
export type DiscountSays = 'offered' | 'taken';

/** Plans one of them, once. An offer that is over before it could leave, or whose day has passed, is not told. */
export async function tellOfDiscount(
  desk: Desk,
  file: InvoiceFile,
  discountId: string,
  says: DiscountSays,
): Promise<void> {
  const told = await desk.tx
    .selectFrom('discount_word')
    .select('message_id')
    .where('discount_id', '=', discountId)
    .where('says', '=', says)
    .executeTakeFirst();
  // Its money had come, gone back, and come again: what was to be said and was not is to be said again.
  if (told) return planAgain(desk, file, told.message_id);
  const messageId = await insertWord(desk, file, {
    key: `discount/${discountId}/${says}`,
    template: says === 'offered' ? 'discount_offer' : 'discount_taken',
  });
  await desk.tx
    .insertInto('discount_word')
    .values({ message_id: messageId, discount_id: discountId, says })
    .execute();
}

async function planAgain(desk: Desk, file: InvoiceFile, messageId: string): Promise<void> {
  const at = new Date(desk.now);
  await desk.tx
    .updateTable('message')
    .set({ state: 'planned', reason: null, planned_at: at, state_at: at })
    .where('id', '=', messageId)
    .where('state', '=', 'cancelled')
    .execute();
  desk.poke(file.debtorId);
}

/** What a word about a discount is about, as the offer stands. */
export interface DiscountToSay {
  readonly messageId: string;
  readonly says: DiscountSays;
  readonly invoice: {
    readonly number: string;
    readonly term: number;
    readonly dueDate: string;
    readonly currency: string;
  };
  readonly payCents: number;
  readonly discountCents: number;
  readonly payBy: string;
}

/** Reads a word about a discount that is still planned; undefined when it is no such word. */
export async function discountToSay(tx: Tx, messageId: string): Promise<DiscountToSay | undefined> {
  const row = await tx
    .selectFrom('message')
    .innerJoin('discount_word', 'discount_word.message_id', 'message.id')
    .innerJoin('discount_offer', 'discount_offer.id', 'discount_word.discount_id')
    .innerJoin('invoice', 'invoice.id', 'discount_offer.invoice_id')
    .select(['discount_word.says', 'discount_offer.pay_cents', 'discount_offer.discount_cents'])
    .select(['discount_offer.pay_by', 'invoice.number', 'invoice.term', 'invoice.due_date'])
    .select('invoice.currency')
    .where('message.id', '=', messageId)
    .where('message.state', '=', 'planned')
    .executeTakeFirst();
  if (!row) return undefined;
  const { number, term, due_date: dueDate, currency } = row;
  return {
    messageId,
    says: row.says,
    invoice: { number, term, dueDate, currency },
    payCents: row.pay_cents,
    discountCents: row.discount_cents,
    payBy: row.pay_by,
  };
}
