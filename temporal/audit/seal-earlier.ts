import { rewrapKeys } from '../../db/erasure/key-of-contact.ts';
import { sealEarlier } from '../../db/erasure/seal-earlier.ts';
import type { House } from '../../db/house.ts';
import type { Chore } from './night-watch.ts';

/**
 * Seals what was written before people had keys, and wraps their keys anew when the ring has a newer one.
 *
 * The rows say themselves what is left; when nothing is, a process looks no more, for all that is new comes sealed.
 */
export function sealingOfEarlier({ db, clock }: House): Chore {
  let isDone = false;
  return {
    name: 'the sealing of earlier messages',
    due: () => Promise.resolve(!isDone),
    do: async (_now, stop) => {
      while (!stop.aborted) {
        const sealed = await sealEarlier(db, new Date(await clock.now()));
        if (sealed + (await rewrapKeys(db)) > 0) continue;
        isDone = true;
        return;
      }
    },
  };
}
