import { z } from 'zod';
import type { Desk } from '../../db/desk.ts';
import { addPiece, piecesOf, removePiece } from '../../db/litigation-pieces.ts';
import { invoiceIdsOf, notPreparing } from '../../db/litigation.ts';
import type { LitigationRow } from '../../db/litigation.ts';
import { sha256Of } from '../../db/sha256.ts';
import { uuidv7 } from '../../db/uuid.ts';
import { handedPieces } from '../../domain/litigation/readiness.ts';
import { unlessRefused } from '../at-the-counter.ts';
import { bindKeyTo } from '../idempotency.ts';
import { litigationParams, litigationSaid, onLitigation } from '../litigation-file.ts';
import { litigation } from '../litigation-shapes.ts';
import { Problem } from '../problem.ts';
import type { Routes } from '../route-parts.ts';
import { line, lines, problems, uuid } from '../shapes.ts';
import { paperOf, paperTypes, readsPapers } from '../uploaded-paper.ts';

/** So many pieces a file may have. */
const piecesMax = 200;

/** The pieces of a litigation file, while it is prepared: handed in, said not to be needed, taken out again. */
export const litigationPieceRoutes: Routes = async (app, { house }) => {
  await readsPapers(app);

  app.post(
    '/litigation/:litigationId/pieces',
    {
      config: { readsBody: true },
      schema: {
        summary: 'Add a piece to the pack: a contract, an order, a proof of delivery, the copy of an invoice',
        description:
          'Send it as the body or as the one file of a multipart form: a PDF, PNG, JPEG or plain text of 10 MB at most.',
        tags: ['facts'],
        consumes: [...paperTypes, 'multipart/form-data', 'application/octet-stream'],
        params: litigationParams,
        querystring: z.strictObject({
          piece: z.enum(handedPieces),
          invoiceId: uuid.optional().describe('Of the whole file when absent.'),
          name: line(200).optional(),
        }),
        response: { 201: litigation, ...problems(404, 409, 413) },
      },
    },
    async (request, reply) => {
      const { piece, invoiceId = null, name } = request.query;
      const paper = await paperOf(request, name);
      const sha256 = sha256Of(paper.bytes);
      bindKeyTo(request, sha256);
      const answer = await onLitigation(request, house, request.params.litigationId, async (desk, row) => {
        if (row.state !== 'preparing') return unlessRefused(notPreparing(row));
        await mustBeIn(desk, row, invoiceId);
        if ((await piecesOf(desk.tx, row.id)).length >= piecesMax) throw tooMany();
        const documentId = uuidv7();
        await desk.tx
          .insertInto('document')
          .values({
            id: documentId,
            kind: 'litigation_piece',
            name: paper.name,
            media_type: paper.mediaType,
            bytes: paper.bytes,
            sha256,
            subject: row.id,
            at: new Date(desk.now),
          })
          .execute();
        await addPiece(
          desk,
          row,
          { piece, invoiceId, document: { id: documentId, sha256 }, notNeededBecause: null },
          request.caller.author,
        );
        return litigationSaid(request, desk, row.id);
      });
      return reply.code(201).send(answer);
    },
  );

  app.post(
    '/litigation/:litigationId/not-needed',
    {
      schema: {
        summary: 'Say that a piece is not needed, and why',
        tags: ['facts'],
        params: litigationParams,
        body: z.strictObject({
          piece: z.enum(handedPieces),
          invoiceId: uuid.optional(),
          because: lines(500),
        }),
        response: { 201: litigation, ...problems(404, 409) },
      },
    },
    async (request, reply) => {
      const { piece, invoiceId = null, because } = request.body;
      const answer = await onLitigation(request, house, request.params.litigationId, async (desk, row) => {
        if (row.state !== 'preparing') return unlessRefused(notPreparing(row));
        await mustBeIn(desk, row, invoiceId);
        await addPiece(
          desk,
          row,
          { piece, invoiceId, document: null, notNeededBecause: because },
          request.caller.author,
        );
        return litigationSaid(request, desk, row.id);
      });
      return reply.code(201).send(answer);
    },
  );

  app.delete(
    '/litigation/:litigationId/pieces/:pieceId',
    {
      schema: {
        summary: 'Take a piece out of the pack',
        tags: ['facts'],
        params: litigationParams.extend({ pieceId: uuid }),
        response: { 200: litigation, ...problems(404, 409) },
      },
    },
    (request) =>
      onLitigation(request, house, request.params.litigationId, async (desk, row) => {
        const { pieceId } = request.params;
        if (row.state !== 'preparing') return unlessRefused(notPreparing(row));
        if (!(await removePiece(desk, row, pieceId, request.caller.author)))
          throw Problem.notFound('piece', pieceId);
        return litigationSaid(request, desk, row.id);
      }),
  );
};

async function mustBeIn(desk: Desk, row: LitigationRow, invoiceId: string | null): Promise<void> {
  if (invoiceId !== null && !(await invoiceIdsOf(desk.tx, row)).includes(invoiceId))
    throw Problem.notFound('invoice', invoiceId);
}

function tooMany(): Problem {
  return Problem.conflict(
    'too-many-documents',
    'The file has as many pieces as it may.',
    `A litigation file has ${piecesMax} pieces at most.`,
    'Put several pages into one PDF.',
    'file',
  );
}
