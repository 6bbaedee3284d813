import type { ImportRow } from '../../db/import-reads.ts';
import type { RowProblem } from '../../db/row-problem.ts';
import type { Language } from '../../domain/message.ts';
import { readDate } from '../import/date-format.ts';
import type { Field } from '../import/fields.ts';
import type { FileReading } from '../import/file-reading.ts';
import type { InvoiceRow } from '../import/invoice-row.ts';
import { readAmount } from '../import/number-format.ts';
import { rawCharsMax } from '../import/read-row.ts';
import { RecordReader } from '../import/records.ts';
import type { Cell } from './csv.ts';

/**
 * A row that an import rejected, as it is given back to be mended: why, what to do, and its cells under their own headers.
 *
 * The file can be imported again as it is. A few rows alone say less of their dates and amounts than the whole file did, so
 * those that were read are written in a way that reads one way only; whatever could not be read stays as it was. Our own
 * three columns mean nothing to an import, and are not given back twice.
 */
const ownHead = {
  fr: ['Relance : ligne', 'Relance : pourquoi', 'Relance : que faire'],
  en: ['Relance: line', 'Relance: why', 'Relance: what to do'],
} as const satisfies Record<Language, readonly string[]>;

const ownHeaders: ReadonlySet<string> = new Set([...ownHead.fr, ...ownHead.en]);

/** What was found out about the file; an e-invoice has no columns. */
export type Read = Partial<FileReading>;

export function rejectedHead({ headers = [] }: Read, language: Language): readonly string[] {
  return [...ownHead[language], ...headers.filter((header) => !ownHeaders.has(header))];
}

export function rejectedCells(read: Read, row: ImportRow, language: Language): readonly Cell[] {
  const { headers = [] } = read;
  const problems = (row.problems ?? []) as readonly RowProblem[];
  const { raw } = row.content as { raw?: string };
  const isCut = raw !== undefined && raw.length >= rawCharsMax;
  const cells = raw === undefined ? cellsOfInvoice(read, row.content as InvoiceRow) : cellsOfText(read, raw);
  return [
    { count: row.line },
    problems.map(({ column, problem }) => (column === '' ? problem : `${column}: ${problem}`)).join(' '),
    [...problems.map(({ remedy }) => remedy), ...(isCut ? [cutInWords[language]] : [])].join(' '),
    ...cells.filter((_, at) => !ownHeaders.has(headers[at] ?? '')),
  ];
}

const cutInWords: Readonly<Record<Language, string>> = {
  fr: `La ligne est coupée après ${rawCharsMax} caractères : reprenez-la dans votre fichier.`,
  en: `The row is cut after ${rawCharsMax} characters: take it from your file.`,
};

function cellsOfText(read: Read, raw: string): readonly Cell[] {
  if (read.separator === undefined) return [];
  const separator = read.separator.value;
  const reader = new RecordReader(separator);
  const lines = raw.split('\n').map((text, at) => ({ number: at + 1, text, tooLong: false }));
  const records = [...reader.push(lines), ...reader.end()];
  const [record] = records;
  const isWhole = records.length === 1 && record !== undefined && 'cells' in record;
  // Quotes that enclose nothing are what has to be mended: they are text like any other.
  const cells = isWhole ? record.cells : raw.split(separator);
  return cells.map((text, at) => cellOf(read, at, text));
}

function cellOf(read: Read, at: number, text: string): Cell {
  const field = read.columns?.find(({ position }) => position === at + 1)?.field;
  const order = read.dates?.find((column) => column.field === field)?.format;
  if (order !== undefined) {
    const [dmy, mdy] = [readDate(text, 'dmy'), readDate(text, 'mdy')];
    const reading = order === 'mdy' ? mdy : dmy;
    const isSure =
      order === 'dmy' ||
      order === 'mdy' ||
      (dmy.kind === 'date' && mdy.kind === 'date' && dmy.date === mdy.date);
    return reading.kind === 'date' && isSure ? reading.date : text;
  }
  const mark = read.numbers?.find((column) => column.field === field)?.format;
  const isYesNo = read.meanings?.some((column) => column.field === field && column.meaning === 'yes-no');
  // What stands beside the digits, as a currency does, would be lost.
  if (mark === undefined || isYesNo === true || !/^[\d\s.,'’()+−–-]+$/.test(text)) return text;
  const [comma, point] = [readAmount(text, 'decimal-comma'), readAmount(text, 'decimal-point')];
  const reading = mark === 'decimal-point' ? point : comma;
  const isSure =
    mark === 'decimal-comma' ||
    mark === 'decimal-point' ||
    (comma.kind === 'amount' && point.kind === 'amount' && comma.cents === point.cents);
  return reading.kind === 'amount' && isSure ? { cents: reading.cents } : text;
}

/** A row that could be read and not be recorded is kept as it was read: its columns hold what it said to us. */
function cellsOfInvoice(read: Read, row: InvoiceRow): readonly Cell[] {
  const { columns = [], headers = [], meanings = [] } = read;
  const isYesNo = (field: Field): boolean =>
    meanings.some((column) => column.field === field && column.meaning === 'yes-no');
  return headers.map((_, at) => {
    const field = columns.find(({ position }) => position === at + 1)?.field;
    if (field === undefined) return null;
    const cell = fieldCell(row, field);
    if (!isYesNo(field) || row.paidCents === undefined) return cell;
    return row.paidCents >= row.amountCents ? 'oui' : 'non';
  });
}

function fieldCell(row: InvoiceRow, field: Field): Cell {
  const { seller, debtor, contact } = row;
  const yesNo = (said: boolean | undefined): Cell => (said === undefined ? null : said ? 'oui' : 'non');
  const cents = (said: number | undefined): Cell => (said === undefined ? null : { cents: said });
  const said: Readonly<Record<Field, Cell | undefined>> = {
    sellerName: seller.name,
    sellerSiren: seller.siren,
    sellerVat: seller.vat,
    debtorReference: debtor.reference,
    debtorName: debtor.name,
    debtorSiren: debtor.siren,
    debtorVat: debtor.vat,
    debtorKind: debtor.kind,
    debtorCountry: debtor.country,
    debtorLanguage: debtor.language,
    contactName: contact.name,
    contactFirstName: null,
    contactEmail: contact.email,
    contactPhone: contact.phone,
    contactMobile: contact.mobile,
    contactAddress1: contact.addressLines?.[0],
    contactAddress2: contact.addressLines?.[1],
    contactAddress3: contact.addressLines?.[2],
    contactPostcode: contact.postcode,
    contactCity: contact.city,
    number: row.number,
    documentKind: null,
    term: { count: row.term },
    issueDate: row.issueDate,
    dueDate: row.dueDate,
    amount: { cents: row.amountCents },
    currency: row.currency,
    paid: cents(row.paidCents),
    outstanding: cents(row.paidCents === undefined ? undefined : row.amountCents - row.paidCents),
    settledDate: row.settledDate,
    disputed: yesNo(row.disputed),
    orderNumber: row.orderNumber,
    paymentMethod: row.paymentMethod,
    factored: yesNo(row.factored),
    collector: row.collector,
    salesOwner: row.salesOwner,
  };
  return said[field] ?? null;
}
