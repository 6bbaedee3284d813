import { describe, expect, it } from 'vitest';
import { asItIs, buildWithout } from './build.ts';
import type { Build } from './build.ts';
import { PostgresProxy } from './postgres-proxy.ts';
import { control } from './split.ts';
import { until, World } from './world.ts';

type Place = 'after the claim' | 'before the call' | 'after the carrier took it';

describe.concurrent('a worker that is killed with kill -9', () => {
  // F01: the carrier has it, and nobody wrote that down.
  it.concurrent(
    'after the carrier took the message sends it no second time, and learns by evidence that it left',
    async () => {
      expectSentOnce(await killed('after the carrier took it'));
    },
  );
  control('without evidence the debtor is written to twice', async () => {
    const found = await killed('after the carrier took it', buildWithout('evidence'));

    expect(() => expectSentOnce(found)).toThrow();
    expect(found.taken).toEqual({ 'F-1 reminder 1': 2 });
  });

  // F02, twice: the attempt not yet taken, and taken.
  it.concurrent('after the claim gives it up, and the reminder leaves once', async () => {
    expectSentOnce(await killed('after the claim'));
  });
  it.concurrent(
    'just before the call leaves a message that never left, and the reminder leaves once',
    async () => {
      expectSentOnce(await killed('before the call'));
    },
  );
  for (const place of ['after the claim', 'before the call'] as const)
    control(`${place}, when nobody looks at interrupted deliveries the reminder never leaves`, async () => {
      const found = await killed(place, buildWithout('interrupted deliveries'));

      expect(() => expectSentOnce(found)).toThrow();
      expect(found.taken).toEqual({});
    });

  it.concurrent(
    'just before the call leaves it to a person when the carrier cannot say whether it has it',
    async () => {
      const found = await World.during({}, async (world) => {
        world.carrier.knowsWhatItLacks = false;
        await world.owes();
        await killedIn(world, 'before the call');
        await world.worker();
        await until(
          'the outcome is known to be unknown',
          async () => (await world.messages())[0]?.state === 'unknown',
          90,
        );
        return { messages: await world.messages(), taken: await world.taken(), broken: await world.broken() };
      });

      expect(found.messages.map(({ state }) => state)).toEqual(['unknown']);
      expect(found.taken).toEqual({});
      expect(found.broken).toEqual([]);
    },
  );
});

interface Found {
  readonly how: string;
  readonly taken: Readonly<Record<string, number>>;
  readonly states: readonly string[];
  readonly broken: readonly string[];
}

function expectSentOnce(found: Found): void {
  expect(found.how).toBe('SIGKILL');
  expect(found.taken).toEqual({ 'F-1 reminder 1': 1 });
  expect(found.states.filter((state) => state !== 'cancelled')).toEqual(['accepted']);
  expect(found.broken).toEqual([]);
}

/** One reminder, one kill, and a second worker that finds what the first has left. */
async function killed(place: Place, build: Build = asItIs): Promise<Found> {
  return World.during({}, async (world) => {
    world.onEnd(build.remove);
    await world.owes();
    const how = await killedIn(world, place);
    await world.worker({ build });
    // Without its protection the test must come to an end too: what has not left after the broken-off activity's time never will.
    await world.rest(75).catch(() => undefined);
    const states = (await world.messages()).map(({ state }) => state);
    return { how, taken: await world.taken(), states, broken: await world.broken() };
  });
}

async function killedIn(world: World, place: Place): Promise<string> {
  if (place !== 'after the claim') {
    world.carrier.killAt(place === 'before the call' ? 'before_call' : 'after_accept');
    const how = await (await world.worker()).exited;
    expect(world.carrier.killed).toHaveLength(1);
    return how;
  }
  const proxy = await PostgresProxy.open(world.databaseUrl);
  world.onEnd(() => proxy.close());
  const worker = await world.worker({ databaseUrl: proxy.through(world.databaseUrl) });
  proxy.onStatement = async ({ text }) => {
    if (!/^update "message" set "attempt"/.test(text)) return 'forward';
    worker.kill();
    await worker.exited;
    return 'cut_before';
  };
  return worker.exited;
}
