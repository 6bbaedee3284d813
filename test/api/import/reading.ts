import iconv from 'iconv-lite';
import type { CivilDate } from '../../../domain/time.ts';
import type { InvoiceRow, Rejection, Remark } from '../../../api/import/invoice-row.ts';
import type { Answers } from '../../../api/import/questions.ts';
import { readInvoiceFile } from '../../../api/import/read-invoice-file.ts';
import type { FileReading } from '../../../api/import/file-reading.ts';

/** A file read to its end, so that a test can ask for what it needs in one line. */
export interface WholeFile {
  reading: FileReading;
  rows: { line: number; row: InvoiceRow; remarks: readonly Remark[] }[];
  rejected: { line: number; rejected: readonly Rejection[]; raw: string }[];
}

/** A day after the days of the test files. */
export const aDay = '2027-01-15';

/** Reads text (in the given encoding) or bytes; the rows stay empty while a question is open. */
export async function read(
  content: string | Uint8Array,
  answers: Answers = {},
  encoding = 'utf8',
  today: CivilDate = aDay,
): Promise<WholeFile> {
  const bytes = typeof content === 'string' ? iconv.encode(content, encoding) : content;
  const file = await readInvoiceFile(bytes, answers, today);
  const whole: WholeFile = { reading: file.reading, rows: [], rejected: [] };
  if (file.reading.questions.length > 0) return whole;
  for await (const outcome of file.rows()) {
    if ('row' in outcome) whole.rows.push(outcome);
    else whole.rejected.push(outcome);
  }
  return whole;
}

/** The least that is an invoice file: `number;due;amount;name`, and whatever columns a test adds. */
export function fileOf(rows: readonly string[], moreHeaders = ''): string {
  return [`Numéro;Échéance;Montant TTC;Client${moreHeaders}`, ...rows].join('\n');
}

export const goodRow = 'FA-1;2026-12-31;1 234,56;Dupont SA';
