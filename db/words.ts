import { dayAt } from '../domain/calendar.ts';
import { hasTask, isClosed } from '../domain/collection.ts';
import { silencedByJudgmentOn } from '../domain/insolvency/claim-side.ts';
import type { Refusal } from '../domain/refusal.ts';
import { taskDueOn } from '../domain/task.ts';
import { addDays } from '../domain/time.ts';
import type { Instant } from '../domain/time.ts';
import { proofOf } from './audit/message-proof.ts';
import type { WhatLeft } from './audit/message-proof.ts';
import type { Db, Tx } from './database.ts';
import { ourselves } from './desk.ts';
import type { Desk, InvoiceFile } from './desk.ts';
import type { MessageState } from './schema.ts';
import { uuidv7 } from './uuid.ts';

/** Days after its decision in which a dispute is still written about: afterwards a word would be dunning without rules. */
const lastWordDays = 10;

/** Why nothing is sent to the debtor about that dispute any more; null while something may be. */
export async function refusalOfWord(
  { tx, now }: Desk,
  { collection }: InvoiceFile,
  disputeId: string,
): Promise<Refusal | null> {
  if (isClosed(collection))
    return {
      code: 'invoice-closed',
      message:
        'The invoice is closed, so nothing is sent about it: record with send=false what was said otherwise.',
      field: 'send',
    };
  const judgmentOn = silencedByJudgmentOn(collection);
  if (judgmentOn !== null)
    return {
      code: 'claim-insolvent',
      message: `The claim is older than the judgment of ${judgmentOn}: nothing is sent about it, write to the administrator and record with send=false what was said.`,
      field: 'send',
    };
  const { resolved_at: resolvedAt } = await tx
    .selectFrom('dispute')
    .select('resolved_at')
    .where('id', '=', disputeId)
    .executeTakeFirstOrThrow();
  if (resolvedAt === null) return null;
  const last = addDays(dayAt(collection.calendar, resolvedAt), lastWordDays);
  if (dayAt(collection.calendar, now) <= last) return null;
  return {
    code: 'dispute-over',
    message: `It was decided, and written about until ${last}: record with send=false what is said otherwise, or open another dispute.`,
    field: 'send',
  };
}

/**
 * What one of us says to a debtor about his dispute.
 *
 * It is a message of the debtor's door like any other: it waits for the window and the caps, counts for them, is carried
 * and reported of. But no step is taken with it, so a carrier that turned it away finds it planned again, and nothing of
 * the file depends on it.
 */
export async function planWord(
  desk: Desk,
  file: InvoiceFile,
  disputeMessageId: string,
  documentIds: readonly string[] = [],
): Promise<string> {
  const messageId = await insertWord(desk, file, {
    key: `word/${disputeMessageId}`,
    template: 'dispute_word',
  });
  await desk.tx
    .updateTable('dispute_message')
    .set({ message_id: messageId })
    .where('id', '=', disputeMessageId)
    .execute();
  if (documentIds.length > 0)
    await desk.tx
      .insertInto('message_paper')
      .values(documentIds.map((documentId) => ({ message_id: messageId, document_id: documentId })))
      .execute();
  return messageId;
}

/** Puts a word to the door; its bytes are made when it leaves. */
export async function insertWord(
  desk: Desk,
  file: InvoiceFile,
  { key, template }: { readonly key: string; readonly template: string },
): Promise<string> {
  const { collection } = file;
  const messageId = uuidv7();
  const at = new Date(desk.now);
  await desk.tx
    .insertInto('message')
    .values({
      id: messageId,
      key,
      purpose: 'word',
      creditor_id: collection.creditorId,
      debtor_id: file.debtorId,
      channel: 'email',
      language: collection.debtor.language,
      template,
      state: 'planned',
      planned_at: at,
      state_at: at,
      figures: '{}',
      recipient: '',
      sha256: '',
    })
    .execute();
  const line = {
    message_id: messageId,
    invoice_id: file.id,
    fact: collection.fact,
    balance_cents: collection.balanceCents,
    asked_cents: 0,
    open: false,
  };
  await desk.tx.insertInto('message_line').values(line).execute();
  desk.poke(file.debtorId);
  return messageId;
}

/** What a word is about and what it says; `text` is null when it was erased meanwhile. */
export interface WordToSay {
  readonly messageId: string;
  readonly disputeId: string;
  readonly text: string | null;
  readonly writtenBy: string | null;
  readonly invoice: { readonly number: string; readonly term: number; readonly currency: string };
  readonly contestedCents: number;
  readonly reason: string;
}

/** Reads a word about a dispute that is still planned; undefined when it is no such word. */
export async function wordToSay(tx: Tx, messageId: string): Promise<WordToSay | undefined> {
  const row = await tx
    .selectFrom('message')
    .innerJoin('dispute_message', 'dispute_message.message_id', 'message.id')
    .innerJoin('dispute', 'dispute.id', 'dispute_message.dispute_id')
    .innerJoin('invoice', 'invoice.id', 'dispute.invoice_id')
    .leftJoin('private_text', (join) =>
      join.onRef('private_text.id', '=', 'dispute_message.text_id').on('private_text.erased_at', 'is', null),
    )
    .leftJoin('app_user', (join) =>
      join.on((on) => on(on.cast<string>('app_user.id', 'text'), '=', on.ref('dispute_message.written_by'))),
    )
    .select(['dispute.id', 'dispute.contested_cents', 'dispute.reason'])
    .select(['invoice.number', 'invoice.term', 'invoice.currency', 'private_text.content', 'app_user.name'])
    .where('message.id', '=', messageId)
    .where('message.state', '=', 'planned')
    .executeTakeFirst();
  if (!row) return undefined;
  const { number, term, currency } = row;
  return {
    messageId,
    disputeId: row.id,
    text: row.content,
    writtenBy: row.name,
    invoice: { number, term, currency },
    contestedCents: row.contested_cents,
    reason: row.reason,
  };
}

/** The papers that go with a message, by name. */
export async function papersOf(db: Db | Tx, messageId: string) {
  return db
    .selectFrom('message_paper')
    .innerJoin('document', 'document.id', 'message_paper.document_id')
    .select(['document.id', 'document.name', 'document.media_type', 'document.sha256', 'document.bytes'])
    .where('message_paper.message_id', '=', messageId)
    .orderBy('document.name')
    .orderBy('document.id')
    .execute();
}

/**
 * Tells the invoice that a word about it left the house: no fact says so, since it takes no step.
 *
 * The entry names the message with its proof, and the papers that went with it, whose hashes stand in entries of their own.
 */
export async function noteWord(
  desk: Desk,
  message: WhatLeft & { readonly id: string },
  type: 'wordSent' | 'wordUnconfirmed' | 'wordHanded',
): Promise<void> {
  const lines = await desk.tx
    .selectFrom('message_line')
    .select('invoice_id')
    .where('message_id', '=', message.id)
    .execute();
  const papers = await desk.tx
    .selectFrom('message_paper')
    .select('document_id')
    .where('message_id', '=', message.id)
    .orderBy('document_id')
    .execute();
  const documentIds = papers.map((paper) => paper.document_id);
  for (const { invoice_id: invoiceId } of lines)
    await desk.note(invoiceId, type, {
      messageId: message.id,
      channel: message.channel,
      ...proofOf(message),
      ...(documentIds.length === 0 ? {} : { documentIds }),
    });
}

/**
 * A word did not reach the debtor: a person looks for another way, once for each word.
 *
 * No step of the file failed, so no other channel takes its place by itself.
 */
export async function wordCameBack(desk: Desk, messageId: string): Promise<void> {
  const lines = await desk.tx
    .selectFrom('message_line')
    .select('invoice_id')
    .where('message_id', '=', messageId)
    .execute();
  for (const { invoice_id: invoiceId } of lines) {
    const file = await desk.file(invoiceId);
    if (!file || isClosed(file.collection) || hasTask(file.collection, 'bounced_late', messageId)) continue;
    const { calendar } = file.collection;
    const taskId = uuidv7();
    const dueOn = taskDueOn(file.collection, 'bounced_late', dayAt(calendar, desk.now));
    await desk.state(
      invoiceId,
      { type: 'taskOpened', taskId, task: 'bounced_late', about: messageId, dueOn },
      ourselves,
    );
    await desk.tx.updateTable('task').set({ message_id: messageId }).where('id', '=', taskId).execute();
  }
}

/** How far a word has come. */
export interface Saying {
  readonly messageId: string;
  readonly state: MessageState;
  /** Empty until it leaves. */
  readonly recipient: string;
  /** Why the door keeps it, or why it did not leave. */
  readonly reason: string | null;
  readonly deferredUntil: Instant | null;
}

/** How far the words of a dispute have come, by the id of what was said. */
export async function sayingsOf(db: Db, disputeId: string): Promise<ReadonlyMap<string, Saying>> {
  const rows = await db
    .selectFrom('dispute_message')
    .innerJoin('message', 'message.id', 'dispute_message.message_id')
    .select(['dispute_message.id', 'message.id as messageId', 'message.state', 'message.recipient'])
    .select(['message.reason', 'message.deferred_until as deferredUntil'])
    .where('dispute_message.dispute_id', '=', disputeId)
    .execute();
  return new Map(rows.map(({ id, ...row }) => [id, row]));
}
