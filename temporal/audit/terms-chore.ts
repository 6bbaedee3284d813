import { areTermsNoted, noteTermsOfBefore } from '../../db/audit/terms-noted.ts';
import type { House } from '../../db/house.ts';
import type { Chore } from './night-watch.ts';

/** Notes once the creditors and the agreed rates of a release that put no hashes of them into the journal. */
export function termsChore({ db }: Pick<House, 'db'>): Chore {
  return {
    name: 'the hashes of the creditors of before',
    due: async () => !(await areTermsNoted(db)),
    do: ({ business }) => noteTermsOfBefore(db, business),
  };
}
