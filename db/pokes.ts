import { sql } from 'kysely';
import type { DeferralReason } from '../domain/door-caps.ts';
import type { Tx } from './database.ts';

/**
 * Words to workflows that they look again, from work that needs no desk.
 *
 * The creditor was completed, a stop was lifted, a cap was changed, bank data came: no fact of any invoice, yet what waits
 * may go on now. Part of the caller's transaction, so nobody looks before the change is there.
 */
export async function poke(tx: Tx, workflows: readonly string[], lane: 'people' | 'bulk'): Promise<void> {
  if (workflows.length === 0) return;
  await sql`
    insert into outbox (lane, workflow, type)
    select ${lane === 'people' ? 0 : 1}::smallint, workflow, 'lookAgain' from unnest(${[...workflows]}::text[]) as workflow`.execute(
    tx,
  );
  await sql`select pg_notify('relance_outbox', '')`.execute(tx);
}

/** Has the doors of these debtors looked at again. */
export async function pokeDebtors(
  tx: Tx,
  debtorIds: readonly string[],
  lane: 'people' | 'bulk',
): Promise<void> {
  await poke(
    tx,
    debtorIds.map((id) => `debtor/${id}`),
    lane,
  );
}

/** The debtors for whom something waits at the door for that reason. */
export async function debtorsWaitingFor(tx: Tx, reason: DeferralReason): Promise<readonly string[]> {
  const rows = await tx
    .selectFrom('contact_request')
    .select('debtor_id')
    .distinct()
    .where('state', '=', 'waiting')
    .where('reason', '=', reason)
    .execute();
  return rows.map((row) => row.debtor_id);
}

/** The debtors for whom something waits at the door, of one creditor or of all. */
export async function debtorsWaiting(tx: Tx, creditorId?: string): Promise<readonly string[]> {
  const rows = await tx
    .selectFrom('contact_request')
    .select('debtor_id')
    .distinct()
    .where('state', '=', 'waiting')
    .$if(creditorId !== undefined, (query) => query.where('creditor_id', '=', creditorId ?? ''))
    .execute();
  return rows.map((row) => row.debtor_id);
}
