import { describe, expect, it } from 'vitest';
import { asItIs, buildWithout } from './build.ts';
import type { Build } from './build.ts';
import { control } from './split.ts';
import { until, World } from './world.ts';

// F19
describe.concurrent('a dispute that comes while the reminder is with the carrier', () => {
  it.concurrent('is taken at once; the reminder ends as it would, and nothing follows it', async () => {
    expectCrossed(await crossed());
  });
  control('when the carrier is called under the lock, the dispute is turned away', async () => {
    const found = await crossed(buildWithout('calls outside the lock'));

    expect(() => expectCrossed(found)).toThrow();
    expect(found.answer).toBe(503);
  });
});

type Found = Awaited<ReturnType<typeof crossed>>;

function expectCrossed(found: Found): void {
  expect(found.answer).toBe(201);
  expect(found.answeredInMs).toBeLessThan(4_000);
  expect(found.whileSending).toBe('claimed');
  expect(found.taken).toEqual({ 'F-1 reminder 1': 1 });
  expect(found.state).toBe('disputed');
  expect(found.facts.slice(-4)).toEqual(['stepRequested', 'disputeOpened', 'taskOpened', 'stepSent']);
  expect(found.messages).toEqual(['accepted']);
  expect(found.broken).toEqual([]);
}

async function crossed(build: Build = asItIs) {
  return World.during({}, async (world) => {
    world.onEnd(build.remove);
    let letGo = (): void => {};
    const held = new Promise<void>((resolve) => (letGo = resolve));
    world.carrier.behaviour = () => ({ do: 'accept_late', answer: held });
    const invoice = await world.owes();
    const { ask } = await world.api();
    await world.worker({ build });
    await until('the carrier has it', async () => world.carrier.accepted.length > 0, 60);

    const started = performance.now();
    const { status: answer } = await ask('POST', `/v1/invoices/${invoice.id}/disputes`, {
      reason: 'quality',
    });
    const answeredInMs = performance.now() - started;
    await until(
      'the workflow has heard of it',
      async () => (await world.facts(invoice)).includes('taskOpened'),
      5,
    ).catch(() => undefined);
    const whileSending = (await world.messages())[0]?.state;
    letGo();
    await world.rest();
    const { state } = await world.house.db
      .selectFrom('invoice')
      .select('state')
      .where('id', '=', invoice.id)
      .executeTakeFirstOrThrow();
    return {
      answer,
      answeredInMs,
      whileSending,
      state,
      taken: await world.taken(),
      facts: await world.facts(invoice),
      messages: (await world.messages()).map((message) => message.state),
      broken: await world.broken(),
    };
  });
}
