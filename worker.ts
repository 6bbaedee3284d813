import { NativeConnection } from '@temporalio/worker';
import { pino } from 'pino';
import type { Logger } from 'pino';
import type { Carrier } from './activities/carriers/carrier.ts';
import { outboxCarrier } from './activities/carriers/outbox.ts';
import type { Workshop } from './activities/workshop.ts';
import { readConfig } from './config.ts';
import type { Config } from './config.ts';
import { applyImports, releaseImports } from './db/imports.ts';
import { openHouse } from './db/house.ts';
import type { House } from './db/house.ts';
import { isNotThereYet } from './db/retrying.ts';
import { lazyClient } from './temporal/client.ts';
import { importsOnPoke } from './temporal/import-watch.ts';
import { untilAnswered } from './processes/until-answered.ts';
import { Relay } from './temporal/relay.ts';
import { makeWorkers } from './temporal/workers.ts';

/**
 * A worker process: it runs the workflows and their activities, relays what was committed, and finishes imports.
 *
 * Any number of them work together: Temporal shares out the tasks, one relay leads, one process at a time applies an
 * import. It starts and waits while Postgres or Temporal is down; `stop` lets what runs come to its end, and `done` is
 * settled when it has.
 */
export function runWorker(
  config: Config,
  carrier: Carrier,
  log: Logger,
): { readonly done: Promise<void>; stop(): void } {
  const stopping = new AbortController();
  return {
    done: work(config, carrier, log, stopping),
    stop: () => {
      stopping.abort();
    },
  };
}

async function work(config: Config, carrier: Carrier, log: Logger, stopping: AbortController): Promise<void> {
  const { signal } = stopping;
  const house = await untilAnswered(() => openHouse(config.DATABASE_URL, { connectionsMax: 20 }), {
    signal,
    isAbsence: isNotThereYet,
    tell: (failure) => {
      log.warn({ reason: String(failure) }, 'Postgres does not answer; trying again');
    },
  });
  if (!house) return;
  const tell = (line: string, detail?: object): void => {
    log.warn(detail ?? {}, line);
  };
  const imports = importsOnPoke({
    databaseUrl: config.DATABASE_URL,
    signal,
    tell,
    work: () => workOnImports(house),
  });
  const relay = new Relay(house, lazyClient(config.TEMPORAL_ADDRESS, config.TEMPORAL_NAMESPACE), {
    databaseUrl: config.DATABASE_URL,
    bulkPerSecond: config.BULK_PER_SECOND,
    sweepAfterMs: config.SWEEP_AFTER_SECONDS * 1_000,
    sweepEveryMs: config.SWEEP_EVERY_SECONDS * 1_000,
    tell,
  });
  relay.start();
  try {
    await workForTemporal(config, { house, carrier, tell }, log, signal);
  } finally {
    stopping.abort();
    await Promise.all([relay.stop(), imports]);
    await house.db.destroy();
  }
}

async function workForTemporal(
  config: Config,
  workshop: Workshop,
  log: Logger,
  signal: AbortSignal,
): Promise<void> {
  const address = config.TEMPORAL_ADDRESS;
  const connection = await untilAnswered(() => NativeConnection.connect({ address }), {
    signal,
    isAbsence: () => true,
    tell: (failure) => {
      log.warn({ reason: String(failure) }, `Temporal does not answer at ${address}; trying again`);
    },
  });
  if (!connection) return;
  try {
    const bundlePath = process.env['RELANCE_WORKFLOW_BUNDLE'];
    const workers = await makeWorkers({
      connection,
      namespace: config.TEMPORAL_NAMESPACE,
      workshop,
      deliveriesPerSecond: config.DELIVERIES_PER_SECOND,
      cachedWorkflows: config.CACHED_WORKFLOWS,
      ...(bundlePath ? { bundlePath } : {}),
    });
    signal.addEventListener('abort', () => {
      for (const worker of workers) worker.shutdown();
    });
    log.info('the worker is at work');
    await Promise.all(workers.map((worker) => worker.run()));
  } finally {
    await connection.close();
  }
}

async function workOnImports(house: House): Promise<void> {
  await applyImports(house);
  await releaseImports(house);
}

/** Runs until a signal asks for the end; a second one is left to the system. */
export async function workUntilSignal(carrier: Carrier): Promise<void> {
  const config = readConfig();
  const log = pino({ level: config.LOG_LEVEL });
  const { done, stop } = runWorker(config, carrier, log);
  for (const signal of ['SIGTERM', 'SIGINT'] as const) process.once(signal, stop);
  await done;
}

if (process.argv[1] === import.meta.filename) {
  workUntilSignal(outboxCarrier).catch((failure: unknown) => {
    process.stderr.write(`${failure instanceof Error ? failure.message : String(failure)}\n`);
    process.exitCode = 1;
  });
}
