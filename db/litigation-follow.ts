import { isClosed, isOver } from '../domain/collection.ts';
import type { Collection } from '../domain/collection.ts';
import type { Author, Fact } from '../domain/fact.ts';
import { afterJudgment } from '../domain/litigation/after-judgment.ts';
import type { Desk, InvoiceFile } from './desk.ts';
import { judgmentBefore } from './hand-overs.ts';
import { takeBackInvoice } from './litigation-ends.ts';
import { toTell } from './litigation-telling.ts';
import { fileOfInvoice, gatherHandedOver, invoiceIdsOf } from './litigation.ts';

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
  await toTell(
    desk,
    litigation.id,
    {
      code: fact.type,
      amountCents,
      day: fact.day,
      paymentId: 'paymentId' in fact ? fact.paymentId : null,
      invoiceId: file.id,
    },
    fact.by,
  );
}

/**
 * Tells the partners of a debtor of the judgment on him, on the day on which it is recorded: nobody may pursue what was
 * owed before it. Who only collects loses these claims at once; any other is asked to stop and to say who declares them.
 */
export async function followJudgment(desk: Desk, debtorId: string, by: Author): Promise<void> {
  const rows = await desk.tx
    .selectFrom('litigation')
    .selectAll()
    .where('debtor_id', '=', debtorId)
    .where('state', '=', 'handed')
    .orderBy('id')
    .execute();
  for (const row of rows) {
    const files = await desk.files(await invoiceIdsOf(desk.tx, row));
    for (const file of files) {
      const judgmentOn = isOver(file.collection) ? null : await judgmentBefore(desk.tx, file);
      if (judgmentOn === null) continue;
      await toTell(desk, row.id, { code: 'debtorInsolvent', day: judgmentOn, invoiceId: file.id }, by);
      if (afterJudgment(row.route) === 'taken_back') await takeBackInvoice(desk, file, by);
    }
    desk.attend({ kind: 'litigation', id: row.id, debtorId });
  }
}
