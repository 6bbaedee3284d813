import { NativeConnection } from '@temporalio/worker';
import { pino } from 'pino';
import type { Logger } from 'pino';
import type { Carrier } from './activities/carriers/carrier.ts';
import { outboxCarrier } from './activities/carriers/outbox.ts';
import { readConfig } from './config.ts';
import type { Config } from './config.ts';
import { applyImports, releaseImports } from './db/imports.ts';
import { openHouse } from './db/house.ts';
import type { House } from './db/house.ts';
import { lazyClient } from './temporal/client.ts';
import { importsOnPoke } from './temporal/import-watch.ts';
import { Relay } from './temporal/relay.ts';
import { makeWorkers } from './temporal/workers.ts';

/**
 * A worker process: it runs the workflows and their activities, relays what was committed, and finishes imports.
 *
 * Any number of them work together: Temporal shares out the tasks, one relay leads, one process at a time applies an
 * import. It starts and waits while Temporal is down; SIGTERM lets what runs come to its end.
 */
export async function runWorker(
  config: Config,
  carrier: Carrier,
  log: Logger,
): Promise<{ readonly done: Promise<void>; stop(): void }> {
  const house = await openHouse(config.DATABASE_URL, { connectionsMax: 20 });
  const stopping = new AbortController();
  const tell = (line: string, detail?: object): void => {
    log.warn(detail ?? {}, line);
  };

  const imports = importsOnPoke({
    databaseUrl: config.DATABASE_URL,
    signal: stopping.signal,
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

  const done = work(config, house, carrier, stopping.signal, log).finally(async () => {
    stopping.abort();
    await Promise.all([relay.stop(), imports]);
    await house.db.destroy();
  });
  return {
    done,
    stop: () => {
      stopping.abort();
    },
  };
}

async function work(
  config: Config,
  house: House,
  carrier: Carrier,
  signal: AbortSignal,
  log: Logger,
): Promise<void> {
  const connection = await connected(config.TEMPORAL_ADDRESS, signal, log);
  if (!connection) return;
  try {
    const bundlePath = process.env['RELANCE_WORKFLOW_BUNDLE'];
    const workers = await makeWorkers({
      connection,
      namespace: config.TEMPORAL_NAMESPACE,
      workshop: { house, carrier },
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

/** Waits for Temporal as long as it takes; undefined when asked to stop meanwhile. */
async function connected(
  address: string,
  signal: AbortSignal,
  log: Logger,
): Promise<NativeConnection | undefined> {
  for (let waitMs = 500; !signal.aborted; waitMs = Math.min(10_000, waitMs * 2)) {
    try {
      return await NativeConnection.connect({ address });
    } catch (failure) {
      log.warn({ reason: String(failure) }, `Temporal does not answer at ${address}; trying again`);
      await new Promise<void>((resolve) => {
        const timer = setTimeout(resolve, waitMs);
        signal.addEventListener(
          'abort',
          () => {
            clearTimeout(timer);
            resolve();
          },
          { once: true },
        );
      });
    }
  }
  return undefined;
}

async function workOnImports(house: House): Promise<void> {
  await applyImports(house);
  await releaseImports(house);
}

/** Runs until a signal asks for the end; a second one is left to the system. */
export async function workUntilSignal(carrier: Carrier): Promise<void> {
  const config = readConfig();
  const log = pino({ level: config.LOG_LEVEL });
  const { done, stop } = await runWorker(config, carrier, log);
  for (const signal of ['SIGTERM', 'SIGINT'] as const) process.once(signal, stop);
  await done;
}

if (process.argv[1] === import.meta.filename) {
  workUntilSignal(outboxCarrier).catch((failure: unknown) => {
    process.stderr.write(`${failure instanceof Error ? failure.message : String(failure)}\n`);
    process.exitCode = 1;
  });
}
