import type { Author } from '../domain/fact.ts';
import type { Db } from './database.ts';
import type { Desk } from './desk.ts';

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

/** Gives a dispute of a locked debtor to a resolver, or to nobody; false when the user is no resolver who works here. */
export async function assignDispute(
  desk: Desk,
  dispute: { readonly invoiceId: string; readonly disputeId: string },
  userId: string | null,
  by: Author,
): Promise<boolean> {
  if (userId !== null) {
    const resolver = await desk.tx
      .selectFrom('app_user')
      .select('id')
      .where('id', '=', userId)
      .where('role', '=', 'resolver')
      .where('disabled_at', 'is', null)
      .forShare()
      .executeTakeFirst();
    if (!resolver) return false;
  }
  const { invoiceId, disputeId } = dispute;
  await desk.tx.updateTable('dispute').set({ assigned_to: userId }).where('id', '=', disputeId).execute();
  await desk.note(invoiceId, 'disputeAssigned', { disputeId, userId, by });
  return true;
}
