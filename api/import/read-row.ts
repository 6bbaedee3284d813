import type { CivilDate } from '../../domain/time.ts';
import { documentKindOf, paymentMethodOf, sameWord, yesOrNo } from './cell-words.ts';
import type { PaymentMethod } from './cell-words.ts';
import { readDate } from './date-format.ts';
import type { FileFormat } from './file-format.ts';
import type { InvoiceRow, RowOutcome } from './invoice-row.ts';
import { creditNoteRemedy, readMoney } from './read-money.ts';
import { readContact, readDebtor, readSeller } from './read-parties.ts';
import { RowNotes } from './row-notes.ts';

/**
 * Turns the cells of a row into an invoice, or into every reason why they are none.
 *
 * What decides money, dates or who is who must be right, or the row is rejected: number, dates, amounts, currency, and
 * the seller's identifiers, which are the key under which the invoice is known. What only helps (the debtor's
 * identifiers, the contact, the country) is left out and remarked when it is wrong: the debt is due all the same, and a
 * credit manager would rather chase it by name than miss it. A doubt about a dispute or a factor counts as yes, because
 * silence can be mended and a wrong letter cannot; the doubt about a payment method was asked about before.
 */
export function readRow(
  row: { line: number; raw: string; cells: readonly string[] },
  format: FileFormat,
): RowOutcome {
  const notes = new RowNotes({ line: row.line, headers: format.headers, at: format.at, cells: row.cells });
  const kind = notes.text('documentKind');
  const seller = readSeller(notes);
  const debtor = readDebtor(notes, format);
  const contact = readContact(notes);
  const number = readNumber(notes);
  const term = readTerm(notes);
  const dates = readDates(notes, format);
  const money = readMoney(notes, format, dates.settledDate);
  const circumstances = readCircumstances(notes, format);
  if (kind !== undefined) checkDocumentKind(notes, kind);

  if (notes.rejections.length > 0 || !debtor || !number || !dates.dueDate || !money) {
    return { line: row.line, rejected: notes.rejections, raw: row.raw.slice(0, rawCharsMax) };
  }
  const invoice: InvoiceRow = {
    seller,
    debtor,
    contact,
    number,
    term,
    ...dates,
    dueDate: dates.dueDate,
    ...money,
    ...circumstances,
    flags: [...new Set(notes.remarks.map((remark) => remark.code))],
  };
  return { line: row.line, row: invoice, remarks: notes.remarks };
}

/** Enough of a rejected row to mend it by hand. */
export const rawCharsMax = 2_000;

function readNumber(notes: RowNotes): string | undefined {
  const number = notes.text('number');
  if (number === undefined) {
    if (!notes.wasRefused('number'))
      notes.reject('number', 'number-missing', 'The invoice has no number.', 'Fill in the invoice number.');
    return undefined;
  }
  if (/^\d+([.,]\d+)?E\+\d+$/i.test(number)) {
    notes.reject(
      'number',
      'number-shortened',
      'A spreadsheet has shortened this number, and its last digits are lost.',
      'Format the column as text in the spreadsheet, and export again.',
    );
    return undefined;
  }
  return number;
}

function readTerm(notes: RowNotes): number {
  const text = notes.text('term');
  if (text === undefined) return 1;
  const term = Number(/^(\d{1,3})(\s*\/\s*\d{1,3})?$/.exec(text)?.[1] ?? Number.NaN);
  if (term >= 1) return term;
  notes.reject(
    'term',
    'term-invalid',
    'The number of the term is not a whole number from 1 to 999.',
    'Write 1 for the first due date of the invoice, 2 for the second; or leave it empty.',
  );
  return 1;
}

function readDates(
  notes: RowNotes,
  format: FileFormat,
): Partial<Record<'issueDate' | 'dueDate' | 'settledDate', CivilDate>> {
  const dateIn = (field: 'issueDate' | 'dueDate' | 'settledDate'): string | undefined => {
    const text = notes.text(field);
    // Databases write a day that is not known as 0000-00-00.
    if (text === undefined || /^0+([-/.])0+\1?0+( 00:00:00)?$/.test(text)) return undefined;
    const order = format.dateOrder[field] ?? 'dmy';
    const reading = readDate(text, order);
    if (reading.kind === 'date') return reading.date;
    const expected = order === 'dmy' ? 'DD/MM/YYYY' : 'MM/DD/YYYY';
    notes.reject(
      field,
      'date-invalid',
      `It cannot be read as a date: ${reading.problem}.`,
      `Write it as YYYY-MM-DD, or as ${expected} like the rest of the column.`,
    );
    return undefined;
  };
  const issueDate = dateIn('issueDate');
  const dueDate = dateIn('dueDate');
  const settledSaid = dateIn('settledDate');
  const settledDate = settledSaid !== undefined && settledSaid > format.today ? undefined : settledSaid;
  if (settledSaid !== settledDate)
    notes.remark(
      'settledDate',
      'settled-in-future',
      `The settlement date ${settledSaid ?? ''} is still to come: it does not count as a payment.`,
      'Leave the date empty until the invoice is paid.',
    );
  if (dueDate === undefined && !notes.wasRefused('dueDate')) {
    notes.reject('dueDate', 'due-date-missing', 'The invoice has no due date.', 'Fill in the due date.');
  }
  if (issueDate === undefined && !notes.wasRefused('issueDate')) {
    notes.remark(
      'issueDate',
      'issue-date-missing',
      'The invoice has no issue date.',
      'Fill in the issue date, so that nothing leaves too soon after it.',
    );
  }
  if (issueDate && dueDate && dueDate < issueDate) {
    notes.remark(
      'dueDate',
      'due-before-issue',
      `The invoice is due on ${dueDate}, before it was issued on ${issueDate}.`,
      'Check both dates.',
    );
  }
  if (issueDate && settledDate && settledDate < issueDate) {
    notes.remark(
      'settledDate',
      'settled-before-issue',
      `The invoice was settled on ${settledDate}, before it was issued.`,
      'Check both dates.',
    );
  }
  return {
    ...(issueDate && { issueDate }),
    ...(dueDate && { dueDate }),
    ...(settledDate && { settledDate }),
  };
}

function readCircumstances(notes: RowNotes, format: FileFormat) {
  const disputed = readDoubt(notes, 'disputed', 'disputed-unclear', 'The invoice counts as disputed.');
  const factored = readDoubt(
    notes,
    'factored',
    'factored-unclear',
    'The invoice counts as assigned to a factor.',
  );
  const orderNumber = notes.text('orderNumber');
  const paymentMethod = readMethod(notes, format);
  const collector = notes.text('collector');
  const salesOwner = notes.text('salesOwner');
  return {
    ...(disputed !== undefined && { disputed }),
    ...(factored !== undefined && { factored }),
    ...(orderNumber && { orderNumber }),
    ...(paymentMethod && { paymentMethod }),
    ...(collector && { collector }),
    ...(salesOwner && { salesOwner }),
  };
}

/** The word itself says it, or the owner of the file did when he was asked. */
function readMethod(notes: RowNotes, format: FileFormat): PaymentMethod | undefined {
  const text = notes.text('paymentMethod');
  if (text === undefined) return undefined;
  const said = format.paymentMethods.get(sameWord(text)) ?? paymentMethodOf(text);
  if (said !== undefined) return said;
  const forAll = format.paymentMethods.get('*');
  if (forAll !== undefined) {
    notes.remark(
      'paymentMethod',
      'payment-method-unknown',
      `It is not a known payment method, and counts as "${forAll}" as answered.`,
      'Write prélèvement, LCR, virement, chèque or carte.',
    );
    return forAll;
  }
  notes.reject(
    'paymentMethod',
    'payment-method-unknown',
    'It is not a known payment method, and whether the invoice is chased depends on it.',
    'Write prélèvement, LCR, virement, chèque or carte; or leave it empty.',
  );
  return undefined;
}

function readDoubt(
  notes: RowNotes,
  field: 'disputed' | 'factored',
  code: string,
  sentence: string,
): boolean | undefined {
  const text = notes.text(field);
  if (text === undefined) return undefined;
  const answer = yesOrNo(text);
  if (answer === undefined)
    notes.remark(field, code, `It is neither yes nor no. ${sentence}`, 'Write oui or non.');
  return answer ?? true;
}

function checkDocumentKind(notes: RowNotes, text: string): void {
  const kind = documentKindOf(text);
  if (kind === 'credit_note')
    notes.reject('documentKind', 'credit-note', 'This is a credit note, not an invoice.', creditNoteRemedy);
  if (kind === 'payment')
    notes.reject(
      'documentKind',
      'payment',
      'This is a payment, not an invoice.',
      'Record payments by POST /v1/payments, and remove the row.',
    );
  if (kind === undefined)
    notes.remark(
      'documentKind',
      'document-kind-unknown',
      'It is not a known kind of document, and counts as an invoice.',
      'Check that it is an invoice.',
    );
}
