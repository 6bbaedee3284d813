import { withdrawOfDrafts } from './approvals.ts';
import { ourselves } from './desk.ts';
import type { Desk } from './desk.ts';

/** Takes back the drafts of these requests. */
export async function cancelDrafts(desk: Desk, requestIds: readonly string[]): Promise<void> {
  const drafts = desk.tx
    .selectFrom('message_line')
    .select('message_id')
    .where('request_id', 'in', requestIds);
  await desk.tx
    .updateTable('message')
    .set({ state: 'cancelled', reason: 'overtaken', state_at: new Date(desk.now) })
    .where('id', 'in', drafts)
    .where('state', '=', 'planned')
    .execute();
  await withdrawOfDrafts(desk, requestIds, ourselves);
  await desk.tx
    .updateTable('message_line')
    .set({ open: false })
    .where('request_id', 'in', requestIds)
    .execute();
}
