/**
 * The values that a template may name, in the words of its language.
 *
 * All of them always exist, empty when unknown, so that a template fails on a misspelt name and never on a debtor
 * without a phone. Amounts arrive formatted: a template cannot compute.
 */
import type { InternalNotice, InvoiceLine, Language, MessageFigures } from '../../domain/message.ts';
import { dayInFigures, dayInWords } from './day-in-words.ts';
import { moneyInWords } from './money-in-words.ts';
import { oneLine } from './plain-text.ts';
import type { TemplateScope } from './template-language.ts';
import { countedDays, countInWords, invoiceLabel, listInWords } from './vocabulary.ts';

/** What a template to a debtor may name. */
export function debtorScope(figures: MessageFigures): TemplateScope {
  const { creditor, debtor, contact, language } = figures;
  const taken = figures.lines.filter((line) => line.stepTaken);
  const first = taken[0];
  const daysLate = Math.max(0, ...taken.map((line) => line.daysLate));
  return {
    creditor: {
      name: oneLine(creditor.legalName),
      sender: oneLine(creditor.senderName),
      email: oneLine(creditor.replyTo),
      phone: oneLine(creditor.phone ?? ''),
    },
    debtor: { name: oneLine(debtor.name) },
    contact: { name: oneLine(contact.name ?? '') },
    invoice: {
      number: first ? invoiceLabel(first, language) : '',
      dueDate: first ? dayInWords(first.dueDate, language) : '',
      shortDueDate: first ? dayInFigures(first.dueDate, language) : '',
    },
    count: taken.length,
    counted: countInWords(taken.length, language),
    asked: askedInWords(taken, language),
    daysLate,
    age: countedDays(daysLate, language),
    reference: figures.paymentReference,
    today: dayInWords(figures.today, language),
    answerBy: figures.answerBy ? dayInWords(figures.answerBy, language) : '',
    lastReminderOn: figures.lastReminderOn ? dayInWords(figures.lastReminderOn, language) : '',
  };
}

/** What a template to our own users may name. */
export function internalScope(notice: InternalNotice): TemplateScope {
  return {
    creditor: { name: oneLine(notice.creditorName) },
    debtor: { name: oneLine(notice.debtorName) },
    recipient: { name: oneLine(notice.recipientName) },
    owner: { name: oneLine(notice.ownerName ?? '') },
    title: oneLine(notice.title),
    dueDate: notice.dueDate ? dayInWords(notice.dueDate, notice.language) : '',
  };
}

/** The amount asked over these lines, one sum per currency: `1 234,56 € et 300,00 USD`. */
export function askedInWords(lines: readonly InvoiceLine[], language: Language): string {
  const sums = new Map<string, number>();
  for (const line of lines) sums.set(line.currency, (sums.get(line.currency) ?? 0) + line.askedCents);
  return listInWords(
    [...sums].map(([currency, cents]) => moneyInWords(cents, currency, language)),
    language,
  );
}

/** The names of `debtorScope`, with one level of grouping: `invoice.number`. */
export const debtorScopeNames: ReadonlySet<string> = new Set(
  (
    'creditor.name creditor.sender creditor.email creditor.phone debtor.name contact.name invoice.number ' +
    'invoice.dueDate invoice.shortDueDate count counted asked daysLate age reference today answerBy lastReminderOn'
  ).split(' '),
);

/** The names of `internalScope`. */
export const internalScopeNames: ReadonlySet<string> = new Set(
  'creditor.name debtor.name recipient.name owner.name title dueDate'.split(' '),
);
