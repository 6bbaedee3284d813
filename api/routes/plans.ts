import type { FastifyRequest } from 'fastify';
import { z } from 'zod';
import { listPlans, planReference, planWith, wholePlan } from '../../db/plan-reads.ts';
import type { PlanPlace } from '../../db/plan-reads.ts';
import { acceptPlan, endPlan, planGraceDays, planMissedMax, proposePlan } from '../../db/plans.ts';
import type { PlanAnswer } from '../../db/plans.ts';
import { planAgreementPdf } from '../../activities/compose/plan-agreement.ts';
import type { PlanAgreement } from '../../activities/compose/plan-agreement.ts';
import { dayInZone } from '../../db/calendars.ts';
import type { Desk } from '../../db/desk.ts';
import type { House } from '../../db/house.ts';
import { languages } from '../../domain/message.ts';
import type { Language } from '../../domain/message.ts';
import { sendDocument } from '../documents.ts';
import { todayOf } from '../../db/debtors.ts';
import { debtorsOfInvoices } from '../../db/payments.ts';
import { askedCentsOf } from '../../domain/collection.ts';
import { equalInstalments, instalmentsMax } from '../../domain/plan/instalments.ts';
import { centsMax } from '../../domain/cents-max.ts';
import type { Routes } from '../route-parts.ts';
import { happenedBy, reasonCode, said, unlessRefused } from '../at-the-counter.ts';
import { cursorAfter, pageOf, readCursor } from '../cursor.ts';
import { atTheDeskOnce } from '../idempotency.ts';
import { known } from '../known.ts';
import { plan, planOf, planState, plansOf } from '../plan-shapes.ts';
import { mustSee } from '../policing.ts';
import { Problem } from '../problem.ts';
import { civilDate, flag, page, paging, problems, recorded, uuid } from '../shapes.ts';
import { ofOneAccount } from './promises.ts';

const planParams = z.object({ planId: uuid });

const changedPlan = plan.extend({ heard: z.array(recorded) });

const amounts = z
  .array(
    z.strictObject({
      dueOn: civilDate,
      amount: z.int().positive('give integer cents above 0').max(centsMax),
    }),
  )
  .min(1)
  .max(instalmentsMax);

/**
 * Instalment plans: proposed, accepted by the debtor, kept or broken.
 *
 * While a plan runs its invoices are silent; an instalment that is missed makes it late and its owner is told; broken, the
 * scenario of each invoice goes on where it was left.
 */
export const planRoutes: Routes = async (app, { house }) => {
  app.post(
    '/plans',
    {
      schema: {
        summary: 'Propose an instalment plan over invoices of a debtor towards one creditor',
        tags: ['facts'],
        body: z
          .strictObject({
            invoiceIds: z
              .array(uuid)
              .min(1)
              .max(100)
              .refine((ids) => new Set(ids).size === ids.length, { error: 'name each invoice once' }),
            equal: z
              .strictObject({ count: z.int().min(1).max(instalmentsMax), firstOn: civilDate })
              .optional()
              .describe('So many equal instalments, a month apart; what does not divide stands in the last.'),
            instalments: amounts
              .optional()
              .describe(
                'Dated amounts in cents, in their order; together all that is asked on the invoices.',
              ),
            graceDays: z.int().min(0).max(30).default(planGraceDays),
            missedMax: z.int().min(1).max(instalmentsMax).default(planMissedMax),
            override: z
              .strictObject({ reason: reasonCode })
              .optional()
              .describe(
                'Lets the plan begin, or pause, for more than 92 days. For credit managers and admins; the reason is recorded.',
              ),
          })
          .refine(({ equal, instalments }) => (equal === undefined) !== (instalments === undefined), {
            path: ['instalments'],
            error: 'give either equal or instalments',
          }),
        response: { 201: plan, ...problems(404, 409) },
      },
    },
    async (request, reply) => {
      const { invoiceIds, equal, instalments, graceDays, missedMax, override } = request.body;
      for (const id of invoiceIds) await mustSee(house.db, request, 'invoice', id);
      const debtorIds = await debtorsOfInvoices(house.db, invoiceIds);
      const answer = await atTheDeskOnce(request, house, debtorIds, async (desk) => {
        const files = await desk.files(invoiceIds);
        for (const id of invoiceIds)
          if (!files.some((file) => file.id === id)) throw Problem.notFound('invoice', id);
        ofOneAccount(files);
        const debt = files.reduce((sum, file) => sum + askedCentsOf(file.collection), 0);
        const dated = equal
          ? equalInstalments(debt, equal.count, equal.firstOn)
          : (instalments ?? []).map(({ dueOn, amount }, place) => ({
              number: place + 1,
              dueOn,
              amountCents: amount,
            }));
        const proposed = unlessRefused(
          await proposePlan(
            desk,
            {
              ...{ files, instalments: dated, graceDays, missedMax },
              ...(override === undefined ? {} : { exceeding: override.reason }),
            },
            request.caller.author,
          ),
        );
        return planOf(desk.tx, proposed.planId);
      });
      return reply.code(201).send(answer);
    },
  );

  app.post(
    '/plans/:planId/acceptance',
    {
      schema: {
        summary: 'Record that the debtor accepts a plan: it runs, and its invoices are silent',
        tags: ['facts'],
        params: planParams,
        body: z.strictObject({
          on: civilDate.optional().describe('Today, where the debtor is, when absent.'),
          how: z.enum(['signed', 'email', 'telephone', 'portal', 'other']),
        }),
        response: { 201: changedPlan, ...problems(404, 409) },
      },
    },
    async (request, reply) => {
      const { planId } = request.params;
      const { on, how } = request.body;
      const answer = await onPlan(request, house, planId, async (desk, { debtor_id: debtorId }) => {
        if (on !== undefined) happenedBy('on', on, desk.now);
        const day = on ?? (await todayOf(desk, debtorId));
        return acceptPlan(desk, planId, { on: day, how }, request.caller.author);
      });
      return reply.code(201).send(answer);
    },
  );

  app.post(
    '/plans/:planId/withdrawal',
    {
      schema: {
        summary: 'Take back a plan; its invoices go on the next working day',
        tags: ['facts'],
        params: planParams,
        body: z.strictObject({ reason: reasonCode }),
        response: { 201: changedPlan, ...problems(404, 409) },
      },
    },
    async (request, reply) => {
      const { planId } = request.params;
      const answer = await onPlan(request, house, planId, (desk) =>
        endPlan(desk, planId, 'withdrawn', request.caller.author, request.body.reason),
      );
      return reply.code(201).send(answer);
    },
  );

  app.get(
    '/plans/:planId',
    {
      schema: {
        summary: 'One instalment plan, with what has come of it',
        tags: ['work'],
        params: planParams,
        response: { 200: plan, ...problems(404) },
      },
    },
    async ({ params: { planId } }) => {
      if (!(await planWith(house.db, planId))) throw Problem.notFound('plan', planId);
      return planOf(house.db, planId);
    },
  );

  app.get(
    '/plans/:planId/agreement',
    {
      schema: {
        summary: 'The agreement on a plan as a PDF for both to sign',
        tags: ['work'],
        params: planParams,
        querystring: z.strictObject({ language: z.enum(languages).optional() }),
        response: {
          200: {
            description: 'The document.',
            content: { 'application/pdf': { schema: z.any() } },
          },
          ...problems(404),
        },
      },
    },
    async ({ params: { planId }, query }, reply) => {
      if (!(await planWith(house.db, planId))) throw Problem.notFound('plan', planId);
      const agreement = await agreementOf(house, planId, query.language);
      return sendDocument(
        reply,
        {
          name: `${agreement.reference}.pdf`,
          media_type: 'application/pdf',
          bytes: await planAgreementPdf(agreement),
        },
        'attachment',
      );
    },
  );

  app.get(
    '/debtors/:debtorId/plans',
    {
      schema: {
        summary: 'The instalment plans of a debtor, newest first, 100 at most',
        tags: ['work'],
        params: z.object({ debtorId: uuid }),
        response: { 200: z.object({ items: z.array(plan) }), ...problems(404) },
      },
    },
    async (request) => {
      const { debtorId } = request.params;
      await mustSee(house.db, request, 'debtor', debtorId);
      const ids = await listPlans(request.eyes, house.db, { debtorId }, 100);
      return { items: await plansOf(house.db, ids.slice(0, 100)) };
    },
  );

  app.get(
    '/plans',
    {
      schema: {
        summary: 'Instalment plans, the latest proposed first',
        tags: ['work'],
        querystring: z.strictObject({
          ...paging,
          state: planState.optional(),
          late: flag.optional(),
          debtor: uuid.optional(),
          creditor: uuid.optional(),
          invoice: uuid.optional(),
        }),
        response: { 200: page(plan) },
      },
    },
    async ({ query: { limit, cursor, debtor, creditor, invoice, ...asked }, eyes }) => {
      const filter = known({ ...asked, debtorId: debtor, creditorId: creditor, invoiceId: invoice });
      const after = readCursor('plans', cursor) as PlanPlace | undefined;
      const ids = await listPlans(eyes, house.db, filter, limit, after);
      return pageOf(
        await plansOf(house.db, ids),
        limit,
        (one) => one,
        (one) => cursorAfter('plans', [Date.parse(one.proposedAt), one.id]),
      );
    },
  );
};

/** Changes a plan whose debtor is locked, and answers with it and with what its invoices heard; 404 when there is none. */
async function onPlan(
  request: FastifyRequest,
  house: House,
  planId: string,
  work: (desk: Desk, found: { readonly debtor_id: string }) => Promise<PlanAnswer>,
): Promise<z.infer<typeof changedPlan>> {
  const found = await planWith(house.db, planId);
  if (!found) throw Problem.notFound('plan', planId);
  return atTheDeskOnce(request, house, [found.debtor_id], async (desk) => {
    const changed = unlessRefused(await work(desk, found));
    return {
      ...(await planOf(desk.tx, planId)),
      heard: changed.recorded.map((one) => said(request, desk, one)),
    };
  });
}

/** What the agreement states, in the debtor's language unless another is asked for. */
async function agreementOf(
  house: House,
  planId: string,
  language: Language | undefined,
): Promise<PlanAgreement> {
  const { plan: row, parts, instalments } = await wholePlan(house.db, planId);
  const creditor = await house.db
    .selectFrom('creditor')
    .selectAll()
    .where('id', '=', row.creditor_id)
    .executeTakeFirstOrThrow();
  const debtor = await house.db
    .selectFrom('debtor')
    .selectAll()
    .where('id', '=', row.debtor_id)
    .executeTakeFirstOrThrow();
  const contact = await house.db
    .selectFrom('contact')
    .select('address')
    .where('debtor_id', '=', debtor.id)
    .orderBy('id')
    .executeTakeFirst();
  return {
    reference: planReference(planId),
    language: language ?? (debtor.language === 'en' ? 'en' : 'fr'),
    today: dayInZone(creditor.zone, await house.clock.now()),
    currency: row.currency,
    amountCents: row.amount_cents,
    creditor: {
      name: creditor.legal_name ?? creditor.key,
      siren: creditor.siren,
      addressLines: creditor.address,
      iban: creditor.iban,
    },
    debtor: { name: debtor.name, siren: debtor.siren, addressLines: contact?.address ?? [] },
    invoices: parts.map((part) => ({
      number: part.number,
      dueDate: part.due_date,
      amountCents: part.amount_cents,
    })),
    instalments: instalments.map((one) => ({
      number: one.number,
      dueOn: one.due_on,
      amountCents: one.amount_cents,
    })),
    graceDays: row.grace_days,
    missedMax: row.missed_max,
  };
}
