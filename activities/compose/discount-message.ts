import type { DiscountFigures, Language, MessageFigures } from '../../domain/message.ts';
import { dayInWords } from './day-in-words.ts';
import { qrPng } from './epc-qr.ts';
import { letterDocument } from './letter-document.ts';
import type { ComposedMail } from './mail.ts';
import { mailHtml } from './mail-html.ts';
import { mailText } from './mail-text.ts';
import { legalLine, payOf, transferCodeOf } from './message-view.ts';
import type { MessageView } from './message-view.ts';
import { moneyInWords } from './money-in-words.ts';
import { pdfOf } from './pdf.ts';
import { oneLine, typographic } from './plain-text.ts';
import { invoiceLabel, vocabulary } from './vocabulary.ts';

/**
 * What a debtor is told of a discount for early settlement: what to pay, by which day and where, or that he has it.
 *
 * It promises what the offer gives and no more: the day is that of the bank, and whoever is late owes the whole.
 */
export function composeDiscountMail(figures: DiscountFigures): ComposedMail {
  const view = viewOf(figures);
  const cid = 'transfer-code@message';
  const inline = view.qr
    ? [
        {
          cid,
          filename: 'virement.png',
          contentType: 'image/png' as const,
          bytes: qrPng(view.qr.payload),
        },
      ]
    : [];
  return { subject: view.subject, html: mailHtml(view, cid), text: mailText(view), inline };
}

/** The same as a letter, for whoever has no mail address. */
export async function composeDiscountLetter(figures: DiscountFigures): Promise<Buffer> {
  const view = viewOf(figures);
  return pdfOf(letterDocument(view, asMessage(figures)), {
    title: view.subject,
    author: figures.creditor.legalName,
    language: figures.language === 'fr' ? 'fr-FR' : 'en-GB',
    day: figures.today,
  });
}

function viewOf(figures: DiscountFigures): MessageView {
  const { language, creditor, contact, currency } = figures;
  const [words, own] = [vocabulary[language], texts[language][figures.says]];
  const set = (text: string): string => typographic(text, language);
  const money = (cents: number): string => moneyInWords(cents, currency, language);
  const said = {
    invoice: invoiceLabel(figures.invoice, language),
    due: dayInWords(figures.invoice.dueDate, language),
    pay: money(figures.payCents),
    off: money(figures.discountCents),
    day: dayInWords(figures.payBy, language),
  };
  const isOffer = figures.says === 'offered';
  const name = oneLine(contact.name ?? '');
  const qr = isOffer ? transferCodeOf(asMessage(figures), figures.payCents) : undefined;
  return {
    language,
    subject: oneLine(set(own.subject(said))).slice(0, 200),
    greeting: name ? words.greetingTo(name) : words.formalGreeting,
    body: own.body(said).map(set),
    asked: isOffer ? [{ label: set(texts[language].payBy(said)), value: said.pay, strong: true }] : [],
    groups: [],
    totals: [],
    creditsNote: '',
    ...payOf(asMessage(figures)),
    ...(isOffer ? {} : { pay: [], payTitle: '', payIntroduction: '' }),
    ...(qr ? { qr } : {}),
    after: own.after(said).map(set),
    attachments: '',
    closing: texts[language].closing,
    letterClosing: words.letterClosing,
    signature: [oneLine(creditor.senderName), oneLine(creditor.legalName)].filter(
      (line, at, all) => line !== '' && all.indexOf(line) === at,
    ),
    contact: [oneLine(creditor.phone ?? ''), oneLine(creditor.replyTo)].filter((line) => line !== ''),
    legal: legalLine(figures),
  };
}

/** The head and the means of payment are those of every message. */
function asMessage(figures: DiscountFigures): MessageFigures {
  const { creditor, debtor, contact, language, channel, today, paymentReference } = figures;
  return {
    ...{ creditor, debtor, contact, language, channel, today, paymentReference },
    level: 'reminder',
    template: 'reminder',
    lines: [],
    totals: [],
  };
}

interface Said {
  readonly invoice: string;
  readonly due: string;
  readonly pay: string;
  readonly off: string;
  readonly day: string;
}

interface Texts {
  readonly subject: (said: Said) => string;
  readonly body: (said: Said) => readonly string[];
  readonly after: (said: Said) => readonly string[];
}

const texts: Readonly<
  Record<
    Language,
    Readonly<Record<'offered' | 'taken', Texts>> & {
      readonly payBy: (said: Said) => string;
      readonly closing: string;
    }
  >
> = {
  fr: {
    payBy: ({ day }) => `À régler au plus tard le ${day}`,
    closing: 'Cordialement,',
    offered: {
      subject: ({ invoice, off, day }) => `Facture ${invoice} : ${off} de remise jusqu’au ${day}`,
      body: ({ invoice, due, off, pay, day }) => [
        `Pour solder votre facture ${invoice}, échéance du ${due}, nous vous accordons une remise de ${off} si ${pay} nous parviennent au plus tard le ${day}.`,
      ],
      after: ({ day }) => [
        `Fait foi la date à laquelle la somme est portée à notre compte. Après le ${day}, l’offre n’est plus valable et le montant entier reste dû.`,
      ],
    },
    taken: {
      subject: ({ invoice }) => `Facture ${invoice} : votre remise est acquise`,
      body: ({ invoice, off }) => [
        `Votre règlement nous est parvenu à temps : la remise de ${off} vous est acquise, et votre facture ${invoice} est soldée.`,
        'Nous vous remercions de votre règlement.',
      ],
      after: () => [],
    },
  },
  en: {
    payBy: ({ day }) => `To be paid by ${day}`,
    closing: 'Kind regards,',
    offered: {
      subject: ({ invoice, off, day }) => `Invoice ${invoice}: ${off} off until ${day}`,
      body: ({ invoice, due, off, pay, day }) => [
        `To settle your invoice ${invoice}, due on ${due}, we grant you a discount of ${off} if ${pay} reaches us by ${day}.`,
      ],
      after: ({ day }) => [
        `What counts is the day on which the sum is credited to our account. After ${day} the offer no longer stands and the whole amount remains due.`,
      ],
    },
    taken: {
      subject: ({ invoice }) => `Invoice ${invoice}: the discount is yours`,
      body: ({ invoice, off }) => [
        `Your payment reached us in time: the discount of ${off} is yours, and your invoice ${invoice} is settled.`,
        'Thank you for your payment.',
      ],
      after: () => [],
    },
  },
};
