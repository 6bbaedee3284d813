import { disputeReasons, usualDepartment } from '../domain/dispute/reason.ts';
import type { DisputeReason } from '../domain/dispute/reason.ts';
import type { Instant } from '../domain/time.ts';
import type { Db, Tx } from './database.ts';
import { note } from './journal.ts';

/** Who answers for a reason of disputes. */
export interface ReasonAnswered {
  readonly reason: DisputeReason;
  readonly department: string;
  readonly resolver: { readonly id: string; readonly name: string } | null;
  /** Whether the house has said so, or it is as usual. */
  readonly named: boolean;
}

/** The closed list of reasons, each with who answers for it. */
export async function listReasons(db: Db | Tx): Promise<readonly ReasonAnswered[]> {
  const rows = await db
    .selectFrom('dispute_reason')
    .leftJoin('app_user', (join) =>
      join.onRef('app_user.id', '=', 'dispute_reason.resolver_id').on('app_user.disabled_at', 'is', null),
    )
    .select(['reason', 'department', 'app_user.id', 'app_user.name'])
    .execute();
  const named = new Map(rows.map((row) => [row.reason, row]));
  return disputeReasons.map((reason) => {
    const row = named.get(reason);
    const resolver = row?.id && row.name !== null ? { id: row.id, name: row.name } : null;
    return {
      reason,
      department: row?.department ?? usualDepartment(reason),
      resolver,
      named: row !== undefined,
    };
  });
}

/** Names who answers for a reason from now on; false when the user is no resolver who works here. */
export async function nameAnswerer(
  tx: Tx,
  now: Instant,
  {
    reason,
    department,
    resolverId,
  }: { reason: DisputeReason; department: string; resolverId: string | null },
  by: string,
): Promise<boolean> {
  if (resolverId !== null && !(await isResolver(tx, resolverId))) return false;
  await tx
    .insertInto('dispute_reason')
    .values({ reason, department, resolver_id: resolverId })
    .onConflict((clash) => clash.column('reason').doUpdateSet({ department, resolver_id: resolverId }))
    .execute();
  await note(tx, 'settings', 'disputeReasonNamed', now, { reason, department, resolverId, by });
  return true;
}

/** Whether the user is a resolver who works here, as he will until this is committed. */
export async function isResolver(db: Tx, userId: string): Promise<boolean> {
  const row = await db
    .selectFrom('app_user')
    .select('id')
    .where('id', '=', userId)
    .where('role', '=', 'resolver')
    .where('disabled_at', 'is', null)
    .forShare()
    .executeTakeFirst();
  return row !== undefined;
}
