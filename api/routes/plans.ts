import { z } from 'zod';
import {
  acceptPlan,
  cameOfPlan,
  endPlan,
  planGraceDays,
  planMissedMax,
  planReference,
  planWith,
  proposePlan,
  wholePlan,
} from '../../db/plans.ts';
import { planAgreementPdf } from '../../activities/compose/plan-agreement.ts';
import type { PlanAgreement } from '../../activities/compose/plan-agreement.ts';
import { dayInZone } from '../../db/calendars.ts';
import type { Db, Tx } from '../../db/database.ts';
import type { House } from '../../db/house.ts';
import { languages } from '../../domain/message.ts';
import type { Language } from '../../domain/message.ts';
import { sendDocument } from '../documents.ts';
import { debtorsOfInvoices } from '../../db/payments.ts';
import { onlySeen } from '../../db/visible.ts';
import { askedCentsOf } from '../../domain/collection.ts';
import { equalInstalments, instalmentsMax } from '../../domain/plan/instalments.ts';
import { progressOf } from '../../domain/plan/plan-progress.ts';
import type { Routes } from '../route-parts.ts';
import { happenedBy, reasonCode, said, unlessRefused } from '../at-the-counter.ts';
import { atTheDeskOnce } from '../idempotency.ts';
import { mustSee } from '../policing.ts';
import { Problem } from '../problem.ts';
import { civilDate, instant, instantOf, money, moneyOf, problems, recorded, uuid } from '../shapes.ts';
import { ofOneAccount } from './promises.ts';

const planParams = z.object({ planId: uuid });

const plan = z
  .object({
    id: z.string(),
    debtorId: z.string(),
    creditorId: z.string(),
    state: z.enum(['proposed', 'running', 'finished', 'broken', 'withdrawn']),
    amount: money,
    late: z.boolean().describe('An instalment was missed and not made good.'),
    lateSince: z.string().nullable(),
    graceDays: z.int().describe('Working days after a due day before the plan is broken.'),
    missedMax: z.int().describe('With so many instalments missed it is broken at once.'),
    acceptedOn: z.string().nullable(),
    acceptedHow: z.string().nullable(),
    proposedAt: instant,
    endedAt: instant.nullable(),
    invoices: z.array(z.object({ id: z.string(), number: z.string(), amount: money })),
    instalments: z.array(
      z.object({
        number: z.int(),
        dueOn: z.string(),
        amount: money,
        paid: money,
        missedOn: z.string().nullable().describe('The day on which it was found missed.'),
      }),
    ),
  })
  .meta({ id: 'Plan' });

const amounts = z
  .array(
    z.strictObject({
      dueOn: civilDate,
      amount: z.int().positive('give integer cents above 0').max(Number.MAX_SAFE_INTEGER),
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
          })
          .refine(({ equal, instalments }) => (equal === undefined) !== (instalments === undefined), {
            path: ['instalments'],
            error: 'give either equal or instalments',
          }),
        response: { 201: plan, ...problems(404, 409) },
      },
    },
    async (request, reply) => {
      const { invoiceIds, equal, instalments, graceDays, missedMax } = request.body;
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
          await proposePlan(desk, { files, instalments: dated, graceDays, missedMax }, request.caller.author),
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
          on: civilDate,
          how: z.enum(['signed', 'email', 'telephone', 'portal', 'other']),
        }),
        response: { 201: plan.extend({ heard: z.array(recorded) }), ...problems(404, 409) },
      },
    },
    async (request, reply) => {
      const { planId } = request.params;
      const found = await planWith(house.db, planId);
      if (!found) throw Problem.notFound('plan', planId);
      const answer = await atTheDeskOnce(request, house, [found.debtor_id], async (desk) => {
        happenedBy('on', request.body.on, desk.now);
        const accepted = unlessRefused(await acceptPlan(desk, planId, request.body, request.caller.author));
        return {
          ...(await planOf(desk.tx, planId)),
          heard: accepted.recorded.map((one) => said(request, desk, one)),
        };
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
        response: { 201: plan.extend({ heard: z.array(recorded) }), ...problems(404, 409) },
      },
    },
    async (request, reply) => {
      const { planId } = request.params;
      const found = await planWith(house.db, planId);
      if (!found) throw Problem.notFound('plan', planId);
      const answer = await atTheDeskOnce(request, house, [found.debtor_id], async (desk) => {
        const ended = unlessRefused(
          await endPlan(desk, planId, 'withdrawn', request.caller.author, request.body.reason),
        );
        return {
          ...(await planOf(desk.tx, planId)),
          heard: ended.recorded.map((one) => said(request, desk, one)),
        };
      });
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
      const rows = await house.db
        .selectFrom('plan')
        .select('plan.id')
        .where('debtor_id', '=', debtorId)
        .$call(onlySeen(request.eyes, 'plan'))
        .orderBy('plan.id', 'desc')
        .limit(100)
        .execute();
      return { items: await Promise.all(rows.map(({ id }) => planOf(house.db, id))) };
    },
  );
};

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

async function planOf(db: Db | Tx, planId: string): Promise<z.infer<typeof plan>> {
  const whole = await wholePlan(db, planId);
  const { plan: row, parts, instalments } = whole;
  const { paidCents, creditedCents } = await cameOfPlan(db, whole);
  const progress = progressOf(
    instalments.map((one) => ({ number: one.number, dueOn: one.due_on, amountCents: one.amount_cents })),
    paidCents,
    creditedCents,
  );
  return {
    id: row.id,
    debtorId: row.debtor_id,
    creditorId: row.creditor_id,
    state: row.state,
    amount: moneyOf(row.amount_cents, row.currency),
    late: row.late_since !== null,
    lateSince: row.late_since,
    graceDays: row.grace_days,
    missedMax: row.missed_max,
    acceptedOn: row.accepted_on,
    acceptedHow: row.accepted_how,
    proposedAt: instantOf(row.proposed_at),
    endedAt: instantOf(row.ended_at),
    invoices: parts.map((part) => ({
      id: part.invoice_id,
      number: part.number,
      amount: moneyOf(part.amount_cents, row.currency),
    })),
    instalments: progress.map((one) => ({
      number: one.number,
      dueOn: one.dueOn,
      amount: moneyOf(one.askedCents, row.currency),
      paid: moneyOf(one.paidCents, row.currency),
      missedOn: instalments.find(({ number }) => number === one.number)?.missed_on ?? null,
    })),
  };
}
