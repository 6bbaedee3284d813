import { atTheDesk } from '../../db/desk.ts';
import { approveDraft } from '../../db/drafts.ts';
import type { House } from '../../db/house.ts';
import { completeTask } from '../../db/tasks.ts';
import type { TaskAnswer } from '../../db/tasks.ts';
import type { Author } from '../../domain/fact.ts';
import { dayMs, hourMs } from '../../domain/time.ts';
import type { Instant } from '../../domain/time.ts';
import type { PastAct } from './past-lives.ts';

/** The last days are left as they are: a newcomer finds calls to make and drafts to read. */
const leftOpenMs = 4 * dayMs;

/** What the people of the demonstration did every afternoon: read drafts, call, post letters, note their slips. */
export function daysOfWork(
  house: House,
  collector: Author,
  from: Instant,
  until: Instant,
): readonly PastAct[] {
  const midnight = from - (from % dayMs);
  const days = Math.max(0, Math.floor((until - leftOpenMs - midnight) / dayMs));
  return Array.from({ length: days }, (_, day) => ({
    at: midnight + day * dayMs + 14 * hourMs,
    act: () => work(house, collector),
  }));
}

async function work(house: House, collector: Author): Promise<void> {
  const drafts = await house.db
    .selectFrom('message')
    .select(['id', 'debtor_id', 'sha256'])
    .where('state', '=', 'planned')
    .where('purpose', '=', 'contact')
    .execute();
  for (const { id, debtor_id: debtorId, sha256 } of drafts) {
    if (debtorId)
      await atTheDesk(house, [debtorId], (desk) => approveDraft(desk, id, { digest: sha256 }, collector));
  }
  const tasks = await house.db
    .selectFrom('task')
    .select(['id', 'kind', 'debtor_id'])
    .where('state', '=', 'open')
    .orderBy('id')
    .execute();
  for (const task of tasks) {
    const answer = answerTo(task.kind);
    if (answer)
      await atTheDesk(house, [task.debtor_id], (desk) => completeTask(desk, task.id, answer, collector));
  }
}

function answerTo(kind: string): TaskAnswer | undefined {
  switch (kind) {
    case 'call':
      return { outcome: 'reached' };
    case 'post':
      return { outcome: 'done', trackingNumber: '2C 102 938 4756 1' };
    case 'presentation':
      return { outcome: 'done' };
    default:
      // A dispute, an approval, a decision: what a person thinks about for longer than an afternoon.
      return undefined;
  }
}
