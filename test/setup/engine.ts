import { setTimeout as pause } from 'node:timers/promises';
import { TestWorkflowEnvironment } from '@temporalio/testing';
import { inject } from 'vitest';
import { sql } from 'kysely';
import type { Carrier } from '../../activities/carriers/carrier.ts';
import { onlyThrough } from '../../activities/carriers/carriers.ts';
import { outboxCarrier } from '../../activities/carriers/outbox.ts';
import type { Clock } from '../../db/clock.ts';
import { openHouse } from '../../db/house.ts';
import type { House } from '../../db/house.ts';
import type { Instant } from '../../domain/time.ts';
import { Relay } from '../../temporal/relay.ts';
import { dataConverterOf } from '../../temporal/sealing/data-converter.ts';
import { makeWorkers } from '../../temporal/workers.ts';
import { freshDatabase } from './database.ts';
import './quiet-workers.ts';
import { TimeWithoutWorkers } from './time-without-workers.ts';

/** Everything that moves invoices, at work on a clock that jumps. */
export interface Engine {
  readonly house: House;
  readonly environment: TestWorkflowEnvironment;
  /** Lives until that moment, event by event; returns once nothing is left to do at it. */
  liveUntil(moment: Instant): Promise<void>;
  /** Waits until whatever was set off has come to rest, without a minute passing. */
  settle(): Promise<void>;
  /** Ends the workers as an outage would; time may pass without them. */
  stopWorkers(): Promise<void>;
  startWorkers(): Promise<void>;
  stop(): Promise<void>;
}

export interface EngineOptions {
  readonly carrier?: Carrier;
  /** 0 where workers stop: the server that skips time loses what waits for a worker that remembered it. */
  readonly cachedWorkflows?: number;
}

/** The SDK gives its server five seconds to start; where many start at once, that is now and then too little. */
async function timeSkippingServer(triesLeft = 3): Promise<TestWorkflowEnvironment> {
  try {
    return await TestWorkflowEnvironment.createTimeSkipping({
      server: { executable: { type: 'existing-path', path: inject('temporalTestServer') } },
    });
  } catch (failure) {
    if (triesLeft === 0 || !String(failure).includes('did not start within')) throw failure;
    return timeSkippingServer(triesLeft - 1);
  }
}

/**
 * A real engine on the time-skipping server: real Postgres, real workflows, the real relay.
 *
 * Business time begins at `begin`, whatever the day is for the machine, so a story meets the same weekends every year.
 * Time moves from one wake-up to the next: nothing that would have happened in between is skipped.
 */
export async function startEngine(
  begin: Instant,
  { carrier = outboxCarrier, cachedWorkflows = 200 }: EngineOptions = {},
): Promise<Engine> {
  const database = await freshDatabase();
  const environment = await timeSkippingServer();
  const anchor = await environment.currentTimeMs();
  const clock: Clock = {
    settings: { origin: begin, anchor, speed: 1 },
    now: async () => begin + ((await answered('what time it is', environment.currentTimeMs())) - anchor),
  };
  const house = await openHouse(database.url, { clock, connectionsMax: 20 });
  const trouble: string[] = [];
  const relay = new Relay(house, environment.client, {
    databaseUrl: database.url,
    bulkPerSecond: 5_000,
    sweepAfterMs: 900_000,
    sweepEveryMs: 3_600_000,
    tell: (line, detail) => trouble.push(`${line} ${JSON.stringify(detail)}`),
  });
  relay.start();

  const outage = new TimeWithoutWorkers(environment);
  let workers: Awaited<ReturnType<typeof makeWorkers>> = [];
  let running: Promise<unknown> = Promise.resolve();
  const startWorkers = async (): Promise<void> => {
    await outage.putLocksBack();
    workers = await makeWorkers({
      connection: environment.nativeConnection,
      namespace: environment.namespace ?? 'default',
      // Without keys, because golden histories are recorded here; whatever runs in `test/faults` is sealed.
      dataConverter: dataConverterOf({ TEMPORAL_NAMESPACE: 'default' }),
      workshop: {
        house,
        carriers: onlyThrough(carrier),
        tell: (line, detail) => trouble.push(`${line} ${JSON.stringify(detail)}`),
      },
      deliveriesPerSecond: 1_000,
      cachedWorkflows,
      bundlePath: inject('workflowBundle'),
    });
    running = Promise.all(workers.map((worker) => worker.run()));
    running.catch((failure: unknown) => trouble.push(String(failure)));
  };
  const stopWorkers = async (): Promise<void> => {
    for (const worker of workers) worker.shutdown();
    workers = [];
    await running;
  };
  await startWorkers();

  const settle = async (): Promise<void> => {
    const patience = performance.now() + 60_000;
    while (!(await isAtRest(house, workers.length > 0))) {
      if (performance.now() > patience)
        throw new Error(
          `the engine does not come to rest: ${await whatMoves(house, environment)} ${trouble.join('; ')}`,
        );
      await pause(5);
    }
  };

  return {
    house,
    environment,
    settle,
    startWorkers,
    stopWorkers,
    async liveUntil(moment) {
      await settle();
      for (;;) {
        const now = await clock.now();
        if (now >= moment) return;
        const next = workers.length > 0 ? Math.min(moment, (await nextWake(house, now)) ?? moment) : moment;
        // Timers fire a moment after their time, never before.
        const step = Math.max(1, next - now) + (next < moment ? 1_000 : 0);
        await answered(
          `to let ${step} ms pass`,
          workers.length > 0 ? environment.sleep(step) : outage.sleep(step),
        );
        await settle();
      }
    },
    async stop() {
      await relay.stop();
      await stopWorkers();
      await environment.teardown();
      await house.db.destroy();
      await database.drop();
    },
  };
}

/** A server that never answers is named, instead of leaving its story to run out of time without a word. */
async function answered<T>(what: string, answer: Promise<T>): Promise<T> {
  const patience = new AbortController();
  const giveUp = pause(60_000, undefined, { signal: patience.signal }).then(() => {
    throw new Error(`the server that skips time was asked ${what}, and has not answered for a minute`);
  });
  giveUp.catch(() => undefined);
  return Promise.race([answer, giveUp]).finally(() => {
    patience.abort();
  });
}

/** At rest: every word delivered, and nobody late. Without workers, words are delivered and stay unheard. */
async function isAtRest(house: House, working: boolean): Promise<boolean> {
  const now = new Date(await house.clock.now());
  const { rows } = await sql<{ words: number; late: number }>`
    select (select count(*)::int from outbox where delivered_at is null) as words,
           (select count(*)::int from sleeper where wakes_at <= ${now}) as late`.execute(house.db);
  return rows[0]?.words === 0 && (!working || rows[0].late === 0);
}

async function whatMoves(house: House, environment: TestWorkflowEnvironment): Promise<string> {
  const now = new Date(await house.clock.now());
  const { rows } = await sql<{ workflow: string; who: string }>`
    select workflow, type as who from outbox where delivered_at is null
    union all select workflow, what || ' ' || wakes_at from sleeper where wakes_at <= ${now}`.execute(
    house.db,
  );
  const some = await Promise.all(rows.slice(0, 5).map(({ workflow }) => lastWords(environment, workflow)));
  return `${JSON.stringify(rows)}\n${some.join('\n')}\n`;
}

/** How a workflow stands, and why its last activities failed. */
async function lastWords({ client }: TestWorkflowEnvironment, workflowId: string): Promise<string> {
  const handle = client.workflow.getHandle(workflowId);
  const [{ status, raw }, { events }] = await Promise.all([handle.describe(), handle.fetchHistory()]);
  const failures = [
    ...(raw.pendingActivities ?? []).map((activity) => activity.lastFailure),
    ...(events ?? []).slice(-10).map((event) => event.activityTaskFailedEventAttributes?.failure),
  ];
  const reasons = failures.flatMap((failure) => failure?.message ?? failure?.cause?.message ?? []);
  return `${workflowId} ${status.name} ${events?.at(-1)?.eventType ?? ''} ${reasons.join('; ')}`;
}

async function nextWake(house: House, now: Instant): Promise<Instant | null> {
  const { rows } = await sql<{ at: Instant | null }>`
    select min(wakes_at) as at from sleeper where wakes_at > ${new Date(now)}`.execute(house.db);
  return rows[0]?.at ?? null;
}
