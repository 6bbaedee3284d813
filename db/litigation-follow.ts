import { isClosed, isOver, isPursuedOutside } from '../domain/collection.ts';
import type { Collection } from '../domain/collection.ts';
import type { Author, Fact } from '../domain/fact.ts';
import { silencedByJudgmentOn } from '../domain/insolvency/claim-side.ts';
import { afterJudgment } from '../domain/litigation/after-judgment.ts';
import { newsOf } from '../domain/litigation/partner-news.ts';
import type { CivilDate } from '../domain/time.ts';
import type { Tx } from './database.ts';
import type { Desk, InvoiceFile } from './desk.ts';
import { judgmentBefore } from './hand-overs.ts';
import { takeBackInvoice } from './litigation-ends.ts';
import { keepPieces } from './litigation-pieces.ts';
import { toTell } from './litigation-telling.ts';
import {
  doubtedFileOf,
  fileOfInvoice,
  gatherHandedOver,
  invoiceIdsOf,
  lastFileOf,
  litigationWith,
} from './litigation.ts';
import type { LitigationRow } from './litigation.ts';

/** Facts that change what the partner asks of the debtor. */
const moves: ReadonlySet<Fact['type']> = new Set([
  'paymentRecorded',
  'paymentReturned',
  'creditNoteRecorded',
  'writtenOff',
  'waived',
  'invoiceCancelled',
]);

/** Facts that move a legal date of a claim: whoever watches over it looks again, and the partner is told nothing. */
const moveDates: ReadonlySet<Fact['type']> = new Set(['limitationMoved', 'insurerTold']);

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
  const news = newsOf(before, file.collection, fact);
  const movesDate = moveDates.has(fact.type) && isClosed(file.collection);
  if (!moves.has(fact.type) && news === null && fact.type !== 'invoiceCorrected' && !movesDate) return;
  const joined =
    (await fileOfInvoice(desk.tx, file.id)) ??
    (isClosed(file.collection) ? await doubtedFileOf(desk.tx, file.id) : undefined);
  if (!joined) return followReturn(desk, file, before, fact.by);
  desk.attend({ kind: 'litigation', id: joined.id, debtorId: joined.debtor_id });
  const litigation = joined.state === 'handed' ? await litigationWith(desk.tx, joined.id) : undefined;
  if (!litigation) return;
  if (news !== null && !(await isHisOwn(desk.tx, litigation, fact.by)))
    await toTell(desk, litigation.id, { ...news, invoiceId: file.id }, fact.by);
  if (fact.type === 'invoiceCorrected') {
    const judgmentOn = await judgmentOver(desk, file);
    if (judgmentOn !== null && silencedByJudgmentOn(before, judgmentOn) === null)
      await tellJudgment(desk, litigation, file, judgmentOn, fact.by);
  }
  if (!moves.has(fact.type)) return;
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

/** What was settled in litigation is owed again, and its file is closed: it is in a new one, with its pieces. */
async function followReturn(desk: Desk, file: InvoiceFile, before: Collection, by: Author): Promise<void> {
  if (isPursuedOutside(before) || !isPursuedOutside(file.collection)) return;
  const last = await lastFileOf(desk.tx, file.id);
  await gatherHandedOver(desk, file, by);
  if (last) await keepPieces(desk, last, [file.id]);
}

/** A partner is not told what he has recorded himself. */
async function isHisOwn(tx: Tx, { firm_id: firmId }: LitigationRow, by: Author): Promise<boolean> {
  if (by.kind !== 'user' || firmId === null) return false;
  const clerks = await tx.selectFrom('app_user').select('id').where('firm_id', '=', firmId).execute();
  return clerks.some(({ id }) => id === by.id);
}

/**
 * Tells the partners of a debtor of the judgment on him, on the day on which it is recorded: nobody may pursue what was
 * owed before it. Who only collects loses these claims at once; any other is asked to stop and to say who declares them.
 * Nobody is told of the same judgment twice, whoever of two merged debtors it was recorded on.
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
      const judgmentOn = await judgmentOver(desk, file);
      if (judgmentOn === null || (await isTold(desk.tx, row, file, judgmentOn))) continue;
      await tellJudgment(desk, row, file, judgmentOn, by);
    }
    desk.attend({ kind: 'litigation', id: row.id, debtorId });
  }
}

async function isTold(
  tx: Tx,
  row: LitigationRow,
  file: InvoiceFile,
  judgmentOn: CivilDate,
): Promise<boolean> {
  const told = await tx
    .selectFrom('litigation_entry')
    .select('id')
    .where('litigation_id', '=', row.id)
    .where('invoice_id', '=', file.id)
    .where('code', '=', 'debtorInsolvent')
    .where('day', '=', judgmentOn)
    .executeTakeFirst();
  return told !== undefined;
}

/** The judgment before which what is still owed was born. */
async function judgmentOver(desk: Desk, file: InvoiceFile): Promise<CivilDate | null> {
  return isOver(file.collection) ? null : judgmentBefore(desk.tx, file);
}

async function tellJudgment(
  desk: Desk,
  row: LitigationRow,
  file: InvoiceFile,
  judgmentOn: CivilDate,
  by: Author,
): Promise<void> {
  await toTell(desk, row.id, { code: 'debtorInsolvent', day: judgmentOn, invoiceId: file.id }, by);
  if (afterJudgment(row.route) === 'taken_back') await takeBackInvoice(desk, file, by);
}
