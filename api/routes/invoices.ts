import { z } from 'zod';
import { dayInZone } from '../../db/calendars.ts';
import {
  invoiceSorts,
  listInvoices,
  readAroundInvoice,
  readInvoice,
  sortValueOf,
} from '../../db/invoice-reads.ts';
import type { InvoiceFilter } from '../../db/invoice-reads.ts';
import { decide } from '../../domain/decide.ts';
import { dayAt } from '../../domain/calendar.ts';
import type { Routes } from '../route-parts.ts';
import { cursorAfter, pageOf, readCursor } from '../cursor.ts';
import { aroundInvoice, aroundInvoiceOf, invoiceInList, invoiceInListOf } from '../invoice-shapes.ts';
import { known } from '../known.ts';
import { Problem } from '../problem.ts';
import { nextOf } from '../recorded.ts';
import {
  civilDate,
  flag,
  invoiceParams,
  level,
  line,
  next,
  page,
  paging,
  problems,
  uuid,
} from '../shapes.ts';

/** Reading invoices: the list that a collector works through, and the one with all that stands around it. */
const query = z.strictObject({
  ...paging,
  sort: z.enum(invoiceSorts).default('dueDate').describe('A minus sign turns the order around.'),
  state: line(300).optional().describe('One state, or several with commas between them.'),
  open: flag.optional(),
  creditor: uuid.optional(),
  debtor: uuid.optional(),
  import: uuid.optional(),
  number: line(200).optional().describe('The whole number.'),
  q: line(200).optional().describe("Part of the number or of the debtor's name."),
  dueBefore: civilDate.optional(),
  dueAfter: civilDate.optional(),
  late: flag.optional().describe('Open, owed and past the due date.'),
  level: level.optional(),
});

export const invoiceRoutes: Routes = async (app, { house }) => {
  app.get(
    '/invoices',
    {
      schema: {
        summary: 'Invoices, by filter',
        tags: ['invoices'],
        querystring: query,
        response: { 200: page(invoiceInList) },
      },
    },
    async ({ query: asked, eyes }) => {
      const { sort, limit } = asked;
      const today = dayInZone('UTC', await house.clock.now());
      const after = readCursor(sort, asked.cursor) as [string | number, string] | undefined;
      const rows = await listInvoices(eyes, house.db, filterFrom(asked, today), {
        sort,
        limit,
        ...(after ? { after } : {}),
      });
      return pageOf(
        rows,
        limit,
        (row) => invoiceInListOf(row, today),
        (row) => cursorAfter(sort, [sortValueOf(row, sort), row.id]),
      );
    },
  );

  app.get(
    '/invoices/:invoiceId',
    {
      schema: {
        summary: 'One invoice, with what stands around it',
        tags: ['invoices'],
        params: invoiceParams,
        response: { 200: invoiceInList.extend({ ...aroundInvoice.shape, next }), ...problems(404) },
      },
    },
    async ({ params: { invoiceId }, caller, eyes }) => {
      const found = await readInvoice(eyes, house.db, house, invoiceId);
      if (!found) throw Problem.notFound('invoice', invoiceId);
      const { row, collection } = found;
      const now = await house.clock.now();
      const around = await readAroundInvoice(eyes, house.db, invoiceId, row.debtorId);
      return {
        ...invoiceInListOf(row, dayAt(collection.calendar, now)),
        ...aroundInvoiceOf(collection, around, caller.language, now),
        next: nextOf(collection, decide(collection, now), caller.language),
      };
    },
  );
};

function filterFrom(asked: z.infer<typeof query>, today: string): InvoiceFilter {
  const {
    state,
    open,
    creditor,
    debtor,
    number,
    q,
    dueBefore,
    dueAfter,
    late,
    level: reached,
    import: importId,
  } = asked;
  return known({
    states: state?.split(',').map((one) => one.trim()),
    open,
    creditorId: creditor,
    debtorId: debtor,
    number,
    text: q,
    dueBefore,
    dueAfter,
    lateOn: late ? today : undefined,
    level: reached,
    importId,
  });
}
