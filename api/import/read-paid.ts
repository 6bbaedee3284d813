import { readDate } from './date-format.ts';
import type { Field } from './fields.ts';
import type { FileFormat } from './file-format.ts';
import { yesOrNoIn } from './paid-meaning.ts';
import { centsIn } from './read-cents.ts';
import type { RowNotes } from './row-notes.ts';

interface Owed {
  readonly amountCents: number;
  /** The day on which it was settled in full, if the row gives one. */
  readonly settledDate: string | undefined;
  readonly currency: string | undefined;
}

/**
 * Integer cents already paid of an invoice; undefined when the row says nothing of it.
 *
 * A row may say it four times: what was paid, what is outstanding, whether it is settled, and when. They must agree, or
 * the row is rejected: closing what is owed and chasing what is paid are both wrong, and only its owner knows which one
 * it would be.
 */
export function readPaid(notes: RowNotes, format: FileFormat, owed: Owed): number | undefined {
  const paid = readCell(notes, format, 'paid', owed);
  const outstanding = readCell(notes, format, 'outstanding', owed);
  const { amountCents, settledDate } = owed;
  if (amountCents <= 0 || notes.wasRefused('paid') || notes.wasRefused('outstanding')) return undefined;

  const cents = exactly(notes, paid, outstanding, amountCents);
  if (notes.wasRefused('outstanding')) return undefined;
  const flags = [paid, outstanding].flatMap((said) => (typeof said === 'boolean' ? said : []));
  const isSettled = flags.includes(true) || settledDate !== undefined;
  const isOpen = flags.includes(false);
  const contradiction = contradictionIn({
    isSettled,
    isOpen,
    leftCents: cents === undefined ? undefined : amountCents - cents,
  });
  if (contradiction !== undefined) {
    const field = (['settledDate', 'paid', 'outstanding'] as const).find(
      (one) => notes.text(one) !== undefined,
    );
    notes.reject(field ?? 'paid', 'paid-contradiction', contradiction, leavingOut(field ?? 'paid'));
    return undefined;
  }
  if (cents !== undefined) return cents;
  if (isSettled) return amountCents;
  return isOpen ? 0 : undefined;
}

/** Yes or no, or integer cents; undefined when the cell is empty or was refused. */
function readCell(
  notes: RowNotes,
  format: FileFormat,
  field: 'paid' | 'outstanding',
  owed: Owed,
): boolean | number | undefined {
  const text = notes.text(field);
  if (text === undefined) return undefined;
  const meaning = format.meaning[field] ?? 'each';
  const answer = yesOrNoIn(text);
  // "Reste à payer: non" is a settled invoice, so words count in the other columns alone.
  const mayBeWord = !/^-?\d/.test(text) && (field === 'paid' || meaning === 'each');
  if (answer !== undefined && (meaning === 'yes-no' || mayBeWord)) return answer;
  if (meaning === 'yes-no') {
    notes.reject(
      field,
      'paid-unclear',
      'It does not say whether the invoice is settled in full.',
      'Write oui or non; of a part payment give the amount, in a column "Déjà réglé".',
    );
    return undefined;
  }
  const amount = centsIn(notes, format, field);
  if (!amount) return undefined;
  if (amount.currency && owed.currency && amount.currency !== owed.currency)
    notes.reject(
      field,
      'currency-contradiction',
      `It is written in ${amount.currency}, but the invoice is in ${owed.currency}.`,
      'Correct one of them.',
    );
  // A day written as 20260212 is also a number, and would settle any invoice.
  if (amount.cents > owed.amountCents && /^\d{8}$/.test(text) && readDate(text, 'dmy').kind === 'date')
    notes.reject(
      field,
      'amount-is-date',
      'It is a day, not an amount.',
      'Give the day in a column "Date de règlement", or the amount here.',
    );
  if (field === 'paid' && amount.cents < 0)
    notes.reject(
      'paid',
      'paid-negative',
      'The amount paid is negative.',
      'Write what was paid as a positive amount.',
    );
  return amount.cents;
}

/** What was paid, by the amounts of the row; one that is overpaid has nothing outstanding, or a negative amount. */
function exactly(
  notes: RowNotes,
  paid: boolean | number | undefined,
  outstanding: boolean | number | undefined,
  amountCents: number,
): number | undefined {
  const paidCents = typeof paid === 'number' ? paid : undefined;
  if (typeof outstanding !== 'number') return paidCents;
  const leftCents = amountCents - outstanding;
  if (paidCents !== undefined) {
    if (paidCents === leftCents || (outstanding === 0 && paidCents > amountCents)) return paidCents;
    notes.reject(
      'outstanding',
      'paid-contradiction',
      `Of ${written(amountCents)}, ${written(paidCents)} paid leave ${written(amountCents - paidCents)}, and ${written(outstanding)} are given as outstanding.`,
      leavingOut('paid'),
    );
    return undefined;
  }
  if (outstanding >= 0 && outstanding <= amountCents) return leftCents;
  notes.reject(
    'outstanding',
    'outstanding-invalid',
    'What is outstanding does not lie between zero and the amount.',
    'Correct the amount or what is outstanding.',
  );
  return undefined;
}

function contradictionIn(row: {
  isSettled: boolean;
  isOpen: boolean;
  leftCents: number | undefined;
}): string | undefined {
  const { isSettled, isOpen, leftCents } = row;
  if (isSettled && isOpen) return 'The row says both that the invoice is settled and that it is not.';
  if (leftCents === undefined) return undefined;
  if (isSettled && leftCents > 0)
    return `The invoice is said to be settled, and ${written(leftCents)} of it are not paid.`;
  if (isOpen && leftCents <= 0)
    return 'The invoice is said not to be settled, and nothing of it is outstanding.';
  return undefined;
}

function leavingOut(field: Field): string {
  return `Correct the one that is wrong; or import without one of the columns, such as { "columns": { "${field}": null } }.`;
}

/** Plain, because the file may write amounts either way. */
function written(cents: number): string {
  return (cents / 100).toFixed(2);
}
