import { describe, expect, it } from 'vitest';
import { dayAt, isWorkingDay, timeOfDayAt } from '../../domain/calendar.ts';
import type { Calendar } from '../../domain/calendar.ts';
import { daysBetween, hourMs } from '../../domain/time.ts';
import { asItIs, buildWithout } from './build.ts';
import type { Build } from './build.ts';
import { control } from './split.ts';
import { until, World } from './world.ts';

// F16
describe.concurrent('workers that are gone for more than 48 hours', () => {
  it.concurrent(
    'send what became due meanwhile one message at a time, in working hours, within the caps',
    async () => {
      expectPatience(await outage());
    },
  );
  control('without the caps the debtor finds two reminders on one day', async () => {
    const found = await outage(buildWithout('caps of the door'));

    expect(() => expectPatience(found)).toThrow();
    expect(new Set(found.days).size).toBeLessThan(found.days.length);
  });
});

type Found = Awaited<ReturnType<typeof outage>>;

function expectPatience(found: Found): void {
  expect(found.how).toBe('SIGKILL');
  expect(found.beforeTheOutage).toBe(0);
  expect(found.hoursGone).toBeGreaterThan(48);
  expect(found.days.length).toBeGreaterThanOrEqual(2);
  for (const [index, day] of found.days.entries())
    if (index > 0) expect(daysBetween(found.days[index - 1]!, day)).toBeGreaterThanOrEqual(2);
  expect(found.outsideHours).toEqual([]);
  expect(found.takenTwice).toEqual([]);
  expect(found.broken).toEqual([]);
}

/** Days of six seconds. Two creditors write to one debtor; both their reminders fall due while nobody works. */
async function outage(build: Build = asItIs) {
  return World.during({ speed: 14_400 }, async (world) => {
    world.onEnd(build.remove);
    const now = () => world.house.clock.now();
    const debtor = '100000001';
    await world.creditor('Fonderie Nord');
    const { debtorId } = await world.owes({ debtor, due: '2026-03-04' });
    await world.owes({ debtor, seller: 'Fonderie Nord', due: '2026-03-04' });
    const worker = await world.worker({ build });
    await until(
      'both lives have begun',
      async () => (await world.words()) === 0 && (await started(world)) === 2,
      60,
    );
    worker.kill();
    const how = await worker.exited;
    const beforeTheOutage = world.carrier.accepted.length;
    const gone = await now();

    await until(
      'both reminders are long due',
      async () => (await now()) > Date.parse('2026-03-11T09:00:00Z'),
      120,
    );
    const hoursGone = ((await now()) - gone) / hourMs;
    await world.worker({ build });
    await until('both have left', async () => world.carrier.accepted.length >= 2, 120).catch(() => undefined);
    await until(
      'their outcomes are written',
      async () => (await world.messages()).every(({ state }) => state !== 'claimed'),
      20,
    ).catch(() => undefined);

    const { content } = await world.house.db
      .selectFrom('calendar')
      .select('content')
      .where('id', 'like', 'FR%')
      .executeTakeFirstOrThrow();
    const calendar = content as Calendar;
    const claims = (await world.messages())
      .filter((message) => message.debtor_id === debtorId && message.state !== 'cancelled')
      .map((message) => message.claimed_at!);
    const atWork = (at: number) =>
      isWorkingDay(calendar, dayAt(calendar, at)) &&
      timeOfDayAt(calendar, at) >= 9 * hourMs &&
      timeOfDayAt(calendar, at) < 17.5 * hourMs;
    return {
      how,
      beforeTheOutage,
      hoursGone,
      days: claims.map((at) => dayAt(calendar, at)),
      outsideHours: claims.filter((at) => !atWork(at)).map((at) => new Date(at).toISOString()),
      takenTwice: Object.entries(await world.taken()).filter(([, times]) => times > 1),
      broken: await world.broken(),
    };
  });
}

async function started(world: World): Promise<number> {
  return (await world.house.db.selectFrom('invoice').select('id').where('started', '=', true).execute())
    .length;
}
