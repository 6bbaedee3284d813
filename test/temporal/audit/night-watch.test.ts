import { setTimeout as pause } from 'node:timers/promises';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { openHouse } from '../../../db/house.ts';
import type { House } from '../../../db/house.ts';
import { nightWatch } from '../../../temporal/audit/night-watch.ts';
import type { Chore } from '../../../temporal/audit/night-watch.ts';
import { freshDatabase } from '../../setup/database.ts';
import type { FreshDatabase } from '../../setup/database.ts';

let database: FreshDatabase;
let house: House;
/** What was done, and by whom, in order. */
let done: string[];
let told: string[];

beforeAll(async () => {
  database = await freshDatabase();
  house = await openHouse(database.url);
});
afterAll(async () => {
  await house.db.destroy();
  await database.drop();
});
beforeEach(() => {
  done = [];
  told = [];
});

describe('the night watch', () => {
  it('does what is due and leaves what is not', async () => {
    const watch = keeping([chore('anchor'), { ...chore('snapshot'), due: async () => false }]);

    await until(() => done.length > 2);
    await watch.end();

    expect(new Set(done)).toEqual(new Set(['anchor']));
  });

  it('goes on with the others when one fails, tells it, and tries it again', async () => {
    let failures = 0;
    const failing: Chore = {
      ...chore('archive'),
      do: async () => {
        failures += 1;
        throw new Error('the store is full');
      },
    };
    const watch = keeping([failing, chore('anchor')]);

    await until(() => failures > 1 && done.length > 2);
    await watch.end();

    expect(told).toContain('archive failed and is tried again: Error: the store is full');
    expect(new Set(done)).toEqual(new Set(['anchor']));
  });

  it('is kept by one process of all, and by the next when that one ends', async () => {
    const first = keeping([chore('of the first')]);
    await until(() => done.length > 0);
    const second = keeping([chore('of the second')]);
    await until(() => done.length > 5);
    const seen = new Set(done);
    await first.end();
    await until(() => done.includes('of the second'));
    await second.end();

    expect(seen).toEqual(new Set(['of the first']));
    expect(done.lastIndexOf('of the first')).toBeLessThan(done.indexOf('of the second'));
  });

  it('tells each chore both clocks, and lets one that works when the end comes see it', async () => {
    const moments: number[] = [];
    let seen = false;
    const long: Chore = {
      ...chore('long'),
      do: async ({ business, machine }, stop) => {
        moments.push(machine - business);
        await new Promise((resolve) => {
          stop.addEventListener('abort', resolve);
        });
        seen = true;
      },
    };
    const watch = keeping([long]);
    await until(() => moments.length > 0);
    await watch.end();

    // A new database lives in real time.
    expect(Math.abs(moments[0]!)).toBeLessThan(1_000);
    expect(seen).toBe(true);
  });
});

function chore(name: string): Chore {
  return {
    name,
    due: async () => true,
    do: async () => {
      done.push(name);
    },
  };
}

function keeping(chores: readonly Chore[]): { end(): Promise<void> } {
  const stopping = new AbortController();
  const ended = nightWatch({
    databaseUrl: database.url,
    clock: house.clock,
    chores,
    signal: stopping.signal,
    tell: (line, detail) => told.push(`${line}: ${(detail as { reason: string }).reason}`),
    lookEveryMs: 10,
  });
  return {
    end: async () => {
      stopping.abort();
      await ended;
    },
  };
}

async function until(isSo: () => boolean): Promise<void> {
  const giveUpAt = performance.now() + 10_000;
  while (!isSo()) {
    if (performance.now() > giveUpAt) throw new Error('it does not come');
    await pause(10);
  }
}
