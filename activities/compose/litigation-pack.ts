/**
 * Everything that a partner or a court needs to go on from where we stop, as plain data.
 *
 * It is read from the ledger and the journal, never typed: what is missing is named (`missingPiecesOf`), so that a person
 * completes the file before it leaves, and nobody discovers a gap at the hearing.
 */
import type { Level } from '../../domain/level.ts';
import type {
  Channel,
  Language,
  MessageContact,
  MessageCreditor,
  MessageDebtor,
} from '../../domain/message.ts';
import type { MissingPiece, NeededPiece } from '../../domain/litigation/readiness.ts';
import type { CivilDate } from '../../domain/time.ts';

export interface LitigationPack {
  /** Names the file, in letters and figures. */
  readonly reference: string;
  readonly language: Language;
  /** The day of the hand-over. */
  readonly today: CivilDate;
  readonly creditor: MessageCreditor;
  readonly debtor: MessageDebtor;
  readonly contacts: readonly MessageContact[];
  /** Who follows the file on our side. */
  readonly responsible?: string;
  /** The agency, lawyer or commissaire de justice, when known. */
  readonly handedOverTo?: string;
  readonly reason?: string;
  readonly invoices: readonly PackInvoice[];
  readonly ledger: readonly PackLedgerEntry[];
  readonly chronology: readonly PackContact[];
  readonly disputes: readonly PackDispute[];
  readonly promises: readonly PackPromise[];
  readonly formalNotice?: PackFormalNotice;
  /** Papers that are known to be absent from the file, beside those that `missingPiecesOf` finds. */
  readonly missing: readonly Piece[];
}

export interface PackInvoice {
  readonly number: string;
  readonly term: number;
  readonly issueDate?: CivilDate;
  readonly dueDate: CivilDate;
  readonly orderNumber?: string;
  readonly amountCents: number;
  readonly balanceCents: number;
  readonly contestedCents: number;
  readonly currency: string;
  readonly daysLate: number;
}

export interface PackLedgerEntry {
  readonly day: CivilDate;
  readonly kind: 'invoice' | 'credit_note' | 'payment' | 'return' | 'waiver' | 'write_off' | 'interest';
  /** Absent for what is allocated to no invoice. */
  readonly invoiceNumber?: string;
  readonly term?: number;
  readonly reference?: string;
  /** What it does to the debt: an invoice adds, a payment takes away. */
  readonly cents: number;
  readonly currency: string;
}

/** One contact with the debtor, in either direction, and what proves it. */
export interface PackContact {
  readonly day: CivilDate;
  /** `14:05`, in the creditor's zone. */
  readonly time?: string;
  readonly direction?: 'sent' | 'received';
  readonly channel: Channel;
  readonly level: Level;
  readonly subject?: string;
  readonly recipient?: string;
  readonly invoiceNumbers?: readonly string[];
  /** In words: delivered, returned, spoke to Mrs Martin. */
  readonly outcome: string;
  readonly trackingNumber?: string;
  /** Of the bytes that were sent, in hexadecimal. */
  readonly sha256?: string;
}

export interface PackDispute {
  readonly invoiceNumber: string;
  readonly openedOn: CivilDate;
  readonly reason: string;
  readonly contestedCents: number;
  readonly currency: string;
  readonly closedOn?: CivilDate;
  readonly resolution?: string;
}

export interface PackPromise {
  readonly madeOn: CivilDate;
  readonly madeBy?: string;
  readonly promisedDay: CivilDate;
  readonly cents: number;
  readonly currency: string;
  readonly outcome: 'open' | 'kept' | 'partly_kept' | 'broken' | 'withdrawn' | 'replaced';
}

export interface PackFormalNotice {
  readonly composedOn: CivilDate;
  readonly postedOn?: CivilDate;
  readonly trackingNumber?: string;
  readonly presentedOn?: CivilDate;
  readonly outcome?: string;
  readonly answerBy?: CivilDate;
  readonly sha256?: string;
}

/** The papers of a complete file (law page, section 10). */
export const pieces = [
  'contract',
  'order',
  'delivery_proof',
  'invoice_copies',
  'formal_notice',
  'posting_proof',
  'presentation_proof',
  'penalty_sheet',
  'registry_extract',
  'debtor_siren',
  'debtor_address',
  'creditor_siren',
] as const;
export type Piece = (typeof pieces)[number];

/** How a pack calls what was not handed in, or not proven, of a litigation file. */
export function piecesMissing(missing: readonly Pick<MissingPiece, 'piece'>[]): readonly Piece[] {
  return [...new Set(missing.flatMap(({ piece }) => named[piece] ?? []))];
}

/** A statement that does not add up is no missing paper: `checkPack` refuses it. */
const named: Readonly<Partial<Record<NeededPiece, Piece>>> = {
  contract: 'contract',
  order: 'order',
  delivery_proof: 'delivery_proof',
  invoice_copy: 'invoice_copies',
  penalties: 'penalty_sheet',
  notice_proof: 'presentation_proof',
};

/** What the file lacks, in the order of `pieces`: what it says itself, and what its data shows. */
export function missingPiecesOf(pack: LitigationPack): Piece[] {
  const missing = new Set<Piece>(pack.missing);
  if (!pack.formalNotice) missing.add('formal_notice');
  else {
    if (!pack.formalNotice.trackingNumber) missing.add('posting_proof');
    if (!pack.formalNotice.presentedOn) missing.add('presentation_proof');
  }
  if (!pack.debtor.siren && pack.debtor.country.toUpperCase() === 'FR') missing.add('debtor_siren');
  if (pack.debtor.addressLines.length === 0) missing.add('debtor_address');
  if (!pack.creditor.siren) missing.add('creditor_siren');
  return pieces.filter((piece) => missing.has(piece));
}

/** Refuses a file whose ledger does not explain the balance of each invoice; throws naming the invoice and both sums. */
export function checkPack(pack: LitigationPack): void {
  for (const invoice of pack.invoices) {
    const entries = pack.ledger.filter(
      (entry) => entry.invoiceNumber === invoice.number && (entry.term ?? invoice.term) === invoice.term,
    );
    const sum = entries.reduce((total, entry) => total + entry.cents, 0);
    if (sum !== invoice.balanceCents)
      throw new Error(
        `The ledger of invoice ${invoice.number} adds up to ${sum} cents, its balance is ${invoice.balanceCents}: the hand-over file would contradict itself.`,
      );
  }
}
