import { randomUUID } from 'node:crypto';
import type { Insertable } from 'kysely';
import type { CivilDate } from '../../domain/time.ts';
import type { Tx } from '../database.ts';
import { noteAll } from '../journal.ts';
import type { CreditNoteTable, LedgerEntryTable, PaymentTable } from '../schema.ts';
import { saltedHashOf } from '../sha256.ts';

type At = { readonly tx: Tx; readonly now: number };

/**
 * Money that settles no invoice is in no log of one: so the chain of the debtor says what was recorded of him.
 *
 * A payment and a credit note have an entry of their own, at the moment at which they were recorded; what comes to the
 * account of a debtor, or leaves it, is named entry by entry. `verifyMoneyNoted` holds the rows against these.
 */

/** What the journal says of a payment; what the bank wrote may name people, so it is there by a salted hash alone. */
interface PaymentEntered {
  readonly paymentId: string;
  readonly creditorId: string;
  readonly currency: string;
  readonly cents: number;
  readonly valueDate: CivilDate;
  readonly reference: string | null;
  readonly by: string;
}

/** Writes payments and says in the journal of each that it was recorded. */
export async function insertPayments(
  { tx, now }: At,
  payments: readonly Omit<Insertable<PaymentTable>, 'at' | 'reference_salt' | 'returned_on'>[],
): Promise<void> {
  if (payments.length === 0) return;
  const rows = payments.map((payment) => ({
    ...payment,
    reference_salt: payment.reference === null ? null : randomUUID(),
    at: new Date(now),
  }));
  await tx.insertInto('payment').values(rows).execute();
  await noteAll(
    tx,
    now,
    rows.map((row) => ({
      subject: `debtor/${row.debtor_id}`,
      type: 'paymentEntered',
      body: {
        paymentId: row.id,
        creditorId: row.creditor_id,
        currency: row.currency,
        cents: row.amount_cents,
        valueDate: row.value_date,
        reference: saltedHash(row.reference_salt, row.reference ?? null),
        by: row.recorded_by,
      } satisfies PaymentEntered,
    })),
  );
}

/** Says in the journal that a payment came back. */
export async function noteReturn(
  { tx, now }: At,
  { id, debtor_id: debtorId }: { readonly id: string; readonly debtor_id: string },
  on: CivilDate,
  by: string,
): Promise<void> {
  const body = { paymentId: id, on, by };
  await noteAll(tx, now, [{ subject: `debtor/${debtorId}`, type: 'paymentSentBack', body }]);
}

/** Says in the journal that a credit note was recorded. */
export async function noteCreditNote(
  { tx, now }: At,
  row: Omit<Insertable<CreditNoteTable>, 'at'>,
): Promise<void> {
  const body = {
    creditNoteId: row.id,
    creditorId: row.creditor_id,
    number: row.number,
    currency: row.currency,
    cents: row.amount_cents,
    issueDate: row.issue_date,
    by: row.recorded_by,
  };
  await noteAll(tx, now, [{ subject: `debtor/${row.debtor_id}`, type: 'creditNoteEntered', body }]);
}

/** Says in the journal what came to the accounts of debtors, or left them; what is of an invoice stands in its log. */
export async function noteAccounts(
  { tx, now }: At,
  rows: readonly Omit<Insertable<LedgerEntryTable>, 'at'>[],
): Promise<void> {
  const byDebtor = new Map<string, object[]>();
  for (const row of rows) {
    if (row.invoice_id !== null) continue;
    const moved = byDebtor.get(row.debtor_id) ?? [];
    byDebtor.set(row.debtor_id, moved);
    moved.push({
      entryId: row.id,
      creditorId: row.creditor_id,
      currency: row.currency,
      kind: row.kind,
      cents: row.amount_cents,
      paymentId: row.payment_id,
      creditNoteId: row.credit_note_id,
      day: row.day,
    });
  }
  await noteAll(
    tx,
    now,
    [...byDebtor].map(([debtorId, entries]) => ({
      subject: `debtor/${debtorId}`,
      type: 'accountMoved',
      body: { entries },
    })),
  );
}

function saltedHash(salt: string | null, text: string | null): string | null {
  return salt === null || text === null ? null : saltedHashOf(salt, text);
}
