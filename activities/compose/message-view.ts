/**
 * A message before it takes a shape: every sentence, label and formatted amount, in reading order.
 *
 * Mail, text part and letter are three drawings of this one view, so they cannot say different things. All strings are
 * plain text, cleaned and with their typographic spaces; whoever draws escapes them for his target.
 */
import type { Language, MessageFigures } from '../../domain/message.ts';
import { claimedRows, claimViewOf } from './claim-view.ts';
import type { ClaimView } from './claim-view.ts';
import { dayInWords } from './day-in-words.ts';
import { epcPayload, isInSepa } from './epc-qr.ts';
import { checkFigures } from './figures-check.ts';
import { formalNoticeOf } from './formal-notice.ts';
import type { FormalNotice } from './formal-notice.ts';
import { moneyInWords } from './money-in-words.ts';
import { inGroups, oneLine, paragraphsOf, typographic } from './plain-text.ts';
import { renderTemplate } from './template-language.ts';
import { askedTotals, groupsOf, totalRows } from './statement.ts';
import type { InvoiceGroup, Row } from './statement.ts';
import { debtorScope } from './template-scope.ts';
import { longTemplate } from './templates/shipped.ts';
import type { MessageTemplate } from './templates/template.ts';
import { vocabulary } from './vocabulary.ts';

export interface MessageView {
  readonly language: Language;
  readonly subject: string;
  readonly greeting: string;
  readonly body: readonly string[];
  readonly notice?: FormalNotice;
  /** The one figure that must not be missed: one row per currency. */
  readonly asked: readonly Row[];
  readonly groups: readonly InvoiceGroup[];
  readonly totals: readonly Row[];
  /** What late payment costs, where the message asks for it. */
  readonly claim?: ClaimView;
  readonly creditsNote: string;
  readonly payTitle: string;
  readonly payIntroduction: string;
  readonly pay: readonly Row[];
  readonly qr?: { readonly payload: string; readonly caption: string; readonly alt: string };
  readonly after: readonly string[];
  readonly attachments: string;
  readonly closing: string;
  readonly letterClosing: string;
  readonly signature: readonly string[];
  readonly contact: readonly string[];
  readonly legal: string;
}

/**
 * The view of a mail or letter. `template` replaces the shipped words of `figures.template`.
 *
 * Throws when the figures contradict each other, or the template names something unknown.
 */
export function viewOf(figures: MessageFigures, template?: MessageTemplate): MessageView {
  checkFigures(figures);
  const { language, creditor } = figures;
  const words = vocabulary[language];
  const { subject, greeting, body, after, closing } =
    template ?? longTemplate(figures.template, figures.level)[language];
  const scope = debtorScope(figures);
  const filled = (source: string): string => typographic(renderTemplate(source, scope), language);
  const spoken =
    figures.freeText === undefined ? undefined : paragraphsOf(typographic(figures.freeText, language));
  const paragraphs = spoken ?? paragraphsOf(filled(body));
  const name = oneLine(figures.contact.name ?? '');
  const greets =
    greeting === 'warm' ? (name ? words.greetingTo(name) : words.greeting) : words.formalGreeting;
  const taken = figures.lines.filter((line) => line.stepTaken);
  const notice = figures.level === 'formal_notice' ? formalNoticeOf(figures) : undefined;
  const claim = claimViewOf(figures);
  const credits = figures.totals.filter((total) => total.creditsCents > 0);
  const qr = qrOf(figures);

  return {
    language,
    subject: oneLine(filled(subject)).slice(0, 200),
    greeting: spoken && opensWithGreeting(spoken) ? '' : greets,
    body: paragraphs,
    ...(notice ? { notice } : {}),
    ...(claim ? { claim } : {}),
    asked: claim
      ? claimedRows(figures)
      : askedTotals(figures).map((total) => ({
          label: notice ? words.formallyAsked : words.toPay,
          value: moneyInWords(total.askedCents, total.currency, language),
          strong: true,
        })),
    groups: groupsOf(figures),
    totals: totalRows(figures),
    creditsNote:
      credits.length === 0
        ? ''
        : words.creditsNote(
            credits.map((total) => moneyInWords(total.creditsCents, total.currency, language)).join(', '),
          ),
    ...payOf(figures),
    ...(qr ? { qr } : {}),
    after: taken.length === 0 ? [] : paragraphsOf(filled(after)),
    attachments: attachmentsLine(figures),
    closing: spoken && endsWithClosing(spoken) ? '' : closing,
    letterClosing:
      spoken && endsWithClosing(spoken)
        ? ''
        : figures.level === 'formal_notice' || closing.length > 40
          ? closing
          : words.letterClosing,
    signature: [oneLine(creditor.senderName), oneLine(creditor.legalName)].filter(
      (line, at, all) => line !== '' && all.indexOf(line) === at,
    ),
    contact: [oneLine(creditor.phone ?? ''), oneLine(creditor.replyTo)].filter((line) => line !== ''),
    legal: legalLine(figures),
  };
}

/** Where the money goes, and under which reference. */
export function payOf({
  creditor,
  debtor,
  language,
  paymentReference,
}: MessageFigures): Pick<MessageView, 'payTitle' | 'payIntroduction' | 'pay'> {
  const words = vocabulary[language];
  const swift = !isInSepa(creditor.iban.slice(0, 2)) || !isInSepa(debtor.country);
  return {
    payTitle: words.payTitle,
    payIntroduction: swift ? words.paySwift : words.paySepa,
    pay: [
      { label: words.beneficiary, value: oneLine(creditor.legalName) },
      { label: 'IBAN', value: inGroups(creditor.iban), strong: true },
      ...(creditor.bic
        ? [{ label: swift ? 'BIC / SWIFT' : 'BIC', value: oneLine(creditor.bic).toUpperCase() }]
        : []),
      { label: words.reference, value: inGroups(paymentReference), strong: true },
    ],
  };
}

/** The paragraphs that a person starts from when he edits a draft. */
export function bodyOf(figures: MessageFigures, template?: MessageTemplate): string {
  const { freeText: _, ...without } = figures;
  return viewOf(without, template).body.join('\n\n');
}

function qrOf(figures: MessageFigures): MessageView['qr'] {
  const total = askedTotals(figures).find(({ currency }) => currency === 'EUR');
  return total && transferCodeOf(figures, total.beside?.totalCents ?? total.askedCents);
}

/** The code of a transfer of so many cents of euros; undefined where there is none. */
export function transferCodeOf(figures: MessageFigures, amountCents: number): MessageView['qr'] {
  const { creditor, debtor, language } = figures;
  if (!isInSepa(debtor.country)) return undefined;
  const payload = epcPayload({
    beneficiary: creditor.legalName,
    iban: creditor.iban,
    ...(creditor.bic ? { bic: creditor.bic } : {}),
    amountCents,
    reference: figures.paymentReference,
  });
  if (!payload) return undefined;
  const amount = moneyInWords(amountCents, 'EUR', language);
  return {
    payload,
    caption: vocabulary[language].qrCaption(amount),
    alt: vocabulary[language].qrAlt(amount),
  };
}

/** Which papers travel with the message, by name; empty where there are none. */
export function attachmentsLine({
  attachments = [],
  language,
}: Pick<MessageFigures, 'attachments' | 'language'>): string {
  if (attachments.length === 0) return '';
  const words = vocabulary[language];
  return `${words.attached(attachments.length)}${words.colon} ${attachments.map(oneLine).join(', ')}`;
}

/** Who the creditor is: his name, address and numbers in one line. */
export function legalLine({ creditor, language }: Pick<MessageFigures, 'creditor' | 'language'>): string {
  const words = vocabulary[language];
  const parts = [oneLine(creditor.legalName), ...creditor.addressLines.map(oneLine)];
  if (creditor.siren) parts.push(`${words.siren} ${sirenInWords(creditor.siren)}`);
  if (creditor.registration) parts.push(oneLine(creditor.registration));
  if (creditor.vatNumber) parts.push(`${words.vat} ${oneLine(creditor.vatNumber)}`);
  return parts.filter((part) => part !== '').join(' – ');
}

/** `552 100 554`. */
export function sirenInWords(siren: string): string {
  return oneLine(siren)
    .replace(/\s/g, '')
    .replace(/^(\d{3})(\d{3})(\d{3})$/, '$1\u00a0$2\u00a0$3');
}

/** `12 mars 2026`, for the head of a letter. */
export function dayOf(figures: MessageFigures): string {
  return dayInWords(figures.today, figures.language);
}

// A person who writes a whole letter greets and closes in it; doing it twice would look like a machine.
export function opensWithGreeting(paragraphs: readonly string[]): boolean {
  return /^(bonjour|bonsoir|madame|monsieur|cher|chère|dear|hello|hi|good (morning|afternoon))\b/i.test(
    paragraphs[0] ?? '',
  );
}

export function endsWithClosing(paragraphs: readonly string[]): boolean {
  return /(cordialement|salutations|considération distinguée|regards|faithfully|sincerely)[\s,.]*$/i.test(
    paragraphs.at(-1) ?? '',
  );
}
