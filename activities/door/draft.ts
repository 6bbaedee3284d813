import type { Db, Tx } from '../../db/database.ts';
import type { Group } from '../../domain/plan-contacts.ts';
import { digestOf } from './figures.ts';
import type { Figures } from './figures.ts';

/** Whether the draft of these requests lies there already, with these figures. */
export async function isShown(db: Db | Tx, group: Group, { figures }: Figures): Promise<boolean> {
  const requestIds = group.requests.map((request) => request.requestId);
  const shown = await db
    .selectFrom('message')
    .innerJoin('message_line', 'message_line.message_id', 'message.id')
    .select('message.sha256')
    .where('message_line.request_id', 'in', requestIds)
    .where('message.state', '=', 'planned')
    .execute();
  const digest = digestOf(figures);
  return shown.length === requestIds.length && shown.every((draft) => draft.sha256 === digest);
}
