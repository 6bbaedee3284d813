import { sql } from 'kysely';
import type { Selectable } from 'kysely';
import type { Tx } from '../database.ts';
import type { DisputeWay, DocumentTable } from '../schema.ts';

/** A paper without its bytes. */
export type Paper = Pick<
  Selectable<DocumentTable>,
  'id' | 'kind' | 'name' | 'media_type' | 'sha256' | 'at'
> & {
  /** Of a paper of a dispute: between whom it went. */
  readonly way: DisputeWay | null;
  /** A piece that was taken out of its file again. */
  readonly removed: boolean;
};

/**
 * The papers of an invoice, oldest first: its letters, which its messages name, and what went with its mails, what was handed in about its disputes,
 * the pieces and packs of its litigation files, and what proves that its insurer was told or its limitation moved.
 */
export async function papersOf(
  tx: Tx,
  invoiceId: string,
  letterIds: readonly string[],
): Promise<readonly Paper[]> {
  return tx
    .selectFrom('document')
    .leftJoin('dispute_document', 'dispute_document.id', 'document.id')
    .select(['document.id', 'document.kind', 'document.name', 'document.media_type', 'document.sha256'])
    .select(['document.at', 'dispute_document.way'])
    .select(
      sql<boolean>`document.kind = 'litigation_piece' and not exists (
        select from litigation_piece piece where piece.document_id = document.id and piece.removed_at is null)`.as(
        'removed',
      ),
    )
    .where(
      sql<boolean>`document.id in (
        select id from document where subject = ${invoiceId}::uuid
        union select unnest(${letterIds}::uuid[])
        union select paper.document_id from message_paper paper join message_line line on line.message_id = paper.message_id
          where line.invoice_id = ${invoiceId}::uuid
        union select piece.document_id from litigation_piece piece join litigation_invoice joined on joined.litigation_id = piece.litigation_id
          where joined.invoice_id = ${invoiceId}::uuid and coalesce(piece.invoice_id, joined.invoice_id) = joined.invoice_id
        union select file.pack_id from litigation file join litigation_invoice joined on joined.litigation_id = file.id
          where joined.invoice_id = ${invoiceId}::uuid
        union select document_id from insurer_notice where invoice_id = ${invoiceId}::uuid
        union select document_id from limitation_event where invoice_id = ${invoiceId}::uuid)`,
    )
    .orderBy('document.at')
    .orderBy('document.id')
    .execute();
}
