import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { addCreditor } from '../../db/creditors.ts';
import { openHouse } from '../../db/house.ts';
import { Findings } from '../../db/invariants.ts';
import { Rules } from '../../db/rules.ts';
import { verifyDatabase } from '../../db/verify.ts';
import { freshDatabase } from '../setup/database.ts';
import { asItIs } from './build.ts';
import type { Build } from './build.ts';

export interface Won {
  /** What came in was there first. */
  readonly news: number;
  readonly claim: number;
  /** A transaction failed. */
  readonly nobody: number;
  /** A message left once both were over. */
  readonly afterwards: number;
}

/** Lets what comes in race against the claim of a reminder, so many times, and asks `verify` what was broken by it. */
export async function race(
  news: 'payment' | 'judgment',
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
      news,
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
