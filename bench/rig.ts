import { randomBytes } from 'node:crypto';
import { chmodSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import type { Client } from '@temporalio/client';
import { openDatabase } from '../db/database.ts';
import { PersonKeys } from '../db/erasure/person-keys.ts';
import { openHouse } from '../db/house.ts';
import type { House } from '../db/house.ts';
import { migrate } from '../db/migrate.ts';
import { changeSettings } from '../db/settings.ts';
import { startPostgres } from '../db/server/postgres.ts';
import { sha256Of } from '../db/sha256.ts';
import { dayMs } from '../domain/time.ts';
import type { Instant } from '../domain/time.ts';
import { lastLines, startChild } from '../processes/child.ts';
import type { Child } from '../processes/child.ts';
import { bundleWorkflows } from '../temporal/bundle.ts';
import { lazyClient } from '../temporal/connection.ts';
import { readKeyRing } from '../temporal/sealing/key-ring.ts';
import { startTemporalServer } from '../temporal/server/dev-server.ts';
import { atWork } from './bare-worker.ts';
import { benchScenario } from './bench-scenario.ts';
import { cpuMsOf } from './cpu.ts';

export interface RigOptions {
  /** How long a business day lasts, in real milliseconds. */
  readonly dayRealMs: number;
  readonly steps: number;
  readonly say: (line: string) => void;
  /** The business moment at which the clock is set; a Monday morning when absent. */
  readonly from?: Instant;
  /** The shipped scenarios and caps, in place of the bench's scenario and no caps. */
  readonly asShipped?: boolean;
  /** Without the worker of the bare workflows. */
  readonly withoutBare?: boolean;
  /** Settings of our processes, beside those of the rig. */
  readonly settings?: Readonly<Record<string, string>>;
}

/** CPU time in milliseconds, by who used it; `driver` is the bench itself. */
export interface Cpu {
  readonly server: number;
  readonly worker: number;
  readonly bareWorker: number;
  readonly postgres: number;
  readonly driver: number;
}

/** All that a bench measures, at work on this machine as `npm start` would have it. */
export interface Rig {
  readonly house: House;
  readonly client: Client;
  /** For the bare lives: nothing of theirs is sealed. */
  readonly bareClient: Client;
  readonly workerPid: number;
  readonly dayRealMs: number;
  readonly steps: number;
  /** Where our processes and the bare worker write what they say. */
  readonly folder: string;
  /** Starts one more of our processes beside the worker, with settings of its own; it ends with the rig. */
  startOurs(file: string, settings: Readonly<Record<string, string>>): Promise<Child>;
  /** What everybody has used since he began. */
  cpu(): Cpu;
  stop(): Promise<void>;
}

const clone = fileURLToPath(new URL('..', import.meta.url));
const readyMsMax = 120_000;
/** A Monday morning far from public holidays; a long bench lives through a few of them, in all its lives alike. */
export const firstMoment: Instant = Date.parse('2026-09-07T04:00:00Z');

/**
 * Starts Postgres with its promises of durability, Temporal's server with its file, our worker and the bare one.
 *
 * Everything lies in a fresh folder, which `stop()` removes. Business days are short and, unless told otherwise, the caps
 * are lifted and every invoice gets the bench's scenario; nothing else differs from a real start.
 */
export async function startRig(options: RigOptions): Promise<Rig> {
  const { dayRealMs, steps, say } = options;
  const folder = mkdtempSync('/tmp/relance-bench-');
  chmodSync(folder, 0o755); // The account that Postgres runs as enters it too.
  const children: Child[] = [];
  const stopAll = async (): Promise<void> => {
    for (const child of children.toReversed()) await child.stop();
    rmSync(folder, { recursive: true, force: true });
  };
  try {
    const logOf = (name: string): string => join(folder, 'logs', `${name}.log`);
    const postgres = await startPostgres({ folder, logFile: logOf('postgres'), durable: true });
    children.push(postgres.child);
    const temporal = await startTemporalServer({ folder, logFile: logOf('temporal') });
    children.push(temporal.child);
    say('Postgres and Temporal are ready.');

    await migrate(postgres.ownerUrl);
    // As an image has it: bundling takes a worker more memory than an import.
    const bundle = join(folder, 'workflows.js');
    await bundleWorkflows(bundle);
    await setStage(postgres.ownerUrl, options);
    // Ours are sealed, as a real start has it.
    const keys = `bench:${randomBytes(32).toString('base64')}`;
    const keysFile = join(folder, 'payload-keys');
    writeFileSync(keysFile, keys, { mode: 0o600 });
    const env: NodeJS.ProcessEnv = {
      ...process.env,
      PAYLOAD_KEYS_FILE: keysFile,
      DATABASE_URL: postgres.url,
      TEMPORAL_ADDRESS: temporal.address,
      TEMPORAL_NAMESPACE: temporal.namespace,
      LOG_LEVEL: 'info',
      DELIVERIES_PER_SECOND: '1000',
      RATE_LIMIT_PER_MINUTE: '0',
      LATENESS_FILE: join(folder, 'lateness.txt'),
      RELANCE_WORKFLOW_BUNDLE: bundle,
      ...options.settings,
    };
    const startOurs = async (file: string, settings: Readonly<Record<string, string>>): Promise<Child> => {
      const name = file.replaceAll('/', '-').replace('.ts', '');
      const child = await startFile(file, logOf(`${name}-${children.length}`), { ...env, ...settings });
      children.push(child);
      return child;
    };
    // As docker-compose.yml has it: how large a heap may grow decides how soon it is swept.
    const worker = await startOurs('worker.ts', { NODE_OPTIONS: '--max-old-space-size=1536' });
    const bareWorker = options.withoutBare ? undefined : await startOurs('bench/bare-worker.ts', {});
    await Promise.all([untilAtWork(worker), bareWorker && untilAtWork(bareWorker)]);
    const reach = { TEMPORAL_ADDRESS: temporal.address, TEMPORAL_NAMESPACE: temporal.namespace };
    const client = lazyClient({ ...reach, PAYLOAD_KEYS_FILE: readKeyRing(keys) });
    const bareClient = lazyClient(reach);
    const house = await openHouse(postgres.url, {
      connectionsMax: 10,
      personKeys: new PersonKeys(readKeyRing(keys)),
    });
    say(bareWorker ? 'Both workers are at work.' : 'The worker is at work.');

    return {
      house,
      client,
      bareClient,
      workerPid: worker.pid,
      dayRealMs,
      steps,
      folder,
      startOurs,
      cpu: () => ({
        server: cpuMsOf(temporal.child.pid),
        worker: cpuMsOf(worker.pid),
        bareWorker: bareWorker ? cpuMsOf(bareWorker.pid) : 0,
        postgres: cpuMsOf(postgres.child.pid),
        driver: ownCpuMs(),
      }),
      stop: async () => {
        await house.db.destroy();
        await Promise.all([client.connection.close(), bareClient.connection.close()]);
        await stopAll();
      },
    };
  } catch (fault) {
    await stopAll();
    throw fault;
  }
}

/** The clock, and unless all is as shipped the caps that stop nobody and the scenario that every invoice gets because it ranks first. */
async function setStage(
  ownerUrl: string,
  { dayRealMs, steps, from = firstMoment, asShipped = false }: RigOptions,
): Promise<void> {
  const db = openDatabase(ownerUrl, { connectionsMax: 1 });
  const clock = { clock_origin: new Date(from), clock_anchor: new Date(), speed: dayMs / dayRealMs };
  await db.updateTable('setting').set(clock).execute();
  if (!asShipped) {
    const unlimited = { contactsPerDay: 1_000, contactsPerWeek: 1_000, gapDaysMin: 0 };
    await db.transaction().execute((tx) => changeSettings(tx, from, unlimited, 'bench'));
    const scenario = benchScenario(steps);
    const content = JSON.stringify(scenario);
    const checksum = sha256Of(content);
    await db
      .insertInto('scenario_version')
      .values({ id: scenario.id, rank: -1, content, checksum })
      .execute();
  }
  await db.destroy();
}

function startFile(file: string, logFile: string, env: NodeJS.ProcessEnv): Promise<Child> {
  const args = ['--import', import.meta.resolve('tsx'), join(clone, file)];
  return startChild({ name: file, command: process.execPath, args, cwd: clone, env, logFile });
}

/** A worker that is not there yet would make the first figures those of its own start. */
async function untilAtWork(worker: Child): Promise<void> {
  const giveUpAt = performance.now() + readyMsMax;
  while (!lastLines(worker.logFile).includes(atWork)) {
    if (!worker.isAlive() || performance.now() > giveUpAt)
      throw new Error(
        `${worker.name} does not work. The end of ${worker.logFile}:\n${lastLines(worker.logFile)}`,
      );
    await pause(200);
  }
}

function ownCpuMs(): number {
  const { user, system } = process.cpuUsage();
  return (user + system) / 1_000;
}
