import { sql } from 'kysely';
import { isOver } from '../domain/collection.ts';
import type { Author, Fact } from '../domain/fact.ts';
import { MissingLawValue, missingIn } from '../domain/law/law-value.ts';
import type { CivilDate, Instant } from '../domain/time.ts';
import { takeFromCredit } from './accessory-money.ts';
import { withdrawAbout } from './approvals.ts';
import { claimOf, lumpSumCurrency } from './claims.ts';
import type { Tx } from './database.ts';
import { declarationsChanged } from './declarations.ts';
import type { Desk, InvoiceFile } from './desk.ts';
import { judgmentBefore } from './hand-overs.ts';
import { creditOf } from './ledger.ts';
import { uuidv7 } from './uuid.ts';

/**
 * Penalties that were claimed and are not paid when the price is: they stay owed by the debtor, beside his invoices.
 *
 * The price has just been settled, or is owed again, by that fact. The file leaves collection all the same; nobody is
 * reminded of it. What was never claimed does not arise, and a creditor who waives accessories gives them up here, in the
 * journal. Money that comes back takes them back too: the invoice bears interest again, without what was waived of it.
 */
export async function followAccessories(
  desk: Desk,
  file: InvoiceFile,
  fact: Fact,
  by: Author,
): Promise<void> {
  if (!isOver(file.collection)) return reopen(desk, file, by);
  // What ends otherwise than by being settled is given up, and its penalties with it.
  const { end } = file.collection;
  if (end === null || end.kind === 'handed_over') await arise(desk, file, fact);
}

/**
 * What was paid of them goes back to the account, for the invoice claims them anew and the law grants them once.
 *
 * What the creditor's setting or a discount gave up, it gave up because the price was settled; what a person waived stays
 * waived.
 */
async function reopen(desk: Desk, file: InvoiceFile, by: Author): Promise<void> {
  const rows = await desk.tx
    .updateTable('accessory')
    .set({ state: 'reopened', ended_at: new Date(desk.now), reason: 'money_came_back' })
    .from('accessory as before')
    .whereRef('before.id', '=', 'accessory.id')
    .where('accessory.invoice_id', '=', file.id)
    .where((row) =>
      row.or([
        row('accessory.state', 'in', ['open', 'paid']),
        row.and([
          row('accessory.state', '=', 'waived'),
          row('accessory.reason', 'in', [bySetting, byDiscount]),
        ]),
      ]),
    )
    .returningAll('accessory')
    .returning('before.state as stateBefore')
    .execute();
  for (const { stateBefore, ...accessory } of rows) {
    await withdrawAbout(desk, accessory.id, by);
    if (stateBefore !== 'paid') continue;
    await takeFromCredit(desk, accessory, -1);
    desk.poke(file.debtorId);
  }
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
  // The debtor was told that what the offer asks settles the invoice.
  const isDiscounted = fact.type === 'waived' && fact.discountId !== undefined;
  const state = isPaid ? 'paid' : isDiscounted || accessories === 'waived' ? 'waived' : 'open';
  const reason = isPaid ? 'paid_as_claimed' : isDiscounted ? byDiscount : bySetting;
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
      ...(state === 'open' ? {} : { ended_at: at, reason }),
    })
    .returningAll()
    .executeTakeFirstOrThrow();
  if (isPaid) await takeFromCredit(desk, accessory, 1);
  if (state === 'open') await declarationsChanged(desk, file.debtorId);
  await desk.note(file.id, notes[state], { accessoryId: accessory.id, ...sums });
}

/** Why the penalties of a creditor who waives them are given up, as their row says. */
const bySetting = 'setting';
/** Why those of whoever took a discount for early settlement are. */
const byDiscount = 'early_settlement';

const notes = { open: 'accessoriesKept', waived: 'accessoriesWaived', paid: 'accessoriesPaid' } as const;

/**
 * Whether the payment that settled the price has brought what the letter claimed beside it: then it is for that, and the
 * interest of the days since the letter is not chased. Nothing is paid of a claim that is older than a judgment.
 */
async function paysAsClaimed(
  tx: Tx,
  file: InvoiceFile,
  fact: Fact,
  { interestCents, lumpSumCents }: Owed,
): Promise<boolean> {
  const { collection } = file;
  if (fact.type !== 'paymentRecorded' || collection.currency !== lumpSumCurrency) return false;
  if ((await judgmentBefore(tx, file)) !== null) return false;
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

/**
 * What the last message that claimed something beside the price claimed, less what was waived since; undefined when none
 * did.
 */
async function lastClaimed(
  tx: Tx,
  invoiceId: string,
): Promise<{ interest: number | null; lumpSum: number | null } | undefined> {
  const row = await tx
    .selectFrom('message_line')
    .innerJoin('message', 'message.id', 'message_line.message_id')
    .select(['message_line.interest_cents', 'message_line.lump_sum_cents', 'message.claimed_at'])
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
  if (!row) return undefined;
  const waived = await tx
    .selectFrom('accessory')
    .select(({ fn }) => [
      fn.sum<string | null>('interest_cents').as('interest'),
      fn.sum<string | null>('lump_sum_cents').as('lumpSum'),
    ])
    .where('invoice_id', '=', invoiceId)
    .where('state', '=', 'waived')
    .where('ended_at', '>=', sql<Instant>`${new Date(row.claimed_at ?? 0)}`)
    .executeTakeFirstOrThrow();
  const less = (cents: number | null, by: string | null): number | null =>
    cents === null ? null : Math.max(0, cents - Number(by ?? 0));
  return {
    interest: less(row.interest_cents, waived.interest),
    lumpSum: less(row.lump_sum_cents, waived.lumpSum),
  };
}

/** Worked out to the day of settlement; where a rate is not known, what was claimed, for money is recorded all the same. */
async function owedOn(
  tx: Tx,
  invoiceId: string,
  on: CivilDate,
  { interest, lumpSum }: { readonly interest: number | null; readonly lumpSum: number | null },
): Promise<Owed> {
  const claim = await claimOf(tx, invoiceId, on).catch(missingIn);
  if (claim instanceof MissingLawValue) return { interestCents: interest ?? 0, lumpSumCents: lumpSum ?? 0 };
  const { penalties } = claim;
  return {
    interestCents: interest === null ? 0 : penalties.interestDueCents,
    lumpSumCents: lumpSum === null ? 0 : penalties.lumpSum.cents,
  };
}
