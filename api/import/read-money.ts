import { yesOrNo } from './cell-words.ts';
import type { InvoiceRow } from './invoice-row.ts';
import { currencyOf } from './iso-currency.ts';
import { readAmount } from './number-format.ts';
import type { FileFormat } from './file-format.ts';
import type { RowNotes } from './row-notes.ts';

/**
 * The amount of one row in cents, its currency, and what was paid of it.
 *
 * Only a positive amount is an invoice. Nothing is rounded and no currency is assumed: two that contradict each other,
 * or a sign that several countries use, reject the row.
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
  const paid = readPaid(notes, format, amount?.cents ?? 0);
  if (!amount || amount.cents <= 0) return undefined;

  if (settledDate && paid !== undefined && paid !== amount.cents) {
    notes.remark(
      'paid',
      'paid-and-settled-differ',
      'The invoice has a settlement date, but what was paid is not its amount: it counts as settled.',
      'Check the amount paid.',
    );
  }
  if (paid !== undefined && paid > amount.cents) {
    notes.remark('paid', 'overpaid', 'More was paid than the invoice amounts to.', 'Check the amount paid.');
  }
  const paidCents = settledDate ? Math.max(amount.cents, paid ?? 0) : paid;
  return {
    amountCents: amount.cents,
    ...(currency && { currency }),
    ...(paidCents !== undefined && { paidCents }),
  };
}

type Amount = { cents: number; currency?: string; sharedSign?: string };

function centsIn(
  notes: RowNotes,
  format: FileFormat,
  field: 'amount' | 'paid' | 'outstanding',
): Amount | undefined {
  const text = notes.text(field);
  if (text === undefined) return undefined;
  const mark = format.decimalMark[field] ?? 'decimal-comma';
  const reading = readAmount(text, mark);
  if (reading.kind === 'amount') return reading;
  const expected = mark === 'decimal-comma' ? '1 234,56' : '1,234.56';
  notes.reject(
    field,
    'amount-invalid',
    `It cannot be read as an amount: ${reading.problem}.`,
    `Write it with at most two decimals, as ${expected} like the rest of the column.`,
  );
  return undefined;
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
  return code ?? amount?.currency;
}

/** Integer cents already paid: as the row says, as yes or no, or as what the outstanding amount leaves. */
function readPaid(notes: RowNotes, format: FileFormat, amountCents: number): number | undefined {
  const answer = yesOrNo(notes.text('paid') ?? '');
  const digit = /^\d+$/.test(notes.text('paid') ?? '');
  if (answer !== undefined && !digit) return answer ? amountCents : 0;
  const paid = centsIn(notes, format, 'paid');
  if (paid && paid.cents < 0) {
    notes.reject(
      'paid',
      'paid-negative',
      'The amount paid is negative.',
      'Write what was paid as a positive amount.',
    );
  }
  if (paid || notes.wasRefused('paid')) return paid?.cents;
  const outstanding = centsIn(notes, format, 'outstanding');
  if (!outstanding) return undefined;
  if (outstanding.cents >= 0 && outstanding.cents <= amountCents) return amountCents - outstanding.cents;
  if (amountCents > 0)
    notes.reject(
      'outstanding',
      'outstanding-invalid',
      'What is outstanding does not lie between zero and the amount.',
      'Correct the amount or what is outstanding.',
    );
  return undefined;
}

/** Where the rows that are no invoices belong. */
export const creditNoteRemedy = 'Import credit notes by POST /v1/credit-notes, and remove the row.';
