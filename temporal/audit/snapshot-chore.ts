import { snapshotsDue, takeDueSnapshots } from '../../db/audit/snapshot-nights.ts';
import type { Chore } from './night-watch.ts';
import type { Pantry } from './chores.ts';

/** Writes down how the portfolio stood, each night of business time. The table of snapshots says when it was last done. */
export function snapshotChore({ house, say }: Pick<Pantry, 'house' | 'say'>): Chore {
  return {
    name: 'the snapshot of the portfolio',
    due: async ({ business }) => (await snapshotsDue(house.db, business)).length > 0,
    do: async (_, stop) => {
      const days = await takeDueSnapshots(house, stop);
      if (days.length > 0) say('the portfolio was written down', { days });
    },
  };
}
