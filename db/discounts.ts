import { sql } from 'kysely';
import type { Selectable } from 'kysely';
import { askedCentsOf, isClosed } from '../domain/collection.ts';
import { discountHold, problemOfDiscount } from '../domain/discount/discount.ts';
import type { Discount } from '../domain/discount/discount.ts';
import type { DiscountEnd, DiscountView } from '../domain/discount/next-of-discount.ts';
import type { Author } from '../domain/fact.ts';
import { dayAt } from '../domain/calendar.ts';
import { silencedByJudgmentOn } from '../domain/insolvency/claim-side.ts';
import { bankDataOf } from './bank-data.ts';
import { waive } from './corrections.ts';
import type { Db, Tx } from './database.ts';
import { ourselves } from './desk.ts';
import { tellOfDiscount } from './discount-words.ts';
import type { Answer, Desk, InvoiceFile } from './desk.ts';
import { subjectOf } from './journal.ts';
import { balancesOf, enter, paidOn, sharesOnInvoice } from './ledger.ts';
import type { DiscountOfferTable } from './schema.ts';
import type { Instant } from '../domain/time.ts';
import { uuidv7 } from './uuid.ts';
import { takeBackWords } from './word-letters.ts';

/** Why a part that was offered for early settlement is given up, as its fact says. */
const earlySettlement = 'early_settlement';

type Offer = Selectable<DiscountOfferTable>;

/**
 * Offers a discount for early settlement; what a second person has said yes to where there must be two.
 *
 * The yes is to the offer, since the offer binds us: whoever pays in time gets the discount without another question. The
 * invoice is silent meanwhile.
 */
export async function offerDiscount(
  desk: Desk,
  invoiceId: string,
  discount: Discount,
  by: Author,
): Promise<Answer> {
  const file = await desk.file(invoiceId);
  if (!file) throw new Error(`invoice ${invoiceId} is not in this database`);
  const problem = problemOfDiscount(file.collection, discount, desk.now);
  if (problem) return { kind: 'refused', refusal: problem };
  const id = uuidv7();
  const { discountCents, payBy } = discount;
  const payCents = askedCentsOf(file.collection) - discountCents;
  await desk.tx
    .insertInto('discount_offer')
    .values({
      id,
      invoice_id: invoiceId,
      debtor_id: file.debtorId,
      pay_cents: payCents,
      discount_cents: discountCents,
      pay_by: payBy,
      paid_before_cents: (await paidOn(desk.tx, [invoiceId])).get(invoiceId) ?? 0,
      state: 'open',
      offered_at: new Date(desk.now),
      offered_by: by.id,
    })
    .execute();
  await desk.note(invoiceId, 'discountOffered', { discountId: id, payCents, discountCents, payBy, by });
  const held = await desk.ask(
    invoiceId,
    { type: 'holdPlaced', holdId: id, reason: discountHold, until: null },
    by,
  );
  desk.attend({ kind: 'discount', id, debtorId: file.debtorId });
  await tellOfDiscount(desk, file, id, 'offered');
  return held;
}

/** An offer with everything that its rule is asked with; undefined when it is over. */
export async function openDiscount(desk: Desk, id: string) {
  const row = await desk.tx
    .selectFrom('discount_offer')
    .selectAll()
    .where('id', '=', id)
    .where('state', '=', 'open')
    .executeTakeFirst();
  const file = row && (await desk.file(row.invoice_id));
  if (!row || !file) return undefined;
  const { collection } = file;
  const { promise_grace_days: graceDays } = await desk.tx
    .selectFrom('creditor')
    .select('promise_grace_days')
    .where('id', '=', collection.creditorId)
    .executeTakeFirstOrThrow();
  const view: DiscountView = {
    payBy: row.pay_by,
    payCents: row.pay_cents,
    cameCents: (await stillPaidOf(desk.tx, row.invoice_id, row.pay_by)) - row.paid_before_cents,
    isClosed: isClosed(collection),
    isHeld: collection.holds.some(({ holdId }) => holdId === id),
    isForbidden: silencedByJudgmentOn(collection) !== null,
    graceDays: graceDays ?? collection.scenario.bounds.promiseGraceDays,
    bank: await bankDataOf(desk.tx, collection.creditorId),
    calendar: collection.calendar,
  };
  return { row, file, view };
}

/** Ends an offer: what was offered to whoever took it is given up, and the file of whoever did not goes on. */
export async function endDiscount(desk: Desk, id: string, how: DiscountEnd): Promise<void> {
  const row = await desk.tx
    .updateTable('discount_offer')
    .set({ state: how, ended_at: new Date(desk.now), bank_data_awaited: false })
    .where('id', '=', id)
    .where('state', '=', 'open')
    .returning(['invoice_id', 'discount_cents', 'offered_at'])
    .executeTakeFirstOrThrow();
  const file = await desk.file(row.invoice_id);
  if (!file) throw new Error(`invoice ${row.invoice_id} is not in this database`);
  await desk.note(file.id, 'discountEnded', { discountId: id, how, by: ourselves });
  if (how === 'taken') await giveDiscount(desk, file, { ...row, id });
  if (file.collection.holds.some(({ holdId }) => holdId === id))
    await desk.state(file.id, { type: 'holdLifted', holdId: id }, ourselves);
}

/** Contested or not: whoever paid what the offer asks owes the rest no more. */
async function giveDiscount(
  desk: Desk,
  file: InvoiceFile,
  { id, discount_cents, offered_at }: Pick<Offer, 'id' | 'discount_cents' | 'offered_at'>,
): Promise<void> {
  const { calendar, balanceCents } = file.collection;
  const offeredCents = discount_cents + (await interestTaken(desk, file.id, offered_at));
  const amountCents = Math.min(offeredCents, Math.max(0, balanceCents));
  const loss = { amountCents, on: dayAt(calendar, desk.now), reason: earlySettlement, discountId: id };
  const said = await waive(desk, file.id, loss, ourselves);
  if (said.kind === 'refused') throw new Error(`discount ${id}: ${said.refusal.message}`);
  if (said.file.collection.balanceCents <= 0) await tellOfDiscount(desk, said.file, id, 'taken');
}

/**
 * Money has come of which the bank says that it came in time, though its offer has lapsed: banks tell late, and we said
 * in writing that it settles the invoice, whatever has been asked for or done with it since.
 */
export async function giveLateDiscount(desk: Desk, file: InvoiceFile): Promise<void> {
  const { balanceCents, end } = file.collection;
  const isGivenUp = end !== null && end.kind !== 'handed_over';
  if (balanceCents <= 0 || isGivenUp || silencedByJudgmentOn(file.collection) !== null) return;
  const lapsed = (await discountsOf(desk.tx, file.id)).filter(({ state }) => state === 'lapsed');
  for (const offer of lapsed) {
    const came = (await stillPaidOf(desk.tx, file.id, offer.pay_by)) - offer.paid_before_cents;
    if (came < offer.pay_cents) continue;
    await desk.tx
      .updateTable('discount_offer')
      .set({ state: 'taken', ended_at: new Date(desk.now) })
      .where('id', '=', offer.id)
      .execute();
    await desk.note(file.id, 'discountEnded', { discountId: offer.id, how: 'taken', by: ourselves });
    return giveDiscount(desk, file, offer);
  }
}

/**
 * What payments since then settled of interest, where their creditor has it first: it left as much of the price owed,
 * and the offer says that what it asks settles the invoice.
 */
async function interestTaken(desk: Desk, invoiceId: string, since: Instant): Promise<number> {
  const { cents } = await desk.tx
    .selectFrom('ledger_entry')
    .select(sql<string>`coalesce(sum(amount_cents), 0)`.as('cents'))
    .where('invoice_id', '=', invoiceId)
    .where('kind', '=', 'interest')
    .where('at', '>=', sql<Instant>`${new Date(since)}`)
    .executeTakeFirstOrThrow();
  return Math.max(0, Number(cents));
}

/**
 * Money of an invoice came back. Where an offer was taken with it, what was given up for it is owed again: the ledger says
 * so here, and the fact of the return tells the balance.
 */
export async function untakeDiscount(desk: Desk, invoiceId: string): Promise<void> {
  const file = await desk.file(invoiceId);
  const offers = (await discountsOf(desk.tx, invoiceId)).filter(({ state }) => state === 'taken');
  for (const offer of file ? offers : []) {
    const came = (await stillPaidOf(desk.tx, invoiceId, offer.pay_by)) - offer.paid_before_cents;
    if (came >= offer.pay_cents || !file) continue;
    const { creditorId, currency, calendar } = file.collection;
    const amountCents = Math.min(await givenUpFor(desk, file.id, offer.id), await stillGivenUp(desk, file));
    const day = dayAt(calendar, desk.now);
    const place = { creditorId, debtorId: file.debtorId, invoiceId, currency };
    await enter(desk, [{ ...place, kind: 'waiver', amountCents, day }]);
    await desk.tx
      .updateTable('discount_offer')
      .set({ state: 'lapsed', ended_at: new Date(desk.now) })
      .where('id', '=', offer.id)
      .execute();
    await desk.note(invoiceId, 'discountEnded', { discountId: offer.id, how: 'lapsed', by: ourselves });
    await takeBackWords(desk, file, ourselves);
  }
}

async function givenUpFor(desk: Desk, invoiceId: string, discountId: string): Promise<number> {
  const { cents } = await desk.tx
    .selectFrom('journal')
    .select(sql<string>`coalesce(sum((body::json ->> 'amountCents')::bigint), 0)`.as('cents'))
    .where('subject', '=', subjectOf(invoiceId))
    .where('type', '=', 'waived')
    .where(sql<boolean>`body::json ->> 'discountId' = ${discountId}`)
    .executeTakeFirstOrThrow();
  return Number(cents);
}

/** What of all that was waived still lowers the invoice: a correction may have taken its price from it. */
async function stillGivenUp({ tx }: Desk, { id, collection }: InvoiceFile): Promise<number> {
  const waived = (await sharesOnInvoice(tx, id)).filter(({ kind }) => kind === 'waiver');
  const room = collection.amountCents - ((await balancesOf(tx, [id])).get(id) ?? 0);
  return Math.max(
    0,
    Math.min(
      room,
      waived.reduce((sum, { cents }) => sum + cents, 0),
    ),
  );
}

/** What came with a value date up to that day and did not go back since. */
async function stillPaidOf(tx: Tx, invoiceId: string, day: string): Promise<number> {
  const { cents } = await tx
    .selectFrom('ledger_entry')
    .select(sql<string>`coalesce(-sum(amount_cents), 0)`.as('cents'))
    .where('invoice_id', '=', invoiceId)
    .where('kind', 'in', ['payment', 'payment_return'])
    .where('payment_id', 'in', (inTime) =>
      inTime
        .selectFrom('ledger_entry as paid')
        .select('paid.payment_id')
        .where('paid.invoice_id', '=', invoiceId)
        .where('paid.kind', '=', 'payment')
        .where('paid.day', '<=', day),
    )
    .executeTakeFirstOrThrow();
  return Number(cents);
}

/** The offers of an invoice, oldest first. */
export async function discountsOf(db: Db | Tx, invoiceId: string) {
  return db
    .selectFrom('discount_offer')
    .selectAll()
    .where('invoice_id', '=', invoiceId)
    .orderBy('offered_at')
    .orderBy('id')
    .execute();
}
