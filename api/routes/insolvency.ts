import { z } from 'zod';
import { declarationPdf } from '../../activities/compose/declaration.ts';
import { drawDeclarations, nameOfDeclaration } from '../../activities/draw-declarations.ts';
import { lumpSumCurrency } from '../../db/claims.ts';
import { changeDebtor } from '../../db/debtors.ts';
import { readInsolvency } from '../../db/declaration-reads.ts';
import type { DeclarationRead, InsolvencyRead } from '../../db/declaration-reads.ts';
import { procedureKinds } from '../../db/insolvencies.ts';
import { allEyes } from '../../db/visible.ts';
import { comment, happenedBy } from '../at-the-counter.ts';
import { sendDocument } from '../documents.ts';
import { known } from '../known.ts';
import { legalDate, legalDateOf } from '../legal-date-shapes.ts';
import { mustSee } from '../policing.ts';
import { Problem } from '../problem.ts';
import type { Routes } from '../route-parts.ts';
import { civilDate, line, money, moneyOf, problems, uuid } from '../shapes.ts';
import { changed, debtorParams, onDebtor } from './debtor-facts.ts';

const claim = z.object({
  invoiceId: z.string(),
  number: z.string(),
  term: z.int(),
  issueDate: z.string().nullable(),
  performedOn: z.string().nullable(),
  dueDate: z.string(),
  because: z
    .enum(['performed', 'invoiced', 'day_unknown', 'not_split'])
    .describe('The day that says on which side of the judgment it lies.'),
  principal: money.describe('What is left of the price.'),
  interest: money
    .nullable()
    .describe('Up to the day before the judgment; null when a value of the law is missing.'),
  lumpSum: money
    .nullable()
    .describe('The fixed indemnity per invoice paid late: in euros, whatever the invoice is in.'),
});

const insolvency = z
  .object({
    id: z.string(),
    debtorId: z.string(),
    judgmentOn: z.string(),
    kind: z.enum(procedureKinds).nullable(),
    publishedOn: z.string().nullable().describe('In the BODACC: the terms run from it.'),
    administrator: z.string().nullable(),
    court: z.string().nullable(),
    lawMissing: z
      .string()
      .nullable()
      .describe('The value of the law without which no last day can be said; null when none is missing.'),
    declarations: z
      .array(
        z.object({
          creditorId: z.string(),
          creditorName: z.string(),
          sentOn: z.string().nullable().describe('null: it has still to be sent.'),
          taskId: z
            .string()
            .nullable()
            .describe('The open task to declare; its outcome says that it was done.'),
          lastDay: legalDate.nullable().describe('null before the publication is known.'),
          relief: legalDate.nullable(),
          retentionOfTitle: legalDate.nullable(),
          claims: z
            .array(claim)
            .describe(
              'What was sent stands as it was stated. What has come to be owed of it since has still to be: it is on the line without a day, with what lies beyond.',
            ),
          totals: z.array(money).describe('All of it, one per currency.'),
        }),
      )
      .describe(
        'The claims of before the judgment, for each creditor: what was declared, with its day, and what has still to be.',
      ),
    later: z.array(claim).describe('Claims born after the judgment: they go on as usual.'),
  })
  .meta({ id: 'Insolvency' });

/**
 * The insolvency of a debtor: its judgment and publication, and what has to be declared by when.
 *
 * The judgment silences every claim born before it, in the transaction that records it; those born after it go on.
 */
export const insolvencyRoutes: Routes = async (app, { house }) => {
  app.post(
    '/debtors/:debtorId/insolvency',
    {
      schema: {
        summary:
          'Record an opening judgment, or what is learnt of it later: contact about earlier claims stops at once',
        tags: ['debtors'],
        params: debtorParams,
        body: z.strictObject({
          judgmentOn: civilDate,
          kind: z.enum(procedureKinds).nullish(),
          publishedOn: civilDate
            .nullish()
            .describe('Of its publication in the BODACC: the days to declare run from it.'),
          administrator: line(300).nullish().describe('To whom the claim is declared.'),
          court: line(200).nullish(),
          comment,
        }),
        response: { 201: changed, ...problems(404) },
      },
    },
    async (request, reply) => {
      const { debtorId } = request.params;
      const { comment: words, ...given } = request.body;
      const answer = await onDebtor(
        request,
        house,
        debtorId,
        (desk) => {
          happenedBy('judgmentOn', given.judgmentOn, desk.now);
          if (given.publishedOn) {
            happenedBy('publishedOn', given.publishedOn, desk.now);
            if (given.publishedOn < given.judgmentOn)
              throw Problem.invalid(
                'publishedOn',
                'lies before the judgment',
                'Give the day of the announcement in the BODACC.',
              );
          }
          return changeDebtor(
            desk,
            debtorId,
            { insolvency: { ...known(given), judgmentOn: given.judgmentOn } },
            request.caller.author,
          );
        },
        words,
      );
      return reply.code(201).send(answer);
    },
  );

  app.get(
    '/debtors/:debtorId/insolvency',
    {
      schema: {
        summary: 'The insolvency of a debtor, with the data of each declaration and its last day',
        tags: ['debtors'],
        params: debtorParams,
        response: {
          200: z.object({ insolvency: insolvency.nullable().describe('null: he is in no procedure.') }),
          ...problems(404),
        },
      },
    },
    async (request) => {
      const { debtorId } = request.params;
      await mustSee(house.db, request, 'debtor', debtorId);
      const found = await readInsolvency(request.eyes, house.db, debtorId);
      if (!found) return { insolvency: null };
      const { row, lawMissing, declarations, later } = found;
      const read = {
        id: row.id,
        debtorId,
        judgmentOn: row.judgment_on,
        kind: row.kind,
        publishedOn: row.published_on,
        administrator: row.administrator,
        court: row.court,
        lawMissing,
        declarations: declarations.map((one) => ({
          creditorId: one.creditorId,
          creditorName: one.creditorName,
          sentOn: one.sentOn,
          taskId: one.taskId,
          lastDay: one.dates && legalDateOf(one.dates.declaration),
          relief: one.dates && legalDateOf(one.dates.relief),
          retentionOfTitle: one.dates && legalDateOf(one.dates.retentionOfTitle),
          claims: one.claims.map(claimOf),
          totals: one.totals.map(({ cents, currency }) => moneyOf(cents, currency)),
        })),
        later: later.map(claimOf),
      };
      return { insolvency: read };
    },
  );

  app.get(
    '/debtors/:debtorId/insolvency/declarations/:creditorId',
    {
      schema: {
        summary:
          'The declaration of a creditor’s claims as a PDF to be signed, in French as the procedure is',
        tags: ['debtors'],
        params: debtorParams.extend({ creditorId: uuid }),
        querystring: z.strictObject({
          sentOn: civilDate
            .optional()
            .describe(
              'What was declared on that day. Absent: what has still to be declared; where nothing has, what was declared last.',
            ),
        }),
        response: {
          200: { description: 'The document.', content: { 'application/pdf': { schema: z.any() } } },
          ...problems(404, 409),
        },
      },
    },
    async (request, reply) => {
      const { debtorId, creditorId } = request.params;
      await mustSee(house.db, request, 'debtor', debtorId);
      const found = await readInsolvency(request.eyes, house.db, debtorId);
      const whole = request.eyes.sees === 'all' ? found : await readInsolvency(allEyes, house.db, debtorId);
      const { sentOn } = request.query;
      const seen = found && chosen(found, creditorId, sentOn);
      const all = whole && chosen(whole, creditorId, sentOn);
      if (!found || !seen)
        throw Problem.conflict(
          'no-declaration',
          'There is nothing to declare.',
          'This creditor has no such declaration in an insolvency of this debtor.',
          'GET …/insolvency lists what was declared, and what has still to be.',
        );
      if (seen.claims.length !== all?.claims.length)
        throw Problem.conflict(
          'declaration-of-others',
          'A declaration is drawn for whoever sees all claims of the creditor.',
          'This creditor has claims against this debtor that others look after: without them it would lose them.',
          'Ask somebody who sees them all.',
        );
      const drawn = await drawDeclarations(house.db, house, found, creditorId, await house.clock.now());
      const declaration = drawn.find((one) => one.sentOn === seen.sentOn);
      if (!declaration) throw new Error(`declaration of ${creditorId} in insolvency ${found.row.id}`);
      const document = { media_type: 'application/pdf', bytes: await declarationPdf(declaration) };
      return sendDocument(reply, { name: nameOfDeclaration(declaration), ...document }, 'attachment');
    },
  );
};

/** The declaration of that day, else what has still to be declared, else what was declared last. */
function chosen(
  { declarations }: InsolvencyRead,
  creditorId: string,
  sentOn: string | undefined,
): DeclarationRead | undefined {
  const own = declarations.filter((one) => one.creditorId === creditorId);
  if (sentOn !== undefined) return own.find((one) => one.sentOn === sentOn);
  const sent = own.sort((a, b) => ((a.sentOn ?? '') < (b.sentOn ?? '') ? -1 : 1));
  return own.find((one) => one.sentOn === null) ?? sent.at(-1);
}

function claimOf({
  principalCents,
  interestCents,
  lumpSumCents,
  currency,
  ...rest
}: DeclarationRead['claims'][number]): z.infer<typeof claim> {
  return {
    ...rest,
    principal: moneyOf(principalCents, currency),
    interest: interestCents === null ? null : moneyOf(interestCents, currency),
    lumpSum: lumpSumCents === null ? null : moneyOf(lumpSumCents, lumpSumCurrency),
  };
}
