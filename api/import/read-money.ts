import type { InvoiceRow } from './invoice-row.ts';
import { currencyOf } from './iso-currency.ts';
import type { FileFormat } from './file-format.ts';
import { centsIn } from './read-cents.ts';
import type { Amount } from './read-cents.ts';
import { readPaid } from './read-paid.ts';
import type { RowNotes } from './row-notes.ts';

/**
 * The amount of one row in cents, its currency, and what was paid of it.
 *
 * Only a positive amount is an invoice. Nothing is rounded and no currency is assumed: two that contradict each other,
 * or a sign that several countries use, reject the row. What was paid is read in `read-paid.ts`.
 */
type Money = Pick<InvoiceRow, 'amountCents' | 'currency' | 'paidCents'>;

export function readMoney(
  notes: RowNotes,
  format: FileFormat,
  settledDate: string | undefined,
): Money | undefined {
  const amount = centsIn(notes, format, 'amount');
  if (amount === undefined && !notes.wasRefused('amount')) {
    notes.reject(
      'amount',
      'amount-missing',
      'The invoice has no amount.',
      'Fill in the amount including tax.',
    );
  }
  if (amount && amount.cents === 0) {
    notes.reject(
      'amount',
      'amount-zero',
      'The amount is zero, so nothing is owed.',
      'Remove the row, or correct the amount.',
    );
  }
  if (amount && amount.cents < 0)
    notes.reject(
      'amount',
      'credit-note',
      'The amount is negative: this is a credit note, not an invoice.',
      creditNoteRemedy,
    );
  const currency = readCurrency(notes, format, amount);
  const paidCents = readPaid(notes, format, { amountCents: amount?.cents ?? 0, settledDate, currency });
  if (!amount || amount.cents <= 0) return undefined;
  if (paidCents !== undefined && paidCents > amount.cents) {
    notes.remark('paid', 'overpaid', 'More was paid than the invoice amounts to.', 'Check the amount paid.');
  }
  return {
    amountCents: amount.cents,
    ...(currency && { currency }),
    ...(paidCents !== undefined && { paidCents }),
  };
}

function readCurrency(notes: RowNotes, format: FileFormat, amount: Amount | undefined): string | undefined {
  const text = notes.text('currency');
  const written = text === undefined ? undefined : currencyOf(text);
  if (text !== undefined && written === undefined) {
    notes.reject(
      'currency',
      'currency-unknown',
      'It is not the code of a currency.',
      'Write a code of ISO 4217, such as EUR, USD or CHF.',
    );
    return undefined;
  }
  const code = written ?? format.headerCurrency;
  if (code && amount?.currency && code !== amount.currency) {
    notes.reject(
      'amount',
      'currency-contradiction',
      `The amount is written in ${amount.currency}, but its currency is given as ${code}.`,
      'Correct one of them.',
    );
  }
  const sharedSign = amount?.sharedSign ?? format.headerSign;
  if (!code && !amount?.currency && sharedSign) {
    notes.reject(
      'amount',
      'currency-unclear',
      `"${sharedSign}" is the sign of several currencies.`,
      'Add a column "Currency" with the code, such as USD or CAD.',
    );
  }
  if (!code && !amount?.currency && !sharedSign && notes.has('currency') && !notes.wasRefused('currency')) {
    notes.remark(
      'currency',
      'currency-missing',
      'The row names no currency: it counts as that of the creditor.',
      'Fill in the currency, such as EUR or USD.',
    );
  }
  return code ?? amount?.currency;
}

/** Where the rows that are no invoices belong. */
export const creditNoteRemedy = 'Import credit notes by POST /v1/credit-notes, and remove the row.';
