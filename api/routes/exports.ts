import type { FastifyRequest } from 'fastify';
import { z } from 'zod';
import { dayInZone } from '../../db/calendars.ts';
import { noteExport } from '../../db/exports.ts';
import type { Export } from '../../db/exports.ts';
import { readImport, rowsOfImport } from '../../db/import-reads.ts';
import { listInvoices } from '../../db/invoice-reads.ts';
import { listTasks } from '../../db/work-reads.ts';
import { languages } from '../../domain/message.ts';
import { isStillLetIn } from '../authentication.ts';
import type { Cell } from '../export/csv.ts';
import { invoiceCells, invoiceHead } from '../export/invoice-cells.ts';
import { rejectedCells, rejectedHead } from '../export/rejected-cells.ts';
import type { Read } from '../export/rejected-cells.ts';
import { sendCsv } from '../export/send-csv.ts';
import { taskHead, taskRows } from '../export/task-cells.ts';
import { inTransaction } from '../idempotency.ts';
import { invoiceFilter, invoiceFilterFrom } from '../invoice-filter.ts';
import { Problem } from '../problem.ts';
import type { Routes } from '../route-parts.ts';
import { problems, uuid } from '../shapes.ts';
import { taskFilter, taskFilterFrom } from '../task-filter.ts';

/**
 * Lists as files for a spreadsheet: invoices, tasks, and the rows of an import that wait to be mended.
 *
 * A file holds what the list holds for the same caller and filters, whole and in the order of due days. It is read and sent
 * page by page; the journal says beforehand who takes what. Cells are written by `export/csv.ts` alone.
 */
const style = {
  language: z
    .enum(languages)
    .optional()
    .describe("Of heads, numbers and days; the caller's own when absent."),
  separator: z
    .enum(['semicolon', 'comma'])
    .optional()
    .describe('The semicolon in French and the comma in English when absent.'),
};

const csv = {
  200: {
    description: 'UTF-8 with a byte order mark, a row of heads, and a row each.',
    content: { 'text/csv': { schema: z.string() } },
  },
};

const pageRows = 500;

export const exportRoutes: Routes = async (app, { house, login }) => {
  const stillLetIn = (request: FastifyRequest) => (): Promise<boolean> =>
    isStillLetIn(request.caller, { db: house.db, login });

  const noted = async (
    { caller, query }: FastifyRequest,
    what: Omit<Export, 'by' | 'filters'>,
  ): Promise<string> => {
    const filters = Object.keys(query as object)
      .filter((name) => !(name in style))
      .sort();
    const now = await inTransaction(house, async (tx, at) => {
      await noteExport(tx, at, { by: caller.userId, filters, ...what });
      return at;
    });
    return dayInZone('UTC', now);
  };

  app.get(
    '/exports/invoices',
    {
      exposeHeadRoute: false,
      schema: {
        summary: 'Invoices as a file for a spreadsheet, by filter',
        tags: ['exports'],
        querystring: z.strictObject({ ...style, ...invoiceFilter }),
        response: csv,
      },
    },
    async (request, reply) => {
      const { caller, eyes } = request;
      const { language = caller.language, separator, ...asked } = request.query;
      const today = await noted(request, { what: 'invoices' });
      const filter = invoiceFilterFrom(asked, today);
      const pages = pagesOf(
        (after?: readonly [string, string]) =>
          listInvoices(eyes, house.db, filter, {
            sort: 'dueDate',
            limit: pageRows,
            ...(after ? { after } : {}),
          }),
        (row) => [row.dueDate, row.id] as const,
        (row) => [invoiceCells(row, today, language)],
      );
      return sendCsv(reply, {
        name: `${fileNames.invoices[language]}-${today}`,
        language,
        separator,
        head: invoiceHead[language],
        pages,
        isLetIn: stillLetIn(request),
      });
    },
  );

  app.get(
    '/exports/tasks',
    {
      exposeHeadRoute: false,
      schema: {
        summary: 'Tasks as a file for a spreadsheet, by filter: a row for each of their invoices',
        tags: ['exports'],
        querystring: z.strictObject({ ...style, ...taskFilter }),
        response: csv,
      },
    },
    async (request, reply) => {
      const { caller, eyes } = request;
      const { language = caller.language, separator, ...asked } = request.query;
      const today = await noted(request, { what: 'tasks' });
      const filter = taskFilterFrom(asked);
      const pages = pagesOf(
        (after?: readonly [string, string]) => listTasks(eyes, house.db, filter, pageRows, after),
        (row) => [row.due_on, row.id] as const,
        (row) => taskRows(row, language),
      );
      return sendCsv(reply, {
        name: `${fileNames.tasks[language]}-${today}`,
        language,
        separator,
        head: taskHead[language],
        pages,
        isLetIn: stillLetIn(request),
      });
    },
  );

  app.get(
    '/imports/:importId/rejected-rows',
    {
      exposeHeadRoute: false,
      schema: {
        summary: 'The rejected rows of an import as a file, to be mended and imported again',
        description:
          'Under the headers of the file itself, with three columns of ours in front: the line, why, and what to do. An import does not read those.',
        tags: ['imports'],
        params: z.object({ importId: uuid }),
        querystring: z.strictObject(style),
        response: { ...csv, ...problems(404) },
      },
    },
    async (request, reply) => {
      const { importId } = request.params;
      const { language = request.caller.language, separator } = request.query;
      const record = await readImport(house.db, importId);
      if (!record) throw Problem.notFound('import', importId);
      const today = await noted(request, { what: 'rejected rows', importId });
      const read = record.reading as Read;
      const pages = pagesOf(
        (after?: number) =>
          rowsOfImport(house.db, importId, { state: 'rejected', after, limit: pageRows + 1 }),
        (row) => row.place,
        (row) => [rejectedCells(read, row, language)],
      );
      return sendCsv(reply, {
        name: `${fileNames.rejected[language]}-${today}`,
        language,
        separator,
        head: rejectedHead(read, language),
        pages,
        isLetIn: stillLetIn(request),
      });
    },
  );
};

const fileNames = {
  invoices: { fr: 'factures', en: 'invoices' },
  tasks: { fr: 'taches', en: 'tasks' },
  rejected: { fr: 'lignes-rejetees', en: 'rejected-rows' },
} as const;

/** A list page by page, each after the last row of the one before; `read` gives one row too many where there are more. */
async function* pagesOf<Row, Place>(
  read: (after?: Place) => Promise<readonly Row[]>,
  placeOf: (row: Row) => Place,
  rowsOf: (row: Row) => readonly (readonly Cell[])[],
): AsyncGenerator<readonly (readonly Cell[])[]> {
  let rows = await read();
  for (;;) {
    const shown = rows.slice(0, pageRows);
    yield shown.flatMap(rowsOf);
    const last = shown.at(-1);
    if (last === undefined || rows.length <= pageRows) return;
    rows = await read(placeOf(last));
  }
}
