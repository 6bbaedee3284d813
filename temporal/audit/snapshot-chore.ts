import { snapshotsDue, takeDueSnapshots } from '../../db/audit/snapshot-nights.ts';
import type { Chore } from './night-watch.ts';
import type { Pantry } from './chores.ts';

/** Writes down how the portfolio stood, each night of business time. The table of snapshots says when it was last done. */
export function snapshotChore({ house, tell }: Pick<Pantry, 'house' | 'tell'>): Chore {
  return {
    name: 'the snapshot of the portfolio',
    due: async ({ business }) => (await snapshotsDue(house.db, business)).length > 0,
    do: async () => {
      const days = await takeDueSnapshots(house);
      if (days.length > 0) tell('the portfolio was written down', { days });
    },
  };
}
