/**
 * The figures of the messages in these tests: one creditor, one debtor, invoices as a test asks for them.
 *
 * Totals and lateness are derived as the door derives them, so that a test states only what it is about.
 */
import { totalsOf } from '../../../domain/message.ts';
import type { InvoiceLine, MessageFigures } from '../../../domain/message.ts';
import { creditorReference } from '../../../domain/payment-reference.ts';

export const today = '2026-03-12';

type Amounts = Partial<InvoiceLine> & { amountCents: number };

/** An open invoice; what is not given is whole, undisputed, in euros and takes its step. */
export function invoice(number: string, dueDate: string, amounts: Amounts): InvoiceLine {
  const balanceCents = amounts.balanceCents ?? amounts.amountCents;
  const contestedCents = amounts.contestedCents ?? 0;
  return {
    number,
    term: 1,
    dueDate,
    balanceCents,
    contestedCents,
    askedCents: Math.max(0, balanceCents - contestedCents),
    currency: 'EUR',
    daysLate: Math.round((Date.parse(today) - Date.parse(dueDate)) / 86_400_000),
    stepTaken: true,
    ...amounts,
  };
}

type Wishes = Partial<MessageFigures> & { credits?: { currency: string; cents: number }[] };

/** A firm reminder over two invoices, changed by what the test wishes. */
export function figuresOf({ credits = [], ...wishes }: Wishes = {}): MessageFigures {
  const lines = wishes.lines ?? [
    invoice('F2026-0117', '2026-02-10', {
      amountCents: 184_350,
      issueDate: '2026-01-10',
      orderNumber: '4500128831',
    }),
    invoice('F2026-0142', '2026-02-20', { amountCents: 1_250_000, issueDate: '2026-01-20' }),
  ];
  return {
    creditor: {
      legalName: 'Atelier Durand SAS',
      siren: '552100554',
      vatNumber: 'FR40552100554',
      addressLines: ['14 rue de la Fonderie', '69007 LYON'],
      iban: 'FR7630006000011234567890189',
      bic: 'AGRIFRPP',
      senderName: 'Camille Petit',
      replyTo: 'comptabilite@atelier-durand.example',
      phone: '04 72 00 00 00',
    },
    debtor: {
      name: 'Menuiseries du Vercors SARL',
      siren: '732829320',
      addressLines: ['27 avenue Jean Jaurès', '38000 GRENOBLE'],
      country: 'FR',
      kind: 'company',
    },
    contact: { name: 'Claire Martin', email: 'compta@vercors.example' },
    language: 'fr',
    level: 'firm',
    channel: 'email',
    template: 'firm_reminder',
    today,
    paymentReference: creditorReference('732829320A1'),
    ...wishes,
    lines,
    totals: wishes.totals ?? totalsOf(lines, credits),
  };
}

/** A formal notice by registered letter. */
export function formalNotice(wishes: Wishes = {}): MessageFigures {
  return figuresOf({
    level: 'formal_notice',
    channel: 'registered_letter',
    template: 'formal_notice',
    lastReminderOn: '2026-03-02',
    answerBy: '2026-03-24',
    ...wishes,
  });
}

/** What a reader of this document description sees, in reading order. */
export function textOf(node: unknown): string {
  if (typeof node === 'string') return node;
  if (Array.isArray(node)) return node.map(textOf).join('\n');
  if (typeof node !== 'object' || node === null) return '';
  const { text, stack, columns, ul, table } = node as Record<string, unknown> & { table?: { body: unknown } };
  return [text, stack, columns, ul, table?.body]
    .filter((part) => part !== undefined)
    .map(textOf)
    .join('\n');
}

/** The same text with ordinary spaces, so that a test can be typed. */
export function plain(text: string): string {
  return text.replace(/[\u00a0\u202f]/g, ' ');
}
