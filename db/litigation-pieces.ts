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
  readonly documentId: string | null;
  readonly notNeededBecause: string | null;
}

/** Adds a piece, or that it is not needed and why. */
export async function addPiece(
  desk: Desk,
  litigation: LitigationRow,
  { piece, invoiceId, documentId, notNeededBecause }: NewPiece,
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
      document_id: documentId,
      not_needed_because: notNeededBecause,
      added_by: by.id,
      at: new Date(desk.now),
    })
    .execute();
  await noteOnAll(desk, litigation, 'litigationPiece', { pieceId: id, piece, documentId, by });
  return id;
}

/** What was handed in for a file that was withdrawn counts for the one that takes its invoices up. */
export async function keepPieces(
  desk: Desk,
  litigation: LitigationRow,
  ids: readonly string[],
): Promise<void> {
  const anew = await Promise.all(ids.map((id) => fileOfInvoice(desk.tx, id)));
  const next = anew.find((one) => one !== undefined && one.id !== litigation.id);
  if (next) await copyPieces(desk, litigation.id, next.id);
}

/** Takes the pieces of one file over into another: all, or those that say something of one invoice. */
export async function copyPieces(desk: Desk, from: string, to: string, invoiceId?: string): Promise<void> {
  const pieces = (await piecesOf(desk.tx, from)).filter(
    ({ invoice_id: about }) => invoiceId === undefined || about === null || about === invoiceId,
  );
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
