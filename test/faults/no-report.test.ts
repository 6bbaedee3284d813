import { describe, expect, it } from 'vitest';
import { sql } from 'kysely';
import { eventsChannel } from '../../db/provider-events.ts';
import { dayMs } from '../../domain/time.ts';
import { asItIs, buildWithout } from './build.ts';
import type { Build } from './build.ts';
import {
  messagesOf,
  orNever,
  outcomeOf,
  owesByText,
  Providers,
  sendsTo,
  stateOf,
  withoutCaps,
} from './providers.ts';
import { control } from './split.ts';
import { stageOf } from './stage.ts';
import { until, World } from './world.ts';

/** A day passes in two seconds. */
const speed = 43_200;
const inTime = 60;

/** A world of days whose provider never reports anything. */
async function openDays(build: Build) {
  const world = await World.open({ speed });
  world.onEnd(build.remove);
  const providers = new Providers(world);
  const [mute, lost] = [await providers.mails('mute'), await providers.mails('lost')];
  const { channelsFile } = providers;
  const [api] = await Promise.all([world.api({ channelsFile }), world.worker({ build, channelsFile })]);
  return { world, api, mute, lost };
}

type Days = Awaited<ReturnType<typeof openDays>>;

const { shared, without } = stageOf(openDays);

describe('of a message nobody says anything:', () => {
  // F10.
  it.concurrent(
    'a mail that has not come back for 48 hours has arrived, and the next step follows it in its time',
    async () => {
      const found = await neverReported(await shared());

      expect(found).toMatchObject({ sends: 2, taken: 2, events: 0, states: ['accepted', 'accepted'] });
      expect(found.facts).toEqual([
        'invoiceRegistered',
        'stepRequested',
        'stepSent',
        'stepRequested',
        'stepSent',
      ]);
      expect(found.daysBetween).toBeGreaterThanOrEqual(8);
    },
  );
  control('when silence proves nothing the next step never comes', async () => {
    const found = await without(['silence as a proof'], neverReported);

    expect(found.taken).toBe(1);
  });

  // F10, for text messages.
  it.concurrent(
    'a text message is asked about, and where it did not arrive the step goes on by mail',
    async () => {
      const found = await askedAbout();

      expect(found).toMatchObject({ taken: 1, questions: 1, mails: 1, states: ['bounced', 'accepted'] });
      expect(found.facts).toEqual(expect.arrayContaining(['stepSent', 'stepFailed']));
      expect(found.broken).toEqual([]);
    },
  );
  control('when nobody asks, a text message that never arrived counts as one that may have', async () => {
    const found = await askedAbout(buildWithout('questions about text messages'));

    expect(found).toMatchObject({ questions: 0, mails: 0, states: ['accepted'] });
  });

  // F04 and F06, for mails: of what SendGrid does not report it cannot be asked.
  it.concurrent(
    'a mail that the provider dropped is never sent again by itself: a person is asked after a day, and says what happens',
    async () => {
      const found = await lostMail(await shared());

      expect(found.before).toEqual({ sends: 1, taken: 0, tasks: 1, state: 'unknown' });
      expect(found).toMatchObject({ answered: 201, sends: 2, taken: 1 });
      expect(found.states).toEqual(['cancelled', 'accepted']);
      expect(found.reasons[0]).toBe('declared_not_sent');
    },
  );
  control('when nobody is asked the mail is lost in silence', async () => {
    const found = await without(['the question what became of it'], lostMail);

    expect(found.before).toMatchObject({ tasks: 0, state: 'unknown' });
    expect(found.taken).toBe(0);
  });

  it('and no rule of ours is broken', async () => {
    const { world, mute, lost } = await shared();

    expect([...mute.server.faults, ...lost.server.faults]).toEqual([]);
    expect(await world.broken()).toEqual([]);
  });
});

async function neverReported({ world, mute }: Days) {
  const invoice = await world.owes({ seller: 'mute' });
  await until('the reminder has left', async () => mute.mails.length > 0, inTime);
  // Nine days are planned from the first reminder to the second.
  await orNever(until('the second has left', async () => (await accepted()) === 2, 60));
  const claims = (await world.messages()).filter(({ debtor_id: id }) => id === invoice.debtorId);
  const [first, second] = claims.map(({ claimed_at: at }) => at ?? 0);
  const { rows: events } = await sql`select 1 from provider_event`.execute(world.house.db);
  return {
    sends: sendsTo(mute),
    taken: mute.mails.length,
    events: events.length,
    daysBetween: ((second ?? 0) - (first ?? 0)) / dayMs,
    ...(await outcomeOf(world, invoice)),
  };

  async function accepted(): Promise<number> {
    return (await messagesOf(world, invoice)).filter(({ state }) => state === 'accepted').length;
  }
}

async function lostMail({ world, api, lost }: Days) {
  lost.server.first.push({ do: 'drop' });
  const invoice = await world.owes({ seller: 'lost' });
  await until('nobody knows', async () => (await stateOf(world, invoice)) === 'unknown', inTime);
  const tasks = () =>
    world.house.db
      .selectFrom('task')
      .select('id')
      .where('debtor_id', '=', invoice.debtorId)
      .where('kind', '=', 'stuck')
      .where('state', '=', 'open')
      .execute();
  await orNever(until('a person is asked', async () => (await tasks()).length > 0, 60));
  const before = {
    sends: sendsTo(lost),
    taken: lost.mails.length,
    tasks: (await tasks()).length,
    state: await stateOf(world, invoice),
  };
  const [task] = await tasks();
  const answer = task && (await api.ask('POST', `/v1/tasks/${task.id}/outcome`, { outcome: 'not_reached' }));
  if (answer) await until('it leaves', async () => (await stateOf(world, invoice)) === 'accepted', inTime);
  return {
    before,
    answered: answer?.status,
    sends: sendsTo(lost),
    taken: lost.mails.length,
    ...(await outcomeOf(world, invoice)),
  };
}

/** Twilio has the text message, could not bring it, and does not say so by itself. */
async function askedAbout(build: Build = asItIs) {
  return World.during({ speed: 60 }, async (world) => {
    world.onEnd(build.remove);
    const providers = new Providers(world);
    const mails = await providers.mails('mails');
    const texts = await providers.texts('texts', 'mails');
    await withoutCaps(world);
    const invoice = await owesByText(world, 'texts');
    await world.worker({ build, channelsFile: providers.channelsFile });
    await until('it is taken', async () => (await stateOf(world, invoice)) === 'accepted', inTime);
    const [taken] = texts.messages.splice(0);
    texts.messages.push({ ...taken!, status: 'undelivered', errorCode: 30005 });
    await anHourPasses(world);
    await orNever(
      until(
        'the step has gone on',
        async () => mails.mails.length > 0 && (await stateOf(world, invoice)) === 'accepted',
        60,
      ),
    );
    return {
      taken: texts.messages.length,
      questions: texts.server.calls.filter(({ method }) => method === 'GET').length,
      mails: mails.mails.length,
      ...(await outcomeOf(world, invoice)),
      broken: await world.broken(),
    };
  });
}

/** The hour after which a text message is asked about: the message is made older, and the workers are called. */
async function anHourPasses({ house: { db } }: World): Promise<void> {
  await sql`update message set recorded_at = recorded_at - interval '61 minutes', touched_at = touched_at - interval '61 minutes'`.execute(
    db,
  );
  await sql`select pg_notify(${eventsChannel}, '')`.execute(db);
}
