import { areNamesNoted, noteNamesOfBefore } from '../../db/audit/names-noted.ts';
import type { House } from '../../db/house.ts';
import type { Chore } from './night-watch.ts';

/** Notes once the hashes of the names of users of a release that put none into the journal. */
export function namesChore({ db }: Pick<House, 'db'>): Chore {
  return {
    name: 'the hashes of the names of users',
    due: async () => !(await areNamesNoted(db)),
    do: ({ business }) => noteNamesOfBefore(db, business),
  };
}
