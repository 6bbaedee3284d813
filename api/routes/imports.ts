import multipart from '@fastify/multipart';
import { z } from 'zod';
import type { House } from '../../db/house.ts';
import { previewImport } from '../../db/import-preview.ts';
import {
  differencesOfImport,
  differingRowsOfImport,
  heldOfImport,
  listImports,
  readImport,
  releaseImport,
  remarksOfImport,
  rowsOfImport,
  startedOfImport,
  sumsOfImport,
} from '../../db/import-reads.ts';
import type { ImportRecord, ImportRow } from '../../db/import-reads.ts';
import { importHold } from '../../db/registration.ts';
import { mustStillBeLetIn } from '../authentication.ts';
import type { Routes } from '../route-parts.ts';
import { cursorAfter, pageOf, readCursor } from '../cursor.ts';
import { fileInBody } from '../file-in-body.ts';
import { inTransactionOnce } from '../idempotency.ts';
import { answersFrom } from '../import/answers.ts';
import { receiveImport } from '../import/receive-import.ts';
import { fileBytesMax, UploadedFile } from '../import/uploaded-file.ts';
import { Problem } from '../problem.ts';
import {
  flag,
  instant,
  instantOf,
  level,
  line,
  money,
  moneyOf,
  page,
  paging,
  problems,
  uuid,
} from '../shapes.ts';
import { messageInWords } from '../words.ts';

const importParams = z.object({ importId: uuid });
const rowState = z.enum(['staged', 'created', 'updated', 'unchanged', 'rejected']);

const importInShort = z.object({
  id: z.string(),
  name: z.string(),
  state: z.enum(['staging', 'applying', 'applied', 'failed']),
  importedBy: z.string(),
  at: instant,
  appliedAt: instant.nullable(),
  rows: z.int(),
  done: z.int().describe('Rows that have been worked through.'),
  created: z.int(),
  updated: z.int(),
  unchanged: z.int(),
  rejected: z.int(),
  releasedAt: instant.nullable(),
  releaseFinishedAt: instant.nullable(),
});

const report = importInShort.extend({
  known: z
    .boolean()
    .describe('The file had been read before: nothing was done, but its release if it was asked for.'),
  held: z.int().describe('Open invoices that wait for the release of the import.'),
  started: z
    .int()
    .describe('Invoices whose workflow has been started; after a release so many a second are.'),
  reading: z
    .record(z.string(), z.unknown())
    .describe(
      'What was found out about the file: of a CSV encoding, separator, columns and formats; of an e-invoice its format and guideline; of both their notes.',
    ),
  sums: z
    .array(z.object({ state: rowState, rows: z.int(), amount: money }))
    .describe('Amounts by what became of the rows, per currency.'),
  remarks: z
    .array(z.object({ code: z.string(), rows: z.int(), example: z.string() }))
    .describe('What should be looked at in rows that entered.'),
  differing: z
    .int()
    .describe(
      'Rows that say something of a known invoice or debtor which was left as it was: a person decides.',
    ),
  differences: z
    .array(
      z.object({
        field: z.string(),
        rows: z.int(),
        example: z.object({ line: z.int(), from: z.unknown(), to: z.unknown() }),
      }),
    )
    .describe(
      'The fields of which they say it: `from` is what holds, `to` what the file says. Cents are integers.',
    ),
});

const problemOfRow = z.object({
  line: z.int(),
  column: z.string(),
  field: z.string(),
  value: z.string(),
  code: z.string(),
  problem: z.string(),
  remedy: z.string(),
});

const importRow = z.object({
  line: z.int(),
  state: rowState,
  invoiceId: z.string().nullable(),
  amount: money.nullable(),
  problems: z.array(problemOfRow).describe('Of a rejected row: why. Of others: what should be looked at.'),
  changes: z.array(z.object({ field: z.string(), from: z.unknown(), to: z.unknown(), applied: z.boolean() })),
  content: z.record(z.string(), z.unknown()).describe('The row as it was read; of a rejected one its text.'),
});

const preview = z.object({
  open: z.int(),
  looked: z.int().describe('Invoices that the figures are about: large imports are foretold from a sample.'),
  settled: z.int().describe('Invoices that arrived settled: recorded closed, never chased.'),
  days: z.array(
    z.object({
      day: z.string(),
      level,
      channel: z.string(),
      mode: z.string(),
      text: z.string().describe("Level and channel in words, in the caller's language."),
      messages: z.int(),
      invoices: z.int(),
      blocked: z.int().describe('Of the messages: those whose creditor is to be completed first.'),
    }),
  ),
  silent: z
    .array(
      z.object({
        code: z.string(),
        detail: z.string().nullable(),
        invoices: z.int(),
        examples: z.array(z.object({ invoiceId: z.string(), number: z.string(), debtor: z.string() })),
      }),
    )
    .describe('Whom nobody writes to, and why.'),
  creditors: z
    .array(
      z.object({
        id: z.string(),
        key: z.string(),
        name: z.string().nullable(),
        missing: z.array(z.string()),
        invoices: z.int(),
      }),
    )
    .describe('Creditors to complete before anything leaves in their name.'),
});

/** Files of invoices: staged at once, applied by the workers, held until a person has seen the preview and releases them. */
export const importRoutes: Routes = async (app, { house, login }) => {
  await app.register(multipart, { limits: { files: 1, fields: 10, fileSize: fileBytesMax + 1 } });
  // Read from the connection as it comes: a long file must not fill the memory.
  app.addContentTypeParser(
    [
      'text/csv',
      'application/csv',
      'text/plain',
      'application/vnd.ms-excel',
      'application/octet-stream',
      'application/xml',
      'text/xml',
      'application/pdf',
    ],
    (_request, _payload, done) => {
      done(null);
    },
  );

  app.post(
    '/imports',
    {
      config: { readsBody: true },
      schema: {
        summary: 'Import a CSV of invoices, or an e-invoice',
        description:
          'Send the file as the body or as the one file of a multipart form: a CSV of invoices, or one invoice or credit note as UBL 2.1, CII or Factur-X (PDF); its bytes say which it is. What a CSV leaves open is asked with 422 and `questions`; answer in `answers`. A file that was read before is a no-op, but for its release.',
        tags: ['imports'],
        consumes: [
          'text/csv',
          'application/xml',
          'application/pdf',
          'multipart/form-data',
          'application/octet-stream',
        ],
        querystring: z.strictObject({
          name: line(200).optional(),
          seller: line(200).optional().describe('Id or key of the creditor of invoices that name no seller.'),
          answers: z
            .string()
            .max(10_000)
            .optional()
            .describe(
              'JSON: { "dateFormat": { "dueDate": "dmy" }, "numberFormat": …, "meaning": { "paid": "yes-no" }, "paymentMethod": { "TRT": "bill_of_exchange" }, "columns": …, "separator": …, "encoding": … }',
            ),
          release: flag.default(false).describe('Releases the invoices as soon as they are in.'),
        }),
        response: { 200: report, 202: report, ...problems(413) },
      },
    },
    async (request, reply) => {
      const { name, seller, release } = request.query;
      const answers = answersFrom(request.query.answers);
      const { stream, filename } = await fileInBody(request, {
        unnamed: 'file',
        remedy:
          'Add the CSV or e-invoice as a file of the form, or send it as the body with Content-Type: text/csv, application/xml or application/pdf.',
      });
      const file = await UploadedFile.receive(stream);
      try {
        await mustStillBeLetIn(request, reply, { db: house.db, login });
        const received = await receiveImport(request, house, file.path, {
          name: name ?? filename,
          seller,
          answers,
          release,
        });
        return await reply
          .code(received.known ? 200 : 202)
          .header('location', `/v1/imports/${received.importId}`)
          .send(await reportOf(house, received.importId, received.known));
      } finally {
        await file.remove();
      }
    },
  );

  app.get(
    '/imports',
    {
      schema: {
        summary: 'Imports, newest first',
        tags: ['imports'],
        querystring: z.strictObject(paging),
        response: { 200: page(importInShort) },
      },
    },
    async ({ query: { limit, cursor } }) => {
      const [before] = readCursor('imports', cursor) ?? [];
      const rows = await listImports(
        house.db,
        limit + 1,
        before === undefined || before === null ? undefined : String(before),
      );
      return pageOf(rows, limit, shortOf, (row) => cursorAfter('imports', [row.id]));
    },
  );

  app.get(
    '/imports/:importId',
    {
      schema: {
        summary: 'An import: how far it is, and what became of it',
        tags: ['imports'],
        params: importParams,
        response: { 200: report, ...problems(404) },
      },
    },
    async ({ params }) => reportOf(house, params.importId, false),
  );

  app.get(
    '/imports/:importId/rows',
    {
      schema: {
        summary: 'The rows of an import',
        tags: ['imports'],
        params: importParams,
        querystring: z.strictObject({
          ...paging,
          state: rowState.optional(),
          differing: flag.optional().describe('Only the rows that say something which was left as it was.'),
        }),
        response: { 200: page(importRow), ...problems(404) },
      },
    },
    async ({ params, query: { limit, cursor, state, differing } }) => {
      if (!(await readImport(house.db, params.importId))) throw Problem.notFound('import', params.importId);
      const [after] = readCursor('import-rows', cursor) ?? [];
      const rows = await rowsOfImport(house.db, params.importId, {
        state,
        differing,
        after: after === undefined ? undefined : Number(after),
        limit: limit + 1,
      });
      return pageOf(rows, limit, rowOf, (row) => cursorAfter('import-rows', [row.place]));
    },
  );

  app.get(
    '/imports/:importId/preview',
    {
      schema: {
        summary: 'What its release would set off: messages per day, and to whom none and why',
        tags: ['imports'],
        params: importParams,
        response: { 200: preview, ...problems(404, 409) },
      },
    },
    async ({ params, caller }) => {
      const record = await readImport(house.db, params.importId);
      if (!record) throw Problem.notFound('import', params.importId);
      if (record.state !== 'applied')
        throw Problem.conflict(
          'import-not-applied',
          'The import is still being applied.',
          `${shortOf(record).done} of ${record.rows} rows are in.`,
          'Ask again when its state is "applied".',
        );
      const { days, silent, creditors, ...counts } = await previewImport(house, params.importId);
      return {
        ...counts,
        days: days.map((day) => ({ ...day, text: messageInWords(day, caller.language) })),
        silent: silent.map((group) => ({ ...group, examples: [...group.examples] })),
        creditors: creditors.map((creditor) => ({ ...creditor, missing: [...creditor.missing] })),
      };
    },
  );

  app.post(
    '/imports/:importId/release',
    {
      schema: {
        summary: 'Release the invoices of an import: their lives begin',
        tags: ['imports'],
        params: importParams,
        response: { 202: report, ...problems(404) },
      },
    },
    async (request, reply) => {
      const { importId } = request.params;
      await inTransactionOnce(request, house, async (tx, now) => {
        if (!(await releaseImport(tx, now, importId, request.caller.userId)))
          throw Problem.notFound('import', importId);
        return null;
      });
      return reply.code(202).send(await reportOf(house, importId, false));
    },
  );
};

function shortOf(row: ImportRecord): z.infer<typeof importInShort> {
  return {
    id: row.id,
    name: row.name,
    state: row.state,
    importedBy: row.imported_by,
    at: instantOf(row.at),
    appliedAt: instantOf(row.applied_at),
    rows: row.rows,
    done: row.created + row.updated + row.unchanged + row.rejected,
    created: row.created,
    updated: row.updated,
    unchanged: row.unchanged,
    rejected: row.rejected,
    releasedAt: instantOf(row.released_at),
    releaseFinishedAt: instantOf(row.release_finished_at),
  };
}

async function reportOf(house: House, importId: string, known: boolean): Promise<z.infer<typeof report>> {
  const record = await readImport(house.db, importId);
  if (!record) throw Problem.notFound('import', importId);
  const sums = await sumsOfImport(house.db, importId);
  return {
    ...shortOf(record),
    known,
    held: await heldOfImport(house, importId, importHold),
    started: await startedOfImport(house.db, importId),
    reading: record.reading as Record<string, unknown>,
    sums: sums.map(({ state, rows, amountCents, currency }) => ({
      state,
      rows,
      amount: moneyOf(amountCents, currency ?? ''),
    })),
    remarks: [...(await remarksOfImport(house.db, importId))],
    differing: await differingRowsOfImport(house.db, importId),
    differences: (await differencesOfImport(house.db, importId)).map(({ field, rows, ...example }) => ({
      field,
      rows,
      example,
    })),
  };
}

function rowOf(row: ImportRow): z.infer<typeof importRow> {
  return {
    line: row.line,
    state: row.state,
    invoiceId: row.invoice_id,
    amount: row.amount_cents === null ? null : moneyOf(row.amount_cents, row.currency ?? ''),
    problems: (row.problems ?? []) as z.infer<typeof problemOfRow>[],
    changes: (row.changes ?? []) as z.infer<typeof importRow>['changes'],
    content: row.content as Record<string, unknown>,
  };
}
