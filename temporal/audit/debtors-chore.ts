import { areDebtorsNoted, noteDebtorsOfBefore } from '../../db/audit/debtors-noted.ts';
import type { House } from '../../db/house.ts';
import type { Chore } from './night-watch.ts';

/** Notes once the debtors and contacts of a release that put no hashes of them into the journal. */
export function debtorsChore({ db }: Pick<House, 'db'>): Chore {
  return {
    name: 'the hashes of the debtors of before',
    due: async () => !(await areDebtorsNoted(db)),
    do: ({ business }, stop) => noteDebtorsOfBefore(db, business, stop),
  };
}
