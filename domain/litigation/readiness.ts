/** What somebody hands in; everything else of a pack Relance draws up itself. */
export const handedPieces = [
  'contract',
  'order',
  'delivery_proof',
  'invoice_copy',
  'registry_extract',
  'other',
] as const;

export type HandedPiece = (typeof handedPieces)[number];

/** Every piece that a pack needs before it may leave. */
export const neededPieces = [
  'contract',
  'order',
  'delivery_proof',
  'invoice_copy',
  'statement',
  'penalties',
  'exchanges',
  'notice_proof',
  'notice_amount',
] as const;

export type NeededPiece = (typeof neededPieces)[number];

/** What is known of an invoice and of the pieces that prove it. */
export interface InvoicePieces {
  readonly invoiceId: string;
  readonly number: string;
  /** A delivered formal notice: posted and presented. */
  readonly noticePresented: boolean;
  /** Whether that notice asked for as much as is claimed now: a part was contested then, or money came back since. */
  readonly noticeCovers: boolean;
  /** Anything that was sent to the debtor or heard of him. */
  readonly exchanges: number;
  /** Whether the ledger adds up to the balance. */
  readonly statementAddsUp: boolean;
  /** The rates of all its days are known. */
  readonly penaltiesKnown: boolean;
}

/** A piece that was handed in, or said not to be needed; null: for the whole file. */
export interface GivenPiece {
  readonly piece: HandedPiece;
  readonly invoiceId: string | null;
}

export interface MissingPiece {
  readonly piece: NeededPiece;
  /** Null: for the whole file. */
  readonly invoiceId: string | null;
  readonly number: string | null;
}

export interface Readiness {
  readonly ready: boolean;
  readonly missing: readonly MissingPiece[];
}

/**
 * Whether a pack proves what is claimed, and else what is missing of it, by name.
 *
 * A contract may cover the whole file; an order, a delivery and the copy of the invoice are asked for each invoice, and
 * count as well when they were handed in for all. A piece that is not needed was said so by a person, with a reason.
 */
export function readinessOf(invoices: readonly InvoicePieces[], given: readonly GivenPiece[]): Readiness {
  const has = (piece: HandedPiece, invoiceId: string): boolean =>
    given.some((one) => one.piece === piece && (one.invoiceId === null || one.invoiceId === invoiceId));
  const whole = (piece: NeededPiece): MissingPiece => ({ piece, invoiceId: null, number: null });
  const contract = given.some(({ piece }) => piece === 'contract') ? [] : [whole('contract')];
  const missing = invoices.flatMap((invoice) => {
    const { invoiceId, number } = invoice;
    const gaps: readonly (readonly [NeededPiece, boolean])[] = [
      ['order', !has('order', invoiceId)],
      ['delivery_proof', !has('delivery_proof', invoiceId)],
      ['invoice_copy', !has('invoice_copy', invoiceId)],
      ['statement', !invoice.statementAddsUp],
      ['penalties', !invoice.penaltiesKnown],
      ['exchanges', invoice.exchanges === 0],
      ['notice_proof', !invoice.noticePresented],
      ['notice_amount', invoice.noticePresented && !invoice.noticeCovers],
    ];
    return gaps.flatMap(([piece, isMissing]) => (isMissing ? [{ piece, invoiceId, number }] : []));
  });
  const all = [...contract, ...missing];
  return { ready: invoices.length > 0 && all.length === 0, missing: all };
}
