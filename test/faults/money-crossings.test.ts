import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { describe, expect, it } from 'vitest';
import { addCreditor } from '../../db/creditors.ts';
import { openHouse } from '../../db/house.ts';
import { Findings } from '../../db/invariants.ts';
import { Rules } from '../../db/rules.ts';
import { verifyDatabase } from '../../db/verify.ts';
import { freshDatabase } from '../setup/database.ts';
import { asItIs, buildWithout } from './build.ts';
import type { Build } from './build.ts';
import { control } from './split.ts';

const nothing = { asks: null, says: null, waits: 0 };
const sixty = { kind: 'claimed', asks: 6_000, says: '60,00', owes: 6_000, credit: 0, waits: 0 };

describe('a reminder that is composed, and then', () => {
  // F22, F23, F24
  it('its money changes: what leaves asks for what is owed in that moment, and what is in excess is credit', async () => {
    const { seen, broken } = await crossed();

    expect(seen).toMatchObject({
      'nothing happens': { kind: 'claimed', asks: 10_000, says: '100,00', owes: 10_000, credit: 0 },
      'a part is paid': sixty,
      'more than all is paid': { ...nothing, owes: 0, credit: 3_000, state: 'paid' },
      // It is asked for anew by its own workflow, not by what was composed before.
      'it is paid, and the money comes back': { ...nothing, owes: 10_000, credit: 0 },
      'a part is credited': sixty,
      'all is credited': { ...nothing, owes: 0, credit: 0 },
      'more than all is credited': { ...nothing, owes: 0, credit: 3_000 },
      'it is corrected to less': sixty,
      'it is cancelled': { ...nothing, owes: 0, credit: 0, state: 'cancelled' },
      'it is replaced': { ...nothing, owes: 0, credit: 0, state: 'cancelled' },
    });
    expect(broken).toEqual([]);
  }, 60_000);

  control('without the figures of the claim, it says what was owed before', async () => {
    const build = buildWithout('figures of the claim');
    const { seen } = await crossed(build).finally(build.remove);

    expect(seen).toMatchObject({
      'a part is paid': { asks: 6_000, says: '100,00' },
      'a part is credited': { asks: 6_000, says: '100,00' },
      'it is corrected to less': { asks: 6_000, says: '100,00' },
    });
  });
});

async function crossed(build: Build = asItIs): Promise<{ seen: unknown; broken: readonly string[] }> {
  const database = await freshDatabase();
  const house = await openHouse(database.url, { connectionsMax: 4 });
  try {
    const whole = {
      legal_name: 'Ateliers Martin SAS',
      siren: '732829320',
      address: ['12 rue des Forges', '69003 Lyon'],
      iban: 'FR1420041010050500013M02606',
      sender_name: 'Service comptable',
      reply_to: 'compta@martin.example',
    };
    await house.db
      .transaction()
      .execute((tx) => addCreditor(tx, Date.parse('2026-02-01T09:00:00Z'), 'Ateliers Martin', whole, 'test'));
    const program = join(build.folder, 'test/faults/money-crossings.ts');
    const { stdout } = await promisify(execFile)(
      process.execPath,
      ['--import', import.meta.resolve('tsx'), program, database.url],
      { cwd: build.folder },
    );
    const findings = new Findings();
    await verifyDatabase(house.db, new Rules(), findings, Date.parse('2026-03-03T09:30:00Z'));
    return {
      seen: JSON.parse(stdout) as unknown,
      broken: findings
        .verdicts()
        .filter(({ count }) => count > 0)
        .map(({ id }) => id),
    };
  } finally {
    await house.db.destroy();
    await database.drop();
  }
}
