import { describe, expect, it } from 'vitest';
import { hourMs } from '../../domain/time.ts';
import { asItIs, buildWithout } from './build.ts';
import type { Build } from './build.ts';
import { idsIn, Providers } from './providers.ts';
import { control } from './split.ts';
import { until, World } from './world.ts';

// F31. How late the messages of such a morning are is a matter of `bench morning`.
describe.concurrent('a morning on which much is due', () => {
  it.concurrent(
    'keeps the rate of the provider over all workers, writes to everybody and to nobody twice',
    async () => {
      const found = await written(asItIs);

      expect(found.ids.length).toBe(debtors);
      expect(new Set(found.ids).size).toBe(debtors);
      // Turns are counted by Postgres: whatever stands still lets the whole take longer, never shorter.
      expect(found.tookMs).toBeGreaterThanOrEqual(shortestMs);
      expect(found.broken).toEqual([]);
    },
    240_000,
  );
  control('without turns the provider is given all at once', async () => {
    const found = await written(buildWithout('the turns of an account'));

    expect(found.tookMs).toBeLessThan(shortestMs);
  });

  it.concurrent(
    'is spread by debtor over the first half of the hours in which they may be written to',
    async () => {
      const moments = await planned(asItIs);

      expect(Math.min(...moments)).toBeGreaterThanOrEqual(opens);
      expect(Math.max(...moments)).toBeLessThan(opens + half);
      // Forty are to be expected in each fifth; so far off are they in one of a million runs.
      for (const count of fifthsOf(moments)) {
        expect(count).toBeGreaterThan(12);
        expect(count).toBeLessThan(70);
      }
    },
    120_000,
  );
  control('without the spread all wait for the same moment', async () => {
    expect(new Set(await planned(buildWithout('the spread of a morning'))).size).toBe(1);
  });
});

/** So many, all due at once. */
const debtors = 40;
const perSecond = 4;
const shortestMs = ((debtors - 1) * 1_000) / perSecond - 300;

/** A first message to each debtor is due now, two workers share the account. */
async function written(build: Build) {
  return World.during({}, async (world) => {
    world.onEnd(build.remove);
    const providers = new Providers(world);
    const provider = await providers.mails('crowd', { perSecond });
    for (let place = 0; place < debtors; place += 1) await world.owes({ seller: 'crowd' });
    const worker = { build, channelsFile: providers.channelsFile, sweepAfterSeconds: 5 };
    await Promise.all([world.worker(worker), world.worker(worker)]);

    await until('everybody is written to', async () => (await everySent(world)) === debtors, 180);
    const moments = provider.server.calls.map(({ at }) => at);
    return {
      ids: idsIn(provider),
      tookMs: Math.max(...moments) - Math.min(...moments),
      broken: await world.broken(),
    };
  });
}

async function everySent(world: World): Promise<number> {
  return (await world.messages()).filter(({ state }) => state === 'accepted').length;
}

/** The first half of a day on which one may write, 9:00 to 17:30 in Paris, a week before the due date. */
const opens = Date.parse('2026-03-06T08:00:00Z');
const half = 4.25 * hourMs;
const invoices = 200;

/** When the first step of so many invoices with the same due date is planned, each of another debtor. */
async function planned(build: Build): Promise<readonly number[]> {
  return World.during({}, async (world) => {
    world.onEnd(build.remove);
    const { ask } = await world.api({ build });
    for (let place = 0; place < invoices; place += 1) {
      const answer = await ask('POST', '/v1/invoices', {
        debtor: { name: `Société ${place}`, reference: `C-${place}` },
        contact: { email: `compta@c${place}.example` },
        number: `M-${place}`,
        issueDate: '2026-02-10',
        dueDate: '2026-03-12',
        amount: { amount: 120_000, currency: 'EUR' },
      });
      expect(answer.status).toBe(201);
    }
    const rows = await world.house.db.selectFrom('invoice').select('wake_at').execute();
    return rows.map(({ wake_at: wakeAt }) => wakeAt ?? 0);
  });
}

function fifthsOf(moments: readonly number[]): readonly number[] {
  return [0, 1, 2, 3, 4].map(
    (fifth) => moments.filter((at) => Math.floor(((at - opens) / half) * 5) === fifth).length,
  );
}
