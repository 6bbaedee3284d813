import { z } from 'zod';
import { dayInZone } from '../../db/calendars.ts';
import {
  invoiceSorts,
  listInvoices,
  readAroundInvoice,
  readInvoice,
  sortValueOf,
} from '../../db/invoice-reads.ts';
import { decide } from '../../domain/decide.ts';
import { dayAt } from '../../domain/calendar.ts';
import type { Routes } from '../route-parts.ts';
import { cursorAfter, pageOf, readCursor } from '../cursor.ts';
import { invoiceFilter, invoiceFilterFrom } from '../invoice-filter.ts';
import { aroundInvoice, aroundInvoiceOf, invoiceInList, invoiceInListOf } from '../invoice-shapes.ts';
import { Problem } from '../problem.ts';
import { nextOf } from '../recorded.ts';
import { invoiceParams, next, page, paging, problems } from '../shapes.ts';

/** Reading invoices: the list that a collector works through, and the one with all that stands around it. */
const query = z.strictObject({
  ...paging,
  sort: z.enum(invoiceSorts).default('dueDate').describe('A minus sign turns the order around.'),
  ...invoiceFilter,
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
      const rows = await listInvoices(eyes, house.db, invoiceFilterFrom(asked, today), {
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
