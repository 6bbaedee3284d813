import { sql } from 'kysely';
import { uuidv7 } from './uuid.ts';
import { approvalsOf } from '../domain/approval/approval.ts';
import { recordOf } from '../domain/collection.ts';
import type { Collection } from '../domain/collection.ts';
import type { Fact } from '../domain/fact.ts';
import { stepOf } from '../domain/scenario.ts';
import { bankDataCameTo } from './bank-data.ts';
import { declarationsChanged } from './declarations.ts';
import type { Desk, InvoiceFile } from './desk.ts';
import { followDiscount } from './discount-follow.ts';
import { followDisputes, projectDispute } from './disputes.ts';
import { followLitigation } from './litigation-follow.ts';
import { paidOn } from './ledger.ts';
import { promiseAfter } from './promise-after.ts';

/**
 * What a fact changes in the tables that lists read: promises, disputes, holds, tasks, requests at the door.
 *
 * They say nothing that the log does not say; they exist because a list can't fold a thousand logs. Written in the
 * fact's own transaction, so no list ever disagrees with the file behind it.
 */
export async function project(desk: Desk, file: InvoiceFile, before: Collection, fact: Fact): Promise<void> {
  await projectFact(desk, file, before, fact);
  await withdrawMootTasks(desk, file, before);
  await endApprovals(desk, file, before, fact);
  if (fact.type !== 'stepWithdrawn') await withdrawLetGo(desk, file, before);
  await followPromise(desk, before, file.collection, fact);
  followDisputes(desk, file, before, fact);
  await followLitigation(desk, file, before, fact);
  await followDiscount(desk, before, file, fact);
  // What comes to be owed of a claim that was declared is in no declaration.
  if (file.collection.balanceCents > before.balanceCents) await declarationsChanged(desk, file.debtorId);
  // What changes the debt of a plan is looked at by the plan.
  const { plan } = before;
  if (plan && file.collection.plan && before.balanceCents !== file.collection.balanceCents)
    desk.attend({ kind: 'plan', id: plan.planId, debtorId: file.debtorId });
}

async function projectFact(desk: Desk, file: InvoiceFile, before: Collection, fact: Fact): Promise<void> {
  const { tx, now } = desk;
  const at = new Date(now);
  switch (fact.type) {
    case 'promiseMade': {
      const { promiseId, amountCents, promisedOn, graceDays, toleranceCents, exceeding } = fact;
      const row = {
        id: promiseId,
        invoice_id: file.id,
        amount_cents: amountCents,
        made_at: at,
        promised_on: promisedOn,
        state: 'active' as const,
        made_by: fact.by.id,
        grace_days: graceDays ?? null,
        tolerance_cents: toleranceCents ?? 0,
        paid_before_cents: (await paidOn(tx, [file.id])).get(file.id) ?? 0,
        exceeding: exceeding ?? null,
      };
      await tx.insertInto('promise').values(row).execute();
      return;
    }
    case 'bankDataAwaited':
      await tx
        .updateTable('promise')
        .set({ bank_data_awaited: true })
        .where('id', '=', fact.promiseId)
        .where('invoice_id', '=', file.id)
        .where('state', '=', 'active')
        .execute();
      return;
    case 'paymentRecorded':
      if (fact.by.kind === 'bank' || fact.by.kind === 'import')
        await bankDataCameTo(desk, file.collection.creditorId, fact.on, fact.by);
      return;
    case 'paymentReturned':
      return unkeep(desk, file, fact);
    case 'disputeOpened':
    case 'disputeQualified':
    case 'disputeAnswered':
    case 'disputeChased':
    case 'disputeResolved':
      return projectDispute(desk, file, fact);
    case 'holdPlaced':
      await tx
        .insertInto('invoice_hold')
        .values({
          id: fact.holdId,
          invoice_id: file.id,
          reason: fact.reason,
          until: fact.until,
          placed_at: at,
          placed_by: fact.by.id,
        })
        .execute();
      return;
    case 'holdLifted':
      desk.liftsHold(fact.holdId);
      return;
    case 'stepRequested':
      return requestAtTheDoor(desk, file, fact);
    case 'stepWithdrawn':
      return requestNow(desk, file, fact, 'withdrawn', fact.reason);
    case 'stepSkipped':
      return requestNow(desk, file, fact, 'withdrawn', 'skipped');
    case 'stepFailed':
      return requestNow(desk, file, fact, 'failed', fact.reason);
    case 'stepSent':
    case 'stepHanded':
    case 'stepUnconfirmed':
    case 'stepDelivered':
      return requestNow(desk, file, fact, 'done', null);
    case 'taskOpened': {
      const task = {
        id: fact.taskId,
        kind: fact.task,
        debtor_id: file.debtorId,
        creditor_id: before.creditorId,
        about: fact.about,
        due_on: fact.dueOn,
        state: 'open' as const,
        opened_at: at,
      };
      // Several invoices may share one: the claims of a creditor are declared together.
      await tx
        .insertInto('task')
        .values(task)
        .onConflict((clash) => clash.column('id').doNothing())
        .execute();
      const step = before.scenario.steps.some((candidate) => candidate.key === fact.about)
        ? fact.about
        : null;
      await tx
        .insertInto('task_invoice')
        .values({ task_id: fact.taskId, invoice_id: file.id, step })
        .onConflict((clash) => clash.columns(['task_id', 'invoice_id']).doUpdateSet({ open: true }))
        .execute();
      return;
    }
    case 'taskReminded':
      await tx
        .updateTable('task')
        .set((task) => ({ reminders: task('reminders', '+', 1) }))
        .where((task) => task.eb(task.cast<string>('id', 'text'), '=', fact.taskId))
        .execute();
      return;
    case 'taskDone':
      await tx
        .updateTable('task')
        .set({ state: 'done', outcome: fact.outcome, done_at: at, done_by: fact.by.id })
        .where('id', '=', fact.taskId)
        .where('state', '=', 'open')
        .execute();
      await settleByWord(desk, file, before, fact);
      return;
    default:
      return;
  }
}

/** A person has said whether a message left of which nobody knew: nobody asks its carrier any more. */
async function settleByWord(
  desk: Desk,
  file: InvoiceFile,
  before: Collection,
  { taskId, outcome }: Extract<Fact, { type: 'taskDone' }>,
): Promise<void> {
  if (outcome !== 'reached' && outcome !== 'not_reached') return;
  const task = before.tasks.find((candidate) => candidate.taskId === taskId);
  const record = task?.task === 'stuck' ? recordOf(before, task.about ?? '') : undefined;
  if (record?.state !== 'unconfirmed') return;
  const word =
    outcome === 'reached'
      ? ({ state: 'accepted', reason: 'declared_sent' } as const)
      : ({ state: 'cancelled', reason: 'declared_not_sent' } as const);
  const messages = desk.tx
    .selectFrom('message_line')
    .innerJoin('contact_request', 'contact_request.id', 'message_line.request_id')
    .select('message_line.message_id')
    .where('contact_request.invoice_id', '=', file.id)
    .where('contact_request.step', '=', record.step)
    .where('contact_request.occurrence', '=', record.occurrence);
  await desk.tx
    .updateTable('message')
    .set({ ...word, state_at: new Date(desk.now) })
    .where('id', 'in', messages)
    .where('state', '=', 'unknown')
    .execute();
}

/** The memory of the door: one row per asking, written anew when a withdrawn step, or another channel, is asked for. */
async function requestAtTheDoor(
  desk: Desk,
  file: InvoiceFile,
  fact: Extract<Fact, { type: 'stepRequested' }>,
): Promise<void> {
  const { scenario, debtorId, creditorId } = file.collection;
  const step = stepOf(scenario, fact.step);
  const row = {
    channel: fact.channel,
    state: 'waiting' as const,
    reason: null,
    deferred_until: null,
    approved_by: null,
    approved_digest: null,
    asked_at: new Date(desk.now),
  };
  await desk.tx
    .insertInto('contact_request')
    .values({
      ...row,
      id: uuidv7(),
      invoice_id: file.id,
      debtor_id: debtorId,
      creditor_id: creditorId,
      step: fact.step,
      occurrence: fact.occurrence,
      level: step.level,
      mode: step.mode,
      template: step.template,
      recipient: step.recipient,
    })
    .onConflict((clash) =>
      clash
        .columns(['invoice_id', 'step', 'occurrence'])
        .doUpdateSet(row)
        .where('contact_request.state', 'in', ['withdrawn', 'waiting']),
    )
    .execute();
  desk.poke(debtorId);
}

async function requestNow(
  desk: Desk,
  file: InvoiceFile,
  asked: { step: string; occurrence: number },
  state: 'withdrawn' | 'failed' | 'done',
  reason: string | null,
): Promise<void> {
  await desk.tx
    .updateTable('contact_request')
    .set({ state, reason })
    .where('invoice_id', '=', file.id)
    .where('step', '=', asked.step)
    .where('occurrence', '=', asked.occurrence)
    .execute();
}

/** What people had in hand and no longer have to do can be asked for again: its request must not stay done. */
async function withdrawLetGo(desk: Desk, file: InvoiceFile, before: Collection): Promise<void> {
  for (const record of file.collection.steps) {
    if (record.state !== 'withdrawn' || recordOf(before, record.step)?.state !== 'handed') continue;
    await requestNow(desk, file, record, 'withdrawn', 'let_go');
  }
}

/** A task that no invoice needs any more (paid, cancelled, a debtor reachable again) leaves the lists by itself. */
async function withdrawMootTasks(desk: Desk, file: InvoiceFile, before: Collection): Promise<void> {
  const kept = new Set(file.collection.tasks.map((task) => task.taskId));
  for (const { taskId } of before.tasks) {
    if (kept.has(taskId)) continue;
    await desk.tx
      .updateTable('task_invoice')
      .set({ open: false })
      .where('task_id', '=', taskId)
      .where('invoice_id', '=', file.id)
      .execute();
    await desk.tx
      .updateTable('task')
      .set({ state: 'withdrawn', done_at: new Date(desk.now) })
      .where('id', '=', taskId)
      .where('state', '=', 'open')
      .where(({ not, exists, selectFrom }) =>
        not(
          exists(
            selectFrom('task_invoice')
              .select('task_id')
              .where('task_id', '=', taskId)
              .where('open', '=', true),
          ),
        ),
      )
      .execute();
  }
}

/** A question that this file has no more is over in the lists once no other invoice has it either. */
async function endApprovals(desk: Desk, file: InvoiceFile, before: Collection, fact: Fact): Promise<void> {
  const kept = new Set(approvalsOf(file.collection).map(({ approvalId }) => approvalId));
  for (const { approvalId } of approvalsOf(before)) {
    if (kept.has(approvalId)) continue;
    // The draft that it was about is drawn up anew.
    if (fact.type === 'approvalWithdrawn') desk.poke(file.debtorId);
    await desk.tx
      .updateTable('approval_invoice')
      .set({ open: false })
      .where('approval_id', '=', approvalId)
      .where('invoice_id', '=', file.id)
      .execute();
    const end =
      fact.type === 'approvalExpired'
        ? { state: 'expired' as const }
        : {
            state: 'withdrawn' as const,
            reason: fact.type === 'approvalWithdrawn' ? fact.reason : 'closed',
          };
    await desk.tx
      .updateTable('approval')
      .set({ ...end, decided_at: new Date(desk.now) })
      .where('id', '=', approvalId)
      .where('state', '=', 'open')
      .where(({ not, exists, selectFrom }) =>
        not(
          exists(
            selectFrom('approval_invoice')
              .select('approval_id')
              .where('approval_id', '=', approvalId)
              .where('open', '=', true),
          ),
        ),
      )
      .execute();
  }
}

async function followPromise(desk: Desk, before: Collection, after: Collection, fact: Fact): Promise<void> {
  const followed = promiseAfter(before, after, fact);
  if (!followed) return;
  const { promiseId, receivedCents, state } = followed;
  await desk.tx
    .updateTable('promise')
    .set({
      received_cents: receivedCents,
      state,
      ...(state === 'active' ? {} : { bank_data_awaited: false }),
    })
    .where('id', '=', promiseId)
    .where('invoice_id', '=', after.invoiceId)
    .execute();
}

/** A promise that was kept with money that went back was not kept. */
async function unkeep(
  desk: Desk,
  file: InvoiceFile,
  { paymentId, amountCents }: Extract<Fact, { type: 'paymentReturned' }>,
): Promise<void> {
  const left = sql<number>`greatest(0, received_cents - ${amountCents})`;
  await desk.tx
    .updateTable('promise')
    .set({
      received_cents: left,
      state: sql<'broken' | 'partly_kept'>`case when ${left} > 0 then 'partly_kept' else 'broken' end`,
    })
    .where('invoice_id', '=', file.id)
    .where('state', '=', 'kept')
    .where(sql<boolean>`received_cents - ${amountCents} < amount_cents - tolerance_cents`)
    .where(({ eb, selectFrom }) =>
      eb('made_at', '<=', selectFrom('payment').select('at').where('id', '=', paymentId)),
    )
    .execute();
}
