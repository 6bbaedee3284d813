import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { openHouse } from '../../../db/house.ts';
import type { House } from '../../../db/house.ts';
import { leaveAlone, takeTurn } from '../../../db/pace.ts';
import type { Turn } from '../../../db/pace.ts';
import { freshDatabase } from '../../setup/database.ts';
import type { FreshDatabase } from '../../setup/database.ts';

const patienceMs = 3_000;

let database: FreshDatabase;
/** Two processes, as far as Postgres can tell. */
let houses: readonly [House, House];

beforeAll(async () => {
  database = await freshDatabase();
  houses = [
    await openHouse(database.url, { connectionsMax: 5 }),
    await openHouse(database.url, { connectionsMax: 5 }),
  ];
});
afterAll(async () => {
  for (const { db } of houses) await db.destroy();
  await database.drop();
});
beforeEach(async () => {
  await houses[0].db.deleteFrom('account_pace').execute();
});

describe('the rate of an account', () => {
  // Taken one after the other at no time at all, the turns would all be now; the gaps between them are the rate.
  it('is kept by all processes together', async () => {
    const started = performance.now();
    const turns = await Promise.all(
      Array.from({ length: 30 }, async (_, index) => {
        const turn = await takeTurn(houses[index % 2]!.db, 'mails', 20, patienceMs);
        return performance.now() - started + waitOf(turn);
      }),
    );

    const inOrder = turns.toSorted((a, b) => a - b);
    expect(inOrder.at(-1)! - inOrder[0]!).toBeGreaterThanOrEqual(29 * 50 - 60);
    expect(inOrder.at(-1)!).toBeLessThan(29 * 50 + 1_000);
  });

  it('gives nobody a turn who would wait too long, and lets all come back at the same rate', async () => {
    const turns: Turn[] = [];
    for (let count = 0; count < 8; count += 1)
      turns.push(await takeTurn(houses[0].db, 'mails', 1, patienceMs));

    const now = turns.filter((turn) => turn.kind === 'now');
    const later = turns.flatMap((turn) => (turn.kind === 'later' ? [turn.afterMs] : []));
    expect(now.length).toBe(4);
    expect(later.length).toBe(4);
    for (const [index, afterMs] of later.entries()) {
      expect(afterMs).toBeGreaterThan(patienceMs);
      if (index > 0) expect(afterMs - later[index - 1]!).toBeGreaterThan(900);
    }
  });

  it('is that of each account alone', async () => {
    for (let count = 0; count < 5; count += 1) await takeTurn(houses[0].db, 'mails', 1, patienceMs);

    expect(await takeTurn(houses[0].db, 'texts', 1, patienceMs)).toEqual({ kind: 'now', waitMs: 0 });
  });

  it('has no turn before the time that the provider named, and a shorter one later changes nothing', async () => {
    await takeTurn(houses[0].db, 'mails', 10, patienceMs);
    await leaveAlone(houses[0].db, 'mails', 90_000);
    await leaveAlone(houses[1].db, 'mails', 1_000);

    const turn = await takeTurn(houses[1].db, 'mails', 10, patienceMs);

    expect(turn).toEqual({ kind: 'later', afterMs: expect.any(Number) });
    expect(turn.kind === 'later' && turn.afterMs).toBeGreaterThan(89_000);
  });

  it('begins with the time that the provider named, also for an account that was never called', async () => {
    await leaveAlone(houses[0].db, 'mails', 90_000);

    expect((await takeTurn(houses[1].db, 'mails', 10, patienceMs)).kind).toBe('later');
  });
});

function waitOf(turn: Turn): number {
  expect(turn.kind).toBe('now');
  return turn.kind === 'now' ? turn.waitMs : 0;
}
