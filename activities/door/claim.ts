import { createHash } from 'node:crypto';
import { sql } from 'kysely';
import { atTheDesk, ourselves } from '../../db/desk.ts';
import type { Desk } from '../../db/desk.ts';
import { readDoor } from '../../db/door.ts';
import type { DoorRecords } from '../../db/door.ts';
import type { House } from '../../db/house.ts';
import { takeStopLockShared } from '../../db/stops.ts';
import { uuidv7 } from '../../db/uuid.ts';
import { addressFor, reachOf } from '../../domain/contact.ts';
import { dayAt } from '../../domain/calendar.ts';
import type { TaskKind } from '../../domain/fact.ts';
import { nextLook, planContacts } from '../../domain/plan-contacts.ts';
import type { ContactPlan, Group } from '../../domain/plan-contacts.ts';
import { taskDueOn } from '../../domain/task.ts';
import type { Instant } from '../../domain/time.ts';
import { composeMessage } from './compose-message.ts';
import type { Composed } from './compose-message.ts';
import { digestOf, figuresFor } from './figures.ts';
import type { Figures } from './figures.ts';

/** A message composed before the lock was taken; used only if its figures still hold under it. */
export interface Prepared {
  readonly figures: Figures;
  readonly composed: Composed;
}

/** What the claim has decided: a message to carry now, or when to look again. */
export type Claim =
  | { readonly kind: 'claimed'; readonly messageId: string }
  | { readonly kind: 'again' }
  | { readonly kind: 'rest'; readonly lookAt: Instant | null };

/** Composes what would leave now, without holding anybody up; undefined when nothing would. */
export async function prepare(house: House, debtorId: string): Promise<Prepared | undefined> {
  const records = await readDoor(house.db, house, debtorId, await house.clock.now());
  if (!records) return undefined;
  const plan = planContacts(records.view);
  const group = plan.ready[0] ?? plan.drafts[0];
  if (!group) return undefined;
  const figures = figuresFor(records, occasionOf(group));
  return { figures, composed: await composeMessage(await withFreeText(records, group, figures)) };
}

/**
 * Decides, at the last moment, what may leave the debtor's door, and takes the right to send it.
 *
 * The commit is the point of no return: a payment, dispute or stop that committed before it wins over the message,
 * because all of them lock the debtor or the stop. Each invoice is asked again, with the clock of this moment, whether
 * it still wants its step; one that does not falls out, the others still go.
 */
export async function claim(house: House, debtorId: string, prepared: Prepared | undefined): Promise<Claim> {
  return atTheDesk(house, [debtorId], async (desk) => {
    await takeStopLockShared(desk.tx);
    await takeAlong(desk, debtorId);
    const records = await readDoor(desk.tx, house, debtorId, desk.now);
    if (!records) return { kind: 'rest', lookAt: null };

    await withdrawOvertaken(desk, records);
    const plan = planContacts(records.view);
    for (const group of plan.drafts) await showDraft(desk, records, group, prepared);
    await writeDeferrals(desk, records, plan);

    const group = plan.ready[0];
    const lookAt = nextLook(plan, desk.now);
    await lookLater(desk, debtorId, lookAt);
    if (!group) return { kind: 'rest', lookAt };

    const figures = figuresFor(records, occasionOf(group));
    if (await mustBeAskedAgain(desk, group, figures)) return { kind: 'again' };
    const composed = await composedFor(records, group, figures, prepared);
    const messageId = await writeMessage(desk, records, group, figures, composed, 'claimed');
    if (group.channel === 'email' || group.channel === 'sms') {
      if (group.mode !== 'manual') return { kind: 'claimed', messageId };
    }
    await handToPerson(desk, debtorId, group, messageId);
    return { kind: 'again' };
  });
}

/** Steps that fell due this very moment join the message, though their own workflows have not come to ask yet (C9). */
async function takeAlong(desk: Desk, debtorId: string): Promise<void> {
  desk.looksAt(debtorId);
  for (const { id, decision } of await desk.openFiles(debtorId)) {
    if (decision.kind !== 'act' || decision.action.do !== 'requestStep') continue;
    const { step, occurrence, channel } = decision.action;
    await desk.state(id, { type: 'stepRequested', step, occurrence, channel }, ourselves);
  }
  await desk.write();
}

async function withdrawOvertaken(desk: Desk, records: DoorRecords): Promise<void> {
  for (const request of records.overtaken) {
    const { invoice_id: invoiceId, step, occurrence } = request;
    await desk.state(invoiceId, { type: 'stepWithdrawn', step, occurrence, reason: 'overtaken' }, ourselves);
    await cancelDrafts(desk, [request.id]);
  }
}

/** A draft is composed once for the figures that it shows, and again only when they change. */
async function showDraft(
  desk: Desk,
  records: DoorRecords,
  group: Group,
  prepared: Prepared | undefined,
): Promise<void> {
  const figures = figuresFor(records, occasionOf(group));
  const requestIds = group.requests.map((request) => request.requestId);
  const shown = await desk.tx
    .selectFrom('message')
    .innerJoin('message_line', 'message_line.message_id', 'message.id')
    .select('message.sha256')
    .where('message_line.request_id', 'in', requestIds)
    .where('message.state', '=', 'planned')
    .execute();
  const digest = digestOf(figures.figures);
  if (shown.length === requestIds.length && shown.every((draft) => draft.sha256 === digest)) return;

  await cancelDrafts(desk, requestIds);
  const composed = await composedFor(records, group, figures, prepared);
  await writeMessage(desk, records, group, figures, { ...composed, sha256: digest }, 'planned');
}

async function cancelDrafts(desk: Desk, requestIds: readonly string[]): Promise<void> {
  const drafts = desk.tx
    .selectFrom('message_line')
    .select('message_id')
    .where('request_id', 'in', requestIds);
  await desk.tx
    .updateTable('message')
    .set({ state: 'cancelled', reason: 'overtaken', state_at: new Date(desk.now) })
    .where('id', 'in', drafts)
    .where('state', '=', 'planned')
    .execute();
  await desk.tx
    .updateTable('message_line')
    .set({ open: false })
    .where('request_id', 'in', requestIds)
    .execute();
}

/** What a person said yes to must be what leaves: other figures go back to him. */
async function mustBeAskedAgain(desk: Desk, group: Group, { figures }: Figures): Promise<boolean> {
  const approved = group.requests[0]?.approvedDigest ?? null;
  const requestIds = group.requests.map((request) => request.requestId);
  if (approved === null) return false;
  await cancelDrafts(desk, requestIds);
  if (approved === digestOf(figures)) return false;
  for (const { invoiceId, requestId } of group.requests) {
    const { step, occurrence } = await desk.tx
      .selectFrom('contact_request')
      .select(['step', 'occurrence'])
      .where('id', '=', requestId)
      .executeTakeFirstOrThrow();
    await desk.state(
      invoiceId,
      { type: 'stepWithdrawn', step, occurrence, reason: 'figures_changed' },
      ourselves,
    );
  }
  return true;
}

async function composedFor(
  records: DoorRecords,
  group: Group,
  figures: Figures,
  prepared: Prepared | undefined,
): Promise<Composed> {
  const asPrepared = prepared && JSON.stringify(prepared.figures.figures) === JSON.stringify(figures.figures);
  return asPrepared ? prepared.composed : composeMessage(await withFreeText(records, group, figures));
}

/** The words that a person put in place of the template's; they belong to the request that he approved. */
async function withFreeText(
  records: DoorRecords,
  group: Group,
  { figures }: Figures,
): Promise<Figures['figures']> {
  const request = records.requests.find((candidate) => candidate.id === group.requests[0]?.requestId);
  return Promise.resolve(request?.free_text ? { ...figures, freeText: request.free_text } : figures);
}

async function writeMessage(
  desk: Desk,
  records: DoorRecords,
  group: Group,
  { figures, invoices }: Figures,
  composed: Composed,
  state: 'planned' | 'claimed',
): Promise<string> {
  const id = uuidv7();
  const at = new Date(desk.now);
  const contact = records.view.contacts.find((candidate) => candidate.contactId === group.contactId);
  const recipient = (contact && addressFor(contact, reachOf(group.channel))) ?? '';
  const documentId = composed.pdf ? await writeDocument(desk, composed.pdf, group, composed.sha256) : null;
  await desk.tx
    .insertInto('message')
    .values({
      id,
      key: await messageKey(desk, group, state),
      purpose: 'contact',
      creditor_id: group.creditorId,
      debtor_id: records.debtor.id,
      contact_id: group.contactId,
      channel: group.channel,
      language: group.language,
      level: group.level,
      template: figures.template,
      state,
      planned_at: at,
      claimed_at: state === 'claimed' ? at : null,
      state_at: at,
      figures: JSON.stringify(figures),
      recipient,
      subject: composed.subject,
      body_html: composed.html,
      body_text: composed.text,
      document_id: documentId,
      sha256: composed.sha256,
    })
    .execute();
  for (const part of composed.inline)
    await desk.tx
      .insertInto('message_part')
      .values({ message_id: id, cid: part.cid, media_type: part.contentType, bytes: part.bytes })
      .execute();

  const requestOf = new Map(group.requests.map((request) => [request.invoiceId, request.requestId]));
  const lines = invoices.map(({ row, collection }, place) => ({
    message_id: id,
    invoice_id: row.id,
    request_id: requestOf.get(row.id) ?? null,
    fact: collection.fact,
    balance_cents: collection.balanceCents,
    asked_cents: figures.lines[place]?.askedCents ?? 0,
    open: requestOf.has(row.id),
  }));
  await desk.tx.insertInto('message_line').values(lines).execute();
  if (state === 'claimed')
    await desk.tx
      .updateTable('contact_request')
      .set({ state: 'claimed' })
      .where('id', 'in', [...requestOf.values()])
      .execute();
  return id;
}

/** One key per set of requests and try: a second message for the same askings can only come after the first was given up. */
async function messageKey(desk: Desk, group: Group, state: 'planned' | 'claimed'): Promise<string> {
  const [first, ...others] = [...group.requests].sort((a, b) => (a.requestId < b.requestId ? -1 : 1));
  if (!first) throw new Error('a message needs a request');
  const hash = createHash('sha256')
    .update([first, ...others].map((request) => request.requestId).join('|'))
    .digest('hex')
    .slice(0, 32);
  const { tries } = await desk.tx
    .selectFrom('message_line')
    .select(({ fn }) => fn.countAll<number>().as('tries'))
    .where('invoice_id', '=', first.invoiceId)
    .where('request_id', '=', first.requestId)
    .executeTakeFirstOrThrow();
  return `${state}/${hash}/${tries + 1}`;
}

async function writeDocument(desk: Desk, bytes: Buffer, group: Group, sha256: string): Promise<string> {
  const id = uuidv7();
  const name = `${group.level === 'formal_notice' ? 'mise-en-demeure' : 'lettre'}-${new Date(desk.now).toISOString().slice(0, 10)}.pdf`;
  await desk.tx
    .insertInto('document')
    .values({
      id,
      kind: 'letter',
      name,
      media_type: 'application/pdf',
      bytes,
      sha256,
      at: new Date(desk.now),
    })
    .execute();
  return id;
}

/** Calls, letters to post and manual steps leave the door into a person's list: one task for all their invoices. */
async function handToPerson(desk: Desk, debtorId: string, group: Group, messageId: string): Promise<void> {
  const task: TaskKind = group.channel === 'call' ? 'call' : group.mode === 'manual' ? 'manual' : 'post';
  const first = await desk.file(group.requests[0]?.invoiceId ?? '');
  if (!first) throw new Error(`message ${messageId} has no invoice`);
  const dueOn = taskDueOn(first.collection, task, dayAt(first.collection.calendar, desk.now));
  const taskId = uuidv7();
  const at = new Date(desk.now);
  await desk.tx
    .insertInto('task')
    .values({
      id: taskId,
      kind: task,
      debtor_id: debtorId,
      creditor_id: group.creditorId,
      about: null,
      due_on: dueOn,
      state: 'open',
      message_id: messageId,
      opened_at: at,
    })
    .execute();
  for (const { invoiceId, requestId } of group.requests) {
    const { step, occurrence } = await desk.tx
      .selectFrom('contact_request')
      .select(['step', 'occurrence'])
      .where('id', '=', requestId)
      .executeTakeFirstOrThrow();
    await desk.tx
      .insertInto('task_invoice')
      .values({ task_id: taskId, invoice_id: invoiceId, step, occurrence })
      .execute();
    await desk.state(
      invoiceId,
      { type: 'stepHanded', step, occurrence, messageId, taskId, task, dueOn },
      ourselves,
    );
  }
  await desk.tx
    .updateTable('message')
    .set({ state: 'accepted', provider: 'person', state_at: at })
    .where('id', '=', messageId)
    .execute();
  await desk.tx
    .updateTable('message_line')
    .set({ open: false })
    .where('message_id', '=', messageId)
    .execute();
}

async function writeDeferrals(desk: Desk, records: DoorRecords, plan: ContactPlan): Promise<void> {
  for (const { requestId, until, reason } of plan.deferrals) {
    const known = records.requests.find((request) => request.id === requestId);
    if (known?.reason === reason && known.deferred_until === until) continue;
    await desk.tx
      .updateTable('contact_request')
      .set({ reason, deferred_until: until === null ? null : new Date(until) })
      .where('id', '=', requestId)
      .execute();
  }
}

/** The sweep's safety net: should this workflow be lost, the debtor is looked at again from here. */
async function lookLater(desk: Desk, debtorId: string, lookAt: Instant | null): Promise<void> {
  const at = lookAt === null ? null : new Date(lookAt);
  const isNews =
    lookAt === null || lookAt > desk.now
      ? sql<boolean>`look_at is distinct from ${at}`
      : sql<boolean>`(look_at is null or look_at > ${at})`;
  await desk.tx.updateTable('debtor').set({ look_at: at }).where('id', '=', debtorId).where(isNews).execute();
}

function occasionOf(group: Group): Parameters<typeof figuresFor>[1] {
  return { ...group, taking: new Set(group.requests.map((request) => request.invoiceId)) };
}
