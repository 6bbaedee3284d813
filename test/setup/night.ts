import type { House } from '../../db/house.ts';
import type { Chore } from '../../temporal/audit/night-watch.ts';

/**
 * The night watch comes by once, in the business time of the house: does the chore if it is due, and says whether it was.
 * `machine` is the machine's time, in milliseconds.
 */
export async function comesBy({ clock }: Pick<House, 'clock'>, chore: Chore, machine = 0): Promise<boolean> {
  const now = { business: await clock.now(), machine };
  const isDue = await chore.due(now);
  if (isDue) await chore.do(now, new AbortController().signal);
  return isDue;
}
