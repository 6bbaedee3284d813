import { z } from 'zod';
import { placeDebtorHold } from '../../db/debtors.ts';
import { listSilences } from '../../db/holds.ts';
import type { Silence } from '../../db/holds.ts';
import { addNote } from '../../db/notes.ts';
import { silencedBy } from '../../db/stop-effect.ts';
import { uuidv7 } from '../../db/uuid.ts';
import { answered, comment, onInvoice, reasonCode, unlessRefused } from '../at-the-counter.ts';
import { cursorAfter, pageOf, readCursor } from '../cursor.ts';
import { inTransactionOnce } from '../idempotency.ts';
import { known } from '../known.ts';
import { mustNotBeMerged } from '../merged-debtors.ts';
import { mustSee } from '../policing.ts';
import type { Routes } from '../route-parts.ts';
import { instant, instantOf, page, paging, problems, uuid } from '../shapes.ts';
import {
  scope,
  silences,
  silencesOf,
  silencing,
  stopped,
  subjectIsNamed,
  wouldSilence,
} from '../silencing.ts';
import { onDebtor } from './debtor-facts.ts';

/**
 * Silence at one address, whatever it covers: an invoice, a debtor, a creditor or everything.
 *
 * Of an invoice or a debtor it is a fact: the files wait, and their days with them. Over a creditor or everything it is a
 * stop: files go on, and nothing leaves. Both are read as one list, with where each is lifted.
 */
const held = z
  .object({
    id: z.string(),
    kind: z
      .enum(['hold', 'stop'])
      .describe('Of a hold the files wait, and their days with them; of a stop nothing leaves.'),
    scope,
    subject: z.object({ id: z.string(), name: z.string() }).nullable(),
    reason: z.string(),
    until: z.string().nullable().describe('The last silent day; until it is lifted when null.'),
    since: instant,
    placedBy: z.string(),
    lift: z.string().describe('The address of the POST that lifts it.'),
  })
  .meta({ id: 'Silence' });

export const holdRoutes: Routes = async (app, { house }) => {
  app.get(
    '/holds',
    {
      schema: {
        summary: 'All that keeps us silent now, holds and stops, the newest first',
        tags: ['stops'],
        querystring: z.strictObject({
          ...paging,
          scope: scope.optional(),
          debtor: uuid.optional().describe('His own and those of his invoices.'),
          reason: reasonCode.optional(),
        }),
        response: { 200: page(held) },
      },
    },
    async ({ query: { limit, cursor, debtor, ...rest }, eyes }) => {
      const [before] = (readCursor('holds', cursor) ?? []) as [string?];
      const filter = known({ ...rest, debtorId: debtor });
      const rows = await listSilences(eyes, house.db, await house.clock.now(), filter, limit, before);
      return pageOf(rows, limit, heldOf, (row) => cursorAfter('holds', [row.id]));
    },
  );

  app.post(
    '/holds',
    {
      schema: {
        summary:
          'Keep silent about an invoice, a debtor, a creditor or everything, or count what would be silent',
        tags: ['stops'],
        body: z.strictObject({ ...silencing, reason: reasonCode, comment }).refine(...subjectIsNamed),
        response: {
          200: z.object({ silences }).describe('What would be silent, of a dry run.'),
          201: z.object({ id: z.string(), kind: z.enum(['hold', 'stop']), lift: z.string(), silences }),
          ...problems(404, 409),
        },
      },
    },
    async (request, reply) => {
      const { scope: width, subjectId, reason, until = null, comment: text, dryRun } = request.body;
      const { eyes, caller } = request;
      const id = subjectId ?? '';
      if (width === 'debtor') {
        await mustSee(house.db, request, 'debtor', id);
        await mustNotBeMerged(house.db, id);
      }
      if (dryRun) return reply.code(200).send(await wouldSilence(request, house, width, subjectId ?? null));
      if (width === 'invoice') {
        await mustSee(house.db, request, 'invoice', id);
        const answer = await onInvoice(request, house, id, async (desk, file) => {
          const counted = silencesOf(await silencedBy(eyes, desk.tx, width, id));
          const holdId = uuidv7();
          const fact = { type: 'holdPlaced', holdId, reason, until } as const;
          answered(request, desk, await desk.ask(file.id, fact, caller.author));
          await addNote(desk, file.id, 'holdNote', text, { holdId }, caller.author);
          return placed({ kind: 'hold', id: holdId, scope: width, subjectId: id }, counted);
        });
        return reply.code(201).send(answer);
      }
      if (width === 'debtor') {
        const { holdId, counted } = await onDebtor(
          request,
          house,
          id,
          async (desk) => {
            const counted = silencesOf(await silencedBy(eyes, desk.tx, width, id));
            return {
              ...unlessRefused(await placeDebtorHold(desk, id, { reason, until }, caller.author)),
              counted,
            };
          },
          text,
        );
        return reply
          .code(201)
          .send(placed({ kind: 'hold', id: holdId, scope: width, subjectId: id }, counted));
      }
      const answer = await inTransactionOnce(request, house, async (tx, now) => {
        const why = { reason: text ?? reason, until, by: caller.userId };
        const wanted = { scope: width, subjectId: subjectId ?? null, ...why };
        const { stop, silenced } = await stopped(eyes, tx, house, now, wanted);
        return placed({ kind: 'stop', id: stop.id, scope: width, subjectId: null }, silencesOf(silenced));
      });
      return reply.code(201).send(answer);
    },
  );
};

type Lifted = Pick<Silence, 'kind' | 'id' | 'scope' | 'subjectId'>;

function placed(one: Lifted, counted: z.infer<typeof silences>) {
  return { id: one.id, kind: one.kind, lift: liftOf(one), silences: counted };
}

function heldOf(row: Silence): z.infer<typeof held> {
  const { id, kind, scope: width, subjectId, subjectName, reason, until, since, placedBy } = row;
  return {
    ...{ id, kind, scope: width, reason, until, placedBy },
    subject: subjectId === null ? null : { id: subjectId, name: subjectName ?? '' },
    since: instantOf(since),
    lift: liftOf(row),
  };
}

function liftOf({ kind, id, scope: width, subjectId }: Lifted): string {
  if (kind === 'stop') return `/v1/stops/${id}/lift`;
  return `/v1/${width}s/${subjectId}/holds/${id}/lift`;
}
