import type { Author } from '../domain/fact.ts';
import type { InsurancePolicy, InsurerTold } from '../domain/law/insurer-dates.ts';
import type { Instant } from '../domain/time.ts';
import type { Db, Tx } from './database.ts';
import type { Answer, Desk } from './desk.ts';
import { note } from './journal.ts';
import { wakeForTerms } from './legal-terms.ts';
import type { ProofGiven } from './limitation-events.ts';
import { uuidv7 } from './uuid.ts';

/**
 * Gives a creditor the policy of his credit insurer, in place of the one before; null: he has none any more.
 *
 * Every open file of his hears of it and keeps the new days from then on.
 */
export async function insure(
  tx: Tx,
  now: Instant,
  creditorId: string,
  policy: InsurancePolicy | null,
  by: string,
): Promise<void> {
  const at = new Date(now);
  await tx
    .updateTable('insurance_policy')
    .set({ ended_at: at })
    .where('creditor_id', '=', creditorId)
    .where('ended_at', 'is', null)
    .execute();
  if (policy)
    await tx
      .insertInto('insurance_policy')
      .values({
        id: uuidv7(),
        creditor_id: creditorId,
        number: policy.number,
        overdue_notice_days: policy.overdueNoticeDays,
        intervention_days: policy.interventionDays,
        extension_days: policy.extensionDays,
        insolvency_notice_days: policy.insolvencyNoticeDays,
        indemnity_days: policy.indemnityDays,
        added_at: at,
        added_by: by,
      })
      .execute();
  await note(tx, `creditor/${creditorId}`, 'insuranceChanged', now, { policy, by });
  await wakeForTerms(tx, creditorId, now);
}

/** Records what the insurer was told of a claim, once of each kind; said again, the later word holds. */
export async function recordInsurerNotice(
  desk: Desk,
  invoiceId: string,
  { notice, on }: InsurerTold,
  { documentId, reference }: ProofGiven,
  by: Author,
): Promise<Answer> {
  const answer = await desk.ask(invoiceId, { type: 'insurerTold', notice, on }, by);
  if (answer.kind === 'refused') return answer;
  const row = {
    on_day: on,
    document_id: documentId,
    reference,
    said_at: new Date(desk.now),
    said_by: by.id,
  };
  await desk.tx
    .insertInto('insurer_notice')
    .values({ id: uuidv7(), invoice_id: invoiceId, kind: notice, ...row })
    .onConflict((clash) => clash.columns(['invoice_id', 'kind']).doUpdateSet(row))
    .execute();
  return answer;
}

/** What the insurer was told of a claim, with its proof, the first one first. */
export async function insurerNoticesOf(db: Db, invoiceId: string): Promise<(InsurerTold & ProofGiven)[]> {
  const rows = await db
    .selectFrom('insurer_notice')
    .select(['kind', 'on_day', 'document_id', 'reference'])
    .where('invoice_id', '=', invoiceId)
    .orderBy('on_day')
    .orderBy('id')
    .execute();
  return rows.map((row) => ({
    notice: row.kind,
    on: row.on_day,
    documentId: row.document_id,
    reference: row.reference,
  }));
}
