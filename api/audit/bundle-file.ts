import type { ArchivedFile } from '../../activities/compose/litigation-archive.ts';
import type { ClaimOfFile } from '../../db/claim-of-file.ts';
import type { InvoiceRecord } from '../../db/audit/invoice-record.ts';
import type { Language } from '../../domain/message.ts';
import type { CivilDate, Instant } from '../../domain/time.ts';
import type { MissingLawValue } from '../../domain/law/law-value.ts';
import type { ThirdPersons } from './third-persons.ts';

/** What every part of a bundle is made from: the record of an invoice, as it is told to whom it is given. */
export interface BundleFile {
  readonly record: InvoiceRecord;
  readonly third: ThirdPersons;
  readonly language: Language;
  /** The business day on which it is drawn up, by which the claim is worked out. */
  readonly today: CivilDate;
  readonly now: Instant;
  /** The claim of that day; the value of the law for want of which it is not known. */
  readonly claim: ClaimOfFile | MissingLawValue;
}

/** Rows as JSON Lines. */
export function jsonLines(path: string, rows: readonly object[]): ArchivedFile {
  return { path, bytes: Buffer.from(rows.map((row) => `${JSON.stringify(row)}\n`).join('')) };
}

export function jsonFile(path: string, content: unknown): ArchivedFile {
  return { path, bytes: Buffer.from(`${JSON.stringify(content, null, 2)}\n`) };
}

/** Two digits at least, so that files stand in their order. */
export function numbered(place: number): string {
  return String(place + 1).padStart(2, '0');
}
