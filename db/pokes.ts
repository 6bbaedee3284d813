import { sql } from 'kysely';
import type { Tx } from './database.ts';

/**
 * Words to debtors' workflows that they look at the door again, from work that needs no desk.
 *
 * The creditor was completed, a stop was lifted, a cap was changed: no fact of any invoice, yet what waits at the door
 * may leave now. Part of the caller's transaction, so nobody looks before the change is there.
 */
export async function pokeDebtors(
  tx: Tx,
  debtorIds: readonly string[],
  lane: 'people' | 'bulk',
): Promise<void> {
  if (debtorIds.length === 0) return;
  await sql`
    insert into outbox (lane, workflow, type)
    select ${lane === 'people' ? 0 : 1}::smallint, 'debtor/' || id, 'lookAgain' from unnest(${[...debtorIds]}::uuid[]) as id`.execute(
    tx,
  );
  await sql`select pg_notify('relance_outbox', '')`.execute(tx);
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
