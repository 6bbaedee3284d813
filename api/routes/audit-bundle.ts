import { Readable } from 'node:stream';
import { z } from 'zod';
import { readInvoice } from '../../db/invoice-reads.ts';
import { languages } from '../../domain/message.ts';
import { bundleOf } from '../audit/bundle.ts';
import { discretions } from '../audit/third-persons.ts';
import { Problem } from '../problem.ts';
import type { Routes } from '../route-parts.ts';
import { invoiceParams, problems } from '../shapes.ts';

/** The file of one invoice, to be taken away: by an auditor, to a court. */
export const auditBundleRoutes: Routes = async (app, { house, temporal, archive }) => {
  app.get(
    '/invoices/:invoiceId/bundle',
    {
      exposeHeadRoute: false,
      schema: {
        summary: 'The whole file of the invoice as a ZIP that opens and verifies offline',
        description:
          'A readable page and PDF, the journal with its hashes, messages as they left, receipts, papers, the account, and a script that verifies all of it with Node.js alone.',
        tags: ['audit'],
        params: invoiceParams,
        querystring: z.strictObject({
          language: z.enum(languages).optional().describe("Of its pages; the caller's own when absent."),
          thirdPersons: z
            .enum(discretions)
            .default('masked')
            .describe(
              'Who is no party to the file, our own people among them: given in full, under an alias, or left out with all free words and papers that were handed in.',
            ),
        }),
        response: {
          200: { description: 'The archive.', content: { 'application/zip': { schema: z.any() } } },
          ...problems(404),
        },
      },
    },
    async ({ params: { invoiceId }, query, caller, eyes }, reply) => {
      if (!(await readInvoice(eyes, house.db, house, invoiceId)))
        throw Problem.notFound('invoice', invoiceId);
      const { language = caller.language, thirdPersons } = query;
      const { name, pieces } = await bundleOf({ house, archive, client: temporal ?? null }, invoiceId, {
        language,
        thirdPersons,
        by: caller.userId,
      });
      // What fails before the first piece is answered as everywhere; later the transfer is broken off.
      const first = await pieces.next();
      const whole = async function* (): AsyncGenerator<Uint8Array> {
        if (first.done !== true) yield first.value;
        yield* pieces;
      };
      return reply
        .header('content-type', 'application/zip')
        .header('content-disposition', `attachment; filename="${name}"`)
        .send(Readable.from(whole(), { highWaterMark: 1 }));
    },
  );
};
