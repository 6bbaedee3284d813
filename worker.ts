import { NativeConnection, Runtime } from '@temporalio/worker';
import { pino } from 'pino';
import type { Logger } from 'pino';
import { readAccounts } from './activities/carriers/accounts.ts';
import { carriersOf } from './activities/carriers/carriers.ts';
import type { Carriers } from './activities/carriers/carriers.ts';
import { askAboutTextMessages } from './activities/ask-about-text-messages.ts';
import type { Workshop } from './activities/workshop.ts';
import { readConfig } from './config.ts';
import type { Config } from './config.ts';
import { followReports } from './db/delivery-reports.ts';
import { applyImports, releaseImports } from './db/imports.ts';
import { PersonKeys } from './db/erasure/person-keys.ts';
import { openHouse } from './db/house.ts';
import type { House } from './db/house.ts';
import { isNotThereYet } from './db/retrying.ts';
import { choresOf } from './temporal/audit/chores.ts';
import { nightWatch } from './temporal/audit/night-watch.ts';
import { connectionSettings, lazyClient } from './temporal/connection.ts';
import { eventsOnPoke } from './temporal/event-watch.ts';
import { importsOnPoke } from './temporal/import-watch.ts';
import { untilAnswered } from './processes/until-answered.ts';
import { Relay } from './temporal/relay.ts';
import { codecOf, dataConverterOf } from './temporal/sealing/data-converter.ts';
import { sdkLogger } from './temporal/worker-log.ts';
import { answerForWorker } from './temporal/worker-health.ts';
import type { AtWork } from './temporal/worker-health.ts';
import { makeWorkers } from './temporal/workers.ts';

/**
 * A worker process: it runs the workflows and their activities, relays what was committed, finishes imports, and keeps
 * the night watch.
 *
 * Any number of them work together: Temporal shares out the tasks, one relay leads, one keeps watch, one process at a time
 * applies an import. It starts and waits while Postgres or Temporal is down; `stop` lets what runs come to its end, and `done` is
 * settled when it has.
 */
export function runWorker(
  config: Config,
  openCarriers: (house: House) => Carriers,
  log: Logger,
): { readonly done: Promise<void>; stop(): void } {
  const stopping = new AbortController();
  return {
    done: work(config, openCarriers, log, stopping),
    stop: () => {
      stopping.abort();
    },
  };
}

async function work(
  config: Config,
  openCarriers: (house: House) => Carriers,
  log: Logger,
  stopping: AbortController,
): Promise<void> {
  const { signal } = stopping;
  const personKeys = new PersonKeys(config.PAYLOAD_KEYS_FILE);
  const house = await untilAnswered(
    () => openHouse(config.DATABASE_URL, { connectionsMax: 20, personKeys }),
    {
      signal,
      isAbsence: isNotThereYet,
      tell: (failure) => {
        log.warn({ reason: String(failure) }, 'Postgres does not answer; trying again');
      },
    },
  );
  if (!house) return;
  const tell = (line: string, detail?: object): void => {
    log.warn(detail ?? {}, line);
  };
  const say = (line: string, detail?: object): void => {
    log.info(detail ?? {}, line);
  };
  const temporal = lazyClient(config);
  let isAtWork = false;
  const atWork = { db: house.db, temporal, isAtWork: () => isAtWork };
  const health = await healthAt(config, atWork).catch(async (fault: unknown) => {
    await Promise.all([house.db.destroy(), temporal.connection.close()]);
    throw fault;
  });
  const imports = importsOnPoke({
    databaseUrl: config.DATABASE_URL,
    signal,
    tell,
    work: () => workOnImports(house),
  });
  const workshop: Workshop = { house, carriers: openCarriers(house), tell };
  const events = eventsOnPoke({
    databaseUrl: config.DATABASE_URL,
    signal,
    tell,
    work: () => workOnReports(workshop, signal),
  });
  const relay = new Relay(house, temporal, {
    databaseUrl: config.DATABASE_URL,
    bulkPerSecond: config.BULK_PER_SECOND,
    sweepAfterMs: config.SWEEP_AFTER_SECONDS * 1_000,
    sweepEveryMs: config.SWEEP_EVERY_SECONDS * 1_000,
    tell,
  });
  relay.start();
  const watch = nightWatch({
    databaseUrl: config.DATABASE_URL,
    clock: house.clock,
    chores: choresOf({ house, temporal, config, say }),
    signal,
    tell,
  });
  try {
    await workForTemporal(config, workshop, log, signal, (works) => {
      isAtWork = works;
    });
  } finally {
    stopping.abort();
    await Promise.all([relay.stop(), imports, events, watch]);
    await health?.close();
    await Promise.all([house.db.destroy(), temporal.connection.close()]);
  }
}

async function workForTemporal(
  config: Config,
  workshop: Workshop,
  log: Logger,
  signal: AbortSignal,
  tellWhetherAtWork: (works: boolean) => void,
): Promise<void> {
  const address = config.TEMPORAL_ADDRESS;
  if (!codecOf(config)) log.warn('no keys are set (PAYLOAD_KEYS_FILE): Temporal keeps all payloads in clear');
  installRuntime(config, log);
  const connection = await untilAnswered(() => NativeConnection.connect(connectionSettings(config)), {
    signal,
    isAbsence: () => true,
    tell: (failure) => {
      log.warn({ reason: String(failure) }, `Temporal does not answer at ${address}; trying again`);
    },
  });
  if (!connection) return;
  try {
    const bundlePath = config.RELANCE_WORKFLOW_BUNDLE;
    const workers = await makeWorkers({
      connection,
      namespace: config.TEMPORAL_NAMESPACE,
      dataConverter: dataConverterOf(config),
      workshop,
      deliveriesPerSecond: config.DELIVERIES_PER_SECOND,
      cachedWorkflows: config.CACHED_WORKFLOWS,
      tuning: {
        workflowTasks: config.WORKFLOW_TASKS_AT_ONCE,
        workflowPollers: config.WORKFLOW_POLLERS,
        activities: config.ACTIVITIES_AT_ONCE,
        activityPollers: config.ACTIVITY_POLLERS,
        deliveries: config.DELIVERIES_AT_ONCE,
      },
      ...(bundlePath ? { bundlePath } : {}),
    });
    const end = (): void => {
      tellWhetherAtWork(false);
      for (const worker of workers) if (worker.getState() === 'RUNNING') worker.shutdown();
    };
    // When one fails the other ends too: a process that only decides, or only delivers, would look alive.
    const running = workers.map((worker) => worker.run().finally(end));
    tellWhetherAtWork(true);
    log.info('the worker is at work');
    // The signal may have come while the workers were made.
    if (signal.aborted) end();
    else signal.addEventListener('abort', end);
    await Promise.allSettled(running);
    await Promise.all(running);
  } finally {
    await connection.close();
  }
}

async function healthAt({ HOST, WORKER_HEALTH_PORT: port }: Config, worker: AtWork) {
  return port > 0 ? answerForWorker(HOST, port, worker) : undefined;
}

/**
 * Signals are ours alone to hear, and our log alone is written to; the figures of the SDK are shown when there is a port
 * for them.
 */
function installRuntime({ HOST, WORKER_METRICS_PORT: port }: Config, log: Logger): void {
  Runtime.install({
    shutdownSignals: [],
    logger: sdkLogger(log),
    telemetryOptions: {
      logging: {
        filter: { core: log.isLevelEnabled('debug') ? 'DEBUG' : 'WARN', other: 'WARN' },
        forward: {},
      },
      ...(port ? { metrics: { prometheus: { bindAddress: `${HOST}:${port}` } } } : {}),
    },
  });
}

async function workOnReports(workshop: Workshop, signal: AbortSignal): Promise<void> {
  await followReports(workshop.house, workshop.tell);
  await askAboutTextMessages(workshop, signal);
}

async function workOnImports(house: House): Promise<void> {
  await applyImports(house);
  await releaseImports(house);
}

/** Runs until a signal asks for the end; a second one is left to the system. */
export async function workUntilSignal(): Promise<void> {
  const config = readConfig();
  const accounts = readAccounts(config.CHANNELS_FILE);
  const log = pino({ level: config.LOG_LEVEL });
  const { done, stop } = runWorker(config, ({ db }) => carriersOf(accounts, db), log);
  for (const signal of ['SIGTERM', 'SIGINT'] as const) process.once(signal, stop);
  await done;
}

if (process.argv[1] === import.meta.filename) {
  workUntilSignal().catch((failure: unknown) => {
    process.stderr.write(`${failure instanceof Error ? failure.message : String(failure)}\n`);
    process.exitCode = 1;
  });
}
