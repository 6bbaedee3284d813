import { allocate } from '../domain/allocation.ts';
import type { Allocated, Allocation, OpenItem } from '../domain/allocation.ts';
import type { Author, Fact } from '../domain/fact.ts';
import type { Refusal } from '../domain/refusal.ts';
import type { CivilDate } from '../domain/time.ts';
import { unpayAccessories } from './accessory-money.ts';
import { insertPayments, noteCreditNote, noteReturn } from './audit/money-noted.ts';
import { giveLateDiscount, untakeDiscount } from './discounts.ts';
import type { Db, Tx } from './database.ts';
import type { Desk, InvoiceFile, Recording } from './desk.ts';
import { forgetEarlierMoney } from './earlier-money.ts';
import { takeInterestBack } from './imputations.ts';
import { settleInterestFirst } from './interest-first.ts';
import { balancesOf, creditOf, enter, openItemsOf, sharesOfPayment } from './ledger.ts';
import { invoicesOfPlanNamedBy } from './plan-reads.ts';
import { unkeepPlans } from './plans.ts';
import { keepWholePromises } from './promises.ts';
import { uuidv7 } from './uuid.ts';
import { allEyes, seenOf, unseenInvoices } from './visible.ts';
import type { Eyes } from './visible.ts';

/** Money in, as the bank or a person reports it. */
export interface NewPayment {
  readonly creditorId: string;
  /** Who paid; what settles nothing stands to his credit. */
  readonly debtorId: string;
  readonly currency: string;
  readonly amountCents: number;
  readonly valueDate: CivilDate;
  readonly reference: string | null;
  /** What it settles, as the payer said; absent: the rules of `domain/allocation.ts` say. Empty: nothing for now. */
  readonly allocations?: readonly Allocation[];
  /** The payer said what it settles; absent: those who recorded it did. */
  readonly isPayersWord?: true;
  /** Of the caller: what he does not see is not here, neither for his wish nor for the rules. All when absent. */
  readonly eyes?: Eyes;
}

export interface NewCreditNote {
  readonly creditorId: string;
  readonly debtorId: string;
  readonly number: string;
  readonly currency: string;
  readonly amountCents: number;
  readonly issueDate: CivilDate;
  readonly reference: string | null;
  readonly allocations?: readonly Allocation[];
  readonly eyes?: Eyes;
}

/** What money did: the share of each invoice with the fact that it became, and what settles nothing yet. */
export interface Settled {
  readonly kind: 'recorded';
  /** The payment or credit note. */
  readonly id: string;
  readonly rule: Allocated['rule'];
  readonly unallocatedCents: number;
  readonly shares: readonly (Allocation & { readonly file: InvoiceFile; readonly fact: Fact })[];
}

export type MoneyAnswer = Settled | { readonly kind: 'refused'; readonly refusal: Refusal };

/** Records a payment. The payer and the debtors of the wished invoices are locked by the caller: `debtorsOfInvoices`. */
export async function recordPayment(
  desk: Desk,
  payment: NewPayment,
  by: Author,
  how: Recording = {},
): Promise<MoneyAnswer> {
  const plan = await planned(desk, payment);
  if ('refusal' in plan) return plan;
  const id = uuidv7();
  await insertPayments(desk, [
    {
      id,
      creditor_id: payment.creditorId,
      debtor_id: payment.debtorId,
      currency: payment.currency,
      amount_cents: payment.amountCents,
      value_date: payment.valueDate,
      reference: payment.reference,
      recorded_by: by.id,
    },
  ]);
  return settle(desk, { ...payment, kind: 'payment', id, day: payment.valueDate }, plan, by, how);
}

/** Records a credit note: it lowers what it is about, up to the balances; the rest stands to the debtor's credit. */
export async function recordCreditNote(desk: Desk, note: NewCreditNote, by: Author): Promise<MoneyAnswer> {
  const plan = await planned(desk, note);
  if ('refusal' in plan) return plan;
  const id = uuidv7();
  const row = {
    id,
    creditor_id: note.creditorId,
    debtor_id: note.debtorId,
    number: note.number,
    currency: note.currency,
    amount_cents: note.amountCents,
    issue_date: note.issueDate,
    recorded_by: by.id,
  };
  const added = await desk.tx
    .insertInto('credit_note')
    .values({ ...row, at: new Date(desk.now) })
    .onConflict((clash) => clash.columns(['creditor_id', 'number']).doNothing())
    .executeTakeFirst();
  if (added.numInsertedOrUpdatedRows === 0n)
    return refused(
      'credit-note-known',
      `Credit note ${note.number} of this creditor is known already: give another number.`,
      'number',
    );
  await noteCreditNote(desk, row);
  return settle(desk, { ...note, kind: 'credit_note', id, day: note.issueDate }, plan, by, {});
}

/** Allocates what a payment has left unallocated; undefined when there is no such payment. */
export async function allocatePayment(
  desk: Desk,
  paymentId: string,
  wished: readonly Allocation[] | undefined,
  by: Author,
  eyes?: Eyes,
): Promise<MoneyAnswer | undefined> {
  const payment = await desk.tx
    .selectFrom('payment')
    .selectAll()
    .where('id', '=', paymentId)
    .executeTakeFirst();
  if (!payment) return undefined;
  if (payment.returned_on !== null)
    return refused(
      'payment-returned',
      `The payment came back on ${payment.returned_on}: nothing of it is left.`,
    );
  return allocateRest(
    desk,
    {
      kind: 'payment',
      id: paymentId,
      day: payment.value_date,
      ...sourceOf(payment),
      reference: payment.reference,
    },
    wished,
    by,
    eyes,
  );
}

/** Allocates what a credit note has left unallocated; undefined when there is no such credit note. */
export async function allocateCreditNote(
  desk: Desk,
  creditNoteId: string,
  wished: readonly Allocation[] | undefined,
  by: Author,
  eyes?: Eyes,
): Promise<MoneyAnswer | undefined> {
  const note = await desk.tx
    .selectFrom('credit_note')
    .selectAll()
    .where('id', '=', creditNoteId)
    .executeTakeFirst();
  return (
    note &&
    allocateRest(
      desk,
      { kind: 'credit_note', id: creditNoteId, day: note.issue_date, ...sourceOf(note), reference: null },
      wished,
      by,
      eyes,
    )
  );
}

/**
 * Takes a payment back: a rejected direct debit, a bounced cheque, a chargeback.
 *
 * Every share gets an entry that mirrors it, so whatever it settled is owed again; each invoice hears of it and goes on
 * where it was. A payment comes back once. Undefined when there is no such payment.
 */
export async function returnPayment(
  desk: Desk,
  paymentId: string,
  back: { on: CivilDate; reason: string },
  by: Author,
): Promise<MoneyAnswer | undefined> {
  const payment = await desk.tx
    .selectFrom('payment')
    .selectAll()
    .where('id', '=', paymentId)
    .executeTakeFirst();
  if (!payment) return undefined;
  const shares = await sharesOfPayment(desk.tx, paymentId);
  // Somebody may have allocated it between the look that chose the locks and the locks.
  await desk.lock(shares.map((share) => share.debtorId));
  if (payment.returned_on !== null)
    return refused('payment-returned', `The payment came back on ${payment.returned_on} already.`);

  const settled = shares.flatMap(({ invoiceId, cents }) =>
    invoiceId === null ? [] : { invoiceId, amountCents: cents },
  );
  const settledIds = settled.map(({ invoiceId }) => invoiceId);
  await forgetEarlierMoney(desk, paymentId, settledIds);
  await desk.tx.updateTable('payment').set({ returned_on: back.on }).where('id', '=', paymentId).execute();
  await noteReturn(desk, payment, back.on, by.id);
  await enter(
    desk,
    shares.map(({ cents, ...share }) => ({
      ...share,
      kind: 'payment_return' as const,
      amountCents: cents,
      day: back.on,
    })),
  );
  desk.poke(payment.debtor_id);
  for (const share of shares)
    if (share.invoiceId === null) await unpayAccessories(desk, share.debtorId, share.creditorId);

  await takeInterestBack(desk, paymentId, settledIds, back.on);
  for (const invoiceId of settledIds) await untakeDiscount(desk, invoiceId);
  await unkeepPlans(desk, settledIds, by);
  const balances = await balancesOf(desk.tx, settledIds);
  const recorded: Settled['shares'][number][] = [];
  for (const share of settled) {
    const balanceCents = balances.get(share.invoiceId) ?? 0;
    const fact = await desk.state(
      share.invoiceId,
      {
        type: 'paymentReturned',
        paymentId,
        amountCents: share.amountCents,
        balanceCents,
        on: back.on,
        reason: back.reason,
      },
      by,
    );
    recorded.push({ ...share, fact, file: await fileOf(desk, share.invoiceId) });
  }
  return { kind: 'recorded', id: paymentId, rule: 'wished', unallocatedCents: 0, shares: recorded };
}

/** The debtors of these invoices, in no order; unknown invoices are left out. */
export async function debtorsOfInvoices(
  db: Db | Tx,
  invoiceIds: readonly string[],
): Promise<readonly string[]> {
  if (invoiceIds.length === 0) return [];
  const rows = await db
    .selectFrom('invoice')
    .select('debtor_id')
    .distinct()
    .where('id', 'in', invoiceIds)
    .execute();
  return rows.map((row) => row.debtor_id);
}

/** Everybody whom a payment concerns: the payer and the debtors of what it settled. */
export async function debtorsOfPayment(db: Db | Tx, paymentId: string): Promise<readonly string[]> {
  const payer = await db
    .selectFrom('payment')
    .select('debtor_id')
    .where('id', '=', paymentId)
    .executeTakeFirst();
  const others = await db
    .selectFrom('ledger_entry')
    .innerJoin('debtor', 'debtor.id', 'ledger_entry.debtor_id')
    .select('debtor_id')
    .distinct()
    .where('payment_id', '=', paymentId)
    // On the account of whoever was merged with another nothing stands any more.
    .where('debtor.merged_into', 'is', null)
    .execute();
  return [...new Set([...(payer ? [payer.debtor_id] : []), ...others.map((row) => row.debtor_id)])];
}

interface Source {
  /** Of the allocations: whose word they are. */
  readonly isPayersWord?: true;
  readonly kind: 'payment' | 'credit_note';
  readonly id: string;
  readonly creditorId: string;
  readonly debtorId: string;
  readonly currency: string;
  readonly day: CivilDate;
}

function sourceOf(row: {
  creditor_id: string;
  debtor_id: string;
  currency: string;
}): Pick<Source, 'creditorId' | 'debtorId' | 'currency'> {
  return { creditorId: row.creditor_id, debtorId: row.debtor_id, currency: row.currency };
}

type Incoming = Pick<
  NewPayment,
  'creditorId' | 'debtorId' | 'currency' | 'amountCents' | 'reference' | 'allocations' | 'eyes'
>;

/** Which invoices the amount settles; refused when the wish names what this money can't settle. */
async function planned(
  desk: Desk,
  incoming: Incoming,
): Promise<Allocated | { kind: 'refused'; refusal: Refusal }> {
  const { allocations: wished, eyes = allEyes } = incoming;
  if (!wished) {
    const items = await openItemsOf(desk.tx, incoming);
    const seen = await seenOf(desk.tx, eyes, items, ({ invoiceId }) => invoiceId);
    const inPlan = await invoicesOfPlanNamedBy(desk.tx, incoming);
    return allocate(incoming, inPlan ? seen.filter(({ invoiceId }) => inPlan.has(invoiceId)) : seen);
  }

  const unseen = await unseenInvoices(
    desk.tx,
    eyes,
    wished.map(({ invoiceId }) => invoiceId),
  );
  const files = new Map(
    (await desk.files([...new Set(wished.map(({ invoiceId }) => invoiceId))])).map((file) => [file.id, file]),
  );
  for (const [index, { invoiceId }] of wished.entries()) {
    const field = `allocations.${index}.invoiceId`;
    const file = files.get(invoiceId);
    if (!file || unseen.has(invoiceId))
      return refused(
        'allocation-impossible',
        `No invoice ${invoiceId} is known here: correct the id.`,
        field,
      );
    const { creditorId, currency } = file.collection;
    if (creditorId !== incoming.creditorId)
      return refused(
        'allocation-impossible',
        `Invoice ${file.number} is owed to another creditor: leave it out.`,
        field,
      );
    if (currency !== incoming.currency)
      return refused(
        'allocation-impossible',
        `Invoice ${file.number} is in ${currency}, the money in ${incoming.currency}: leave it out.`,
        field,
      );
  }
  const wishedCents = wished.reduce((sum, { amountCents }) => sum + amountCents, 0);
  if (wishedCents > incoming.amountCents)
    return refused(
      'allocation-impossible',
      `${wishedCents} cents are allocated but only ${incoming.amountCents} are there: allocate less.`,
      'allocations',
    );
  return allocate(incoming, [...files.values()].map(itemOf), wished);
}

async function settle(
  desk: Desk,
  source: Source,
  plan: Allocated,
  by: Author,
  how: Recording,
): Promise<Settled> {
  const common = {
    creditorId: source.creditorId,
    currency: source.currency,
    kind: source.kind,
    day: source.day,
    ...idOf(source),
  };
  const files = new Map(
    (await desk.files(plan.allocations.map(({ invoiceId }) => invoiceId))).map((file) => [file.id, file]),
  );
  await enter(desk, [
    ...plan.allocations.map(({ invoiceId, amountCents }) => ({
      ...common,
      invoiceId,
      debtorId: files.get(invoiceId)?.debtorId ?? source.debtorId,
      amountCents: -amountCents,
    })),
    { ...common, invoiceId: null, debtorId: source.debtorId, amountCents: -plan.unallocatedCents },
  ]);
  const settled = await settleInterestFirst(desk, source, plan);
  if (settled.unallocatedCents > 0) desk.poke(source.debtorId, how.lane);
  return tell(desk, source, settled, by, how);
}

async function allocateRest(
  desk: Desk,
  source: Source & { reference: string | null },
  wished: readonly Allocation[] | undefined,
  by: Author,
  eyes: Eyes | undefined,
): Promise<MoneyAnswer> {
  const amountCents = await restOf(desk.tx, source);
  if (amountCents <= 0) return refused('nothing-to-allocate', 'Nothing of it is left to allocate.');
  const plan = await planned(desk, {
    ...source,
    amountCents,
    ...(wished ? { allocations: wished } : {}),
    ...(eyes ? { eyes } : {}),
  });
  if ('refusal' in plan) return plan;

  const common = {
    creditorId: source.creditorId,
    currency: source.currency,
    kind: source.kind,
    day: source.day,
    ...idOf(source),
  };
  const files = new Map(
    (await desk.files(plan.allocations.map(({ invoiceId }) => invoiceId))).map((file) => [file.id, file]),
  );
  await enter(desk, [
    ...plan.allocations.map((share) => ({
      ...common,
      invoiceId: share.invoiceId,
      debtorId: files.get(share.invoiceId)?.debtorId ?? source.debtorId,
      amountCents: -share.amountCents,
    })),
    {
      ...common,
      invoiceId: null,
      debtorId: source.debtorId,
      amountCents: amountCents - plan.unallocatedCents,
    },
  ]);
  desk.poke(source.debtorId);
  return tell(desk, source, await settleInterestFirst(desk, source, plan), by, {});
}

/** Tells each invoice what it got, with the balance that the ledger holds after it. */
async function tell(
  desk: Desk,
  source: Source,
  plan: Allocated,
  by: Author,
  how: Recording,
): Promise<Settled> {
  const balances = await balancesOf(
    desk.tx,
    plan.allocations.map(({ invoiceId }) => invoiceId),
  );
  const shares: Settled['shares'][number][] = [];
  for (const share of plan.allocations) {
    const money = {
      amountCents: share.amountCents,
      balanceCents: balances.get(share.invoiceId) ?? 0,
      on: source.day,
    };
    const { debtorId } = await fileOf(desk, share.invoiceId);
    const isHis = debtorId === source.debtorId && isSaidByPayer(source, plan.rule);
    const fact = await desk.state(
      share.invoiceId,
      source.kind === 'payment'
        ? { type: 'paymentRecorded', paymentId: source.id, ...money, ...(isHis ? {} : { admits: false }) }
        : { type: 'creditNoteRecorded', creditNoteId: source.id, ...money },
      by,
      how,
    );
    const file = await fileOf(desk, share.invoiceId);
    if (source.kind === 'payment') await giveLateDiscount(desk, file);
    shares.push({ ...share, fact, file });
  }
  await keepWholePromises(
    desk,
    shares.map(({ invoiceId }) => invoiceId),
  );
  return {
    kind: 'recorded',
    id: source.id,
    rule: plan.rule,
    // Accessories that an invoice claimed may just have been paid of it.
    unallocatedCents: Math.min(plan.unallocatedCents, await creditOf(desk.tx, source)),
    shares,
  };
}

/** A debt is admitted by whoever pays it and says so: in his reference, or to whoever recorded it. */
function isSaidByPayer({ isPayersWord }: Source, rule: Allocated['rule']): boolean {
  return rule === 'reference' || (rule === 'wished' && isPayersWord === true);
}

/** What of it stands in the account, in positive cents. */
async function restOf(tx: Tx, source: Source): Promise<number> {
  const { cents } = await tx
    .selectFrom('ledger_entry')
    .select(({ fn }) => fn.sum<string | null>('amount_cents').as('cents'))
    .where(source.kind === 'payment' ? 'payment_id' : 'credit_note_id', '=', source.id)
    .where('invoice_id', 'is', null)
    .executeTakeFirstOrThrow();
  // Accessories may have been paid from the account since, which name no payment.
  return Math.min(-Number(cents ?? 0), await creditOf(tx, source));
}

function idOf(source: Source): { paymentId: string } | { creditNoteId: string } {
  return source.kind === 'payment' ? { paymentId: source.id } : { creditNoteId: source.id };
}

async function fileOf(desk: Desk, invoiceId: string): Promise<InvoiceFile> {
  const file = await desk.file(invoiceId);
  if (!file) throw new Error(`invoice ${invoiceId} is not in this database`);
  return file;
}

function itemOf({ id, number, collection }: InvoiceFile): OpenItem {
  return {
    invoiceId: id,
    number,
    currency: collection.currency,
    dueDate: collection.dueDate,
    balanceCents: collection.balanceCents,
  };
}

function refused(
  code: Refusal['code'],
  message: string,
  field?: string,
): { kind: 'refused'; refusal: Refusal } {
  return { kind: 'refused', refusal: field === undefined ? { code, message } : { code, message, field } };
}
