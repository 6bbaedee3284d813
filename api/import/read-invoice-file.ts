import type { CivilDate } from '../../domain/time.ts';
import { methodsFrom } from './ask-methods.ts';
import type { ByteSource } from './byte-source.ts';
import { ColumnSurvey } from './column-survey.ts';
import { decideFormats } from './decide-formats.ts';
import { findEncoding, textOf } from './encoding.ts';
import type { Columns } from './headers.ts';
import { readHeaders } from './headers.ts';
import type { Rejection, RowOutcome } from './invoice-row.ts';
import type { Line } from './lines.ts';
import { LineSplitter } from './lines.ts';
import type { Answers, Question } from './questions.ts';
import type { FileFormat } from './file-format.ts';
import type { FileReading } from './file-reading.ts';
import { notesOn } from './file-reading.ts';
import { rawCharsMax, readRow } from './read-row.ts';
import type { CsvRecord } from './records.ts';
import { RecordReader } from './records.ts';
import { shortened } from './row-notes.ts';
import type { Layout } from './separator.ts';
import { findLayout, hasCells } from './separator.ts';
import { UnreadableFile } from './unreadable-file.ts';

/**
 * Reads a CSV of invoices: first what the file as a whole is, then its rows, as often as one likes.
 *
 * The file is read once for its bytes and once for its columns before the first row is given out, because encoding,
 * dates and amounts are decided over all of it. Nothing is kept but counts, so a file of any length takes the same
 * memory. Every row comes out exactly once, as an invoice or as its rejections.
 */
export interface InvoiceFile {
  readonly reading: FileReading;
  /** The rows in the order of the file. Throws `UnreadableFile` (`questions-open`) while `reading.questions` are unanswered. */
  rows(): AsyncIterable<RowOutcome>;
}

const columnsMax = 200;
const layoutLines = 500;

/**
 * Finds out what a file is. Throws `UnreadableFile`, with code and remedy, when it is no CSV of invoices; what only its
 * owner can say is in `reading.questions`, to be answered by a second call. `today` is the day of the owner: what is
 * settled after it is not settled yet.
 */
export async function readInvoiceFile(
  source: ByteSource,
  answers: Answers,
  today: CivilDate,
): Promise<InvoiceFile> {
  const encoding = await findEncoding(source, answers.encoding);
  const lines = () => linesOf(textOf(source, encoding.encoding));
  const layout = await layoutOf(lines, answers);
  const headers = withoutTrailingBlanks(layout.headers);
  if (headers.length > columnsMax) {
    throw new UnreadableFile(
      'columns-too-many',
      `The file has ${headers.length} columns; at most ${columnsMax} are read.`,
      'Export only the columns of the invoices.',
    );
  }
  const records = () => recordsOf(lines(), layout);
  const mapped = readHeaders(headers, answers.columns);
  const { survey, broken, blank } = await surveyColumns(records, headers, mapped);
  if (survey.rows + broken === 0) {
    throw new UnreadableFile(
      'file-has-no-rows',
      'The file has a row of headers and no invoices.',
      'Export it again with its rows.',
      headers,
    );
  }

  const columns = withoutVatAmounts(mapped, survey, answers);
  const formats = decideFormats(survey, { at: columns.at, headers }, answers, today);
  const questions = [encoding.question, layout.question, ...columns.questions, ...formats.questions].filter(
    (question) => question !== undefined,
  );
  const reading: FileReading = {
    sha256: encoding.sha256,
    bytes: encoding.bytes,
    encoding: { name: encoding.encoding, byteOrderMark: encoding.byteOrderMark, why: encoding.why },
    separator: { value: layout.separator, why: layout.why },
    headerLine: layout.headerLine,
    headers,
    columns: headers.flatMap((header, at) => {
      const field = columns.fieldAt[at];
      return field ? [{ position: at + 1, header, field }] : [];
    }),
    ignored: headers.flatMap((header, at) =>
      columns.fieldAt[at] ? [] : [{ position: at + 1, header, filled: survey.filled[at] ?? 0 }],
    ),
    dates: formats.dates,
    numbers: formats.numbers,
    meanings: formats.meanings,
    rows: survey.rows + broken,
    questions,
    notes: notesOn(columns, survey, formats.meanings, blank),
  };
  const format: FileFormat = {
    headers,
    at: columns.at,
    dateOrder: Object.fromEntries(
      formats.dates.map(({ field, format }) => [field, format === 'mdy' ? 'mdy' : 'dmy']),
    ),
    decimalMark: Object.fromEntries(
      formats.numbers.map(({ field, format }) => [
        field,
        format === 'decimal-point' ? format : 'decimal-comma',
      ]),
    ),
    meaning: Object.fromEntries(formats.meanings.map(({ field, meaning }) => [field, meaning])),
    paymentMethods: methodsFrom(answers.paymentMethod ?? {}),
    today,
    ...(columns.headerCurrency && { headerCurrency: columns.headerCurrency }),
    ...(columns.headerSign && { headerSign: columns.headerSign }),
    countryNumbersAreIso: survey.countryNumbersAreIso,
  };
  return { reading, rows: () => rowsOf(records, format, questions) };
}

async function* rowsOf(
  records: () => AsyncIterable<CsvRecord[]>,
  format: FileFormat,
  questions: readonly Question[],
): AsyncGenerator<RowOutcome> {
  const [open] = questions;
  if (open) {
    throw new UnreadableFile(
      'questions-open',
      `The file leaves ${questions.length} question(s) open: ${open.question}`,
      open.howToAnswer,
    );
  }
  for await (const batch of records()) {
    for (const record of batch) {
      if (isBlank(record)) continue;
      const refusal = refusalOf(record, format.headers.length);
      if (refusal) yield { line: record.line, rejected: [refusal], raw: record.raw.slice(0, rawCharsMax) };
      else if ('cells' in record) yield readRow(record, format);
    }
  }
}

async function surveyColumns(
  records: () => AsyncIterable<CsvRecord[]>,
  headers: readonly string[],
  columns: Columns,
) {
  const survey = new ColumnSurvey(headers.length, columns.at);
  let broken = 0;
  let blank = 0;
  for await (const batch of records()) {
    for (const record of batch) {
      if (isBlank(record)) blank++;
      else if (refusalOf(record, headers.length)) broken++;
      else if ('cells' in record) survey.add(record.cells);
    }
  }
  return { survey, broken, blank };
}

/** Why a record cannot be matched with the headers at all. */
function refusalOf(record: CsvRecord, width: number): Rejection | undefined {
  const whole = { line: record.line, column: '', field: 'row', value: shortened(record.raw) };
  if ('broken' in record) return { ...whole, ...record.broken };
  const cells = record.cells.length;
  // Spreadsheets end rows with separators for cells that were once filled.
  if (cells === width || (cells > width && record.cells.slice(width).every((cell) => cell === '')))
    return undefined;
  const cause =
    cells > width
      ? 'put quotes around a cell that holds the separator'
      : 'add the cells that are missing, even if they are empty';
  return {
    ...whole,
    code: 'wrong-number-of-cells',
    problem: `The row has ${cells} cells, and the headers are ${width}.`,
    remedy: `Compare the row with its headers and ${cause}.`,
  };
}

function isBlank(record: CsvRecord): boolean {
  return 'cells' in record && !hasCells(record);
}

async function layoutOf(lines: () => AsyncIterable<Line[]>, answers: Answers): Promise<Layout> {
  const first: Line[] = [];
  for await (const batch of lines()) {
    first.push(...batch);
    if (first.length >= layoutLines) break;
  }
  const named = Object.values(answers.columns ?? {}).filter((header) => typeof header === 'string');
  const layout = findLayout(first.slice(0, layoutLines), answers.separator, named);
  if (!layout) {
    throw new UnreadableFile(
      'file-empty',
      'The file holds nothing but blank lines.',
      'Export it again: it should hold a row of headers, then one invoice per row.',
    );
  }
  if (layout.headers.length === 1) {
    throw new UnreadableFile(
      'separator-unknown',
      'No semicolon, comma or tab separates the cells of the file.',
      'Save it as CSV, with semicolons, commas or tabs between the cells.',
      layout.headers.map(shortened),
    );
  }
  return layout;
}

async function* linesOf(text: AsyncIterable<string>): AsyncGenerator<Line[]> {
  const splitter = new LineSplitter();
  for await (const piece of text) yield splitter.push(piece);
  yield splitter.end();
}

/** The records below the row of headers, in batches. */
async function* recordsOf(lines: AsyncIterable<Line[]>, layout: Layout): AsyncGenerator<CsvRecord[]> {
  const reader = new RecordReader(layout.separator);
  for await (const batch of lines)
    yield reader.push(batch.filter((line) => line.number >= layout.headerLine)).filter(isBelow);
  yield reader.end().filter(isBelow);

  function isBelow(record: CsvRecord): boolean {
    return record.line > layout.headerLine;
  }
}

function withoutTrailingBlanks(headers: readonly string[]): string[] {
  const cleaned = headers.map((header) => header.replace(/\s+/g, ' ').trim());
  return cleaned.slice(0, cleaned.findLastIndex((header) => header !== '') + 1);
}

/** A column called `TVA` or `VAT` may hold the number of the debtor or the tax of the invoice: its values say which. */
function withoutVatAmounts(columns: Columns, survey: ColumnSurvey, answers: Answers): Columns {
  const position = columns.at.debtorVat;
  const isVat = survey.vatLike * 2 >= survey.vatValues;
  const isAnswered = typeof answers.columns?.debtorVat !== 'undefined';
  if (position === undefined || isVat || isAnswered) return columns;
  const { debtorVat: _amounts, ...at } = columns.at;
  return {
    ...columns,
    at,
    fieldAt: columns.fieldAt.map((field, index) => (index === position ? undefined : field)),
  };
}
