import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { addCreditor } from '../../db/creditors.ts';
import { openHouse } from '../../db/house.ts';
import type { House } from '../../db/house.ts';
import { Findings } from '../../db/invariants.ts';
import type { InvariantId } from '../../db/invariants.ts';
import { Rules } from '../../db/rules.ts';
import { verifyDatabase } from '../../db/verify.ts';
import { freshDatabase } from '../setup/database.ts';
import { asItIs } from './build.ts';
import type { Build } from './build.ts';
import { morningOfRaces } from './stand.ts';

const seller = {
  legal_name: 'Ateliers Martin SAS',
  siren: '732829320',
  address: ['12 rue des Forges', '69003 Lyon'],
  iban: 'FR1420041010050500013M02606',
  sender_name: 'Service comptable',
  reply_to: 'compta@martin.example',
};

export interface Run<Printed, Seen> {
  /** The line of JSON that the program printed. */
  readonly printed: Printed;
  /** Which invariants `verify` found broken afterwards. */
  readonly broken: readonly InvariantId[];
  readonly seen: Seen;
}

/**
 * Runs a program of this folder in a build, with and without a protection, against a fresh database that has one creditor;
 * then asks `verify` what was broken by it, and `look` what else there is to see.
 */
export async function runProgram<Printed, Seen = undefined>(
  program: string,
  args: readonly (string | number)[],
  { build = asItIs, look }: { build?: Build; look?: (house: House) => Promise<Seen> } = {},
): Promise<Run<Printed, Seen>> {
  const database = await freshDatabase();
  const house = await openHouse(database.url, { connectionsMax: 4 });
  try {
    await house.db
      .transaction()
      .execute((tx) =>
        addCreditor(tx, Date.parse('2026-02-01T09:00:00Z'), 'Ateliers Martin', seller, 'test'),
      );
    const path = join(build.folder, 'test/faults', program);
    const { stdout, stderr } = await promisify(execFile)(
      process.execPath,
      ['--import', import.meta.resolve('tsx'), path, database.url, ...args.map(String)],
      { cwd: build.folder },
    );
    process.stderr.write(stderr);
    const findings = new Findings();
    await verifyDatabase(house.db, new Rules(), findings, morningOfRaces);
    const broken = findings.verdicts().flatMap(({ id, count }) => (count > 0 ? [id] : []));
    return {
      printed: JSON.parse(stdout) as Printed,
      broken,
      seen: (await look?.(house)) as Seen,
    };
  } finally {
    await house.db.destroy();
    await database.drop();
  }
}
