import { describe, expect, it } from 'vitest';
import { buildWithout } from './build.ts';
import { control } from './split.ts';
import { until, World } from './world.ts';
import type { WorkerOptions } from './world.ts';

describe.concurrent('a Temporal that is killed with kill -9', () => {
  // F15
  it.concurrent(
    'while people go on working loses none of their facts: each is answered at once, and heard once when it is back',
    async () => {
      expectHeard(await down());
    },
  );
  control('when words are dropped that could not be delivered, workflows never hear of them', async () => {
    const found = await down({ build: buildWithout('words until delivered') });

    expect(() => expectHeard(found)).toThrow();
    expect(found.broken.some((line) => line.startsWith('I06 '))).toBe(true);
  });
});

describe.concurrent('a Temporal that was emptied of all its data', () => {
  it.concurrent('fills again from Postgres, and nothing is sent twice', async () => {
    expectFull(await emptied({ sweepAfterSeconds: 1 }));
  });
  control('without the sweep it stays empty', async () => {
    const found = await emptied({ sweepAfterSeconds: 100_000 });

    expect(() => expectFull(found)).toThrow();
    expect(found.broken.some((line) => line.startsWith('I07 '))).toBe(true);
  });
});

type Down = Awaited<ReturnType<typeof down>>;

function expectHeard(found: Down): void {
  expect(found.how).toBe('SIGKILL');
  expect(found.answers).toEqual([201, 201, 201, 201]);
  expect(found.waited).toBe(true);
  expect(found.broken).toEqual([]);
  expect(found.taken).toEqual({ 'F-1 reminder 1': 1, 'F-2 reminder 1': 1, 'F-3 reminder 1': 1 });
}

async function down(options: WorkerOptions = {}) {
  return World.during({}, async (world) => {
    if (options.build) world.onEnd(options.build.remove);
    const [paid, disputed, promised] = [await world.owes(), await world.owes(), await world.owes()];
    const { ask } = await world.api();
    await world.worker(options);
    await world.rest();

    world.temporal.child.kill();
    const how = await world.temporal.child.exited;
    const answers = [
      await ask('POST', `/v1/invoices/${paid.id}/payments`, { amount: { amount: 20_000, currency: 'EUR' } }),
      await ask('POST', `/v1/invoices/${disputed.id}/disputes`, { reason: 'quality' }),
      await ask('POST', `/v1/invoices/${promised.id}/promises`, { date: '2026-03-10' }),
      await ask('POST', '/v1/invoices', {
        debtor: { name: 'Nouvelle SARL' },
        contact: { email: 'compta@nouvelle.example' },
        number: 'N-1',
        dueDate: '2026-03-20',
        amount: { amount: 5_000, currency: 'EUR' },
      }),
    ];
    const words = async () =>
      world.house.db
        .selectFrom('outbox')
        .select(['tries', 'delivered_at'])
        .orderBy('id', 'desc')
        .limit(4)
        .execute();
    const waited = (await words()).some(({ delivered_at: at }) => at === null);
    // The relay has tried in vain at least once, so that the word's place is what saves it.
    await until(
      'the relay has tried',
      async () => (await words()).some(({ tries, delivered_at: at }) => tries > 0 || at !== null),
      90,
    );

    await world.restartTemporal();
    // Whoever was never told does not come to rest: `verify` says so.
    await world.rest().catch(() => undefined);
    return {
      how,
      answers: answers.map(({ status }) => status),
      waited,
      taken: await world.taken(),
      broken: await world.broken(),
    };
  });
}

type Emptied = Awaited<ReturnType<typeof emptied>>;

function expectFull(found: Emptied): void {
  expect(found.before).toBeGreaterThanOrEqual(4);
  expect(found.lost.some((line) => line.startsWith('I07 '))).toBe(true);
  expect(found.broken).toEqual([]);
  expect(found.runningAgain).toBeGreaterThanOrEqual(3);
  expect(new Set(Object.values(found.taken))).toEqual(new Set([1]));
}

/** Days of four seconds: the wake-ups of two weeks come within one minute. */
async function emptied({ sweepAfterSeconds }: { sweepAfterSeconds: number }) {
  return World.during({ speed: 21_600 }, async (world) => {
    for (const due of ['2026-02-20', '2026-02-21', '2026-02-22', '2026-02-25']) await world.owes({ due });
    await world.worker({ sweepAfterSeconds });
    await until(
      'each debtor got his first reminder',
      async () => Object.keys(await world.taken()).length >= 4,
      60,
    );
    // What is on its way would start workflows again by itself.
    await until(
      'every word is delivered',
      async () =>
        (await world.words()) === 0 && (await world.messages()).every(({ state }) => state === 'accepted'),
      30,
    );

    world.temporal.child.kill();
    await world.temporal.child.exited;
    const before = world.carrier.accepted.length;
    await world.restartTemporal({ emptied: true });
    const lost = (await world.broken()).filter((line) => line.startsWith('I07 '));
    let broken = await world.broken();
    const patience = sweepAfterSeconds > 1_000 ? 30 : 150;
    await until(
      'nothing is broken',
      async () => (broken = await world.broken()).length === 0,
      patience,
    ).catch(() => undefined);
    const workflows = world.client.workflow.list({
      query: `WorkflowType = 'collectInvoice' AND ExecutionStatus = 'Running'`,
    });
    let runningAgain = 0;
    for await (const _ of workflows) runningAgain += 1;
    return { before, lost, broken, runningAgain, taken: await world.taken() };
  });
}
