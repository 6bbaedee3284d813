import { graceMsAt } from '../../db/audit/decisions.ts';
import type { House } from '../../db/house.ts';
import { readFacts } from '../../db/journal.ts';
import { decidedAgain } from '../../domain/audit/decided-again.ts';

/** Where the rules, asked again, depart from what was done, as lines for people; `outageMs` of delay are excused. */
export async function departuresOf(house: House, outageMs = 0): Promise<readonly string[]> {
  const now = await house.clock.now();
  const graceMs = graceMsAt(house.clock.settings.speed) + outageMs;
  const invoices = await house.db.selectFrom('invoice').select(['id', 'number']).orderBy('id').execute();
  const lines: string[] = [];
  for (const { id, number } of invoices) {
    const facts = await readFacts(house.db, house.rules, id, 0);
    for (const { kind, n, at, expected, found } of decidedAgain(facts, { graceMs, now }))
      lines.push(
        `${number}: fact ${n} at ${new Date(at).toISOString()} ${kind}: expected ${JSON.stringify(expected)}, found ${JSON.stringify(found)}`,
      );
  }
  return lines;
}
