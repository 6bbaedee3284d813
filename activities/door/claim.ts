import { sql } from 'kysely';
import { atTheDesk, ourselves } from '../../db/desk.ts';
import type { Desk } from '../../db/desk.ts';
import { readDoor } from '../../db/door.ts';
import type { DoorRecords } from '../../db/door.ts';
import type { House } from '../../db/house.ts';
import { takeStopLockShared } from '../../db/stops.ts';
import { uuidv7 } from '../../db/uuid.ts';
import { askAboutWord, waitsNoMore } from '../../db/waiting-words.ts';
import { dayAt } from '../../domain/calendar.ts';
import { cancelDrafts } from '../../db/cancel-drafts.ts';
import { hasTask } from '../../domain/collection.ts';
import { nextLook, planContacts } from '../../domain/plan-contacts.ts';
import type { ContactPlan, Group } from '../../domain/plan-contacts.ts';
import { taskDueOn } from '../../domain/task.ts';
import type { Instant } from '../../domain/time.ts';
import { claimWord } from './claim-word.ts';
import { isShown } from './draft.ts';
import { digestOf, figuresFor, occasionOf } from './figures.ts';
import type { Figures } from './figures.ts';
import { handToPerson } from './hand-to-person.ts';
import { composedFor } from './prepared.ts';
import type { Prepared } from './prepared.ts';
import { writeMessage } from './write-message.ts';

/** What the claim has decided: a message to carry now, or when to look again. */
export type Claim =
  | { readonly kind: 'claimed'; readonly messageId: string }
  | { readonly kind: 'again' }
  | { readonly kind: 'rest'; readonly lookAt: Instant | null };

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
    await askForLaw(desk, records, plan);
    for (const word of plan.words.overdue) await askAboutWord(desk, word);
    if (plan.words.ready) {
      await waitsNoMore(desk, records, [plan.words.ready.word.messageId]);
      const messageId = await claimWord(desk, records, plan.words.ready);
      return messageId === null ? { kind: 'again' } : { kind: 'claimed', messageId };
    }

    const group = plan.ready[0];
    const lookAt = nextLook(plan, desk.now);
    await lookLater(desk, debtorId, lookAt);
    if (!group) return { kind: 'rest', lookAt };

    const figures = figuresFor(records, occasionOf(group));
    if (await mustBeAskedAgain(desk, group, figures)) return { kind: 'again' };
    const composed = await composedFor(records, group, figures, prepared);
    const message = await writeMessage(desk, records, group, figures, composed, 'claimed');
    if (group.channel === 'email' || group.channel === 'sms') {
      if (group.mode !== 'manual') return { kind: 'claimed', messageId: message.id };
    }
    await handToPerson(desk, debtorId, group, message);
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
  const moot = records.view.words.filter((word) => word.moot).map(({ messageId }) => messageId);
  if (moot.length === 0) return;
  await waitsNoMore(desk, records, moot);
  const at = new Date(desk.now);
  await desk.tx
    .updateTable('message')
    .set({ state: 'cancelled', reason: 'overtaken', deferred_until: null, state_at: at })
    .where('id', 'in', moot)
    .execute();
}

/** Shows a draft to whoever approves it, composed once for the figures that it has, and again only when they change. */
async function showDraft(
  desk: Desk,
  records: DoorRecords,
  group: Group,
  prepared: Prepared | undefined,
): Promise<void> {
  const figures = figuresFor(records, occasionOf(group));
  if (await isShown(desk.tx, group, figures)) return;
  await cancelDrafts(
    desk,
    group.requests.map((request) => request.requestId),
  );
  const composed = await composedFor(records, group, figures, prepared);
  const sha256 = digestOf(figures.figures);
  await writeMessage(desk, records, group, figures, { ...composed, sha256 }, 'planned');
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
  for (const { messageId, until, reason } of plan.words.deferrals) {
    const known = records.words.find(({ id }) => id === messageId);
    if (known?.reason === reason && known.deferred_until === until) continue;
    await desk.tx
      .updateTable('message')
      .set({ reason, deferred_until: until === null ? null : new Date(until) })
      .where('id', '=', messageId)
      .execute();
  }
}

/** Nobody looks for a message that does not leave: whoever works the file is asked at once, for the date may press. */
async function askForLaw(desk: Desk, records: DoorRecords, plan: ContactPlan): Promise<void> {
  const waiting = plan.deferrals.filter(({ reason }) => reason === 'law_value_missing');
  for (const { requestId } of waiting) {
    const request = records.requests.find(({ id }) => id === requestId);
    const file = request && (await desk.file(request.invoice_id));
    if (!request || !file || hasTask(file.collection, 'stuck', request.step)) continue;
    const dueOn = taskDueOn(file.collection, 'stuck', dayAt(file.collection.calendar, desk.now));
    await desk.state(
      file.id,
      { type: 'taskOpened', taskId: uuidv7(), task: 'stuck', about: request.step, dueOn },
      ourselves,
    );
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
