import { z } from 'zod';
import { readDebtor, listDebtors } from '../../db/debtor-reads.ts';
import { readDoorNow } from '../../db/door-reads.ts';
import { dayInZone } from '../../db/calendars.ts';
import { listInvoices } from '../../db/invoice-reads.ts';
import { unallocatedOf } from '../../db/ledger.ts';
import { toldTo } from '../../db/visible.ts';
import type { Routes } from '../route-parts.ts';
import { cursorAfter, pageOf, readCursor } from '../cursor.ts';
import { debtor, debtorInList, debtorInListOf, debtorOf } from '../debtor-shapes.ts';
import { invoiceInListOf } from '../invoice-shapes.ts';
import { known } from '../known.ts';
import { Problem } from '../problem.ts';
import { line, page, paging, problems, uuid } from '../shapes.ts';

/** Reading debtors: who owes, and for the one what is open, whom to reach, and what the door will say next. */
const openItemsMax = 200;

export const debtorRoutes: Routes = async (app, { house }) => {
  app.get(
    '/debtors',
    {
      schema: {
        summary: 'Debtors, by name',
        tags: ['debtors'],
        querystring: z.strictObject({
          ...paging,
          q: line(200).optional(),
          creditor: uuid.optional(),
          owing: z.enum(['true', 'false']).optional(),
        }),
        response: { 200: page(debtorInList) },
      },
    },
    async ({ query: { limit, cursor, q, creditor, owing }, eyes }) => {
      const after = readCursor('debtors', cursor) as [string, string] | undefined;
      const filter = known({ text: q, creditorId: creditor, owing: owing === 'true' ? true : undefined });
      return pageOf(await listDebtors(eyes, house.db, filter, limit, after), limit, debtorInListOf, (row) =>
        cursorAfter('debtors', [row.name, row.id]),
      );
    },
  );

  app.get(
    '/debtors/:debtorId',
    {
      schema: {
        summary: 'One debtor',
        tags: ['debtors'],
        params: z.object({ debtorId: uuid }),
        response: { 200: debtor, ...problems(404) },
      },
    },
    async ({ params: { debtorId }, caller, eyes }) => {
      const found = await readDebtor(eyes, house.db, debtorId);
      if (!found) throw Problem.notFound('debtor', debtorId);
      const now = await house.clock.now();
      const today = dayInZone(found.debtor.zone, now);
      const open = await listInvoices(
        eyes,
        house.db,
        { debtorId, open: true },
        { sort: 'dueDate', limit: openItemsMax },
      );
      const [credits, door] = await Promise.all([
        toldTo(eyes).credits ? unallocatedOf(house.db, debtorId) : [],
        readDoorNow(eyes, house.db, house, debtorId, now),
      ]);
      return debtorOf(
        {
          ...found,
          openItems: open.slice(0, openItemsMax).map((row) => invoiceInListOf(row, today)),
          credits,
          door,
          today,
        },
        caller.language,
      );
    },
  );
};
