import type { Author } from '../domain/fact.ts';
import type { Db } from './database.ts';
import type { Desk } from './desk.ts';
import { isResolver } from './dispute-reasons.ts';
import { qualify } from './disputes.ts';

/** The roles of those to whom something can be given. */
export const assigneeRoles = ['collector', 'sales', 'resolver', 'external_firm'] as const;
export type AssigneeRole = (typeof assigneeRoles)[number];

/** Those who work here in such a role: no more of them than is needed to choose one. */
export async function listAssignees(
  db: Db,
  role?: AssigneeRole,
): Promise<readonly { readonly id: string; readonly name: string; readonly role: AssigneeRole }[]> {
  const rows = await db
    .selectFrom('app_user')
    .select(['id', 'name', 'role'])
    .where('role', 'in', role === undefined ? assigneeRoles : [role])
    .where('disabled_at', 'is', null)
    .orderBy('name')
    .execute();
  return rows.map((row) => ({ ...row, role: row.role as AssigneeRole }));
}

/**
 * Gives a dispute of a locked debtor to a resolver, or to nobody; false when the user is no resolver who works here.
 *
 * Of a dispute that was qualified and is not decided, it is a new question: its clock begins anew, whoever had it before.
 */
export async function assignDispute(
  desk: Desk,
  dispute: { readonly invoiceId: string; readonly disputeId: string },
  userId: string | null,
  by: Author,
): Promise<boolean> {
  if (userId !== null && !(await isResolver(desk.tx, userId))) return false;
  const { invoiceId, disputeId } = dispute;
  const row = await desk.tx
    .updateTable('dispute')
    .set({ assigned_to: userId })
    .where('id', '=', disputeId)
    .returning(['stage', 'reason', 'department'])
    .executeTakeFirstOrThrow();
  await desk.note(invoiceId, 'disputeAssigned', { disputeId, userId, by });
  if (row.stage === 'answer' || row.stage === 'decision') {
    const { reason, department } = row;
    await qualify(desk, invoiceId, { disputeId, reason, department, resolverId: userId }, by);
  }
  return true;
}
