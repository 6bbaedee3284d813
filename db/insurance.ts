import type { InsurancePolicy } from '../domain/law/insurer-dates.ts';
import type { Instant } from '../domain/time.ts';
import type { Tx } from './database.ts';
import { note } from './journal.ts';
import { wakeForTerms } from './legal-terms.ts';
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
  await wakeForTerms(tx, creditorId);
}
