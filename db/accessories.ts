import type { Selectable } from 'kysely';
import { isClosed } from '../domain/collection.ts';
import type { Author, Fact } from '../domain/fact.ts';
import { MissingLawValue } from '../domain/law/law-value.ts';
import type { CivilDate } from '../domain/time.ts';
import { lawDay } from './calendars.ts';
import { claimOf, lumpSumCurrency } from './claims.ts';
import type { Db, Tx } from './database.ts';
import type { Desk, InvoiceFile } from './desk.ts';
import { creditOf, enter } from './ledger.ts';
import type { AccessoryTable } from './schema.ts';
import { uuidv7 } from './uuid.ts';
import { onlySeen } from './visible.ts';
import type { Eyes } from './visible.ts';

/**
 * Penalties that were claimed and are not paid when the price is: they stay owed by the debtor, beside his invoices.
 *
 * The invoice leaves collection all the same; nobody is reminded of it. What was never claimed does not arise, and a
 * creditor who waives accessories gives them up here, in the journal. Money that comes back takes them back too: the
 * invoice bears interest again.
 */
export type Accessory = Selectable<AccessoryTable>;

/** The file has just been closed or opened by that fact. */
export async function followAccessories(desk: Desk, file: InvoiceFile, fact: Fact): Promise<void> {
  if (!isClosed(file.collection)) return reopen(desk, file);
  // What ends otherwise than by being settled is given up or goes on elsewhere, and its penalties with it.
  if (file.collection.end === null) await arise(desk, file, fact);
}

/** What was paid of them goes back to the account, for the invoice claims them anew and the law grants them once. */
async function reopen(desk: Desk, file: InvoiceFile): Promise<void> {
  const paid = await desk.tx
    .selectFrom('accessory')
    .selectAll()
    .where('invoice_id', '=', file.id)
    .where('state', '=', 'paid')
    .execute();
  for (const accessory of paid) await takeFromCredit(desk, accessory, -1);
  if (paid.length > 0) desk.poke(file.debtorId);
  await desk.tx
    .updateTable('accessory')
    .set({ state: 'reopened', ended_at: new Date(desk.now), reason: 'money_came_back' })
    .where('invoice_id', '=', file.id)
    .where('state', 'in', ['open', 'paid'])
    .execute();
}

async function arise(desk: Desk, file: InvoiceFile, fact: Fact): Promise<void> {
  const settledOn = 'on' in fact ? fact.on : fact.day;
  const claimed = await lastClaimed(desk.tx, file.id);
  if (!claimed) return;
  const owed = await owedOn(desk.tx, file.id, settledOn, claimed);
  if (owed.interestCents + owed.lumpSumCents <= 0) return;
  const { accessories } = await desk.tx
    .selectFrom('creditor')
    .select('accessories')
    .where('id', '=', file.collection.creditorId)
    .executeTakeFirstOrThrow();
  const asClaimed = { interestCents: claimed.interest ?? 0, lumpSumCents: claimed.lumpSum ?? 0 };
  const isPaid = await paysAsClaimed(desk.tx, file, fact, asClaimed);
  const state = isPaid ? 'paid' : accessories === 'waived' ? 'waived' : 'open';
  const sums = isPaid ? asClaimed : owed;
  const at = new Date(desk.now);
  const accessory = await desk.tx
    .insertInto('accessory')
    .values({
      id: uuidv7(),
      invoice_id: file.id,
      debtor_id: file.debtorId,
      creditor_id: file.collection.creditorId,
      currency: file.collection.currency,
      interest_cents: sums.interestCents,
      lump_sum_cents: sums.lumpSumCents,
      settled_on: settledOn,
      state,
      arisen_at: at,
      ...(state === 'open' ? {} : { ended_at: at, reason: state === 'paid' ? 'paid_as_claimed' : 'setting' }),
    })
    .returningAll()
    .executeTakeFirstOrThrow();
  if (isPaid) await takeFromCredit(desk, accessory, 1);
  await desk.note(file.id, notes[state], { accessoryId: accessory.id, ...sums });
}

const notes = { open: 'accessoriesKept', waived: 'accessoriesWaived', paid: 'accessoriesPaid' } as const;

/**
 * Whether the payment that settled the price has brought what the letter claimed beside it: then it is for that, and the
 * interest of the days since the letter is not chased.
 */
async function paysAsClaimed(
  tx: Tx,
  { collection }: InvoiceFile,
  fact: Fact,
  { interestCents, lumpSumCents }: Owed,
): Promise<boolean> {
  if (fact.type !== 'paymentRecorded' || collection.currency !== lumpSumCurrency) return false;
  const { cents } = await tx
    .selectFrom('ledger_entry')
    .select(({ fn }) => fn.sum<string | null>('amount_cents').as('cents'))
    .where('payment_id', '=', fact.paymentId)
    .where('debtor_id', '=', collection.debtorId)
    .where('invoice_id', 'is', null)
    .executeTakeFirstOrThrow();
  // Another invoice that the same payment settles may have taken its share of the account already.
  const { debtorId, creditorId, currency } = collection;
  const creditCents = await creditOf(tx, { debtorId, creditorId, currency });
  const claimedCents = interestCents + lumpSumCents;
  return claimedCents > 0 && Math.min(-Number(cents ?? 0), creditCents) >= claimedCents;
}

interface Owed {
  readonly interestCents: number;
  /** In euros. */
  readonly lumpSumCents: number;
}

/** What the last message that claimed something beside the price claimed; undefined when none did. */
async function lastClaimed(
  tx: Tx,
  invoiceId: string,
): Promise<{ interest: number | null; lumpSum: number | null } | undefined> {
  const row = await tx
    .selectFrom('message_line')
    .innerJoin('message', 'message.id', 'message_line.message_id')
    .select(['message_line.interest_cents', 'message_line.lump_sum_cents'])
    .where('message_line.invoice_id', '=', invoiceId)
    .where('message_line.request_id', 'is not', null)
    .where('message.purpose', '=', 'contact')
    .where('message.state', 'in', ['accepted', 'delivered', 'unknown', 'complained'])
    .where((line) =>
      line.or([line('interest_cents', 'is not', null), line('lump_sum_cents', 'is not', null)]),
    )
    .orderBy('message.id', 'desc')
    .limit(1)
    .executeTakeFirst();
  return row && { interest: row.interest_cents, lumpSum: row.lump_sum_cents };
}

/** Worked out to the day of settlement; where a rate is not known, what was claimed, for money is recorded all the same. */
async function owedOn(
  tx: Tx,
  invoiceId: string,
  on: CivilDate,
  { interest, lumpSum }: { readonly interest: number | null; readonly lumpSum: number | null },
): Promise<Owed> {
  try {
    const { penalties } = await claimOf(tx, invoiceId, on);
    return {
      interestCents: interest === null ? 0 : penalties.interestCents - penalties.interestPaidCents,
      lumpSumCents: lumpSum === null ? 0 : penalties.lumpSum.cents,
    };
  } catch (fault) {
    if (!(fault instanceof MissingLawValue)) throw fault;
    return { interestCents: interest ?? 0, lumpSumCents: lumpSum ?? 0 };
  }
}

export interface AccessoryInList extends Accessory {
  readonly number: string;
}

/** The accessories of a debtor whose invoices are seen, the last one first. */
export async function accessoriesOf(
  eyes: Eyes,
  db: Db | Tx,
  debtorId: string,
): Promise<readonly AccessoryInList[]> {
  return db
    .selectFrom('accessory')
    .innerJoin('invoice', 'invoice.id', 'accessory.invoice_id')
    .selectAll('accessory')
    .select('invoice.number')
    .where('accessory.debtor_id', '=', debtorId)
    .$call(onlySeen(eyes, 'invoice'))
    .orderBy('accessory.id', 'desc')
    .execute();
}

/** The accessories that arose from one invoice and are still owed; undefined when there are none. */
export async function openAccessoryOf(db: Db | Tx, invoiceId: string): Promise<Accessory | undefined> {
  return db
    .selectFrom('accessory')
    .selectAll()
    .where('invoice_id', '=', invoiceId)
    .where('state', '=', 'open')
    .executeTakeFirst();
}

export type AccessoryAnswer =
  | { readonly kind: 'ended'; readonly accessory: Accessory }
  /** They are paid, waived or taken back already. */
  | { readonly kind: 'not-open'; readonly state: string }
  | { readonly kind: 'no-credit'; readonly currency: string; readonly missingCents: number };

/**
 * Ends accessories of an invoice whose debtor is locked: waived, or paid from what stands to the debtor's credit with
 * that creditor. Undefined when the invoice never had any.
 */
export async function endAccessories(
  desk: Desk,
  invoiceId: string,
  outcome: 'paid' | 'waived',
  by: Author,
  reason: string | null,
): Promise<AccessoryAnswer | undefined> {
  const last = await desk.tx
    .selectFrom('accessory')
    .selectAll()
    .where('invoice_id', '=', invoiceId)
    .orderBy('id', 'desc')
    .limit(1)
    .executeTakeFirst();
  if (!last) return undefined;
  if (last.state !== 'open') return { kind: 'not-open', state: last.state };
  if (outcome === 'paid') {
    const lacking = await payFromCredit(desk, last);
    if (lacking) return lacking;
  }
  const accessory = await desk.tx
    .updateTable('accessory')
    .set({ state: outcome, ended_at: new Date(desk.now), ended_by: by.id, reason })
    .where('id', '=', last.id)
    .returningAll()
    .executeTakeFirstOrThrow();
  const { id: accessoryId, interest_cents: interestCents, lump_sum_cents: lumpSumCents } = accessory;
  const type = outcome === 'paid' ? 'accessoriesPaid' : 'accessoriesWaived';
  await desk.note(invoiceId, type, { accessoryId, interestCents, lumpSumCents, by });
  return { kind: 'ended', accessory };
}

async function payFromCredit(
  desk: Desk,
  accessory: Accessory,
): Promise<Extract<AccessoryAnswer, { kind: 'no-credit' }> | null> {
  const { debtor_id: debtorId, creditor_id: creditorId } = accessory;
  for (const [currency, cents] of dueOf(accessory)) {
    const missingCents = cents - (await creditOf(desk.tx, { debtorId, creditorId, currency }));
    if (missingCents > 0) return { kind: 'no-credit', currency, missingCents };
  }
  await takeFromCredit(desk, accessory, 1);
  desk.poke(accessory.debtor_id);
  return null;
}

/** Takes the accessories out of the debtor's credit, or gives them back to it. */
async function takeFromCredit(desk: Desk, accessory: Accessory, sign: 1 | -1): Promise<void> {
  const account = { creditorId: accessory.creditor_id, debtorId: accessory.debtor_id, invoiceId: null };
  const day = lawDay(desk.now);
  await enter(
    desk,
    [...dueOf(accessory)].map(([currency, cents]) => ({
      ...account,
      ...{ currency, kind: 'accessory' as const, amountCents: sign * cents, day },
    })),
  );
}

/** What is due of it by currency: the fixed indemnity in euros. */
function dueOf(accessory: Accessory): ReadonlyMap<string, number> {
  const due = new Map([[accessory.currency, accessory.interest_cents]]);
  due.set(lumpSumCurrency, (due.get(lumpSumCurrency) ?? 0) + accessory.lump_sum_cents);
  return due;
}

/**
 * A payment came back of which accessories may have been paid: where the account no longer holds so much, they are owed
 * again, the last ones first.
 */
export async function unpayAccessories(desk: Desk, debtorId: string, creditorId: string): Promise<void> {
  for (;;) {
    const overdrawn = await desk.tx
      .selectFrom('ledger_entry')
      .select('currency')
      .where('debtor_id', '=', debtorId)
      .where('creditor_id', '=', creditorId)
      .where('invoice_id', 'is', null)
      .groupBy('currency')
      .having(({ fn }) => fn.sum('amount_cents'), '>', 0)
      .executeTakeFirst();
    if (!overdrawn) return;
    const paid = await desk.tx
      .updateTable('accessory')
      .set({ state: 'open', ended_at: null, ended_by: null, reason: null })
      .where('id', '=', ({ selectFrom }) =>
        selectFrom('accessory')
          .select('id')
          .where('debtor_id', '=', debtorId)
          .where('creditor_id', '=', creditorId)
          .where('state', '=', 'paid')
          .orderBy('ended_at', 'desc')
          .orderBy('id', 'desc')
          .limit(1),
      )
      .returningAll()
      .executeTakeFirst();
    if (!paid) return;
    await takeFromCredit(desk, paid, -1);
    const [interestCents, lumpSumCents] = [paid.interest_cents, paid.lump_sum_cents];
    await desk.note(paid.invoice_id, 'accessoriesKept', {
      ...{ accessoryId: paid.id, interestCents, lumpSumCents },
    });
  }
}
