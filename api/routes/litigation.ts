import { z } from 'zod';
import { litigationPack } from '../../activities/litigation-pack.ts';
import type { Desk } from '../../db/desk.ts';
import { closeAsLost, handLitigation } from '../../db/grave-deeds.ts';
import { answerAbout, caseOf } from '../../db/litigation-case.ts';
import { closeFile } from '../../db/litigation-ends.ts';
import { listLitigation } from '../../db/litigation-reads.ts';
import { chooseRoute, gather, invoiceIdsOf, litigationWith, notPreparing } from '../../db/litigation.ts';
import type { LitigationRow } from '../../db/litigation.ts';
import { lawDay } from '../../db/calendars.ts';
import { debtorsOfInvoices } from '../../db/payments.ts';
import { sha256Of } from '../../db/sha256.ts';
import { sees } from '../../db/visible.ts';
import { routes } from '../../domain/law/route.ts';
import { litigationOutcomes } from '../../domain/litigation/outcome.ts';
import { comment, happenedBy, reasonCode, unlessRefused } from '../at-the-counter.ts';
import { sendDocument } from '../documents.ts';
import { cursorAfter, pageOf, readCursor } from '../cursor.ts';
import { atTheDeskOnce } from '../idempotency.ts';
import { known } from '../known.ts';
import { pieceInWords, routeReasonInWords } from '../litigation-words.ts';
import { litigation, litigationInList, litigationOf, litigationsInList } from '../litigation-shapes.ts';
import { mustSee } from '../policing.ts';
import { Problem } from '../problem.ts';
import type { Routes } from '../route-parts.ts';
import { civilDate, lines, page, paging, problems, uuid } from '../shapes.ts';
import { litigationParams, litigationSaid, onLitigation } from '../litigation-file.ts';

/**
 * Litigation files: gathered, judged, handed to a partner, taken back and closed.
 *
 * Amounts are worked out by the law as it is known today; where a value is missing, the file says which and goes no
 * further.
 */
export const litigationRoutes: Routes = async (app, { house }) => {
  app.get(
    '/litigation',
    {
      schema: {
        summary: 'Litigation files, newest first',
        tags: ['work'],
        querystring: z.strictObject({
          ...paging,
          state: z.enum(['preparing', 'handed', 'closed', 'any']).default('any'),
          outcome: z.enum(litigationOutcomes).optional(),
          debtor: uuid.optional(),
          invoice: uuid.optional(),
        }),
        response: { 200: page(litigationInList) },
      },
    },
    async ({ query: { state, outcome, debtor, invoice, limit, cursor }, eyes }) => {
      const filter = known({
        state: state === 'any' ? undefined : state,
        outcome,
        debtorId: debtor,
        invoiceId: invoice,
      });
      const [after] = readCursor('litigation', cursor) ?? [];
      const rows = await listLitigation(
        eyes,
        house.db,
        filter,
        limit,
        after === undefined ? undefined : String(after),
      );
      const items = await litigationsInList(house.db, rows);
      return pageOf(
        items,
        limit,
        (one) => one,
        (one) => cursorAfter('litigation', [one.id]),
      );
    },
  );

  app.get(
    '/litigation/:litigationId',
    {
      schema: {
        summary:
          'A litigation file: what is claimed, which ways are open and why, what is missing of its pack',
        tags: ['work'],
        params: litigationParams,
        response: { 200: litigation, ...problems(404) },
      },
    },
    async (request) => {
      const row = await litigationWith(house.db, request.params.litigationId);
      if (!row) throw Problem.notFound('litigation', request.params.litigationId);
      return litigationOf(house.db, row, await house.clock.now(), request.caller.language);
    },
  );

  app.get(
    '/litigation/:litigationId/pack',
    {
      schema: {
        summary: 'The pack as a ZIP with a manifest of SHA-256',
        description:
          'Of a file that was handed over, the archive that the partner got; of one in preparation, what it would be now.',
        tags: ['work'],
        params: litigationParams,
        response: {
          200: { description: 'The archive.', content: { 'application/zip': { schema: z.any() } } },
          ...problems(404),
        },
      },
    },
    async ({ params: { litigationId } }, reply) => {
      const row = await litigationWith(house.db, litigationId);
      if (!row || (await invoiceIdsOf(house.db, row)).length === 0)
        throw Problem.notFound('litigation', litigationId);
      const kept =
        row.pack_id === null
          ? undefined
          : await house.db
              .selectFrom('document')
              .selectAll()
              .where('id', '=', row.pack_id)
              .executeTakeFirst();
      if (kept) return sendDocument(reply, kept, 'attachment');
      const { name, zip } = await litigationPack(house.db, house, row, await house.clock.now());
      const sha256 = sha256Of(zip);
      return sendDocument(reply, { name, media_type: 'application/zip', bytes: zip, sha256 }, 'attachment');
    },
  );

  app.post(
    '/litigation',
    {
      schema: {
        summary: 'Gather late invoices of one debtor towards one creditor into a litigation file',
        description: 'They join the file that is in preparation for that account, if there is one.',
        tags: ['facts'],
        body: z.strictObject({
          invoiceIds: z
            .array(uuid)
            .min(1)
            .max(200)
            .refine((ids) => new Set(ids).size === ids.length, { error: 'name each invoice once' }),
        }),
        response: { 201: litigation, ...problems(404, 409) },
      },
    },
    async (request, reply) => {
      const { invoiceIds } = request.body;
      for (const id of invoiceIds) await mustSee(house.db, request, 'invoice', id);
      const debtorIds = await debtorsOfInvoices(house.db, invoiceIds);
      const made = await atTheDeskOnce(request, house, debtorIds, async (desk) => {
        const files = await desk.files(invoiceIds);
        for (const id of invoiceIds)
          if (!files.some((file) => file.id === id)) throw Problem.notFound('invoice', id);
        const done = unlessRefused(await gather(desk, files, request.caller.author));
        if (!(await sees(desk.tx, request.sight.eyes, 'litigation', done.litigationId))) throw ofOthersToo();
        return litigationSaid(request, desk, done.litigationId);
      });
      return reply.code(201).send(made);
    },
  );

  app.post(
    '/litigation/:litigationId/route',
    {
      schema: {
        summary: 'Say what the papers do not, choose the way, record the word of the creditor',
        tags: ['facts'],
        params: litigationParams,
        body: z.strictObject({
          claimKind: z.enum(['contract', 'statute', 'other']).optional(),
          merchants: z.enum(['yes', 'no']).nullable().optional().describe('Whether both trade as merchants.'),
          insured: z.boolean().optional(),
          merchantProcedure: z
            .boolean()
            .optional()
            .describe('Ask for the procedure between merchants, which is law and has no decree yet.'),
          route: z.enum(routes).optional(),
          consentOn: civilDate.optional().describe('When the creditor agreed to a court or its officers.'),
        }),
        response: { 201: litigation, ...problems(404, 409) },
      },
    },
    async (request, reply) => {
      const answer = await onLitigation(request, house, request.params.litigationId, async (desk, row) => {
        const { author, language } = request.caller;
        const { route, consentOn, ...facts } = known(request.body);
        if (consentOn !== undefined) happenedBy('consentOn', consentOn, desk.now);
        unlessRefused(await chooseRoute(desk, row, facts, author));
        if (route !== undefined) {
          const now = await litigationWith(desk.tx, row.id);
          await mustBeOpen(desk, now ?? row, route, language);
        }
        unlessRefused(await chooseRoute(desk, row, known({ route, consentOn }), author));
        return litigationSaid(request, desk, row.id);
      });
      return reply.code(201).send(answer);
    },
  );

  app.post(
    '/litigation/:litigationId/hand-over',
    {
      schema: {
        summary: 'Hand a litigation file to a partner, each of its invoices with it',
        description:
          'With four eyes it waits for the yes of another person. Refused while a piece is missing, unless it is said why it goes without; and a court or its officers only with the word of the creditor.',
        tags: ['facts'],
        params: litigationParams,
        body: z.strictObject({
          firmId: uuid,
          incompleteBecause: lines(500).optional(),
          comment,
        }),
        response: { 201: litigation.extend({ approvalId: z.string().optional() }), ...problems(404, 409) },
      },
    },
    async (request, reply) => {
      const { firmId, incompleteBecause = null, comment: text } = request.body;
      const answer = await onLitigation(request, house, request.params.litigationId, async (desk, row) => {
        const { author, language } = request.caller;
        if (row.state !== 'preparing') return unlessRefused(notPreparing(row));
        const { proposal, readiness, lawMissing } = await caseOf(desk.tx, row, lawDay(desk.now));
        if (!proposal) throw lawMissing ?? Problem.notFound('invoice', 'of the file');
        const { route, needsConsent } = proposal.proposed;
        if (needsConsent && row.consent_on === null)
          throw Problem.refused({
            code: 'creditor-consent-missing',
            message:
              'A court or its officers act: record when the creditor agreed with POST /v1/litigation/:litigationId/route.',
          });
        if (!readiness.ready && incompleteBecause === null)
          throw Problem.refused({
            code: 'litigation-incomplete',
            message: `Missing: ${readiness.missing
              .map(
                (one) => pieceInWords(one.piece, language) + (one.number === null ? '' : ` (${one.number})`),
              )
              .join(', ')}. Add what is missing, or say in "incompleteBecause" why it goes without.`,
            field: 'incompleteBecause',
          });
        const done = unlessRefused(
          await handLitigation(desk, row, { firmId, route, incompleteBecause, text }, author),
        );
        return {
          ...(await litigationSaid(request, desk, row.id)),
          ...(done.kind === 'asked' ? { approvalId: done.approvalId } : {}),
        };
      });
      return reply.code(201).send(answer);
    },
  );

  app.post(
    '/litigation/:litigationId/withdrawal',
    {
      schema: {
        summary: 'Take a file back from its partner, or give it up while it is prepared',
        description:
          'Reminders go on where they were; what had ended as handed over is in preparation anew, with its pieces.',
        tags: ['facts'],
        params: litigationParams,
        body: z.strictObject({ reason: reasonCode }),
        response: { 201: litigation, ...problems(404, 409) },
      },
    },
    async (request, reply) => {
      const answer = await onLitigation(request, house, request.params.litigationId, async (desk, row) => {
        const { reason } = request.body;
        unlessRefused(await closeFile(desk, row, { outcome: 'withdrawn', reason }, request.caller.author));
        return litigationSaid(request, desk, row.id);
      });
      return reply.code(201).send(answer);
    },
  );

  app.post(
    '/litigation/:litigationId/closing',
    {
      schema: {
        summary:
          'Close a file as doubtful or irrecoverable: nothing is asked meanwhile, entries are proposed',
        description:
          'Doubtful gives up nothing: its invoices are silent for half a year, and are looked at again then; what had ended as handed over is then in preparation anew. Irrecoverable writes off what is still owed, and with four eyes waits for the yes of another person.',
        tags: ['facts'],
        params: litigationParams,
        body: z.strictObject({ outcome: z.enum(['doubtful', 'irrecoverable']), reason: reasonCode }),
        response: { 201: litigation.extend({ approvalId: z.string().optional() }), ...problems(404, 409) },
      },
    },
    async (request, reply) => {
      const answer = await onLitigation(request, house, request.params.litigationId, async (desk, row) => {
        const { outcome, reason } = request.body;
        const { author } = request.caller;
        if (outcome === 'doubtful') {
          unlessRefused(await closeFile(desk, row, { outcome, reason }, author));
          return litigationSaid(request, desk, row.id);
        }
        const on = lawDay(desk.now);
        const done = unlessRefused(await closeAsLost(desk, row, { on, reason }, author));
        return {
          ...(await litigationSaid(request, desk, row.id)),
          ...(done.kind === 'asked' ? { approvalId: done.approvalId } : {}),
        };
      });
      return reply.code(201).send(answer);
    },
  );
};

async function mustBeOpen(
  desk: Desk,
  row: LitigationRow,
  route: (typeof routes)[number],
  language: 'fr' | 'en',
): Promise<void> {
  const { proposal, lawMissing } = await caseOf(desk.tx, row, lawDay(desk.now));
  if (!proposal) throw lawMissing ?? Problem.notFound('invoice', 'of the file');
  const found = answerAbout(proposal, route);
  if (found?.possible === true) return;
  const why = found?.reasons.map((reason) => routeReasonInWords(reason, language)).join(', ') ?? '';
  throw Problem.refused({
    code: 'route-closed',
    message: `That way is closed: ${why}.`,
    field: 'route',
  });
}

/** The file of the account holds what the caller may not know of: his invoices are added by somebody who sees it all. */
function ofOthersToo(): Problem {
  return Problem.refused({
    code: 'litigation-of-others',
    message:
      'A file of this account is in preparation with invoices that others look after: somebody who sees them all adds yours.',
  });
}
