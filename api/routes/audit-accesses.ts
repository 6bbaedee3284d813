import { z } from 'zod';
import { listAccesses } from '../../db/audit/accesses.ts';
import type { AccessInList, AfterAccess } from '../../db/audit/accesses.ts';
import { cursorAfter, pageOf, readCursor } from '../cursor.ts';
import type { Routes } from '../route-parts.ts';
import { instant, instantGiven, instantOf, page, paging, uuid } from '../shapes.ts';

/** Who looked at what: what the journal says of looks, and of lists that left as files. */
export const journalPlace = z
  .object({
    subject: z.string().describe('Whose chain of the journal.'),
    seq: z.int().describe('The place in it.'),
  })
  .meta({ id: 'JournalPlace' });

const access = z
  .object({
    entry: journalPlace,
    at: instant,
    by: z.object({ id: z.string(), name: z.string().nullable() }),
    through: z.string().nullable().describe('By which key or session.'),
    what: z.string().describe('The route, the command or the list.'),
    about: z.array(z.string()).describe('The rows that it named, such as `invoice/<id>`.'),
    filters: z
      .array(z.string())
      .describe('What cut the answer; of what may be the name of somebody, the name of the filter alone.'),
  })
  .meta({ id: 'Access' });

export const auditAccessRoutes: Routes = async (app, { house }) => {
  app.get(
    '/audit/accesses',
    {
      schema: {
        summary: 'Who looked at what, and who took which list, the newest first',
        description:
          'Every request of an auditor, every read of an external firm, and whatever anybody asked of the audit, of whole files or as a list to take away.',
        tags: ['audit'],
        querystring: z.strictObject({
          ...paging,
          by: uuid.optional().describe('The user.'),
          invoice: uuid.optional().describe('Only looks that named this invoice.'),
          from: instantGiven.optional(),
          to: instantGiven.optional().describe('Exclusive.'),
        }),
        response: { 200: page(access) },
      },
    },
    async ({ query: { limit, cursor, by, invoice, from, to } }) => {
      const after = readCursor('entries/accesses', cursor) as AfterAccess | undefined;
      const filter = {
        by,
        about: invoice === undefined ? undefined : `invoice/${invoice}`,
        from: from === undefined ? undefined : Date.parse(from),
        to: to === undefined ? undefined : Date.parse(to),
      };
      return pageOf(await listAccesses(house.db, filter, limit, after), limit, accessOf, (row) =>
        cursorAfter('entries/accesses', [row.at, row.subject, row.seq]),
      );
    },
  );
};

function accessOf({ subject, seq, at, by, byName, ...rest }: AccessInList): z.infer<typeof access> {
  return {
    ...rest,
    entry: { subject, seq },
    at: instantOf(at),
    by: { id: by, name: byName },
    about: [...rest.about],
    filters: [...rest.filters],
  };
}
