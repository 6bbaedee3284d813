import type { InvoiceInList } from '../../db/invoice-reads.ts';
import type { Language } from '../../domain/message.ts';
import { daysBetween } from '../../domain/time.ts';
import type { CivilDate } from '../../domain/time.ts';
import { levelInWords, stateInWords } from '../words.ts';
import type { Cell } from './csv.ts';

/** An invoice as a row of a spreadsheet. */
export const invoiceHead = {
  fr: [
    'Facture',
    'Terme',
    'Créancier',
    'Débiteur',
    'Date de facture',
    'Échéance',
    'Jours de retard',
    'Montant',
    'Reste dû',
    'Devise',
    'État',
    'Niveau',
    'Commande',
    'Chargé de recouvrement',
    'Commercial',
    'À vérifier',
    'Identifiant',
  ],
  en: [
    'Invoice',
    'Term',
    'Creditor',
    'Debtor',
    'Issue date',
    'Due date',
    'Days late',
    'Amount',
    'Balance',
    'Currency',
    'State',
    'Level',
    'Order',
    'Collector',
    'Sales owner',
    'To check',
    'Id',
  ],
} as const satisfies Record<Language, readonly string[]>;

export function invoiceCells(row: InvoiceInList, today: CivilDate, language: Language): readonly Cell[] {
  const daysLate = daysBetween(row.dueDate, today);
  return [
    row.number,
    { count: row.term },
    row.creditorName,
    row.debtorName,
    { day: row.issueDate },
    { day: row.dueDate },
    row.open && daysLate > 0 ? { count: daysLate } : null,
    { cents: row.amountCents },
    { cents: row.balanceCents },
    row.currency,
    stateInWords(row.state, language),
    row.level === null ? null : levelInWords(row.level, language),
    row.orderNumber,
    row.collector,
    row.salesOwner,
    row.flags.join(', '),
    row.id,
  ];
}
