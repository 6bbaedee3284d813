import { z } from 'zod';
import { eraseContact, erasureReasons } from '../../db/erasure/erase-contact.ts';
import { debtorOfContact } from '../../db/whose.ts';
import { unlessRefused } from '../at-the-counter.ts';
import { Problem } from '../problem.ts';
import type { Routes } from '../route-parts.ts';
import { problems, uuid } from '../shapes.ts';
import { changed, onDebtor } from './debtor-facts.ts';

/**
 * The erasure of a person (art. 17 GDPR): what is kept of him goes for good, and the proof of what was done stays.
 *
 * Nobody can take it back, so it is an administrator's alone. A claim that needs what he was told goes before, and the
 * answer says which and what to do meanwhile.
 */
export const erasureRoutes: Routes = async (app, { house }) => {
  app.post(
    '/contacts/:contactId/erasure',
    {
      schema: {
        summary: 'Erase a contact for good, with what was written to him; dates, sums and receipts stay',
        description:
          'His name and addresses, the messages to him with their letters, texts that name him and what files said of him are destroyed, and the key with which messages to him are sealed: no copy of them opens without a copy of that key. Words that give his surname go as a whole. What came from elsewhere comes back from there: erase him in the accounting system first. Packs that were drawn up for a court stay. Refused while a litigation file is open, or an invoice of which he got the formal notice is owed (art. 17(3)(e) GDPR), or nobody else could be told of an open invoice.',
        tags: ['debtors'],
        params: z.object({ contactId: uuid }),
        body: z.strictObject({
          reason: z
            .enum(erasureReasons)
            .describe('He asked for it, he is a contact no more, or was never to be known.'),
        }),
        response: {
          200: changed.extend({
            erased: z.object({
              messages: z.int(),
              texts: z.int().describe('Notes and other words that named him; each goes as a whole.'),
              importRows: z.int(),
            }),
          }),
          ...problems(404, 409),
        },
      },
    },
    async (request) => {
      const { contactId } = request.params;
      const debtorId = await debtorOfContact(house.db, contactId);
      if (!debtorId) throw Problem.notFound('contact', contactId);
      return onDebtor(request, house, debtorId, async (desk) => {
        const contact = await desk.tx
          .selectFrom('contact')
          .selectAll()
          .where('id', '=', contactId)
          .executeTakeFirstOrThrow();
        const { reason } = request.body;
        const { kind: _kind, ...done } = unlessRefused(
          await eraseContact(desk, contact, reason, request.caller.author),
        );
        return done;
      });
    },
  );
};
