import { describe, expect, it } from 'vitest';
import type { History } from '@temporalio/common/lib/proto-utils.js';
import { atTheDesk, ourselves } from '../../db/desk.ts';
import { readFacts } from '../../db/journal.ts';
import { storedFile } from '../../db/outbox.ts';
import type { Fact } from '../../domain/fact.ts';
import { collectionQueue, invoiceLife } from '../../temporal/client.ts';
import { asItIs, buildWithout } from './build.ts';
import type { Build } from './build.ts';
import { control, seeds } from './split.ts';
import { until, World } from './world.ts';
import type { Owed } from './world.ts';

const signals = 200;

// F34. A run is old after a fifth of a second here, so that a life of some seconds has many of them.
describe.concurrent('a life that goes on in run after run', () => {
  for (const seed of seeds(1, 5))
    it.concurrent(`hears each of ${signals} shuffled and repeated signals once (seed ${seed})`, async () => {
      expectAllHeard(await shuffled(seed, buildWithout('long runs')));
    });
  control('without reading gaps from the log, what came in disorder is lost', async () => {
    const found = await shuffled(1, buildWithout('long runs', 'reading of gaps'));

    expect(() => expectAllHeard(found)).toThrow();
    expect(found.heard).toBeLessThan(found.facts);
  });
});

// F35
describe.concurrent('a workflow that an operator resets', () => {
  it.concurrent(
    'to each of its decisions in turn sends nothing again, and ends with the same file',
    async () => {
      expectUnmoved(await reset(asItIs));
    },
  );
  // Signals come again after a reset, and alone would tell it enough; so it must read no gaps either. The caps are what
  // would hold the second reminder back for its two days.
  control('when it acts on what it had heard, the reminder leaves again', async () => {
    const found = await reset(buildWithout('the head of the log', 'reading of gaps', 'caps of the door'));

    expect(() => expectUnmoved(found)).toThrow();
    expect(found.taken).toEqual({ 'F-1 reminder 1': 2 });
  });
});

describe.concurrent(
  'the door of a debtor that an operator resets while its message is with the carrier',
  () => {
    it.concurrent('waits for that call, and sends nothing beside it', async () => {
      expectPatience(await resetInTheCall(asItIs));
    });
    control('when it asks at once what became of the call, it hears of nothing and sends again', async () => {
      const found = await resetInTheCall(buildWithout('patience with calls'));

      expect(() => expectPatience(found)).toThrow();
      expect(found.taken).toEqual({ 'F-1 reminder 1': 2 });
    });
  },
);

describe.concurrent('a workflow that an operator terminates', () => {
  it.concurrent(
    'is called an orphan by verify, and lives on by the sweep when its next moment has come',
    async () => {
      expectBack(await terminated(1));
    },
  );
  control('without the sweep it never comes back', async () => {
    const found = await terminated(100_000);

    expect(() => expectBack(found)).toThrow();
  });
});

type Shuffled = Awaited<ReturnType<typeof shuffled>>;

function expectAllHeard(found: Shuffled): void {
  expect(found.runs).toBeGreaterThan(3);
  expect(found.facts).toBeGreaterThan(signals);
  expect(found.heard).toBe(found.facts);
  expect(found.broken).toEqual([]);
}

async function shuffled(seed: number, build: Build) {
  return World.during({}, async (world) => {
    world.onEnd(build.remove);
    const invoice = await world.owes();
    await world.worker({ build });
    await world.rest();
    const facts = await promiseAndWithdraw(world, invoice);

    const workflowId = `invoice/${invoice.id}`;
    const { settings } = world.house.clock;
    const { collection } = await storedFile(world.house, invoice.id);
    const queue = inDisorder([...facts, ...facts.filter((fact) => fact.n % 4 === 0)], seed);
    await Promise.all(
      Array.from({ length: 8 }, async () => {
        for (let fact = queue.pop(); fact; fact = queue.pop()) {
          const start = {
            ...invoiceLife(collection, settings),
            taskQueue: collectionQueue,
            workflowTaskTimeout: '2 seconds',
          } as const;
          await world.client.workflow.signalWithStart('collectInvoice', {
            ...start,
            signal: fact.type,
            signalArgs: [fact],
          });
          // Some quiet moments, so that runs end between signals as well as among them.
          if (fact.n % 25 === 0) await new Promise((resolve) => setTimeout(resolve, 300));
        }
      }),
    );
    const heard = () =>
      world.client.workflow
        .getHandle(workflowId)
        .query<{ fact: number }>('state')
        .then(({ fact }) => fact);
    const { fact: last } = await world.house.db
      .selectFrom('invoice')
      .select('fact')
      .where('id', '=', invoice.id)
      .executeTakeFirstOrThrow();
    await until('all is heard', async () => (await heard()) === last, 15).catch(() => undefined);
    let runs = 0;
    for await (const _ of world.client.workflow.list({ query: `WorkflowId = '${workflowId}'` })) runs += 1;
    return { runs, facts: last, heard: await heard(), broken: await world.broken() };
  });
}

/** Two hundred facts of which the workflow has no word yet. */
async function promiseAndWithdraw(world: World, { id, debtorId }: Owed): Promise<readonly Fact[]> {
  const before = (await world.facts({ id })).length;
  await atTheDesk(world.house, [debtorId], async (desk) => {
    for (let n = 0; n < signals / 2; n += 1) {
      await desk.state(
        id,
        { type: 'promiseMade', promiseId: promiseId(n), amountCents: 100 + n, promisedOn: '2026-03-20' },
        ourselves,
        { heard: true },
      );
      await desk.state(id, { type: 'promiseWithdrawn', promiseId: promiseId(n) }, ourselves, { heard: true });
    }
  });
  return readFacts(world.house.db, world.house.rules, id, before);
}

function promiseId(n: number): string {
  return `00000000-0000-7000-8000-${String(n).padStart(12, '0')}`;
}

/** A shuffle that the seed decides. */
function inDisorder<T>(items: readonly T[], seed: number): T[] {
  const left = [...items];
  let dice = seed * 7919;
  return items.map(() => {
    dice = (Math.imul(dice, 1_103_515_245) + 12_345) >>> 0;
    return left.splice(dice % left.length, 1)[0]!;
  });
}

type Reset = Awaited<ReturnType<typeof reset>>;

function expectUnmoved(found: Reset): void {
  expect(found.resets).toBeGreaterThan(2);
  expect(found.taken).toEqual({ 'F-1 reminder 1': 1 });
  expect(found.messages).toBe(1);
  expect(found.broken).toEqual([]);
}

async function reset(build: Build) {
  return World.during({}, async (world) => {
    world.onEnd(build.remove);
    const invoice = await world.owes();
    await world.worker({ build });
    await world.rest();
    let resets = 0;
    for (const workflowId of [`invoice/${invoice.id}`, `debtor/${invoice.debtorId}`]) {
      const { runId } = await world.client.workflow.getHandle(workflowId).describe();
      const history: History = await world.client.workflow.getHandle(workflowId, runId).fetchHistory();
      for (const event of history.events ?? []) {
        if (!event.workflowTaskCompletedEventAttributes) continue;
        await world.client.workflowService.resetWorkflowExecution({
          namespace: 'default',
          workflowExecution: { workflowId, runId },
          workflowTaskFinishEventId: event.eventId!,
          reason: 'a test',
          requestId: `${runId}-${String(event.eventId)}`,
        });
        resets += 1;
        await world.rest(60);
        await until('its workflow is idle', async () => (await pendingOf(world, workflowId)) === 0, 60);
      }
    }
    return {
      resets,
      taken: await world.taken(),
      messages: (await world.messages()).filter(({ state }) => state !== 'cancelled').length,
      broken: await world.broken(),
    };
  });
}

type InTheCall = Awaited<ReturnType<typeof resetInTheCall>>;

function expectPatience(found: InTheCall): void {
  expect(found.taken).toEqual({ 'F-1 reminder 1': 1 });
  expect(found.states).toEqual(['accepted']);
  expect(found.broken).toEqual([]);
}

async function resetInTheCall(build: Build) {
  return World.during({}, async (world) => {
    world.onEnd(build.remove);
    let letGo = (): void => {};
    const when = new Promise<void>((resolve) => (letGo = resolve));
    let calls = 0;
    world.carrier.behaviour = () => ((calls += 1) === 1 ? { do: 'accept_after', when } : { do: 'accept' });
    const { debtorId } = await world.owes();
    await world.worker({ build });
    await until('the call has begun', async () => calls > 0, 60);

    const workflowId = `debtor/${debtorId}`;
    const { runId } = await world.client.workflow.getHandle(workflowId).describe();
    const { events } = await world.client.workflow.getHandle(workflowId, runId).fetchHistory();
    const decided = events?.find((event) => event.workflowTaskCompletedEventAttributes)?.eventId;
    await world.client.workflowService.resetWorkflowExecution({
      namespace: 'default',
      workflowExecution: { workflowId, runId },
      workflowTaskFinishEventId: decided!,
      reason: 'a test',
      requestId: runId,
    });
    // Time enough for the new run to look, and to do what it must not.
    await until('another call has begun', async () => calls > 1, 10).catch(() => undefined);
    letGo();
    await world.rest();
    return {
      taken: await world.taken(),
      states: (await world.messages()).filter(({ state }) => state !== 'cancelled').map(({ state }) => state),
      broken: await world.broken(),
    };
  });
}

/** Activities and tasks that the workflow waits for. */
async function pendingOf(world: World, workflowId: string): Promise<number> {
  const { raw, status } = await world.client.workflow.getHandle(workflowId).describe();
  return status.name === 'RUNNING'
    ? (raw.pendingActivities ?? []).length + (raw.pendingWorkflowTask ? 1 : 0)
    : 0;
}

type Terminated = Awaited<ReturnType<typeof terminated>>;

function expectBack(found: Terminated): void {
  expect(found.orphan).toMatch(/^I07 invoice\/.* would wake at .*, and no workflow runs for it$/);
  expect(found.broken).toEqual([]);
  expect(new Set(Object.values(found.taken))).toEqual(new Set([1]));
}

async function terminated(sweepAfterSeconds: number) {
  return World.during({ speed: 21_600 }, async (world) => {
    const invoice = await world.owes();
    await world.worker({ sweepAfterSeconds });
    await until(
      'the reminder has left',
      async () =>
        (await world.messages()).some(({ state }) => state === 'accepted') && (await world.words()) === 0,
      60,
    );
    await world.client.workflow.getHandle(`invoice/${invoice.id}`).terminate('a test');
    const [orphan = ''] = await world.broken();
    let broken: readonly string[] = [];
    await until(
      'nothing is broken',
      async () => (broken = await world.broken()).length === 0,
      sweepAfterSeconds > 1_000 ? 45 : 120,
    ).catch(() => undefined);
    return { orphan, broken, taken: await world.taken() };
  });
}
