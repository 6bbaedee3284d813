import { noteMoneyBefore, readMoneyBefore } from '../../db/audit/money-before.ts';
import type { House } from '../../db/house.ts';
import type { Chore } from './night-watch.ts';

/** Notes once by hash what money was recorded before the journal had an entry of each payment. */
export function moneyChore({ db }: Pick<House, 'db'>): Chore {
  return {
    name: 'the hash of the money of before',
    due: async () => (await readMoneyBefore(db)) === null,
    do: ({ business }) => noteMoneyBefore(db, business),
  };
}
