import type { Author } from '../domain/fact.ts';
import type { HandedPiece } from '../domain/litigation/readiness.ts';
import type { Db, Tx } from './database.ts';
import type { Desk } from './desk.ts';
import { fileOfInvoice, noteOnAll } from './litigation.ts';
import type { LitigationRow } from './litigation.ts';
import { uuidv7 } from './uuid.ts';

/**
 * The pieces of a litigation file: what somebody handed in, or said not to be needed and why.
 *
 * They belong to the file, or to one of its invoices, and go with an invoice that moves to another file.
 */
export interface NewPiece {
  readonly piece: HandedPiece;
  readonly invoiceId: string | null;
  readonly document: { readonly id: string; readonly sha256: string } | null;
  readonly notNeededBecause: string | null;
}

/** Adds a piece, or that it is not needed and why. */
export async function addPiece(
  desk: Desk,
  litigation: LitigationRow,
  { piece, invoiceId, document, notNeededBecause }: NewPiece,
  by: Author,
): Promise<string> {
  const id = uuidv7();
  await desk.tx
    .insertInto('litigation_piece')
    .values({
      id,
      litigation_id: litigation.id,
      invoice_id: invoiceId,
      piece,
      document_id: document?.id ?? null,
      not_needed_because: notNeededBecause,
      added_by: by.id,
      at: new Date(desk.now),
    })
    .execute();
  await noteOnAll(desk, litigation, 'litigationPiece', {
    pieceId: id,
    piece,
    documentId: document?.id ?? null,
    ...(document ? { sha256: document.sha256 } : {}),
    by,
  });
  return id;
}

/** What was handed in for a file that was withdrawn counts for those that take its invoices up, each for its own. */
export async function keepPieces(
  desk: Desk,
  litigation: LitigationRow,
  ids: readonly string[],
): Promise<void> {
  const next = new Map<string, string[]>();
  for (const invoiceId of ids) {
    const file = await fileOfInvoice(desk.tx, invoiceId);
    if (file && file.id !== litigation.id) next.set(file.id, [...(next.get(file.id) ?? []), invoiceId]);
  }
  for (const [to, about] of next) await copyPieces(desk, litigation.id, to, [null, ...about]);
}

/**
 * Takes pieces of one file over into another: those that are about these invoices, and with null those that are about the
 * whole file. What is about all of a file tells of invoices that stay behind: a firm that gets one of them does not get it.
 */
export async function copyPieces(
  desk: Desk,
  from: string,
  to: string,
  abouts: readonly (string | null)[],
): Promise<void> {
  const pieces = (await piecesOf(desk.tx, from)).filter(({ invoice_id: about }) => abouts.includes(about));
  if (pieces.length === 0) return;
  await desk.tx
    .insertInto('litigation_piece')
    .values(
      pieces.map(({ document_id, invoice_id, piece, not_needed_because, added_by, at }) => ({
        id: uuidv7(),
        litigation_id: to,
        document_id,
        invoice_id,
        piece,
        not_needed_because,
        added_by,
        at: new Date(at),
      })),
    )
    .execute();
}

/** The pieces of a file that were handed in, or said not to be needed, oldest first. */
export async function piecesOf(db: Db | Tx, litigationId: string) {
  return db
    .selectFrom('litigation_piece')
    .leftJoin('document', 'document.id', 'litigation_piece.document_id')
    .selectAll('litigation_piece')
    .select(['document.name', 'document.media_type', 'document.sha256'])
    .where('litigation_id', '=', litigationId)
    .where('removed_at', 'is', null)
    .orderBy('litigation_piece.at')
    .orderBy('litigation_piece.id')
    .execute();
}

/** What was handed in for each of these invoices, by the file in which it is; also what is about all of that file. */
export async function piecesOfInvoices(db: Db | Tx, invoiceIds: readonly string[]) {
  if (invoiceIds.length === 0) return [];
  return db
    .selectFrom('litigation_invoice as joined')
    .innerJoin('litigation_piece as given', 'given.litigation_id', 'joined.litigation_id')
    .innerJoin('document', 'document.id', 'given.document_id')
    .select(['joined.invoice_id as invoiceId', 'given.piece', 'document.name', 'document.id as documentId'])
    .where('joined.invoice_id', 'in', invoiceIds)
    .where('joined.left_at', 'is', null)
    .where('given.removed_at', 'is', null)
    .where(({ or, eb, ref }) =>
      or([eb('given.invoice_id', 'is', null), eb('given.invoice_id', '=', ref('joined.invoice_id'))]),
    )
    .orderBy('given.at')
    .orderBy('given.id')
    .execute();
}

/** Takes a piece out; false when it is not, or no longer, in the file. */
export async function removePiece(
  desk: Desk,
  litigation: LitigationRow,
  pieceId: string,
  by: Author,
): Promise<boolean> {
  const [row] = await desk.tx
    .updateTable('litigation_piece')
    .set({ removed_at: new Date(desk.now), removed_by: by.id })
    .where('id', '=', pieceId)
    .where('litigation_id', '=', litigation.id)
    .where('removed_at', 'is', null)
    .returning('piece')
    .execute();
  if (row) await noteOnAll(desk, litigation, 'litigationPieceRemoved', { pieceId, piece: row.piece, by });
  return row !== undefined;
}
