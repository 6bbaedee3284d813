import { z } from 'zod';
import { addDocument, documentsMax } from '../../db/dispute-file.ts';
import { sha256Of } from '../../db/sha256.ts';
import type { Routes } from '../route-parts.ts';
import { way } from '../dispute-shapes.ts';
import { bindKeyTo } from '../idempotency.ts';
import { Problem } from '../problem.ts';
import { line, problems, uuid } from '../shapes.ts';
import { paperOf, paperTypes, readsPapers } from '../uploaded-paper.ts';
import { onDispute } from './disputes.ts';

/** Handing in documents about a dispute: a delivery note, a photograph, the order. */
export const disputePaperRoutes: Routes = async (app, { house }) => {
  await readsPapers(app);

  app.post(
    '/disputes/:disputeId/documents',
    {
      config: { readsBody: true },
      schema: {
        summary: 'Add a document to the file of a dispute',
        description:
          'Send it as the body or as the one file of a multipart form: a PDF, PNG, JPEG or plain text of 10 MB at most. Its bytes say which it is; its name is kept without what could harm.',
        tags: ['facts'],
        consumes: [...paperTypes, 'multipart/form-data', 'application/octet-stream'],
        params: z.object({ disputeId: uuid }),
        querystring: z.strictObject({ way: way.default('internal'), name: line(200).optional() }),
        response: {
          201: z.object({
            documentId: z.string(),
            disputeId: z.string(),
            name: z.string(),
            mediaType: z.string(),
            sizeBytes: z.int(),
            sha256: z.string(),
            url: z.string(),
          }),
          ...problems(404, 409, 413),
        },
      },
    },
    async (request, reply) => {
      const { disputeId } = request.params;
      const paper = await paperOf(request, request.query.name);
      bindKeyTo(request, sha256Of(paper.bytes));
      const answer = await onDispute(request, house, disputeId, async (desk, file) => {
        const about = { invoiceId: file.id, disputeId, way: request.query.way };
        const kept = await addDocument(desk, about, paper, request.caller.author);
        if (!kept) throw tooMany();
        const { name, mediaType, bytes } = paper;
        return {
          ...kept,
          disputeId,
          name,
          mediaType,
          sizeBytes: bytes.length,
          url: `/v1/dispute-documents/${kept.documentId}`,
        };
      });
      return reply.code(201).send(answer);
    },
  );
};

function tooMany(): Problem {
  return Problem.conflict(
    'too-many-documents',
    'The dispute has as many documents as it may.',
    `A dispute has ${documentsMax} documents at most.`,
    'Put several pages into one PDF.',
    'file',
  );
}
