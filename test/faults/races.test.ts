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
import { control, seeds } from './split.ts';

/** Rounds in `npm test`, and in `npm run faults`, where ten thousand take some minutes. */
const rounds = seeds(300, 10_000).length;

// F18
describe('a payment in the very moment of the claim', () => {
  it(`wins over the reminder or comes after it, in ${rounds} rounds never both`, async () => {
    const found = await race(rounds);

    // Both orders came up, or nothing was shown.
    expect(found.won.payment).toBeGreaterThan(rounds / 10);
    expect(found.won.claim).toBeGreaterThan(rounds / 10);
    expect(found.won.nobody).toBe(0);
    expect(found.broken).toEqual([]);
  }, 1_200_000);

  control('without the lock on the debtor, reminders leave for invoices that were paid before', async () => {
    const build = buildWithout('the lock on the debtor');
    const found = await race(300, build).finally(build.remove);

    expect(found.broken).toContain('I03');
  });
});

interface Won {
  readonly payment: number;
  readonly claim: number;
  /** A transaction failed. */
  readonly nobody: number;
}

async function race(
  howMany: number,
  build: Build = asItIs,
): Promise<{ won: Won; broken: readonly string[] }> {
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
    const args = [
      '--import',
      import.meta.resolve('tsx'),
      join(build.folder, 'test/faults/races.ts'),
      database.url,
      String(howMany),
    ];
    const { stdout } = await promisify(execFile)(process.execPath, args, { cwd: build.folder });
    const findings = new Findings();
    await verifyDatabase(house.db, new Rules(), findings, Date.parse('2026-03-03T09:30:00Z'));
    return {
      won: JSON.parse(stdout) as Won,
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
