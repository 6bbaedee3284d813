import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { mailAccount, mailEvent, ReportingSendGrid } from '../fakes/reporting-providers.ts';
import { asItIs, buildWithout } from './build.ts';
import type { Build } from './build.ts';
import { PostgresProxy } from './postgres-proxy.ts';
import { control } from './split.ts';
import { until, World } from './world.ts';
import type { Owed } from './world.ts';

type Api = Awaited<ReturnType<World['api']>>;

/** A provider that reports to an API process over HTTP, and minds what it is answered. */
class Reporter {
  readonly #sendgrid = new ReportingSendGrid();
  readonly channelsFile: string;

  constructor(world: World) {
    this.channelsFile = join(world.folder, 'channels.json');
    const account = {
      kind: 'sendgrid',
      apiKey: 'SG.nothing',
      from: 'compta@martin.example',
      eventKeys: [this.#sendgrid.publicKey],
    };
    writeFileSync(this.channelsFile, JSON.stringify({ accounts: { [mailAccount]: account } }), {
      mode: 0o600,
    });
  }

  /** One request as it was signed; sent again it is the same bytes. */
  request(events: readonly object[]): (api: Api) => Promise<number> {
    const { url, headers, payload } = this.#sendgrid.call(events);
    return async (api) =>
      (await fetch(`${api.url}${url}`, { method: 'POST', headers, body: new Uint8Array(payload) })).status;
  }
}

const events = (world: World) =>
  world.house.db.selectFrom('provider_event').select(['event_id', 'kind', 'processed_at']).execute();
const stateOf = async (world: World) => (await world.messages()).map(({ state }) => state).join();
const provenBy = async (world: World, invoice: Owed) =>
  (await world.facts(invoice)).filter((type) => type === 'stepDelivered' || type === 'stepFailed');
const inTime = 40;

/** A reminder that the carrier has taken over. */
async function sent(world: World, build: Build = asItIs): Promise<{ invoice: Owed; messageId: string }> {
  const invoice = await world.owes();
  const worker = await world.worker({ build });
  await until('the reminder has left', async () => (await stateOf(world)) === 'accepted', inTime);
  worker.kill();
  await worker.exited;
  return { invoice, messageId: world.carrier.accepted[0]! };
}

describe.concurrent('a report of a provider', () => {
  // F08.
  it.concurrent(
    'that comes fifty times, eight at once, to two workers, has one effect and is always taken',
    async () => {
      const found = await fiftyTimes();

      expect(found.codes).toEqual(Array.from({ length: 50 }, () => 204));
      expect(found.rows).toBe(1);
      expect(found.proven).toEqual(['stepDelivered']);
      expect(found.state).toBe('delivered');
      expect(found.broken).toEqual([]);
    },
  );

  control('without the names of events there are as many as requests', async () => {
    const found = await fiftyTimes(buildWithout('the names of events'));

    expect(found.rows).toBe(50);
  });

  it.concurrent('is followed by the next worker when one is killed in the middle of it, once', async () => {
    const found = await killedWhileFollowing();

    expect(found.how).toBe('SIGKILL');
    expect(found.between).toEqual({ state: 'accepted', proven: [] });
    expect(found.state).toBe('bounced');
    expect(found.proven).toEqual(['stepFailed']);
    expect(found.broken).toEqual([]);
  });
  control('without the transaction around it, a killed worker leaves half of it', async () => {
    const found = await killedWhileFollowing(buildWithout('one transaction per report'));

    expect(found.how).toBe('SIGKILL');
    expect(found.between).not.toEqual({ state: 'accepted', proven: [] });
  });

  // F12: the message is being called for when its provider says already that it has arrived.
  it.concurrent(
    'that is quicker than the answer of the call is matched by our id, and the answer adds nothing',
    async () => {
      const found = await quickerThanTheAnswer();

      expect(found).toMatchObject({
        early: 'claimed',
        code: 204,
        taken: { 'F-1 reminder 1': 1 },
        state: 'delivered',
        proven: ['stepDelivered'],
        broken: [],
      });
      expect(found.ref).toMatch(/^carrier-/);
    },
  );
  control('an answer that is believed whatever was reported lowers the state', async () => {
    const found = await quickerThanTheAnswer(buildWithout('the first outcome'));

    expect(found.state).toBe('accepted');
  });

  // F11.
  it.concurrent('that nobody has signed leaves no row, and reaches no file', async () => {
    const found = await forged();

    expect(found).toEqual({ codes: [403, 403], events: [], proven: [] });
  });
  control('without signatures anybody could say that a mail came back', async () => {
    const found = await forged(buildWithout('signatures of providers'));

    expect(found.codes).toEqual([204, 204]);
  });

  // The provider's part of F13.
  it.concurrent(
    'that comes while Postgres is down is not taken, and is taken when it comes again',
    async () => {
      const found = await World.during({ ownPostgres: true }, async (world) => {
        const reporter = new Reporter(world);
        const api = await world.api({ channelsFile: reporter.channelsFile });
        const { messageId, invoice } = await sent(world);
        const report = reporter.request([mailEvent('delivered', messageId)]);
        await world.postgres!.stop();
        const down = await untilAnsweredBy(() => report(api), 503);
        await world.restartPostgres();
        const up: number[] = [];
        await until(
          'the report is taken',
          async () => up.push(await report(api)) > 0 && up.at(-1) === 204,
          inTime,
        );
        await world.worker();
        await until('the report is followed', async () => (await stateOf(world)) === 'delivered', inTime);
        return { down, proven: await provenBy(world, invoice), broken: await world.broken() };
      });

      expect(found).toEqual({ down: 503, proven: ['stepDelivered'], broken: [] });
    },
  );
});

async function fiftyTimes(build: Build = asItIs) {
  return World.during({}, async (world) => {
    world.onEnd(build.remove);
    const reporter = new Reporter(world);
    const api = await world.api({ build, channelsFile: reporter.channelsFile });
    const { messageId, invoice } = await sent(world);
    await Promise.all([world.worker({ build }), world.worker({ build })]);
    const report = reporter.request([mailEvent('delivered', messageId)]);
    const codes: number[] = [];
    const again = { left: 50 };
    const knock = async (): Promise<void> => {
      while (again.left-- > 0) codes.push(await report(api));
    };
    await Promise.all(Array.from({ length: 8 }, knock));
    await until(
      'the report is followed',
      async () => (await events(world)).every((row) => row.processed_at !== null),
      inTime,
    );
    await world.rest(60);
    return {
      codes,
      rows: (await events(world)).length,
      proven: await provenBy(world, invoice),
      state: await stateOf(world),
      broken: await world.broken(),
    };
  });
}

async function quickerThanTheAnswer(build: Build = asItIs) {
  return World.during({}, async (world) => {
    world.onEnd(build.remove);
    const reporter = new Reporter(world);
    const api = await world.api({ channelsFile: reporter.channelsFile });
    let answer = (): void => undefined;
    const answered = new Promise<void>((resolve) => (answer = resolve));
    world.carrier.behaviour = () => ({ do: 'accept_late', answer: answered });
    const invoice = await world.owes();
    await world.worker({ build });
    await until('the carrier has it', async () => world.carrier.accepted.length === 1, inTime);
    const early = await stateOf(world);

    const code = await reporter.request([mailEvent('delivered', world.carrier.accepted[0]!)])(api);
    await until('the report is followed', async () => (await stateOf(world)) === 'delivered', inTime);
    answer();
    await until('the answer is written down', async () => (await referenceOf(world)) !== null, inTime);
    await world.rest(60);
    return {
      early,
      code,
      ref: await referenceOf(world),
      taken: await world.taken(),
      state: await stateOf(world),
      proven: await provenBy(world, invoice),
      broken: await world.broken(),
    };
  });
}

async function referenceOf(world: World): Promise<string | null> {
  const row = await world.house.db
    .selectFrom('message')
    .select('provider_ref')
    .where('purpose', '=', 'contact')
    .executeTakeFirstOrThrow();
  return row.provider_ref;
}

/** Somebody else's key signs for the account, and for its message. */
async function forged(build: Build = asItIs) {
  return World.during({}, async (world) => {
    world.onEnd(build.remove);
    const liars = [new Reporter(world), new Reporter(world)];
    // Each writes its key into the settings, and the API knows the last one.
    const api = await world.api({ build, channelsFile: new Reporter(world).channelsFile });
    const { messageId, invoice } = await sent(world);
    const codes: number[] = [];
    for (const liar of liars) codes.push(await liar.request([mailEvent('bounce', messageId)])(api));
    return { codes, events: await events(world), proven: await provenBy(world, invoice) };
  });
}

async function untilAnsweredBy(ask: () => Promise<number>, status: number): Promise<number> {
  const codes: number[] = [];
  await until(
    `the answer is ${status}`,
    async () => codes.push(await ask()) > 0 && codes.at(-1) === status,
    inTime,
  );
  return codes.at(-1)!;
}

/** The first worker dies when it has done all but say that it has; the second finds what is left. */
async function killedWhileFollowing(build: Build = asItIs) {
  return World.during({}, async (world) => {
    world.onEnd(build.remove);
    const reporter = new Reporter(world);
    const api = await world.api({ channelsFile: reporter.channelsFile });
    const { messageId, invoice } = await sent(world);
    const proxy = await PostgresProxy.open(world.databaseUrl);
    world.onEnd(() => proxy.close());
    await reporter.request([mailEvent('bounce', messageId, { type: 'bounce' })])(api);
    const worker = await world.worker({ build, databaseUrl: proxy.through(world.databaseUrl) });
    proxy.onStatement = async ({ text }) => {
      if (!/update provider_event set processed_at/.test(text)) return 'forward';
      worker.kill();
      await worker.exited;
      return 'cut_before';
    };
    const how = await worker.exited;
    const between = { state: await stateOf(world), proven: await provenBy(world, invoice) };
    await world.worker();
    await until('the report is followed', async () => (await stateOf(world)).startsWith('bounced'), inTime);
    await world.rest(60);
    const states = (await world.messages()).map(({ state }) => state);
    return {
      how,
      between,
      state: states[0],
      proven: await provenBy(world, invoice),
      broken: await world.broken(),
    };
  });
}
