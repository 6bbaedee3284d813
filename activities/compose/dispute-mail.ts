/**
 * The bytes of a mail to a debtor about his dispute: what a person of ours has to say, and what it is about.
 *
 * It asks for nothing: no amount to pay, no bank details, no word of being late. It names the reference by which an answer
 * is led back, and who signs for it.
 */
import { reasonInWords } from '../../domain/dispute/reason.ts';
import type { Language, WordFigures } from '../../domain/message.ts';
import type { ComposedMail } from './mail.ts';
import { labelled, legalBlock, mailPage, sentence, signatureBlock } from './mail-html.ts';
import { attachmentsLine, endsWithClosing, legalLine, opensWithGreeting } from './message-view.ts';
import { moneyInWords } from './money-in-words.ts';
import { oneLine, paragraphsOf, typographic, withoutNarrowSpaces } from './plain-text.ts';
import { invoiceLabel, vocabulary } from './vocabulary.ts';

/** The mail for these figures; the same figures give the same bytes. */
export function composeDisputeMail(figures: WordFigures): ComposedMail {
  const { language, creditor, contact } = figures;
  const [words, own] = [vocabulary[language], texts[language]];
  const invoice = invoiceLabel(figures.invoice, language);
  const said = paragraphsOf(typographic(figures.text, language));
  const name = oneLine(contact.name ?? '');
  const greeting = opensWithGreeting(said) ? '' : name ? words.greetingTo(name) : words.formalGreeting;
  const closing = endsWithClosing(said) ? '' : own.closing;
  const about = [
    { label: words.invoice, value: invoice },
    { label: own.contested, value: moneyInWords(figures.contestedCents, figures.currency, language) },
    { label: own.reason, value: reasonInWords(figures.reason, language) },
    { label: own.reference, value: figures.reference, strong: true },
  ];
  const howToAnswer = typographic(own.answer(oneLine(creditor.replyTo), figures.reference), language);
  // Whoever wrote it signs it; the name under other messages may be another person's.
  const signature = [figures.writtenBy ?? creditor.senderName, creditor.legalName]
    .map(oneLine)
    .filter((line, at, all) => line !== '' && all.indexOf(line) === at);
  const reachedAt = [oneLine(creditor.phone ?? ''), oneLine(creditor.replyTo)].filter((line) => line !== '');
  const legal = legalLine(figures);
  const attached = attachmentsLine(figures);
  const subject = oneLine(typographic(own.subject(invoice, figures.reference), language)).slice(0, 200);

  const text = [
    greeting,
    ...said,
    about.map(({ label, value }) => `${label}${words.colon} ${value}`).join('\n'),
    attached,
    howToAnswer,
    closing,
    [...signature, ...reachedAt].join('\n'),
    `-- \n${legal}`,
  ].filter((block) => block !== '');
  const html = mailPage({ language, subject }, [
    greeting ? sentence(greeting) : '',
    ...said.map(sentence),
    `<div style="margin:24px 0">${labelled(about)}</div>`,
    attached ? sentence(attached) : '',
    sentence(howToAnswer),
    closing ? sentence(closing) : '',
    signatureBlock({ signature, contact: reachedAt }),
    legalBlock(legal),
  ]);
  return { subject, html, text: withoutNarrowSpaces(`${text.join('\n\n')}\n`), inline: [] };
}

const texts: Readonly<
  Record<
    Language,
    {
      readonly contested: string;
      readonly reason: string;
      readonly reference: string;
      readonly closing: string;
      readonly subject: (invoice: string, reference: string) => string;
      readonly answer: (address: string, reference: string) => string;
    }
  >
> = {
  fr: {
    contested: 'Montant contesté',
    reason: 'Motif',
    reference: 'Référence',
    closing: 'Cordialement,',
    subject: (invoice, reference) => `Votre contestation de la facture ${invoice} – réf. ${reference}`,
    answer: (address, reference) =>
      `Pour nous répondre, répondez à ce message ou écrivez à ${address} en rappelant la référence ${reference}.`,
  },
  en: {
    contested: 'Amount disputed',
    reason: 'Reason',
    reference: 'Reference',
    closing: 'Kind regards,',
    subject: (invoice, reference) => `Your dispute of invoice ${invoice} – ref. ${reference}`,
    answer: (address, reference) =>
      `To answer, reply to this message or write to ${address}, quoting the reference ${reference}.`,
  },
};
