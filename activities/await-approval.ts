import { endApproval } from '../db/approvals.ts';
import type { Tx } from '../db/database.ts';
import { ourselves } from '../db/desk.ts';
import type { Desk } from '../db/desk.ts';
import { reminderOf } from '../domain/approval/due-approval.ts';
import type { Instant } from '../domain/time.ts';
import { remindApprovers } from './remind-approvers.ts';

/**
 * Looks after a question about what a closed invoice has left: its own life would have watched the day, and is over.
 *
 * Those who may answer are told once more before it lapses. Says when to look again; null once it is answered.
 */
export async function awaitApproval(desk: Desk, approvalId: string): Promise<Instant | null> {
  const row = await desk.tx
    .selectFrom('approval')
    .innerJoin('approval_invoice', 'approval_invoice.approval_id', 'approval.id')
    .selectAll('approval')
    .select('approval_invoice.invoice_id')
    .where('approval.id', '=', approvalId)
    .where('approval.state', '=', 'open')
    .executeTakeFirst();
  const file = row && (await desk.file(row.invoice_id));
  if (!row || !file) return null;
  const { asked_at: askedAt, expires_at: expiresAt } = row;
  if (desk.now >= expiresAt) {
    await endApproval(desk, row, { state: 'expired', reason: null }, ourselves);
    return null;
  }
  const remindAt = reminderOf(file.collection.calendar, { askedAt, expiresAt });
  if (desk.now < remindAt) return remindAt;
  if (await wereReminded(desk.tx, approvalId)) return expiresAt;
  const people = await remindApprovers(desk, file, approvalId);
  if (people > 0) await desk.state(file.id, { type: 'approvalReminded', approvalId, people }, ourselves);
  return expiresAt;
}

async function wereReminded(tx: Tx, approvalId: string): Promise<boolean> {
  const mail = await tx
    .selectFrom('message')
    .select('id')
    .where('key', 'like', `internal/approval/${approvalId}/%`)
    .limit(1)
    .executeTakeFirst();
  return mail !== undefined;
}
