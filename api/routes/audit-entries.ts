import { z } from 'zod';
import { authorOf } from '../../db/authors.ts';
import { findEntries } from '../../db/audit/entries.ts';
import type { AfterEntry, FoundEntry } from '../../db/audit/entries.ts';
import { isToldOfPeople } from '../audit/told-of-people.ts';
import { cursorAfter, pageOf, readCursor } from '../cursor.ts';
import type { Routes } from '../route-parts.ts';
import { instant, instantGiven, instantOf, line, page, paging } from '../shapes.ts';

/** The journal as it is, entry by entry, for whoever wants to check what is said of it. */
const entry = z
  .object({
    subject: z.string(),
    seq: z.int(),
    fact: z.int().nullable().describe('Its number among the facts of the invoice; null when it is none.'),
    type: z.string(),
    at: instant,
    by: z.object({ kind: z.string(), id: z.string() }).nullable(),
    body: z
      .string()
      .describe('The very text that the hash was made of: JSON with ids, codes, amounts and days.'),
    hash: z.string(),
  })
  .meta({ id: 'JournalEntry' });

export const auditEntryRoutes: Routes = async (app, { house }) => {
  app.get(
    '/audit/entries',
    {
      schema: {
        summary: 'Entries of the journal, the oldest first, by chain, kind, author and time',
        description:
          'The chains that tell of people (audit, exports, payloads, login, user/<id>) are read by admin and auditor alone: others are refused when they name one, and get the rest without them.',
        tags: ['audit'],
        querystring: z.strictObject({
          ...paging,
          subject: line(200)
            .optional()
            .describe(
              'One chain: invoice/<id>, debtor/<id>, user/<id>, creditor/<id>, settings, stop, law, exports, audit …',
            ),
          type: line(100).optional().describe('The kind of fact or note, such as `stepSent`.'),
          by: line(200).optional().describe('The id of the author; `relance` for what it did itself.'),
          from: instantGiven.optional(),
          to: instantGiven.optional().describe('Exclusive.'),
        }),
        response: { 200: page(entry) },
      },
    },
    async ({ caller, query: { limit, cursor, from, to, ...rest } }) => {
      const after = readCursor('entries', cursor) as AfterEntry | undefined;
      const filter = {
        ...rest,
        from: from === undefined ? undefined : Date.parse(from),
        to: to === undefined ? undefined : Date.parse(to),
        ofFilesAlone: !isToldOfPeople(caller.role),
      };
      return pageOf(await findEntries(house.db, filter, limit, after), limit, entryOf, (row) =>
        cursorAfter('entries', [row.at, row.subject, row.seq]),
      );
    },
  );
};

function entryOf({ subject, seq, fact, type, at, body, hash }: FoundEntry): z.infer<typeof entry> {
  const by = authorOf(JSON.parse(body) as Readonly<Record<string, unknown>>);
  return { subject, seq, fact, type, at: instantOf(at), by: by ?? null, body, hash };
}
