import { sql } from 'kysely';
import type { Selectable } from 'kysely';
import { approverRoles, expiryOf } from '../domain/approval/approval.ts';
import type { GraveAct } from '../domain/approval/approval.ts';
import { isPursuedOutside } from '../domain/collection.ts';
import type { Author, Fact, FactBody } from '../domain/fact.ts';
import type { Refusal } from '../domain/refusal.ts';
import type { Db, Tx } from './database.ts';
import type { Desk, InvoiceFile } from './desk.ts';
import type { GraveDeed } from './grave-deeds.ts';
import { moment } from './moment.ts';
import type { ApprovalTable } from './schema.ts';
import { uuidv7 } from './uuid.ts';

/** A grave act as somebody means it: on which invoices, about how much, and what a yes carries out. */
export interface GraveRequest {
  readonly act: GraveAct;
  readonly lines: readonly { readonly invoiceId: string; readonly amountCents: number }[];
  /** The draft (of each invoice), the task or the dispute that a yes answers. */
  readonly about: string | null | ((invoiceId: string) => string);
  /** The draft as people read it. */
  readonly messageId?: string;
  /** The invoices are closed: the question is not about their lives but about what these have left, and has its own. */
  readonly ofClosed?: boolean;
  readonly deed: GraveDeed;
}

export interface RecordedFact {
  readonly file: InvoiceFile;
  readonly fact: Fact;
}

export type Asked =
  | { readonly kind: 'asked'; readonly approvalId: string; readonly recorded: readonly RecordedFact[] }
  | { readonly kind: 'refused'; readonly refusal: Refusal };

/**
 * Asks for the yes of another person; nothing of the act happens before it.
 *
 * The question stands on every invoice that the act is about, and lapses by each one's own clock. Refused when the same
 * is asked for already, the invoice is closed, or nobody is here who could say yes; the caller then rolls back.
 */
export async function askApproval(desk: Desk, request: GraveRequest, by: Author): Promise<Asked> {
  if (!(await hasApprover(desk.tx, by.id)))
    return refused(
      'approval-nobody',
      'Nobody else here may say yes: invite a second credit manager or administrator, or have an administrator switch four eyes off.',
    );
  const first = await desk.file(request.lines[0]?.invoiceId ?? '');
  if (!first) throw new Error(`nothing is asked for with ${request.act}`);
  const { debtorId, creditorId, currency } = first.collection;
  const known = request.ofClosed ? await askedOfClosed(desk, request) : undefined;
  if (known) return known;
  const approvalId = uuidv7();
  const expiresAt = expiryOf(desk.now);
  await desk.tx
    .insertInto('approval')
    .values({
      id: approvalId,
      act: request.act,
      debtor_id: debtorId,
      creditor_id: creditorId,
      currency,
      amount_cents: request.lines.reduce((sum, { amountCents }) => sum + amountCents, 0),
      about: typeof request.about === 'string' ? request.about : null,
      message_id: request.messageId ?? null,
      what: JSON.stringify(request.deed),
      state: 'open',
      asked_at: new Date(desk.now),
      asked_by: by.id,
      asked_through: [...desk.hands],
      expires_at: new Date(expiresAt),
    })
    .execute();
  const recorded: RecordedFact[] = [];
  // Nobody else watches the day of a question about a file whose own life is over.
  let ofEnded = request.ofClosed ?? false;
  for (const { invoiceId, amountCents } of request.lines) {
    const about = typeof request.about === 'function' ? request.about(invoiceId) : request.about;
    const fact = {
      type: 'approvalAsked',
      approvalId,
      act: request.act,
      amountCents,
      about,
      expiresAt,
    } as const;
    if (request.ofClosed) recorded.push({ file: first, fact: await desk.state(invoiceId, fact, by) });
    else {
      const file = await desk.file(invoiceId);
      const isOutside = file !== undefined && isPursuedOutside(file.collection);
      if (isOutside && (await isAskedOutside(desk, invoiceId, request.act)))
        return refused('approval-asked', asked);
      ofEnded ||= isOutside;
      const said = await desk.ask(invoiceId, fact, by);
      if (said.kind === 'refused') return said;
      recorded.push(said);
    }
    await desk.tx
      .insertInto('approval_invoice')
      .values({ approval_id: approvalId, invoice_id: invoiceId, amount_cents: amountCents })
      .execute();
  }
  if (ofEnded) desk.attend({ kind: 'approval', id: approvalId, debtorId });
  return { kind: 'asked', approvalId, recorded };
}

/** A closed file remembers no question, so the lists are asked whether this one waits already. */
async function askedOfClosed(
  desk: Desk,
  { act, about }: GraveRequest,
): Promise<Extract<Asked, { kind: 'refused' }> | undefined> {
  const [open] = await openAbout(desk.tx, typeof about === 'string' ? about : '');
  if (open?.act !== act || open.expires_at <= desk.now) return undefined;
  return refused('approval-asked', asked);
}

const asked = 'The same is asked for already: it waits for an answer in the approvals.';

/** Whether the same waits already about a file that ended by its hand-over, which remembers no question either. */
async function isAskedOutside({ tx, now }: Desk, invoiceId: string, act: GraveAct): Promise<boolean> {
  const open = await tx
    .selectFrom('approval_invoice')
    .innerJoin('approval', 'approval.id', 'approval_invoice.approval_id')
    .select('approval.id')
    .where('approval_invoice.invoice_id', '=', invoiceId)
    .where('approval_invoice.open', '=', true)
    .where('approval.state', '=', 'open')
    .where('approval.act', '=', act)
    .where('approval.about', 'is', null)
    .where('approval.expires_at', '>', moment(now))
    .executeTakeFirst();
  return open !== undefined;
}

/** The questions that wait for an answer about that draft, task, dispute or accessory. */
async function openAbout(tx: Tx, about: string): Promise<readonly ApprovalRow[]> {
  return tx
    .selectFrom('approval')
    .selectAll()
    .where('state', '=', 'open')
    .where('about', '=', about)
    .execute();
}

/** What a question was about is gone: nobody need answer it. */
export async function withdrawAbout(desk: Desk, about: string, by: Author): Promise<void> {
  for (const row of await openAbout(desk.tx, about))
    await endApproval(desk, row, { state: 'withdrawn', reason: 'overtaken' }, by);
}

export async function hasFourEyes(db: Db | Tx): Promise<boolean> {
  return (await db.selectFrom('setting').select('four_eyes').executeTakeFirstOrThrow()).four_eyes;
}

/** Whether anybody but that one may grant what he asks for. */
async function hasApprover(tx: Tx, but: string): Promise<boolean> {
  const found = await tx
    .selectFrom('app_user')
    .select('id')
    .where('role', 'in', approverRoles)
    .where('disabled_at', 'is', null)
    .where(sql<boolean>`id::text <> ${but}`)
    .limit(1)
    .executeTakeFirst();
  return found !== undefined;
}

export type ApprovalRow = Selectable<ApprovalTable>;

/** The debtor whom an approval concerns; undefined for an unknown one. */
export async function debtorOfApproval(db: Db, approvalId: string): Promise<string | undefined> {
  return (await db.selectFrom('approval').select('debtor_id').where('id', '=', approvalId).executeTakeFirst())
    ?.debtor_id;
}

/** Whether one person may be both: who asked or may hold the key that asked, and who answers or may hold that key. */
export function isOwnQuestion(
  asked: Pick<ApprovalRow, 'asked_by' | 'asked_through'>,
  hands: readonly string[],
): boolean {
  return hands.some((hand) => hand === asked.asked_by || asked.asked_through.includes(hand));
}

/** An approval that may be answered now, or why not. */
export async function openApproval(
  desk: Desk,
  approvalId: string,
): Promise<{ readonly kind: 'open'; readonly row: ApprovalRow } | { kind: 'refused'; refusal: Refusal }> {
  const row = await desk.tx
    .selectFrom('approval')
    .selectAll()
    .where('id', '=', approvalId)
    .executeTakeFirstOrThrow();
  if (row.state === 'open' && desk.now < row.expires_at) return { kind: 'open', row };
  const became = row.state === 'open' ? 'expired' : row.state;
  return refused(
    'approval-unknown',
    `That question is over: it was ${became}. Ask anew if it still matters.`,
  );
}

/** Ends an approval in the lists and on each invoice where it is still open. */
export async function endApproval(
  desk: Desk,
  row: ApprovalRow,
  end: { readonly state: 'granted' | 'refused' | 'withdrawn' | 'expired'; readonly reason: string | null },
  by: Author,
): Promise<readonly RecordedFact[]> {
  const lines = await desk.tx
    .selectFrom('approval_invoice')
    .select('invoice_id')
    .where('approval_id', '=', row.id)
    .where('open', '=', true)
    .orderBy('invoice_id')
    .execute();
  await desk.tx
    .updateTable('approval')
    .set({
      state: end.state,
      reason: end.reason,
      decided_at: new Date(desk.now),
      decided_by: by.kind === 'relance' ? null : by.id,
    })
    .where('id', '=', row.id)
    .execute();
  const recorded: RecordedFact[] = [];
  for (const { invoice_id: invoiceId } of lines) {
    const fact = await desk.state(invoiceId, endFact(row.id, end.state, end.reason ?? 'other'), by);
    const file = await desk.file(invoiceId);
    if (file) recorded.push({ file, fact });
  }
  // The lines of files that had ended are closed by nobody else.
  await desk.tx
    .updateTable('approval_invoice')
    .set({ open: false })
    .where('approval_id', '=', row.id)
    .execute();
  return recorded;
}

function endFact(approvalId: string, state: Exclude<ApprovalRow['state'], 'open'>, reason: string): FactBody {
  switch (state) {
    case 'granted':
      return { type: 'approvalGiven', approvalId };
    case 'refused':
      return { type: 'approvalRefused', approvalId, reason };
    case 'withdrawn':
      return { type: 'approvalWithdrawn', approvalId, reason };
    case 'expired':
      return { type: 'approvalExpired', approvalId };
  }
}

/** Questions about drafts that no longer stand are moot: the new figures are asked about anew. */
export async function withdrawOfDrafts(desk: Desk, requestIds: readonly string[], by: Author): Promise<void> {
  if (requestIds.length === 0) return;
  const rows = await desk.tx
    .selectFrom('approval')
    .selectAll()
    .where('state', '=', 'open')
    .where('message_id', 'in', (drafts) =>
      drafts.selectFrom('message_line').select('message_id').where('request_id', 'in', requestIds),
    )
    .execute();
  for (const row of rows) await endApproval(desk, row, { state: 'withdrawn', reason: 'draft_changed' }, by);
}

function refused(code: Refusal['code'], message: string): { kind: 'refused'; refusal: Refusal } {
  return { kind: 'refused', refusal: { code, message } };
}
