import type { Language } from '../../domain/message.ts';
import type { NewsCode } from '../../domain/litigation/partner-news.ts';
import type { CivilDate } from '../../domain/time.ts';
import { dayInWords } from './day-in-words.ts';
import { moneyInWords } from './money-in-words.ts';

/** One kind of news about some invoices of a file, as it is told. */
export interface ToldNews {
  readonly code: NewsCode;
  readonly day: CivilDate;
  /** What is contested, promised or in the plan; null where the news has no sum. */
  readonly amountCents: number | null;
  readonly numbers: readonly string[];
  /** What of these invoices is owed and what is contested now. */
  readonly balanceCents: number;
  readonly contestedCents: number;
  readonly currency: string;
}

/** News for a partner as one sentence each, without its full stop: what he may not ask for, and until when. */
export function newsInWords(news: readonly ToldNews[]): Readonly<Record<Language, string>> {
  const said = (language: Language): string =>
    news
      .map((one) => texts[language][one.code](saidOf(one, language)))
      .join(language === 'fr' ? ' ; ' : '; ');
  return { fr: said('fr'), en: said('en') };
}

interface Said {
  readonly amount: string;
  readonly balance: string;
  readonly contested: string;
  readonly day: string;
  readonly numbers: string;
}

function saidOf(news: ToldNews, language: Language): Said {
  const money = (cents: number): string => moneyInWords(cents, news.currency, language);
  return {
    amount: money(news.amountCents ?? 0),
    balance: money(news.balanceCents),
    contested: money(news.contestedCents),
    day: dayInWords(news.day, language),
    numbers: news.numbers.join(', '),
  };
}

const texts: Readonly<Record<Language, Readonly<Record<NewsCode, (said: Said) => string>>>> = {
  fr: {
    disputeOpened: ({ amount, numbers }) =>
      `le débiteur conteste ${amount} (${numbers}), à ne pas lui réclamer tant que nous examinons sa contestation`,
    disputeResolved: ({ contested, numbers }) =>
      `une contestation est tranchée (${numbers}), et ${contested} restent contestés`,
    promiseMade: ({ amount, day, numbers }) =>
      `le débiteur a promis de payer ${amount} le ${day} (${numbers}), et nous lui laissons ce délai`,
    promiseBroken: ({ numbers }) => `la promesse de paiement n’a pas été tenue (${numbers})`,
    promiseWithdrawn: ({ numbers }) => `la promesse de paiement ne vaut plus (${numbers})`,
    planStarted: ({ amount, day, numbers }) =>
      `un échéancier de ${amount} court jusqu’au ${day} (${numbers}), et rien de ce qu’il couvre n’est à réclamer`,
    planEnded: ({ numbers }) => `l’échéancier a pris fin sans être payé (${numbers})`,
    invoiceCorrected: ({ balance, numbers }) =>
      `une facture a été corrigée (${numbers}) : ${balance} restent dus`,
  },
  en: {
    disputeOpened: ({ amount, numbers }) =>
      `the debtor contests ${amount} (${numbers}), not to be asked of him while we examine the dispute`,
    disputeResolved: ({ contested, numbers }) =>
      `a dispute is decided (${numbers}), and ${contested} remains contested`,
    promiseMade: ({ amount, day, numbers }) =>
      `the debtor has promised to pay ${amount} on ${day} (${numbers}), and we give him until then`,
    promiseBroken: ({ numbers }) => `the promise to pay was not kept (${numbers})`,
    promiseWithdrawn: ({ numbers }) => `the promise to pay holds no longer (${numbers})`,
    planStarted: ({ amount, day, numbers }) =>
      `an instalment plan of ${amount} runs until ${day} (${numbers}), and nothing that it covers is to be asked for`,
    planEnded: ({ numbers }) => `the instalment plan has ended unpaid (${numbers})`,
    invoiceCorrected: ({ balance, numbers }) =>
      `an invoice was corrected (${numbers}): ${balance} is still owed`,
  },
};
