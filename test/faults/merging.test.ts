import { sql } from 'kysely';
import { describe, expect, it } from 'vitest';
import type { House } from '../../db/house.ts';
import { asItIs, buildWithout } from './build.ts';
import type { Build } from './build.ts';
import { runProgram } from './program.ts';
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
  const { printed, broken, seen } = await runProgram<Did, readonly unknown[]>('merging.ts', [howMany], {
    build,
    look: writtenTwice,
  });
  return { did: printed, broken, overCap: seen };
}

/** Each of two debtors may have been written to before they were one; afterwards the day is full. */
async function writtenTwice({ db }: House): Promise<readonly unknown[]> {
  const { rows } = await sql`
    select message.id from message join journal merged on merged.subject = 'debtor/' || message.debtor_id and merged.type = 'debtorMerged'
      join message earlier on earlier.debtor_id = message.debtor_id and earlier.id <> message.id and earlier.recorded_at < message.recorded_at
      where message.purpose = 'contact' and earlier.purpose = 'contact' and message.claimed_at is not null and earlier.claimed_at is not null
        and message.recorded_at > merged.recorded_at
        and not exists (select from journal parted where parted.subject = merged.subject and parted.type = 'mergeUndone')`.execute(
    db,
  );
  return rows;
}
