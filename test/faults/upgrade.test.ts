import pg from 'pg';
import { describe, expect, it } from 'vitest';
import { dayAt, instantAt, workingDayAfter } from '../../domain/calendar.ts';
import { minuteMs } from '../../domain/time.ts';
import type { Instant } from '../../domain/time.ts';
import { paris } from '../domain/calendars.ts';
import { buildWithout } from './build.ts';
import type { Build } from './build.ts';
import { control } from './split.ts';
import { until, World } from './world.ts';
import type { Owed } from './world.ts';

// F27. Histories hold what the old rule decided; workflows that replay them with the new one can't go on.
describe.concurrent('a release that changes a rule under running lives', () => {
  it.concurrent(
    'lets them begin anew from what is stored: nothing is sent twice, and they go on',
    async () => {
      expectOn(await upgraded(buildWithout('the old hour of leaving'), 240));
    },
    480_000,
  );
  control('when no life begins anew, they stand still', async () => {
    const found = await upgraded(buildWithout('the old hour of leaving', 'beginning anew'), 60);

    expect(() => expectOn(found)).toThrow();
  });
});

type Upgraded = Awaited<ReturnType<typeof upgraded>>;

function expectOn(found: Upgraded): void {
  expect(found.stuck).toBe(true);
  expect(found.taken['F-1 firm-reminder 1']).toBe(1);
  expect(new Set(Object.values(found.taken))).toEqual(new Set([1]));
  expect(found.broken).toEqual([]);
}

/**
 * A day in three seconds, in which the old release sends two reminders. The new one starts at eleven on the working day
 * after the third was due, with a clock so slow that it stays that day.
 */
async function upgraded(next: Build, patienceSeconds: number) {
  return World.during({ speed: 28_800 }, async (world) => {
    world.onEnd(next.remove);
    const invoice = await world.owes();
    const old = await world.worker({});
    // Killed before it has written down that the second was taken, it would leave a doubt that a person is asked about.
    const restsAfterTwo = async (): Promise<boolean> => {
      const states = (await world.messages()).map(({ state }) => state);
      return states.join() === 'accepted,accepted' && (await world.words()) === 0;
    };
    await until('the second reminder has left and all is heard', restsAfterTwo, 120);
    old.kill();
    await old.exited;
    const dayDue = dayAt(paris, await wakeOf(world, invoice));
    await itIsNow(world, instantAt(paris, workingDayAfter(paris, dayDue), 11 * 60 * minuteMs));

    await world.worker({ build: next, sweepAfterSeconds: 2 });
    const handle = world.client.workflow.getHandle(`invoice/${invoice.id}`);
    const { runId } = await handle.describe();
    const failing = async (): Promise<boolean> => {
      const { raw, runId: now } = await handle.describe();
      return now !== runId || (raw.pendingWorkflowTask?.attempt ?? 0) > 1;
    };
    const stuck = await until('its tasks fail', failing, 120).then(
      () => true,
      () => false,
    );
    const left = async (): Promise<boolean> => (await world.taken())['F-1 firm-reminder 1'] === 1;
    await until('the firm reminder has left', left, patienceSeconds).catch(() => undefined);
    // This process has the old rule and the old clock: only what needs neither is asked.
    const broken = (await world.broken()).filter((line) => /^I0[1-6] /.test(line));
    return { stuck, taken: await world.taken(), broken };
  });
}

async function wakeOf(world: World, { id }: Owed): Promise<Instant> {
  const { wake_at } = await world.house.db
    .selectFrom('invoice')
    .select('wake_at')
    .where('id', '=', id)
    .executeTakeFirstOrThrow();
  return wake_at ?? 0;
}

/** Sets the clock for whoever starts from now on: that moment, and a day in almost two and a half minutes. */
async function itIsNow(world: World, now: Instant): Promise<void> {
  const client = new pg.Client({ connectionString: world.superUrl });
  await client.connect();
  await client.query('update setting set clock_origin = $1, clock_anchor = clock_timestamp(), speed = 600', [
    new Date(now),
  ]);
  await client.end();
}
