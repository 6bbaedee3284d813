import { hasRulesToNote, noteRules } from '../../db/audit/rules-noted.ts';
import type { House } from '../../db/house.ts';
import type { Chore } from './night-watch.ts';

/** Notes the hashes of new scenario versions and calendars in the journal, within seconds of their first use. */
export function rulesChore({ db }: Pick<House, 'db'>): Chore {
  return {
    name: 'the hashes of scenarios and calendars',
    due: () => hasRulesToNote(db),
    do: async ({ business }) => void (await noteRules(db, business)),
  };
}
