import type { Selectable } from 'kysely';
import { dayAt } from '../domain/calendar.ts';
import type { Author } from '../domain/fact.ts';
import type { CostKind, PartnerStatus } from '../domain/litigation/status.ts';
import { remitBy, stillHeld } from '../domain/litigation/remittance.ts';
import type { Recovery } from '../domain/litigation/remittance.ts';
import type { CivilDate } from '../domain/time.ts';
import type { Db, Tx } from './database.ts';
import type { Desk } from './desk.ts';
import { mandateOf } from './firms.ts';
import { invoiceIdsOf, noteOnAll, notHandedYet, wordsOn } from './litigation.ts';
import type { Done, LitigationRow } from './litigation.ts';
import { recordPayment } from './payments.ts';
import type { LitigationEntryTable } from './schema.ts';
import { uuidv7 } from './uuid.ts';

export type LitigationEntry = Selectable<LitigationEntryTable>;

/**
 * What a partner tells of a file, charges for it, has received for us and has passed on; and what he has to be told.
 *
 * What he received was paid: the debtor has settled it the day that somebody with the power to receive had it, so it is a
 * payment in our ledger; that the money is still on its way to us is a matter between the partner and us, with its day.
 */
export interface PartnerWord {
  readonly on: CivilDate;
  readonly comment: string | undefined;
}

/** Records how far the partner has got. */
export async function recordStatus(
  desk: Desk,
  litigation: LitigationRow,
  { status, ...word }: PartnerWord & { readonly status: PartnerStatus },
  by: Author,
): Promise<Done> {
  if (litigation.state !== 'handed') return notHandedYet(litigation);
  await desk.tx
    .updateTable('litigation')
    .set({ status, status_on: word.on })
    .where('id', '=', litigation.id)
    .execute();
  await enterEntry(desk, litigation, { kind: 'status', code: status, ...word }, by);
  return { kind: 'done' };
}

/** Records what the partner charges. It stays with the creditor, who may not ask it of the debtor without a title. */
export async function recordCost(
  desk: Desk,
  litigation: LitigationRow,
  cost: PartnerWord & { readonly what: CostKind; readonly amountCents: number },
  by: Author,
): Promise<Done> {
  if (litigation.state === 'preparing') return notHandedYet(litigation);
  const { what: code, ...rest } = cost;
  await enterEntry(desk, litigation, { kind: 'cost', code, ...rest }, by);
  return { kind: 'done' };
}

/** Records what the partner received of the debtor: it settles the oldest due invoices of the file, and has to be passed on. */
export async function recordRecovery(
  desk: Desk,
  litigation: LitigationRow,
  { amountCents, ...word }: PartnerWord & { readonly amountCents: number },
  by: Author,
): Promise<Done> {
  if (litigation.state !== 'handed' || litigation.firm_id === null) return notHandedYet(litigation);
  const files = await desk.files(await invoiceIdsOf(desk.tx, litigation));
  const [first] = files;
  // Money that came before was paid to us: dated back, it would undo the penalties that ran since.
  const since = first && dayAt(first.collection.calendar, litigation.handed_at ?? litigation.opened_at);
  if (since !== undefined && word.on < since)
    return {
      kind: 'refused',
      refusal: {
        code: 'recovery-too-early',
        message: `The partner has had the file since ${since}: what was paid before is recorded as a payment (POST /v1/payments).`,
        field: 'on',
      },
    };
  let left = amountCents;
  const allocations = [...files]
    .sort((one, other) => (one.collection.dueDate < other.collection.dueDate ? -1 : 1))
    .flatMap(({ id: invoiceId, collection }) => {
      const part = Math.min(left, Math.max(0, collection.balanceCents));
      left -= part;
      return part > 0 ? [{ invoiceId, amountCents: part }] : [];
    });
  const paid = await recordPayment(
    desk,
    {
      creditorId: litigation.creditor_id,
      debtorId: litigation.debtor_id,
      currency: litigation.currency,
      amountCents,
      valueDate: word.on,
      reference: null,
      allocations,
    },
    by,
  );
  if (paid.kind === 'refused') return paid;
  // The partner knows of it: he told us.
  await desk.tx
    .deleteFrom('litigation_entry')
    .where('payment_id', '=', paid.id)
    .where('kind', '=', 'told')
    .execute();
  const mandate = await mandateOf(desk.tx, litigation.firm_id, litigation.creditor_id);
  const passOnBy = remitBy(word.on, mandate?.remit_within_days ?? null);
  await enterEntry(
    desk,
    litigation,
    { kind: 'recovery', amountCents, paymentId: paid.id, remitBy: passOnBy, ...word },
    by,
  );
  return { kind: 'done' };
}

/** Records what the partner has passed on to us; no more than what he holds. */
export async function recordRemittance(
  desk: Desk,
  litigation: LitigationRow,
  { amountCents, ...word }: PartnerWord & { readonly amountCents: number },
  by: Author,
): Promise<Done> {
  if (litigation.state === 'preparing') return notHandedYet(litigation);
  const { recoveries, remittedCents } = await fundsOf(desk.tx, litigation.id);
  const held = stillHeld(recoveries, remittedCents).reduce((sum, { heldCents }) => sum + heldCents, 0);
  if (amountCents > held)
    return {
      kind: 'refused',
      refusal: {
        code: 'remittance-too-large',
        message: `The partner holds ${held} cents: record first what he has received.`,
        field: 'amount',
      },
    };
  await enterEntry(desk, litigation, { kind: 'remittance', amountCents, ...word }, by);
  return { kind: 'done' };
}

/** What the partner received and did not go back to the debtor, oldest first, and how much of it has reached us. */
export async function fundsOf(
  db: Db | Tx,
  litigationId: string,
): Promise<{ readonly recoveries: readonly Recovery[]; readonly remittedCents: number }> {
  const rows = await entriesOf(db, litigationId);
  const back = await db
    .selectFrom('payment')
    .select('id')
    .where('returned_on', 'is not', null)
    .where('id', 'in', (entries) =>
      entries
        .selectFrom('litigation_entry')
        .select('payment_id')
        .where('litigation_id', '=', litigationId)
        .where('kind', '=', 'recovery'),
    )
    .execute();
  const cameBack = new Set<string | null>(back.map(({ id }) => id));
  return {
    recoveries: rows
      .filter(({ kind, payment_id: paymentId }) => kind === 'recovery' && !cameBack.has(paymentId))
      .map((row) => ({
        id: row.id,
        amountCents: row.amount_cents ?? 0,
        remitBy: row.remit_by ?? row.day,
        chased: row.chased_at !== null,
      })),
    remittedCents: rows
      .filter(({ kind }) => kind === 'remittance')
      .reduce((sum, row) => sum + (row.amount_cents ?? 0), 0),
  };
}

/** All entries of a file, oldest first. */
export async function entriesOf(db: Db | Tx, litigationId: string): Promise<readonly LitigationEntry[]> {
  return db
    .selectFrom('litigation_entry')
    .selectAll()
    .where('litigation_id', '=', litigationId)
    .orderBy('id')
    .execute();
}

interface NewEntry extends PartnerWord {
  readonly kind: LitigationEntry['kind'];
  readonly code?: string;
  readonly amountCents?: number;
  readonly paymentId?: string;
  readonly remitBy?: CivilDate;
}

async function enterEntry(desk: Desk, litigation: LitigationRow, entry: NewEntry, by: Author): Promise<void> {
  const id = uuidv7();
  const words = await wordsOn(desk, litigation, entry.comment);
  const { kind, code, amountCents, paymentId, remitBy: remit } = entry;
  await desk.tx
    .insertInto('litigation_entry')
    .values({
      id,
      litigation_id: litigation.id,
      kind,
      code: code ?? null,
      amount_cents: amountCents ?? null,
      day: entry.on,
      remit_by: remit ?? null,
      payment_id: paymentId ?? null,
      text_id: words?.textId ?? null,
      by: by.id,
      at: new Date(desk.now),
    })
    .execute();
  await desk.tx
    .updateTable('litigation')
    .set({ heard_at: new Date(desk.now) })
    .where('id', '=', litigation.id)
    .execute();
  const said = {
    entryId: id,
    on: entry.on,
    ...(code === undefined ? {} : { code }),
    ...(amountCents === undefined ? {} : { amountCents, currency: litigation.currency }),
    ...(remit === undefined ? {} : { remitBy: remit }),
  };
  await noteOnAll(desk, litigation, noteTypes[kind], { ...said, by });
  const [first] = await invoiceIdsOf(desk.tx, litigation);
  if (words && first !== undefined)
    await desk.note(first, 'litigationNote', { litigationId: litigation.id, entryId: id, ...words, by });
  desk.attend({ kind: 'litigation', id: litigation.id, debtorId: litigation.debtor_id });
}

const noteTypes = {
  status: 'litigationStatus',
  cost: 'litigationCost',
  recovery: 'litigationRecovery',
  remittance: 'litigationRemittance',
  told: 'litigationTold',
} as const;
