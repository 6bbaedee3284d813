import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import type { Client } from '@temporalio/client';
import type { Child } from '../../processes/child.ts';
import { isSealed, keyIdOf } from '../../temporal/sealing/sealed-payloads.ts';
import { verify } from '../../verify.ts';
import { payloadsIn, rawHistories } from '../temporal/sealing/raw.ts';
import { freshKey, until, World } from './world.ts';
import type { Owed } from './world.ts';

describe.concurrent('keys that change under running lives', () => {
  it.concurrent(
    'let them go on with the new one first; without the old one they wait, and do not fail, until it is back',
    async () => {
      const [first, second] = [freshKey('first'), freshKey('second')];
      await World.during({ keys: first }, async (world) => {
        const [one, other] = [await world.owes(), await world.owes()];
        const client = world.clientWith(second + first);
        world.onEnd(() => client.connection.close());
        const { ask } = await world.api();
        let worker = await world.worker();
        await world.rest();
        expect(await keysOf(client, one)).toEqual(['first']);

        worker = await after(worker, () => restarted(world, second + first));
        await promise(ask, one);
        await heard(client, one, 'promiseMade');
        expect(await keysOf(client, one)).toEqual(['first', 'second']);
        expect(await keysOf(client, other)).toEqual(['first']);

        worker = await after(worker, () => restarted(world, second));
        await promise(ask, other);
        await until('a task has failed three times', async () => (await attempts(client, other)) > 3, 60);
        const stuck = await client.workflow.getHandle(`invoice/${other.id}`).describe();
        expect(stuck.status.name).toBe('RUNNING');
        expect(await eventsOf(client, other)).not.toContain('workflowExecutionFailedEventAttributes');
        expect(readFileSync(worker.logFile, 'utf8')).toContain(
          'sealed with the key first, which is not among the keys of this process (second): put it back',
        );

        await after(worker, () => restarted(world, second + first));
        await heard(client, other, 'promiseMade');
        await world.rest();
        expect((await client.workflow.getHandle(`invoice/${other.id}`).describe()).runId).toBe(stuck.runId);
        expect(await brokenFor(world, client)).toEqual([]);
        expect(new Set(Object.values(await world.taken()))).toEqual(new Set([1]));
      });
    },
    180_000,
  );
});

describe.concurrent('a key that is lost for good', () => {
  it.concurrent(
    'costs histories and nothing else: lives begin anew from what is stored, and nothing is sent twice',
    async () => {
      const [lost, found] = [freshKey('lost'), freshKey('found')];
      // A day in three seconds.
      await World.during({ keys: lost, speed: 28_800 }, async (world) => {
        const invoice = await world.owes();
        const client = world.clientWith(found);
        world.onEnd(() => client.connection.close());
        const accepted = async (): Promise<number> =>
          (await world.messages()).filter(({ state }) => state === 'accepted').length;
        const worker = await world.worker();
        await until('the first reminder has left', async () => (await accepted()) === 1, 90);
        const { runId } = await client.workflow.getHandle(`invoice/${invoice.id}`).describe();

        await after(worker, () => restarted(world, found, { sweepAfterSeconds: 2 }));
        await until('another one leaves', async () => (await accepted()) > 1, 150);

        const anew = await client.workflow.getHandle(`invoice/${invoice.id}`).describe();
        expect(anew.runId).not.toBe(runId);
        expect(await keysOf(client, invoice, anew.runId)).toEqual(['found']);
        expect(new Set(Object.values(await world.taken()))).toEqual(new Set([1]));
        expect((await brokenFor(world, client)).filter((line) => /^I0[1-6] /.test(line))).toEqual([]);
      });
    },
    300_000,
  );
});

type Ask = Awaited<ReturnType<World['api']>>['ask'];

async function promise(ask: Ask, { id }: Owed): Promise<void> {
  const { status } = await ask('POST', `/v1/invoices/${id}/promises`, { date: '2026-03-10' });
  expect(status).toBe(201);
}

/** The next worker, when the one before it is gone. */
async function after(worker: Child, start: () => Promise<Child>): Promise<Child> {
  worker.kill();
  await worker.exited;
  return start();
}

function restarted(world: World, keys: string, options: { sweepAfterSeconds?: number } = {}): Promise<Child> {
  world.writeKeys(keys);
  return world.worker(options);
}

/** Waits until the workflow has done a task after it was told. */
async function heard(client: Client, { id }: Owed, fact: string): Promise<void> {
  const told = async (): Promise<boolean> => {
    const file = await client.workflow
      .getHandle(`invoice/${id}`)
      .query<{ promise: unknown }>('state')
      .catch(() => undefined);
    return Boolean(file?.promise);
  };
  await until(`the workflow has heard ${fact}`, told, 90);
  await until('its task is done', async () => (await attempts(client, { id })) <= 1, 30);
}

async function attempts(client: Client, { id }: Pick<Owed, 'id'>): Promise<number> {
  const { raw } = await client.workflow.getHandle(`invoice/${id}`).describe();
  return raw.pendingWorkflowTask?.attempt ?? 0;
}

/** The names of the keys that a workflow's payloads were sealed with, oldest first, over all runs or of one. */
async function keysOf(client: Client, { id }: Owed, runId?: string): Promise<readonly string[]> {
  const histories =
    runId === undefined
      ? await rawHistories(client, `invoice/${id}`)
      : [await client.workflow.getHandle(`invoice/${id}`, runId).fetchHistory()];
  return [...new Set(payloadsIn(histories).filter(isSealed).map(keyIdOf))];
}

async function eventsOf(client: Client, { id }: Owed): Promise<readonly string[]> {
  const [history] = await rawHistories(client, `invoice/${id}`);
  return (history?.events ?? []).flatMap((event) => Object.keys(event));
}

async function brokenFor(world: World, client: Client): Promise<readonly string[]> {
  const verdicts = await verify({ db: world.house.db, client });
  return verdicts.flatMap(({ id, offenders, skipped }) => [
    ...offenders.map(({ subject, what }) => `${id} ${subject} ${what}`),
    ...(skipped === null ? [] : [`${id} was skipped: ${skipped}`]),
  ]);
}
