import type { Db, Tx } from '../../db/database.ts';
import type { Desk } from '../../db/desk.ts';
import type { DoorRecords } from '../../db/door.ts';
import type { Group } from '../../domain/plan-contacts.ts';
import { digestOf, figuresFor, occasionOf } from './figures.ts';

/** Whether the draft of these requests lies there already, with the figures of now. */
export async function isShown(db: Db | Tx, records: DoorRecords, group: Group): Promise<boolean> {
  const requestIds = group.requests.map((request) => request.requestId);
  const shown = await db
    .selectFrom('message')
    .innerJoin('message_line', 'message_line.message_id', 'message.id')
    .select('message.sha256')
    .where('message_line.request_id', 'in', requestIds)
    .where('message.state', '=', 'planned')
    .execute();
  if (shown.length !== requestIds.length) return false;
  const digest = digestOf(figuresFor(records, occasionOf(group)).figures);
  return shown.every((draft) => draft.sha256 === digest);
}

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
  await desk.tx
    .updateTable('message_line')
    .set({ open: false })
    .where('request_id', 'in', requestIds)
    .execute();
}
