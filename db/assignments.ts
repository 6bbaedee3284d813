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
    .where('role', '<>', 'external_firm')
    .where('disabled_at', 'is', null)
    .execute();
  const people = rows.map((row) => ({ ...row, role: row.role as AssigneeRole }));
  const firms = role === undefined || role === 'external_firm' ? await firmsAtWork(db) : [];
  return [...people, ...firms].sort((one, other) => one.name.localeCompare(other.name));
}

/** Files are given to firms, not to who comes in for them; one for whom nobody may come in gets its packs by mail. */
async function firmsAtWork(db: Db) {
  const rows = await db
    .selectFrom('firm')
    .select(['id', 'name'])
    .where('ended_at', 'is', null)
    .where((row) =>
      row.or([
        row('email', 'is not', null),
        row.exists(
          row
            .selectFrom('app_user')
            .select('app_user.id')
            .whereRef('app_user.firm_id', '=', 'firm.id')
            .where('app_user.disabled_at', 'is', null),
        ),
      ]),
    )
    .execute();
  return rows.map((row) => ({ ...row, role: 'external_firm' as const }));
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
