import { parseArgs } from 'node:util';
import { noteAccess } from '../../db/audit/accesses.ts';
import { portfolioInLines } from '../../db/audit/as-it-was-text.ts';
import { comparePortfolio } from '../../db/audit/compare-portfolio.ts';
import { endOfLawDay } from '../../db/calendars.ts';
import { readClock } from '../../db/clock.ts';
import { Rules } from '../../db/rules.ts';
import { isCivilDate } from '../../domain/time.ts';
import { lookingAt, whereOptions } from '../whereabouts.ts';
import type { AuditCommand } from './command.ts';

/** The aged balance of a past day, lived again from the log and held against what was written down that night. */
export const asItWasCommand: AuditCommand = {
  usage: `as-it-was DAY

  The portfolio as it was known at the end of that day (YYYY-MM-DD): its aged balance, levels, disputes, promises and
  holds, each file lived again from its first fact, and whether that is what was written down that night.`,

  async run(args, say) {
    const { values, positionals } = parseArgs({
      args: [...args],
      options: whereOptions,
      allowPositionals: true,
    });
    const [day = '', ...more] = positionals;
    if (!isCivilDate(day) || more.length > 0)
      throw new Error('Give one day, such as: npm run audit -- as-it-was 2026-03-31');
    return lookingAt(values.data, async ({ db }) => {
      const now = await (await readClock(db)).now();
      if (now < endOfLawDay(day))
        throw new Error(`${day} is not over: nobody knows yet how it will have been.`);
      await db
        .transaction()
        .execute((tx) =>
          noteAccess(tx, now, { by: 'operator', what: 'audit as-it-was', filters: [`on=${day}`] }),
        );
      const compared = await comparePortfolio({ db, rules: new Rules() }, day);
      const creditors = await db.selectFrom('creditor').select(['id', 'key', 'legal_name']).execute();
      const names = new Map(creditors.map(({ id, key, legal_name }) => [id, legal_name ?? key]));
      for (const line of portfolioInLines(day, compared, names)) say(line);
      return (compared.differing ?? []).length > 0 ? 1 : 0;
    });
  },
};
