import { askedCentsOf } from '../domain/collection.ts';
import { discountHold } from '../domain/discount/discount.ts';
import type { Author, Fact, PlanOutcome } from '../domain/fact.ts';
import { silencedByJudgmentOn } from '../domain/insolvency/claim-side.ts';
import { problemOfDelay, problemOfInstalments } from '../domain/plan/instalments.ts';
import type { Instalment } from '../domain/plan/instalments.ts';
import { earlierClaim } from '../domain/refusal.ts';
import type { Refusal } from '../domain/refusal.ts';
import type { CivilDate } from '../domain/time.ts';
import { todayOf } from './debtors.ts';
import type { Answers, Desk, InvoiceFile } from './desk.ts';
import { paidOfPrice } from './ledger.ts';
import { cameOfPlan, wholePlan } from './plan-reads.ts';
import { uuidv7 } from './uuid.ts';

/** Working days after a due day before a plan is broken, where nobody says otherwise. */
export const planGraceDays = 5;
/** With so many instalments missed a plan is broken at once. */
export const planMissedMax = 2;

/** Ways of accepting that leave something to show: whoever accepts admits the debt. */
const writtenWays: readonly string[] = ['signed', 'email', 'portal'];

export interface NewPlan {
  readonly files: readonly InvoiceFile[];
  readonly instalments: readonly Instalment[];
  readonly graceDays: number;
  readonly missedMax: number;
  /** Why a person who may decide lets it give more time than others may; a code. */
  readonly exceeding?: string;
}

export type PlanAnswer = Answers<{ readonly planId: string }>;

/**
 * Instalment plans: the debt of one debtor towards one creditor in dated amounts.
 *
 * A plan is proposed, accepted by the debtor, and runs until it is paid, broken or withdrawn; from its acceptance on its
 * invoices are silent. What is due about it is a rule of the domain (`next-of-plan.ts`), asked by its own workflow.
 */
export async function proposePlan(desk: Desk, plan: NewPlan, by: Author): Promise<PlanAnswer> {
  const [first] = plan.files;
  if (!first) throw new Error('a plan is about at least one invoice');
  const parts = plan.files.map((file) => ({ file, amountCents: askedCentsOf(file.collection) }));
  const amountCents = parts.reduce((sum, part) => sum + part.amountCents, 0);
  const closed = parts.find((part) => part.amountCents <= 0);
  if (closed)
    return refused('invoice-closed', `Nothing is asked for on invoice ${closed.file.number}: leave it out.`);
  const judgedOn = parts.map(({ file }) => silencedByJudgmentOn(file.collection)).find((on) => on !== null);
  if (judgedOn) return { kind: 'refused', refusal: earlierClaim(judgedOn) };
  const taken = parts.find(({ file }) => file.collection.plan);
  if (taken) return refused('in-plan', `Invoice ${taken.file.number} is in a plan: withdraw that first.`);
  const offered = refusalWhileOffered(plan.files);
  if (offered) return offered;
  const today = await todayOf(desk, first.debtorId);
  const problem = problemOfInstalments(plan.instalments, amountCents, today);
  if (problem) return refused('plan-impossible', problem.message, problem.field);
  const delay = problemOfDelay(plan.instalments, today, plan.exceeding !== undefined);
  if (delay) return refused('plan-too-long', delay, 'instalments');

  const planId = uuidv7();
  const { creditorId, currency } = first.collection;
  const { promise_tolerance_cents: toleranceCents } = await desk.tx
    .selectFrom('creditor')
    .select('promise_tolerance_cents')
    .where('id', '=', creditorId)
    .executeTakeFirstOrThrow();
  await desk.tx
    .insertInto('plan')
    .values({
      id: planId,
      debtor_id: first.debtorId,
      creditor_id: creditorId,
      currency,
      amount_cents: amountCents,
      state: 'proposed',
      grace_days: plan.graceDays,
      missed_max: plan.missedMax,
      tolerance_cents: toleranceCents,
      proposed_at: new Date(desk.now),
      proposed_by: by.id,
    })
    .execute();
  await desk.tx
    .insertInto('plan_invoice')
    .values(
      parts.map((part) => ({ plan_id: planId, invoice_id: part.file.id, amount_cents: part.amountCents })),
    )
    .execute();
  await desk.tx
    .insertInto('plan_instalment')
    .values(
      plan.instalments.map(({ number, dueOn, amountCents: cents }) => ({
        plan_id: planId,
        number,
        due_on: dueOn,
        amount_cents: cents,
      })),
    )
    .execute();
  const exceeding = plan.exceeding === undefined ? {} : { exceeding: plan.exceeding };
  const instalments = plan.instalments
    .map(({ number, dueOn, amountCents: cents }) => ({ number, dueOn, amountCents: cents }))
    .sort((one, other) => one.number - other.number);
  for (const { file } of parts)
    await desk.note(file.id, 'planProposed', { planId, instalments, ...exceeding, by });
  return { kind: 'recorded', planId, recorded: [] };
}

/** The debtor accepts: every invoice hears of it and falls silent, and the plan is watched from now on. */
export async function acceptPlan(
  desk: Desk,
  planId: string,
  accepted: { readonly on: CivilDate; readonly how: string },
  by: Author,
): Promise<PlanAnswer> {
  const { plan, parts, instalments } = await wholePlan(desk.tx, planId);
  if (plan.state !== 'proposed')
    return refused('plan-not-open', `The plan is ${plan.state}: propose another one.`);
  const files = await desk.files(parts.map((part) => part.invoice_id));
  const moved = parts.find((part) => {
    const file = files.find(({ id }) => id === part.invoice_id);
    return !file || askedCentsOf(file.collection) !== part.amount_cents;
  });
  if (moved)
    return refused(
      'plan-outdated',
      'What is owed has changed since the plan was proposed: withdraw it and propose another.',
    );
  const offered = refusalWhileOffered(files);
  if (offered) return offered;
  const paid = await paidOfPrice(
    desk.tx,
    files.map(({ id }) => id),
  );
  for (const file of files)
    await desk.tx
      .updateTable('plan_invoice')
      .set({
        balance_before_cents: file.collection.balanceCents,
        paid_before_cents: paid.get(file.id) ?? 0,
      })
      .where('plan_id', '=', planId)
      .where('invoice_id', '=', file.id)
      .execute();
  await desk.tx
    .updateTable('plan')
    .set({
      state: 'running',
      accepted_on: accepted.on,
      accepted_how: accepted.how,
      accepted_by: by.id,
      started_at: new Date(desk.now),
    })
    .where('id', '=', planId)
    .execute();

  const recorded: { file: InvoiceFile; fact: Fact }[] = [];
  for (const part of parts) {
    const answer = await desk.ask(
      part.invoice_id,
      {
        type: 'planStarted',
        planId,
        amountCents: part.amount_cents,
        instalments: instalments.length,
        endsOn: instalments.at(-1)?.due_on ?? accepted.on,
        ...(writtenWays.includes(accepted.how) ? { writtenOn: accepted.on } : {}),
      },
      by,
    );
    if (answer.kind === 'refused') return answer;
    recorded.push({ file: answer.file, fact: answer.fact });
  }
  desk.attend({ kind: 'plan', id: planId, debtorId: plan.debtor_id });
  return { kind: 'recorded', planId, recorded };
}

/** Ends a plan for all its invoices; of one that was only proposed they never heard. */
export async function endPlan(
  desk: Desk,
  planId: string,
  outcome: PlanOutcome,
  by: Author,
  reason: string | null = null,
): Promise<PlanAnswer> {
  const { plan, parts } = await wholePlan(desk.tx, planId);
  if (plan.state !== 'proposed' && plan.state !== 'running')
    return refused('plan-not-open', `The plan is ${plan.state} already.`);
  await desk.tx
    .updateTable('plan')
    .set({ state: outcome, ended_at: new Date(desk.now), ended_by: by.id, reason, bank_data_awaited: false })
    .where('id', '=', planId)
    .execute();
  const recorded: { file: InvoiceFile; fact: Fact }[] = [];
  for (const file of await desk.files(parts.map((part) => part.invoice_id))) {
    if (plan.state === 'proposed') await desk.note(file.id, 'planWithdrawn', { planId, by });
    else recorded.push({ file, fact: await desk.state(file.id, { type: 'planEnded', planId, outcome }, by) });
  }
  if (plan.state === 'running') desk.attend({ kind: 'plan', id: planId, debtorId: plan.debtor_id });
  return { kind: 'recorded', planId, recorded };
}

/**
 * Money of these invoices went back: a plan that had been paid with it was not kept. Its invoices are owed again by the
 * return itself; here the plan is called what it was, for the list and the debtor's record.
 */
export async function unkeepPlans(desk: Desk, invoiceIds: readonly string[], by: Author): Promise<void> {
  if (invoiceIds.length === 0) return;
  const rows = await desk.tx
    .selectFrom('plan')
    .select(['plan.id', 'tolerance_cents'])
    .distinct()
    .innerJoin('plan_invoice', 'plan_invoice.plan_id', 'plan.id')
    .where('plan.state', '=', 'finished')
    .where('plan_invoice.invoice_id', 'in', invoiceIds)
    .execute();
  for (const { id, tolerance_cents: toleranceCents } of rows) {
    const whole = await wholePlan(desk.tx, id);
    if ((await cameOfPlan(desk.tx, whole)).openCents <= toleranceCents) continue;
    await desk.tx
      .updateTable('plan')
      .set({ state: 'broken', reason: 'money_came_back' })
      .where('id', '=', id)
      .execute();
    for (const { invoice_id: invoiceId } of whole.parts)
      if (invoiceIds.includes(invoiceId)) await desk.note(invoiceId, 'planUnkept', { planId: id, by });
  }
}

/** Nobody is given two papers of which one says that he pays all of it, and the other that a part settles it. */
function refusalWhileOffered(files: readonly InvoiceFile[]): PlanAnswer | null {
  const one = files.find(({ collection }) => collection.holds.some(({ reason }) => reason === discountHold));
  if (!one) return null;
  return refused(
    'discount-open',
    `A discount is offered on invoice ${one.number}: lift its hold to take it back.`,
  );
}

function refused(code: Refusal['code'], message: string, field?: string): PlanAnswer {
  return { kind: 'refused', refusal: field === undefined ? { code, message } : { code, message, field } };
}
