import { draftIdOf } from '../domain/apply.ts';
import type { Author, Fact } from '../domain/fact.ts';
import type { Level } from '../domain/level.ts';
import type { Language } from '../domain/message.ts';
import type { Refusal } from '../domain/refusal.ts';
import { stepOf } from '../domain/scenario.ts';
import { askedCentsOf, isClosed, recordOf } from '../domain/collection.ts';
import type { Db } from './database.ts';
import type { Answers, Desk, InvoiceFile } from './desk.ts';
import { stepsOf } from './deliveries.ts';
import { uuidv7 } from './uuid.ts';

/** Whose draft it is, of which level and in which language; undefined for a message that is no draft or not here. */
export async function debtorOfDraft(
  db: Db,
  messageId: string,
): Promise<
  { readonly debtorId: string; readonly level: Level | null; readonly language: Language } | undefined
> {
  const row = await db
    .selectFrom('message')
    .select(['debtor_id', 'level', 'language'])
    .where('id', '=', messageId)
    .where('purpose', '=', 'contact')
    .executeTakeFirst();
  if (!row?.debtor_id) return undefined;
  return { debtorId: row.debtor_id, level: row.level, language: row.language === 'en' ? 'en' : 'fr' };
}

/**
 * Says yes to a draft, as it was shown: `digest` is the fingerprint of its figures.
 *
 * The word goes to each request behind the draft; when the figures change before it leaves, the door asks again. A
 * person's own words replace the paragraphs of the template, never a figure; absent, the draft's words stay as they were
 * shown, null takes those of the template again. Refused when the draft is no longer the
 * one that was shown, or none of its invoices wants it any more.
 */
export async function approveDraft(
  desk: Desk,
  messageId: string,
  word: { digest: string; freeText?: string | null },
  by: Author,
): Promise<Answers> {
  const changed = await draftHasChanged(desk, messageId, word.digest);
  if (changed) return { kind: 'refused', refusal: changed };

  const recorded: { file: InvoiceFile; fact: Fact }[] = [];
  let refusal: Refusal | null = null;
  for (const { invoiceId, requestId, step, occurrence } of await stepsOf(desk.tx, messageId)) {
    const answer = await desk.ask(invoiceId, { type: 'stepApproved', step, occurrence }, by);
    if (answer.kind === 'refused') {
      refusal ??= answer.refusal;
      continue;
    }
    const approved = {
      approved_by: by.id,
      approved_digest: word.digest,
      ...(word.freeText === undefined ? {} : { free_text: word.freeText }),
      reason: null,
      deferred_until: null,
    };
    await desk.tx.updateTable('contact_request').set(approved).where('id', '=', requestId).execute();
    recorded.push(answer);
  }
  if (recorded.length === 0)
    return {
      kind: 'refused',
      refusal: refusal ?? {
        code: 'step-not-waiting',
        message: 'No invoice of the draft waits for approval: read it again.',
      },
    };
  for (const debtorId of new Set(recorded.map(({ file }) => file.debtorId))) desk.poke(debtorId);
  return { kind: 'recorded', recorded };
}

/** Why a word about the draft of that fingerprint comes too late; null while it lies there as it was shown. */
export async function draftHasChanged(
  desk: Desk,
  messageId: string,
  digest: string,
): Promise<Refusal | null> {
  const draft = await desk.tx
    .selectFrom('message')
    .select(['state', 'sha256'])
    .where('id', '=', messageId)
    .executeTakeFirst();
  if (draft?.state === 'planned' && draft.sha256 === digest) return null;
  return {
    code: 'draft-changed',
    message: 'The draft is no longer the one that was shown: read it again.',
    field: 'digest',
  };
}

/** The invoices whose yes a draft waits for, with what it asks for. */
export async function noticeOf(
  desk: Desk,
  messageId: string,
): Promise<readonly { invoiceId: string; about: string; amountCents: number }[]> {
  const steps = await stepsOf(desk.tx, messageId);
  const files = await desk.files(steps.map(({ invoiceId }) => invoiceId));
  return steps.flatMap(({ invoiceId, step, occurrence }) => {
    const file = files.find(({ id }) => id === invoiceId);
    const record = file && recordOf(file.collection, step);
    const isWaiting = record?.state === 'requested' && record.occurrence === occurrence;
    const about = draftIdOf({ step, occurrence });
    return file && isWaiting ? [{ invoiceId, about, amountCents: askedCentsOf(file.collection) }] : [];
  });
}

export type SampleAnswer =
  | { readonly kind: 'planned'; readonly messageId: string }
  | { readonly kind: 'refused'; readonly refusal: Refusal };

/** Plans a sample of a step for one of our own people: what the debtor would get today. The door composes and sends it. */
export async function planSample(
  desk: Desk,
  file: InvoiceFile,
  key: string,
  to: { userId: string; email: string | null },
): Promise<SampleAnswer> {
  const { collection } = file;
  if (isClosed(collection))
    return {
      kind: 'refused',
      refusal: {
        code: 'invoice-closed',
        message:
          'The invoice is closed, so there is nothing that a message would ask for: choose an open one.',
      },
    };
  const known = collection.scenario.steps
    .filter(({ channel }) => channel !== 'internal')
    .map((candidate) => candidate.key);
  if (!known.includes(key))
    return {
      kind: 'refused',
      refusal: {
        code: 'step-unknown',
        message: `Scenario ${collection.scenario.id} sends nothing with step "${key}": give one of ${known.join(', ')}.`,
        field: 'step',
      },
    };
  if (to.email === null)
    return {
      kind: 'refused',
      refusal: {
        code: 'address-missing',
        message: 'You have no mail address here: an administrator adds one to your user.',
      },
    };

  const step = stepOf(collection.scenario, key);
  const messageId = uuidv7();
  const at = new Date(desk.now);
  await desk.tx
    .insertInto('message')
    .values({
      id: messageId,
      key: `sample/${messageId}`,
      purpose: 'sample',
      creditor_id: collection.creditorId,
      debtor_id: collection.debtorId,
      user_id: to.userId,
      channel: step.channel,
      language: collection.debtor.language,
      level: step.level,
      template: step.template,
      state: 'planned',
      planned_at: at,
      state_at: at,
      figures: '{}',
      recipient: to.email,
      sha256: '',
    })
    .execute();
  const line = {
    message_id: messageId,
    invoice_id: file.id,
    fact: collection.fact,
    balance_cents: collection.balanceCents,
    asked_cents: askedCentsOf(collection),
    open: false,
  };
  await desk.tx.insertInto('message_line').values(line).execute();
  desk.poke(collection.debtorId);
  return { kind: 'planned', messageId };
}
