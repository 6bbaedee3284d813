import type { Author, Fact, PaidBy } from '../domain/fact.ts';
import { refusalOf } from '../domain/refusal.ts';
import type { Refusal } from '../domain/refusal.ts';
import type { CivilDate, Instant } from '../domain/time.ts';
import { dayAt } from '../domain/calendar.ts';
import type { Db, Tx } from './database.ts';
import type { Answer, Desk, InvoiceFile, Recording } from './desk.ts';
import { imputedOn, takeAllInterestBack, takeBackNeverOwed } from './imputations.ts';
import { balancesOf, enter, sharesOnInvoice } from './ledger.ts';
import type { NewEntry, Share } from './ledger.ts';

/** What an invoice says after its correction; absent means as before. */
export interface Correction {
  readonly amountCents?: number;
  readonly dueDate?: CivilDate;
  readonly issueDate?: CivilDate | null;
  readonly performedOn?: CivilDate | null;
  readonly paidBy?: PaidBy;
  readonly factored?: boolean;
}

/**
 * Corrects an invoice that stands: another amount, other dates, another way to pay.
 *
 * When less is owed than was paid, the excess leaves the invoice and stands to the payer's credit: an invoice never
 * holds more money than it amounts to. Refused for a cancelled invoice, which owes nothing whatever it says, and for a
 * higher amount of one that was written off: whether the rest is owed or lost too, only a person can say.
 */
export async function correctInvoice(
  desk: Desk,
  invoiceId: string,
  correction: Correction,
  by: Author,
  how: Recording = {},
): Promise<Answer> {
  const file = await mustHave(desk, invoiceId);
  const { collection } = file;
  if (collection.end?.kind === 'cancelled')
    return {
      kind: 'refused',
      refusal: {
        code: 'invoice-closed',
        message:
          'The invoice is cancelled, so nothing of it can be corrected: register it anew under another number.',
      },
    };

  const amountCents = correction.amountCents ?? collection.amountCents;
  const raise = amountCents - collection.amountCents;
  if (collection.end?.kind === 'written_off' && collection.balanceCents + raise > 0)
    return {
      kind: 'refused',
      refusal: {
        code: 'invoice-closed',
        message:
          'The invoice is written off, and what the higher amount adds would be owed by nobody: register the difference as another term of it.',
        field: 'amount',
      },
    };
  const day = dayAt(collection.calendar, desk.now);
  await enter(desk, [{ ...placeOf(file), kind: 'correction', amountCents: raise, day }]);
  if (raise < 0)
    await takeBackNeverOwed(desk, invoiceId, {
      undoing: [{ kind: 'correction', day, cents: -raise }],
      mayOverpay: true,
    });
  const excess = -Math.min(0, await balanceOf(desk, invoiceId));
  await free(desk, file, excess, day, how.lane);
  // A formal notice may have waited for the date of its invoice.
  if (collection.issueDate === null && correction.issueDate) desk.poke(file.debtorId, how.lane);

  const fact = await desk.state(
    invoiceId,
    {
      type: 'invoiceCorrected',
      amountCents,
      balanceCents: await balanceOf(desk, invoiceId),
      dueDate: correction.dueDate ?? collection.dueDate,
      issueDate: correction.issueDate === undefined ? collection.issueDate : correction.issueDate,
      paidBy: correction.paidBy ?? collection.paidBy,
      factored: correction.factored ?? collection.factored,
      ...(correction.performedOn === undefined ? {} : { performedOn: correction.performedOn }),
    },
    by,
    how,
  );
  return recorded(file, fact);
}

/** Cancels an open invoice: it never was owed, so what had been paid of it stands to the payer's credit. */
export async function cancelInvoice(
  desk: Desk,
  invoiceId: string,
  reason: string,
  by: Author,
): Promise<Answer> {
  const file = await mustHave(desk, invoiceId);
  const refusal = refusalOf(file.collection, { type: 'invoiceCancelled', balanceCents: 0, reason }, desk.now);
  if (refusal) return { kind: 'refused', refusal };

  const { amountCents } = file.collection;
  const day = dayAt(file.collection.calendar, desk.now);
  await takeAllInterestBack(desk, invoiceId);
  await free(desk, file, amountCents - (await balanceOf(desk, invoiceId)), day);
  await enter(desk, [{ ...placeOf(file), kind: 'cancellation', amountCents: -amountCents, day }]);
  return recorded(
    file,
    await desk.state(
      invoiceId,
      { type: 'invoiceCancelled', balanceCents: await balanceOf(desk, invoiceId), reason },
      by,
    ),
  );
}

/** What is given up, on which day, and why; `amountCents` absent means all that is owed. */
export interface Loss {
  readonly amountCents?: number;
  readonly on: CivilDate;
  readonly reason: string;
  /** The dispute that a waiver makes good. */
  readonly disputeId?: string;
  /** The offer that a waiver keeps. */
  readonly discountId?: string;
}

/** Gives up what is owed, or a part of it, because nobody will pay it. */
export function writeOff(desk: Desk, invoiceId: string, loss: Loss, by: Author): Promise<Answer> {
  return giveUp(desk, 'writtenOff', invoiceId, loss, by);
}

/** Gives up a part of what is owed by agreement with the debtor. */
export function waive(desk: Desk, invoiceId: string, loss: Loss, by: Author): Promise<Answer> {
  return giveUp(desk, 'waived', invoiceId, loss, by);
}

/** Why so much cannot be given up, as the invoice is now; null when it can. */
export function refusalOfLoss(
  file: InvoiceFile,
  type: 'writtenOff' | 'waived',
  loss: Loss,
  now: Instant,
): Refusal | null {
  const owed = Math.max(0, file.collection.balanceCents);
  const amountCents = loss.amountCents ?? owed;
  const { on, reason } = loss;
  const body = { type, amountCents, balanceCents: owed - amountCents, on, reason };
  return refusalOf(file.collection, body, now) ?? tooLarge(type, amountCents, owed);
}

async function giveUp(
  desk: Desk,
  type: 'writtenOff' | 'waived',
  invoiceId: string,
  loss: Loss,
  by: Author,
): Promise<Answer> {
  const file = await mustHave(desk, invoiceId);
  const owed = Math.max(0, file.collection.balanceCents);
  const amountCents = loss.amountCents ?? owed;
  // A discount was agreed to with its offer: whoever took it is refused it by nothing that came since.
  const refusal = loss.discountId === undefined ? refusalOfLoss(file, type, loss, desk.now) : null;
  if (refusal) return { kind: 'refused', refusal };

  const kind = type === 'waived' ? 'waiver' : 'write_off';
  await enter(desk, [{ ...placeOf(file), kind, amountCents: -amountCents, day: loss.on }]);
  const balanceCents = await balanceOf(desk, invoiceId);
  const { on, reason, disputeId, discountId } = loss;
  const said = { amountCents, balanceCents, on, reason };
  const body =
    type === 'waived'
      ? {
          type,
          ...said,
          ...(disputeId === undefined ? {} : { disputeId }),
          ...(discountId === undefined ? {} : { discountId }),
        }
      : { type, ...said };
  return recorded(file, await desk.state(invoiceId, body, by));
}

/** Everybody whose account a change of the invoice may touch: its debtor, and who paid of it. */
export async function debtorsAround(db: Db | Tx, invoiceId: string): Promise<readonly string[]> {
  const own = await db
    .selectFrom('invoice')
    .select('debtor_id')
    .where('id', '=', invoiceId)
    .executeTakeFirst();
  return own
    ? [...new Set([own.debtor_id, ...(await ownersOf(db, await sharesOnInvoice(db, invoiceId))).values()])]
    : [];
}

/**
 * Takes `cents` of what had settled the invoice off it: first what was written off, then money and credit notes, the
 * latest first. They stay their payer's, unallocated. What of a payment has settled interest stays where it is.
 */
async function free(
  desk: Desk,
  file: InvoiceFile,
  cents: number,
  day: CivilDate,
  lane: Recording['lane'] = 'people',
): Promise<void> {
  if (cents <= 0) return;
  const shares = [...(await sharesOnInvoice(desk.tx, file.id))].reverse().sort((a, b) => turn(a) - turn(b));
  const owners = await ownersOf(desk.tx, shares);
  await desk.lock([...owners.values()]);

  const imputed = new Map((await imputedOn(desk, file.id)).map((one) => [one.paymentId, one.cents]));
  const entries: NewEntry[] = [];
  let left = cents;
  for (const share of shares) {
    const { kind, paymentId, creditNoteId } = share;
    const ofPrice = share.cents - ((paymentId === null ? null : imputed.get(paymentId)) ?? 0);
    const part = Math.max(0, Math.min(left, ofPrice));
    if (part === 0) continue;
    entries.push({ ...placeOf(file), kind, paymentId, creditNoteId, amountCents: part, day });
    const debtorId = owners.get(paymentId ?? creditNoteId ?? '');
    if (debtorId !== undefined) {
      entries.push({
        ...placeOf(file),
        invoiceId: null,
        debtorId,
        kind,
        paymentId,
        creditNoteId,
        amountCents: -part,
        day,
      });
      desk.poke(debtorId, lane);
    }
    left -= part;
  }
  if (left > 0) throw new Error(`invoice ${file.id} holds ${left} cents less than its balance says`);
  await enter(desk, entries);
}

function turn(share: Share): number {
  return share.kind === 'write_off' || share.kind === 'waiver' ? 0 : share.kind === 'payment' ? 1 : 2;
}

/** Whose the payments and credit notes are, by their ids. */
async function ownersOf(db: Db | Tx, shares: readonly Share[]): Promise<ReadonlyMap<string, string>> {
  const payments = shares.flatMap((share) => share.paymentId ?? []);
  const notes = shares.flatMap((share) => share.creditNoteId ?? []);
  const rows = [
    ...(payments.length > 0
      ? await db.selectFrom('payment').select(['id', 'debtor_id']).where('id', 'in', payments).execute()
      : []),
    ...(notes.length > 0
      ? await db.selectFrom('credit_note').select(['id', 'debtor_id']).where('id', 'in', notes).execute()
      : []),
  ];
  return new Map(rows.map((row) => [row.id, row.debtor_id]));
}

function placeOf({
  id,
  debtorId,
  collection,
}: InvoiceFile): Pick<NewEntry, 'creditorId' | 'debtorId' | 'invoiceId' | 'currency'> {
  return { creditorId: collection.creditorId, debtorId, invoiceId: id, currency: collection.currency };
}

async function balanceOf(desk: Desk, invoiceId: string): Promise<number> {
  return (await balancesOf(desk.tx, [invoiceId])).get(invoiceId) ?? 0;
}

function tooLarge(type: 'writtenOff' | 'waived', amountCents: number, owed: number): Refusal | null {
  if (amountCents <= owed) return null;
  if (type === 'waived')
    return {
      code: 'waiver-too-large',
      message: `${amountCents} cents are to be waived but only ${owed} are owed.`,
      field: 'amount',
    };
  return {
    code: 'write-off-too-large',
    message: `${amountCents} cents are to be written off but only ${owed} are owed.`,
    field: 'amount',
  };
}

async function mustHave(desk: Desk, invoiceId: string): Promise<InvoiceFile> {
  const file = await desk.file(invoiceId);
  if (!file) throw new Error(`invoice ${invoiceId} is not in this database`);
  return file;
}

function recorded(file: InvoiceFile, fact: Fact): Answer {
  return { kind: 'recorded', fact, file };
}
