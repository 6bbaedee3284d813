import { describe, expect, it } from 'vitest';
import { asItIs, buildWithout } from './build.ts';
import type { Build } from './build.ts';
import { race } from './race.ts';
import { control, seeds } from './split.ts';
import { until, World } from './world.ts';

/** Rounds in `npm test`, and in `npm run faults`. */
const rounds = seeds(100, 1_000).length;

// F32
describe.concurrent('a judgment against a debtor', () => {
  it.concurrent(
    `in the very moment of the claim wins over the reminder or comes after it, in ${rounds} rounds never both`,
    async () => {
      const found = await race('judgment', rounds);

      expect(found.won.news).toBeGreaterThan(rounds / 10);
      expect(found.won.claim).toBeGreaterThan(rounds / 10);
      expect(found.won).toMatchObject({ nobody: 0, afterwards: 0 });
      expect(found.broken).toEqual([]);
    },
    1_200_000,
  );

  it.concurrent(
    'with a step planned and another with the carrier lets the one end, and no other leave; later claims go on',
    async () => {
      expectSilenced(await judged());
    },
  );

  control('without the lock on the debtor, reminders leave for claims of before the judgment', async () => {
    const build = buildWithout('the lock on the debtor');
    const found = await race('judgment', 300, build).finally(build.remove);

    expect(found.broken).toContain('I03');
  });

  control('without the silence, the planned reminder leaves all the same', async () => {
    const found = await judged(buildWithout('the silence of a judgment'));

    expect(() => expectSilenced(found)).toThrow();
    expect(found.taken['F-1 reminder 1']).toBe(1);
  });
});

type Found = Awaited<ReturnType<typeof judged>>;

function expectSilenced(found: Found): void {
  expect(found.answers).toEqual([201, 201, 201]);
  // Its debtor got the mail that was under way, and nobody of before his judgment another.
  expect(found.taken).toEqual({ 'F-2 reminder 1': 1, 'F-3 reminder 1': 1 });
  expect(found.planned).toEqual(['invoiceRegistered', 'debtorInsolvent', 'taskOpened']);
  expect(found.calling.slice(-4)).toEqual(['stepRequested', 'debtorInsolvent', 'taskOpened', 'stepSent']);
  expect(found.tasks).toEqual(['F-1 insolvency', 'F-2 insolvency']);
  expect(found.broken).toEqual([]);
}

/** Three debtors: one judged before his reminder is asked for, one while it is with the carrier, one before what he owes was born. */
async function judged(build: Build = asItIs) {
  return World.during({}, async (world) => {
    world.onEnd(build.remove);
    let letGo = (): void => {};
    const held = new Promise<void>((resolve) => (letGo = resolve));
    world.carrier.behaviour = () => ({ do: 'accept_late', answer: held });
    const { ask } = await world.api({ build });
    const judge = async ({ debtorId }: { debtorId: string }, judgmentOn: string) =>
      (await ask('POST', `/v1/debtors/${debtorId}/insolvency`, { judgmentOn })).status;
    const planned = await world.owes();
    const answers = [await judge(planned, '2026-03-02')];
    const [calling, later] = [await world.owes(), await world.owes()];
    answers.push(await judge(later, '2026-01-15'));
    await world.worker({ build });
    await until('the carrier has both', async () => world.carrier.accepted.length >= 2, 60);
    answers.push(await judge(calling, '2026-03-02'));
    // A file that the judgment does not silence asks for no declaration.
    await until(
      'the workflow has heard of it',
      async () => (await world.facts(calling)).includes('taskOpened'),
      30,
    ).catch(() => undefined);
    letGo();
    await world.rest();

    const tasks = await world.house.db
      .selectFrom('task')
      .innerJoin('task_invoice', 'task_invoice.task_id', 'task.id')
      .innerJoin('invoice', 'invoice.id', 'task_invoice.invoice_id')
      .select(['invoice.number', 'task.kind'])
      .where('task.state', '=', 'open')
      .orderBy('invoice.number')
      .execute();
    return {
      answers,
      taken: await world.taken(),
      planned: await world.facts(planned),
      calling: await world.facts(calling),
      tasks: tasks.map(({ number, kind }) => `${number} ${kind}`),
      broken: await world.broken(),
    };
  });
}
