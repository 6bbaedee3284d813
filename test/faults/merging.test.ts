import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { sql } from 'kysely';
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

/** Rounds in `npm test`, and in `npm run faults`. */
const rounds = seeds(60, 1_000).length;

// F25
describe('two debtors who are merged while money comes and messages leave', () => {
  it(`are one or two in ${rounds} rounds, never something between, though some merges are killed`, async () => {
    const { did, broken, overCap } = await race(rounds);

    // All of it came up, or nothing was shown.
    expect(did).toMatchObject({ merged: rounds, undone: rounds / 2, failed: 0 });
    for (const what of ['killed', 'paid', 'claimed', 'elsewhere'] as const)
      expect(did[what], what).toBeGreaterThan(0);
    expect(broken).toEqual([]);
    expect(overCap).toEqual([]);
  }, 600_000);

  control('without the look at merges, money is booked to whoever is gone', async () => {
    const build = buildWithout('the look at merges');
    const found = await race(60, build).finally(build.remove);

    expect(found.broken).toContain('I21');
  });
});

interface Did {
  readonly merged: number;
  readonly undone: number;
  readonly killed: number;
  readonly paid: number;
  readonly claimed: number;
  /** Acts that named a debtor who was another one by then: they are asked again. */
  readonly elsewhere: number;
  readonly failed: number;
}

async function race(howMany: number, build: Build = asItIs) {
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
      join(build.folder, 'test/faults/merging.ts'),
      database.url,
      String(howMany),
    ];
    const { stdout, stderr } = await promisify(execFile)(process.execPath, args, { cwd: build.folder });
    process.stderr.write(stderr);
    const findings = new Findings();
    await verifyDatabase(house.db, new Rules(), findings, Date.parse('2026-03-03T09:30:00Z'));
    // Each of two debtors may have been written to before they were one; afterwards the day is full.
    const { rows: overCap } = await sql`
      select message.id from message join journal merged on merged.subject = 'debtor/' || message.debtor_id and merged.type = 'debtorMerged'
        join message earlier on earlier.debtor_id = message.debtor_id and earlier.id <> message.id and earlier.recorded_at < message.recorded_at
        where message.purpose = 'contact' and earlier.purpose = 'contact' and message.claimed_at is not null and earlier.claimed_at is not null
          and message.recorded_at > merged.recorded_at
          and not exists (select from journal parted where parted.subject = merged.subject and parted.type = 'mergeUndone')`.execute(
      house.db,
    );
    return {
      did: JSON.parse(stdout) as Did,
      overCap,
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
