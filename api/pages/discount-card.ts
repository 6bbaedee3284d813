import { discountsOf } from '../../db/discounts.ts';
import type { House } from '../../db/house.ts';
import type { Language } from '../../domain/message.ts';
import { dayInWords, moneyInWords } from '../words.ts';
import { markup } from './html.ts';
import type { Html } from './html.ts';

/** The discount for early settlement that stands on an invoice, or the one that was taken; nothing where there is none. */
export async function discountCard(
  house: House,
  invoiceId: string,
  currency: string,
  language: Language,
): Promise<Html | false> {
  const offers = await discountsOf(house.db, invoiceId);
  const offer = offers.find(({ state }) => state === 'open' || state === 'taken');
  if (!offer) return false;
  const words = texts[language];
  const money = (cents: number): string => moneyInWords(cents, currency, language);
  const badge =
    offer.state === 'open'
      ? markup`<span class="badge brand">${words.open}</span>`
      : markup`<span class="badge good">${words.taken}</span>`;
  return markup`<section class="card"><h2>${words.title} ${badge}</h2>
<p class="last">${words.offer(money(offer.pay_cents), dayInWords(offer.pay_by, language), money(offer.discount_cents))}</p></section>`;
}

const texts = {
  fr: {
    title: 'Remise pour règlement anticipé',
    open: 'proposée',
    taken: 'acquise',
    offer: (pay: string, day: string, off: string) =>
      `${pay} réglés au plus tard le ${day} soldent la facture : ${off} de remise.`,
  },
  en: {
    title: 'Discount for early settlement',
    open: 'offered',
    taken: 'taken',
    offer: (pay: string, day: string, off: string) =>
      `${pay} paid by ${day} settles the invoice: ${off} of discount.`,
  },
} as const;
