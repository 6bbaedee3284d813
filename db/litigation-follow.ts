import { isClosed } from '../domain/collection.ts';
import type { Collection } from '../domain/collection.ts';
import type { Fact } from '../domain/fact.ts';
import type { Desk, InvoiceFile } from './desk.ts';
import { fileOfInvoice, gatherHandedOver } from './litigation.ts';
import { uuidv7 } from './uuid.ts';

/** Facts that change what the partner asks of the debtor. */
const moves: ReadonlySet<Fact['type']> = new Set([
  'paymentRecorded',
  'paymentReturned',
  'creditNoteRecorded',
  'writtenOff',
  'waived',
  'invoiceCancelled',
]);

/** What a fact means for the file in which its invoice is: it joins one, or its partner has something to be told. */
export async function followLitigation(
  desk: Desk,
  file: InvoiceFile,
  before: Collection,
  fact: Fact,
): Promise<void> {
  if (fact.type === 'handedOver') {
    if (!isClosed(before)) await gatherHandedOver(desk, file, fact.by);
    return;
  }
  if (!moves.has(fact.type)) return;
  const litigation = await fileOfInvoice(desk.tx, file.id);
  if (!litigation) return;
  desk.attend({ kind: 'litigation', id: litigation.id, debtorId: litigation.debtor_id });
  if (litigation.state !== 'handed') return;
  const amountCents = Math.abs(before.balanceCents - file.collection.balanceCents);
  await desk.tx
    .insertInto('litigation_entry')
    .values({
      id: uuidv7(),
      litigation_id: litigation.id,
      kind: 'told',
      code: fact.type,
      amount_cents: amountCents > 0 ? amountCents : null,
      day: fact.day,
      payment_id: 'paymentId' in fact ? fact.paymentId : null,
      invoice_id: file.id,
      by: fact.by.id,
      at: new Date(desk.now),
    })
    .execute();
}
