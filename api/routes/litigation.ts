import { createHash } from 'node:crypto';
import { z } from 'zod';
import { litigationPack } from '../../activities/litigation-pack.ts';
import type { Desk } from '../../db/desk.ts';
import { closeAsLost, handLitigation } from '../../db/grave-deeds.ts';
import { answerAbout, caseOf } from '../../db/litigation-case.ts';
import { recordCost, recordRecovery, recordRemittance, recordStatus } from '../../db/litigation-entries.ts';
import { closeFile } from '../../db/litigation-ends.ts';
import { listLitigation } from '../../db/litigation-reads.ts';
import { addPiece, piecesOf, removePiece } from '../../db/litigation-pieces.ts';
import { chooseRoute, gather, invoiceIdsOf, litigationWith, notPreparing } from '../../db/litigation.ts';
import type { Done, LitigationRow } from '../../db/litigation.ts';
import { lawDay } from '../../db/calendars.ts';
import { debtorsOfInvoices } from '../../db/payments.ts';
import { uuidv7 } from '../../db/uuid.ts';
import { sees } from '../../db/visible.ts';
import { routes } from '../../domain/law/route.ts';
import { handedPieces } from '../../domain/litigation/readiness.ts';
import { litigationOutcomes } from '../../domain/litigation/outcome.ts';
import { costKinds, partnerStatuses } from '../../domain/litigation/status.ts';
import type { Author } from '../../domain/fact.ts';
import type { FastifyRequest } from 'fastify';
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
import { civilDate, line, lines, page, paging, positiveMoney, problems, uuid } from '../shapes.ts';
import { paperOf, paperTypes, readsPapers } from '../uploaded-paper.ts';

const params = z.object({ litigationId: uuid });

/** So many pieces a file may have. */
const piecesMax = 200;

/**
 * Litigation files: gathered, judged, completed, handed to a partner, followed to the end.
 *
 * Amounts are worked out by the law as it is known today; where a value is missing, the file says which and goes no
 * further. Whoever comes in for the partner records his own words, which are seen here at once.
 */
export const litigationRoutes: Routes = async (app, { house }) => {
  await readsPapers(app);

  const onFile = async <T>(
    request: FastifyRequest,
    litigationId: string,
    work: (desk: Desk, row: LitigationRow) => Promise<T>,
  ): Promise<T> => {
    const found = await litigationWith(house.db, litigationId);
    if (!found) throw Problem.notFound('litigation', litigationId);
    return atTheDeskOnce(request, house, [found.debtor_id], async (desk) => {
      const row = await litigationWith(desk.tx, litigationId);
      if (!row) throw Problem.notFound('litigation', litigationId);
      return work(desk, row);
    });
  };
  const said = async (request: FastifyRequest, desk: Desk, litigationId: string) => {
    const row = await litigationWith(desk.tx, litigationId);
    if (!row) throw Problem.notFound('litigation', litigationId);
    // Names and balances are read by SQL, so what was just recorded must be written.
    await desk.write();
    return litigationOf(desk.tx, row, desk.now, request.caller.language);
  };

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
        params,
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
        params,
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
      const sha256 = createHash('sha256').update(zip).digest('hex');
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
        return said(request, desk, done.litigationId);
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
        params,
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
      const answer = await onFile(request, request.params.litigationId, async (desk, row) => {
        const { author, language } = request.caller;
        const { route, consentOn, ...facts } = known(request.body);
        if (consentOn !== undefined) happenedBy('consentOn', consentOn, desk.now);
        unlessRefused(await chooseRoute(desk, row, facts, author));
        if (route !== undefined) {
          const now = await litigationWith(desk.tx, row.id);
          await mustBeOpen(desk, now ?? row, route, language);
        }
        unlessRefused(await chooseRoute(desk, row, known({ route, consentOn }), author));
        return said(request, desk, row.id);
      });
      return reply.code(201).send(answer);
    },
  );

  app.post(
    '/litigation/:litigationId/pieces',
    {
      config: { readsBody: true },
      schema: {
        summary: 'Add a piece to the pack: a contract, an order, a proof of delivery, the copy of an invoice',
        description:
          'Send it as the body or as the one file of a multipart form: a PDF, PNG, JPEG or plain text of 10 MB at most.',
        tags: ['facts'],
        consumes: [...paperTypes, 'multipart/form-data', 'application/octet-stream'],
        params,
        querystring: z.strictObject({
          piece: z.enum(handedPieces),
          invoiceId: uuid.optional().describe('Of the whole file when absent.'),
          name: line(200).optional(),
        }),
        response: { 201: litigation, ...problems(404, 409, 413) },
      },
    },
    async (request, reply) => {
      const { piece, invoiceId = null, name } = request.query;
      const paper = await paperOf(request, name);
      const sha256 = createHash('sha256').update(paper.bytes).digest('hex');
      // The bytes are no body that the key could have been read with.
      if (request.once) {
        const asked = JSON.stringify([request.once.requestHash, sha256]);
        request.once = {
          ...request.once,
          requestHash: createHash('sha256').update(asked).digest('hex'),
        };
      }
      const answer = await onFile(request, request.params.litigationId, async (desk, row) => {
        if (row.state !== 'preparing') return unlessRefused(notPreparing(row));
        await mustBeIn(desk, row, invoiceId);
        if ((await piecesOf(desk.tx, row.id)).length >= piecesMax) throw tooMany();
        const documentId = uuidv7();
        await desk.tx
          .insertInto('document')
          .values({
            id: documentId,
            kind: 'litigation_piece',
            name: paper.name,
            media_type: paper.mediaType,
            bytes: paper.bytes,
            sha256,
            subject: row.id,
            at: new Date(desk.now),
          })
          .execute();
        await addPiece(
          desk,
          row,
          { piece, invoiceId, documentId, notNeededBecause: null },
          request.caller.author,
        );
        return said(request, desk, row.id);
      });
      return reply.code(201).send(answer);
    },
  );

  app.post(
    '/litigation/:litigationId/not-needed',
    {
      schema: {
        summary: 'Say that a piece is not needed, and why',
        tags: ['facts'],
        params,
        body: z.strictObject({
          piece: z.enum(handedPieces),
          invoiceId: uuid.optional(),
          because: lines(500),
        }),
        response: { 201: litigation, ...problems(404, 409) },
      },
    },
    async (request, reply) => {
      const { piece, invoiceId = null, because } = request.body;
      const answer = await onFile(request, request.params.litigationId, async (desk, row) => {
        if (row.state !== 'preparing') return unlessRefused(notPreparing(row));
        await mustBeIn(desk, row, invoiceId);
        await addPiece(
          desk,
          row,
          { piece, invoiceId, documentId: null, notNeededBecause: because },
          request.caller.author,
        );
        return said(request, desk, row.id);
      });
      return reply.code(201).send(answer);
    },
  );

  app.delete(
    '/litigation/:litigationId/pieces/:pieceId',
    {
      schema: {
        summary: 'Take a piece out of the pack',
        tags: ['facts'],
        params: params.extend({ pieceId: uuid }),
        response: { 200: litigation, ...problems(404, 409) },
      },
    },
    (request) =>
      onFile(request, request.params.litigationId, async (desk, row) => {
        const { pieceId } = request.params;
        if (row.state !== 'preparing') return unlessRefused(notPreparing(row));
        if (!(await removePiece(desk, row, pieceId, request.caller.author)))
          throw Problem.notFound('piece', pieceId);
        return said(request, desk, row.id);
      }),
  );

  app.post(
    '/litigation/:litigationId/hand-over',
    {
      schema: {
        summary: 'Hand a litigation file to a partner, each of its invoices with it',
        description:
          'With four eyes it waits for the yes of another person. Refused while a piece is missing, unless it is said why it goes without; and a court or its officers only with the word of the creditor.',
        tags: ['facts'],
        params,
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
      const answer = await onFile(request, request.params.litigationId, async (desk, row) => {
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
          ...(await said(request, desk, row.id)),
          ...(done.kind === 'asked' ? { approvalId: done.approvalId } : {}),
        };
      });
      return reply.code(201).send(answer);
    },
  );

  const word = { on: civilDate, comment };
  /** A route by which a partner, or somebody for him, says something. */
  const partnerRoute = <Body extends z.ZodRawShape>(
    path: string,
    summary: string,
    body: Body,
    record: (
      desk: Desk,
      row: LitigationRow,
      given: z.infer<z.ZodObject<Body & typeof word>>,
      by: Author,
    ) => Promise<Done>,
  ): void => {
    app.post(
      `/litigation/:litigationId/${path}`,
      {
        schema: {
          summary,
          tags: ['facts'],
          params,
          body: z.strictObject({ ...word, ...body }),
          response: { 201: litigation, ...problems(404, 409) },
        },
      },
      async (request, reply) => {
        const given = request.body as z.infer<z.ZodObject<Body & typeof word>>;
        const { litigationId } = request.params;
        const answer = await onFile(request, litigationId, async (desk, row) => {
          happenedBy('on', (given as { on: string }).on, desk.now);
          const { amount } = given as { amount?: { currency: string } };
          if (amount && amount.currency !== row.currency)
            throw Problem.invalid(
              'amount.currency',
              `The file is in ${row.currency}.`,
              `Give the amount in ${row.currency}.`,
            );
          unlessRefused(await record(desk, row, given, request.caller.author));
          return said(request, desk, row.id);
        });
        return reply.code(201).send(answer);
      },
    );
  };
  partnerRoute(
    'statuses',
    'Record how far the partner has got',
    { status: z.enum(partnerStatuses) },
    (desk, row, { status, on, comment: text }, by) =>
      recordStatus(desk, row, { status, on, comment: text }, by),
  );
  partnerRoute(
    'costs',
    'Record what the partner charges; it stays with the creditor',
    { amount: positiveMoney, what: z.enum(costKinds) },
    (desk, row, { amount, what, on, comment: text }, by) =>
      recordCost(desk, row, { amountCents: amount.amount, what, on, comment: text }, by),
  );
  partnerRoute(
    'recoveries',
    'Record what the partner received of the debtor: it is a payment, and must be passed on within a month',
    { amount: positiveMoney },
    (desk, row, { amount, on, comment: text }, by) =>
      recordRecovery(desk, row, { amountCents: amount.amount, on, comment: text }, by),
  );
  partnerRoute(
    'remittances',
    'Record what the partner has passed on to us; it is no further payment of the debtor',
    { amount: positiveMoney },
    (desk, row, { amount, on, comment: text }, by) =>
      recordRemittance(desk, row, { amountCents: amount.amount, on, comment: text }, by),
  );

  app.post(
    '/litigation/:litigationId/withdrawal',
    {
      schema: {
        summary: 'Take a file back from its partner, or give it up while it is prepared',
        description:
          'Reminders go on where they were; what had ended as handed over is in preparation anew, with its pieces.',
        tags: ['facts'],
        params,
        body: z.strictObject({ reason: reasonCode }),
        response: { 201: litigation, ...problems(404, 409) },
      },
    },
    async (request, reply) => {
      const answer = await onFile(request, request.params.litigationId, async (desk, row) => {
        const { reason } = request.body;
        unlessRefused(await closeFile(desk, row, { outcome: 'withdrawn', reason }, request.caller.author));
        return said(request, desk, row.id);
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
        params,
        body: z.strictObject({ outcome: z.enum(['doubtful', 'irrecoverable']), reason: reasonCode }),
        response: { 201: litigation.extend({ approvalId: z.string().optional() }), ...problems(404, 409) },
      },
    },
    async (request, reply) => {
      const answer = await onFile(request, request.params.litigationId, async (desk, row) => {
        const { outcome, reason } = request.body;
        const { author } = request.caller;
        if (outcome === 'doubtful') {
          unlessRefused(await closeFile(desk, row, { outcome, reason }, author));
          return said(request, desk, row.id);
        }
        const on = lawDay(desk.now);
        const done = unlessRefused(await closeAsLost(desk, row, { on, reason }, author));
        return {
          ...(await said(request, desk, row.id)),
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

async function mustBeIn(desk: Desk, row: LitigationRow, invoiceId: string | null): Promise<void> {
  if (invoiceId !== null && !(await invoiceIdsOf(desk.tx, row)).includes(invoiceId))
    throw Problem.notFound('invoice', invoiceId);
}

function tooMany(): Problem {
  return Problem.conflict(
    'too-many-documents',
    'The file has as many pieces as it may.',
    `A litigation file has ${piecesMax} pieces at most.`,
    'Put several pages into one PDF.',
    'file',
  );
}

/** The file of the account holds what the caller may not know of: his invoices are added by somebody who sees it all. */
function ofOthersToo(): Problem {
  return Problem.refused({
    code: 'litigation-of-others',
    message:
      'A file of this account is in preparation with invoices that others look after: somebody who sees them all adds yours.',
  });
}
