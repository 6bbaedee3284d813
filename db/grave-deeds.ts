import { approverRoles } from '../domain/approval/approval.ts';
import { askedCentsOf, isOver, isPursuedOutside } from '../domain/collection.ts';
import type { Author, TaskOutcome } from '../domain/fact.ts';
import type { Route } from '../domain/law/route.ts';
import type { Refusal } from '../domain/refusal.ts';
import type { CivilDate } from '../domain/time.ts';
import { endAccessory } from './accessory-ends.ts';
import { rateHolds } from './agreed-rates.ts';
import { askApproval, endApproval, hasFourEyes, isOwnQuestion, openApproval } from './approvals.ts';
import type { ApprovalRow, GraveRequest, RecordedFact } from './approvals.ts';
import { cancelInvoice, correctInvoice, waive, writeOff } from './corrections.ts';
import type { Correction } from './corrections.ts';
import type { Answer, Desk, InvoiceFile } from './desk.ts';
import { offerDiscount } from './discounts.ts';
import { approveDraft, draftHasChanged, noticeOf } from './drafts.ts';
import { handToFirm, mayHand, refusalOfHanding } from './hand-overs.ts';
import { closeFile } from './litigation-ends.ts';
import { handAlone, markHanded, refusalOfAlone } from './litigation-handing.ts';
import {
  gatherHandedOver,
  invoiceIdsOf,
  leave,
  litigationWith,
  notOpen,
  notPreparing,
  wordsOn,
} from './litigation.ts';
import type { LitigationRow } from './litigation.ts';
import { keepText } from './private-texts.ts';
import type { TextRef } from './private-texts.ts';
import { completeTask } from './tasks.ts';

/** What is done once somebody else has said yes. Plain JSON: it waits in a row. */
export type GraveDeed =
  | { readonly does: 'writeOff'; readonly on: CivilDate; readonly reason: string }
  | {
      readonly does: 'waive';
      readonly on: CivilDate;
      readonly reason: string;
      /** The dispute that was granted as goodwill. */
      readonly disputeId?: string;
    }
  | {
      readonly does: 'approveDraft';
      readonly messageId: string;
      readonly digest: string;
      readonly freeText?: string | null;
    }
  | { readonly does: 'completeTask'; readonly taskId: string; readonly outcome: TaskOutcome }
  /** What a closed invoice has left beside its price, as it was asked. */
  | {
      readonly does: 'waiveAccessory';
      readonly accessoryId: string;
      readonly reason: string | null;
      readonly interestCents: number;
      readonly lumpSumCents: number;
    }
  /** The paper of an invoice that stands: what it says from then on, where it still says what it did. */
  | { readonly does: 'correct'; readonly correction: Correction; readonly amountBeforeCents: number }
  | { readonly does: 'cancel'; readonly reason: string }
  /** A rate that held from a day of the past: the lines say what that gives up of the interest that has run. */
  | { readonly does: 'agreeRate'; readonly hundredths: number | null; readonly from: CivilDate }
  /** The line says how much. */
  | { readonly does: 'offerDiscount'; readonly payBy: CivilDate }
  | {
      readonly does: 'handToFirm';
      readonly firmId: string;
      /** Words to the firm, which are told with the hand-over. */
      readonly words: TextRef | null;
      /** Why an invoice goes by itself though no formal notice has reached its debtor. */
      readonly incompleteBecause?: string | null;
      /** The litigation file that goes with these invoices, the way that it goes, and why it goes without a piece. */
      readonly litigation?: {
        readonly id: string;
        readonly route: Route;
        readonly incompleteBecause: string | null;
      };
    }
  /** What its invoices still owe is written off, and the file is closed. */
  | {
      readonly does: 'closeAsLost';
      readonly litigationId: string;
      readonly on: CivilDate;
      readonly reason: string;
    };

export type GraveAnswer =
  | {
      readonly kind: 'done';
      readonly recorded: readonly RecordedFact[];
    }
  | { readonly kind: 'asked'; readonly approvalId: string; readonly recorded: readonly RecordedFact[] }
  | { readonly kind: 'refused'; readonly refusal: Refusal };

/**
 * Does a grave act, or asks for it: the one way to a formal notice, a waiver, a write-off, a hand-over.
 *
 * With four eyes the act waits for the yes of another person, in whose transaction it is carried out. Without, its author
 * does it at once, and the journal of each invoice says that nobody else was asked.
 */
export async function doGravely(desk: Desk, request: GraveRequest, by: Author): Promise<GraveAnswer> {
  if (await hasFourEyes(desk.tx)) return askApproval(desk, request, by);
  for (const { invoiceId } of request.lines)
    await desk.note(invoiceId, 'doneAlone', { act: request.act, why: 'four_eyes_off', by });
  return carryOut(desk, request.deed, request.lines, by);
}

/** Says yes to the draft of a formal notice as it was shown: the first of the two, where there must be two. */
export async function doNotice(
  desk: Desk,
  word: { readonly messageId: string; readonly digest: string; readonly freeText?: string | null },
  by: Author,
): Promise<GraveAnswer> {
  const { messageId } = word;
  const changed = await draftHasChanged(desk, messageId, word.digest);
  if (changed) return { kind: 'refused', refusal: changed };
  const lines = await noticeOf(desk, messageId);
  const abouts = new Map(lines.map(({ invoiceId, about }) => [invoiceId, about]));
  if (lines.length === 0) return carryOut(desk, { does: 'approveDraft', ...word }, lines, by);
  const about = (invoiceId: string): string => abouts.get(invoiceId) ?? '';
  const deed = { does: 'approveDraft', ...word } as const;
  return doGravely(desk, { act: 'formal_notice', lines, about, messageId, deed }, by);
}

/**
 * Hands a file to a firm, once somebody else has agreed to that very firm: whoever said yes to a hand-over was shown none.
 *
 * Each hand-over asks anew: a file that was taken back from a firm was taken back for a reason. The words are kept at once
 * and told with the hand-over, whenever it comes: a firm reads what was written for it.
 */
export async function handOver(
  desk: Desk,
  file: InvoiceFile,
  {
    firmId,
    incompleteBecause,
    text,
  }: {
    readonly firmId: string;
    readonly incompleteBecause: string | null;
    readonly text: string | undefined;
  },
  by: Author,
): Promise<GraveAnswer> {
  const refusal = await refusalOfAlone(desk, file, firmId, incompleteBecause);
  if (refusal) return { kind: 'refused', refusal };
  const isSaid = text !== undefined && text.trim() !== '';
  const words = isSaid ? await keepText(desk.tx, `invoice/${file.id}`, text) : null;
  const lines = [{ invoiceId: file.id, amountCents: Math.max(0, file.collection.balanceCents) }];
  const deed = { does: 'handToFirm', firmId, words, incompleteBecause } as const;
  return doGravely(desk, { act: 'hand_over', lines, about: null, deed }, by);
}

/**
 * Hands a litigation file to a partner, each of its invoices with it.
 *
 * The caller has asked whether the way is open and the pack complete; whether the partner may have the invoices is asked
 * here, now and again when the yes comes.
 */
export async function handLitigation(
  desk: Desk,
  row: LitigationRow,
  given: {
    readonly firmId: string;
    readonly route: Route;
    readonly incompleteBecause: string | null;
    readonly text: string | undefined;
  },
  by: Author,
): Promise<GraveAnswer> {
  if (row.state !== 'preparing') return notPreparing(row);
  const { firmId, route, incompleteBecause, text } = given;
  const files = await desk.files(await invoiceIdsOf(desk.tx, row));
  for (const file of files) {
    const may = await mayHand(desk, file, given);
    if (may.kind !== 'may' && may.kind !== 'closed')
      return { kind: 'refused', refusal: refusalOfHanding(may) };
  }
  const words = await wordsOn(desk, row, text);
  const lines = files
    .filter(({ collection }) => !isOver(collection))
    .map(({ id, collection }) => ({ invoiceId: id, amountCents: collection.balanceCents }));
  const deed = {
    does: 'handToFirm',
    firmId,
    words,
    litigation: { id: row.id, route, incompleteBecause },
  } as const;
  if (lines.length === 0) return carryOut(desk, deed, lines, by);
  return doGravely(desk, { act: 'hand_over', lines, about: null, deed }, by);
}

/**
 * Closes a litigation file as lost: what its invoices still owe is written off with it, so that the books say what the
 * file says. The yes of another person is asked for, as for any write-off.
 */
export async function closeAsLost(
  desk: Desk,
  row: LitigationRow,
  { on, reason }: { readonly on: CivilDate; readonly reason: string },
  by: Author,
): Promise<GraveAnswer> {
  const lines = (await desk.files(await invoiceIdsOf(desk.tx, row)))
    .filter(({ collection }) => !isOver(collection))
    .map(({ id, collection }) => ({ invoiceId: id, amountCents: collection.balanceCents }));
  const deed = { does: 'closeAsLost', litigationId: row.id, on, reason } as const;
  if (row.state === 'closed' || lines.length === 0) return carryOut(desk, deed, lines, by);
  return doGravely(desk, { act: 'write_off', lines, about: null, deed }, by);
}

/** What somebody answers to a question. */
export interface Word {
  readonly decision: 'approve' | 'refuse';
  readonly reason: string | null;
}

export type Decided =
  | {
      readonly kind: 'decided';
      readonly state: 'granted' | 'refused' | 'withdrawn';
      readonly recorded: readonly RecordedFact[];
    }
  | { readonly kind: 'refused'; readonly refusal: Refusal };

/**
 * Answers a question. A yes carries the act out at once, under the same lock, as the invoices are now.
 *
 * Never by its author, whatever key or session he uses, nor by a key that he issued to another; his own no takes the question back. What may be given up is never
 * more than what is owed by then; a notice whose amounts have changed is refused here and asked about anew. A refusal
 * leaves the question open: the caller rolls back.
 */
export async function decideApproval(
  desk: Desk,
  approvalId: string,
  { decision, reason }: Word,
  by: Author,
): Promise<Decided> {
  const found = await openApproval(desk, approvalId);
  if (found.kind === 'refused') return found;
  const { row } = found;
  const isAuthor = row.asked_by === by.id;
  if (decision === 'refuse') {
    const state = isAuthor ? 'withdrawn' : 'refused';
    const recorded = await endApproval(desk, row, { state, reason: reason ?? 'other' }, by);
    return { kind: 'decided', state, recorded };
  }
  if (isAuthor)
    return {
      kind: 'refused',
      refusal: {
        code: 'approval-own',
        message: `You have asked for it yourself: another ${approverRoles.join(' or ').replace('_', ' ')} must say yes.`,
      },
    };
  if (isOwnQuestion(row, [by.id, ...desk.hands]))
    return {
      kind: 'refused',
      refusal: {
        code: 'approval-own',
        message:
          'This key and the question went through the hands of one person, who could be both: say yes in a session of your own.',
      },
    };
  const changed = await noticeHasChanged(desk, row);
  if (changed) return { kind: 'refused', refusal: changed };

  const lines = await linesOf(desk, row.id);
  const given = await endApproval(desk, row, { state: 'granted', reason: null }, by);
  const done = await carryOut(desk, row.what as unknown as GraveDeed, lines, by);
  if (done.kind !== 'done') return done;
  return { kind: 'decided', state: 'granted', recorded: [...given, ...done.recorded] };
}

async function linesOf(desk: Desk, approvalId: string): Promise<GraveRequest['lines']> {
  const rows = await desk.tx
    .selectFrom('approval_invoice')
    .select(['invoice_id as invoiceId', 'amount_cents as amountCents'])
    .where('approval_id', '=', approvalId)
    .where('open', '=', true)
    .orderBy('invoice_id')
    .execute();
  return rows;
}

/** Whoever says yes to a notice says yes to its amounts. */
async function noticeHasChanged(desk: Desk, row: ApprovalRow): Promise<Refusal | null> {
  if (row.act !== 'formal_notice') return null;
  const lines = await linesOf(desk, row.id);
  const files = await desk.files(lines.map(({ invoiceId }) => invoiceId));
  const asked = files.reduce((sum, { collection }) => sum + askedCentsOf(collection), 0);
  if (asked === row.amount_cents) return null;
  return {
    code: 'draft-changed',
    message:
      'What is owed has changed since it was asked: the notice is drawn up anew, and asked about anew.',
  };
}

type Done =
  | { readonly kind: 'done'; readonly recorded: readonly RecordedFact[] }
  | { readonly kind: 'refused'; readonly refusal: Refusal };

async function carryOut(
  desk: Desk,
  deed: GraveDeed,
  lines: GraveRequest['lines'],
  by: Author,
): Promise<Done> {
  switch (deed.does) {
    case 'writeOff':
    case 'waive':
      return giveUp(desk, deed, lines, by);
    case 'approveDraft': {
      const { messageId, does: _does, ...word } = deed;
      const said = await approveDraft(desk, messageId, word, by);
      return said.kind === 'refused' ? said : { kind: 'done', recorded: said.recorded };
    }
    case 'completeTask': {
      const said = await completeTask(desk, deed.taskId, { outcome: deed.outcome }, by);
      return said.kind === 'refused' ? said : { kind: 'done', recorded: said.recorded };
    }
    case 'waiveAccessory':
      return waiveAll(desk, deed, lines, by);
    case 'correct':
      return correctAll(desk, deed, lines, by);
    case 'cancel':
      return each(lines, (invoiceId) => cancelInvoice(desk, invoiceId, deed.reason, by));
    case 'agreeRate':
      return rateOfAll(desk, deed, lines, by);
    case 'offerDiscount':
      return offerAll(desk, deed.payBy, lines, by);
    case 'handToFirm':
      return handAll(desk, deed, lines, by);
    case 'closeAsLost':
      return loseAll(desk, deed, lines, by);
  }
}

async function waiveAll(
  desk: Desk,
  { accessoryId, reason }: Extract<GraveDeed, { does: 'waiveAccessory' }>,
  lines: GraveRequest['lines'],
  by: Author,
): Promise<Done> {
  for (const { invoiceId } of lines) {
    const ended = await endAccessory(desk, invoiceId, 'waived', by, reason);
    if (ended?.kind !== 'ended' || ended.accessory.id !== accessoryId)
      return { kind: 'refused', refusal: overtaken };
  }
  return { kind: 'done', recorded: [] };
}

const overtaken: Refusal = {
  code: 'approval-unknown',
  message: 'The penalties were paid, waived or claimed anew meanwhile, so none are left to waive: say no.',
};

async function each(
  lines: GraveRequest['lines'],
  doIt: (invoiceId: string) => Promise<Answer>,
): Promise<Done> {
  const recorded: RecordedFact[] = [];
  for (const { invoiceId } of lines) {
    const said = await doIt(invoiceId);
    if (said.kind === 'refused') return said;
    recorded.push(said);
  }
  return { kind: 'done', recorded };
}

async function correctAll(
  desk: Desk,
  { correction, amountBeforeCents }: Extract<GraveDeed, { does: 'correct' }>,
  lines: GraveRequest['lines'],
  by: Author,
): Promise<Done> {
  for (const file of await desk.files(lines.map(({ invoiceId }) => invoiceId)))
    if (file.collection.amountCents !== amountBeforeCents)
      return { kind: 'refused', refusal: correctedSince };
  return each(lines, (invoiceId) => correctInvoice(desk, invoiceId, correction, by));
}

const correctedSince: Refusal = {
  code: 'approval-unknown',
  message: 'The invoice was corrected otherwise meanwhile: say no, and have it asked anew.',
};

/** All lines are of one debtor, with whom it is agreed. */
async function rateOfAll(
  desk: Desk,
  deed: Extract<GraveDeed, { does: 'agreeRate' }>,
  [line]: GraveRequest['lines'],
  by: Author,
): Promise<Done> {
  const file = line && (await desk.file(line.invoiceId));
  if (!file) return { kind: 'refused', refusal: settledSince };
  return { kind: 'done', recorded: (await rateHolds(desk, file.debtorId, deed, by)).recorded };
}

const settledSince: Refusal = {
  code: 'approval-unknown',
  message: 'The invoices whose interest it was about are settled, so nothing is left to give up: say no.',
};

async function offerAll(
  desk: Desk,
  payBy: CivilDate,
  lines: GraveRequest['lines'],
  by: Author,
): Promise<Done> {
  const recorded: RecordedFact[] = [];
  for (const { invoiceId, amountCents: discountCents } of lines) {
    const said = await offerDiscount(desk, invoiceId, { discountCents, payBy }, by);
    if (said.kind === 'refused') return said;
    recorded.push(said);
  }
  return { kind: 'done', recorded };
}

async function handAll(
  desk: Desk,
  { firmId, words, incompleteBecause = null, litigation }: Extract<GraveDeed, { does: 'handToFirm' }>,
  lines: GraveRequest['lines'],
  by: Author,
): Promise<Done> {
  const row = litigation ? await litigationWith(desk.tx, litigation.id) : undefined;
  if (row && row.state !== 'preparing') return notPreparing(row);
  const agreed = lines.map(({ invoiceId }) => invoiceId);
  const to = { firmId, ...(litigation ?? { route: null, incompleteBecause }) };
  const left: InvoiceFile[] = [];
  for (const file of await desk.files(row ? await invoiceIdsOf(desk.tx, row) : agreed)) {
    const invoiceId = file.id;
    // Paid by now, or its question lapsed: it goes nowhere with the others.
    if (row && (isOver(file.collection) || !agreed.includes(invoiceId))) {
      await leave(desk, row, invoiceId);
      left.push(file);
      continue;
    }
    const refusal = row ? null : await refusalOfAlone(desk, file, firmId, incompleteBecause);
    if (refusal) return { kind: 'refused', refusal };
    const handing = await handToFirm(desk, file, to, by);
    if (handing.kind !== 'handed') return { kind: 'refused', refusal: refusalOfHanding(handing) };
    const { id: handOverId } = handing.handOver;
    if (words) await desk.note(invoiceId, 'handOverNote', { handOverId, ...words, by });
    const firm = { id: firmId, kind: handing.firmKind };
    if (!row) await handAlone(desk, file, { firm, incompleteBecause }, by);
  }
  if (row) await markHanded(desk, row, to, by);
  for (const file of left) if (isPursuedOutside(file.collection)) await gatherHandedOver(desk, file, by);
  return { kind: 'done', recorded: [] };
}

async function loseAll(
  desk: Desk,
  { litigationId, on, reason }: Extract<GraveDeed, { does: 'closeAsLost' }>,
  lines: GraveRequest['lines'],
  by: Author,
): Promise<Done> {
  const row = await litigationWith(desk.tx, litigationId);
  if (!row) throw new Error(`litigation ${litigationId} is not in this database`);
  if (row.state === 'closed') return notOpen(row);
  const agreed = new Set(lines.map(({ invoiceId }) => invoiceId));
  // What joined the file since was not agreed upon.
  for (const file of await desk.files(await invoiceIdsOf(desk.tx, row)))
    if (!isOver(file.collection) && !agreed.has(file.id))
      return { kind: 'refused', refusal: joinedSince(file) };
  const owed = (await desk.files([...agreed])).filter(({ collection }) => !isOver(collection));
  const lost = lines.filter(({ invoiceId }) => owed.some(({ id }) => id === invoiceId));
  const said = await giveUp(desk, { does: 'writeOff', on, reason }, lost, by);
  if (said.kind === 'refused') return said;
  const closed = await closeFile(desk, row, { outcome: 'irrecoverable', reason }, by);
  return closed.kind === 'refused' ? closed : said;
}

function joinedSince({ number }: InvoiceFile): Refusal {
  return {
    code: 'approval-unknown',
    message: `Invoice ${number} has joined the file since it was asked: say no, and have it asked anew.`,
  };
}

const madeGood: Refusal = {
  code: 'approval-unknown',
  message: 'The dispute was made good otherwise meanwhile, so nothing is left to waive for it: say no.',
};

/** Money that came in between has paid a part of what was to be given up: the rest of it is, and no more. */
async function giveUp(
  desk: Desk,
  { does, ...why }: Extract<GraveDeed, { does: 'writeOff' | 'waive' }>,
  lines: GraveRequest['lines'],
  by: Author,
): Promise<Done> {
  const recorded: RecordedFact[] = [];
  for (const line of lines) {
    const { balanceCents: owed = 0, disputes = [] } = (await desk.file(line.invoiceId))?.collection ?? {};
    const disputeId = 'disputeId' in why ? why.disputeId : undefined;
    const granted = disputes.find((one) => one.disputeId === disputeId && one.awaits === 'goodwill');
    if (disputeId !== undefined && !granted) return { kind: 'refused', refusal: madeGood };
    const amountCents = Math.min(line.amountCents, owed, granted?.contestedCents ?? Infinity);
    const loss = { ...why, amountCents };
    const said = await (does === 'waive' ? waive : writeOff)(desk, line.invoiceId, loss, by);
    if (said.kind === 'refused') return said;
    recorded.push(said);
  }
  return { kind: 'done', recorded };
}
