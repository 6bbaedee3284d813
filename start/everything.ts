import { randomBytes } from 'node:crypto';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join, relative, resolve } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { readAccounts } from '../activities/carriers/accounts.ts';
import { firstStart } from './first-start.ts';
import { PersonKeys } from '../db/erasure/person-keys.ts';
import { migrate } from '../db/migrate.ts';
import { startPostgres } from '../db/server/postgres.ts';
import { lastLines, startChild, type Child, type ChildOptions } from '../processes/child.ts';
import { freePort, isPortFree } from '../processes/free-port.ts';
import type { FolderClaim } from '../processes/running-file.ts';
import { supervise, type Stoppable } from '../processes/supervised.ts';
import { readKeyRing } from '../temporal/sealing/key-ring.ts';
import { findTemporal } from '../temporal/server/binary.ts';
import { startTemporalServer } from '../temporal/server/dev-server.ts';
import { keepPreviousLogs } from './data-folder.ts';
import { anchorsHere } from './anchor-keys.ts';
import { payloadKeysFile } from './payload-keys.ts';
import { BadOption, type StartOptions } from './options.ts';
import type { StopSignal } from './stop-signal.ts';

export interface StartPlan {
  readonly options: StartOptions;
  /** Prepared, and claimed by this process. */
  readonly folder: string;
  readonly claim: FolderClaim;
  readonly stop: StopSignal;
  readonly say: (line: string) => void;
  /** Filled as things start, in the order in which they start, so that the caller can always end what is there. */
  readonly running: Stoppable[];
}

const CLONE = fileURLToPath(new URL('..', import.meta.url));
const HEALTHY_MS_MAX = 120_000;
/** A worker waits for a Temporal that somebody else runs; people are told so, and can look around meanwhile. */
const AT_WORK_MS_MAX = 60_000;

/** The usual ports, for people who open them by habit; other free ones when they are taken. */
const TEMPORAL_PORT = 7233;
const TEMPORAL_UI_PORT = 8233;

/**
 * Starts Postgres, Temporal, the worker and the API, and says where they are; each is watched over from then on.
 *
 * Until the API answers, a child that ends is a failure of the start: its reason is shown instead of tried again. On a
 * fast clock, whose days pass in seconds, the worker is waited for as well, and the demonstration begins then.
 */
export async function startEverything(plan: StartPlan): Promise<void> {
  const { options, folder, claim, stop, say, running } = plan;
  const port = await portFor(options);
  const channelsFile = namedChannels();
  const keysFile = payloadKeysFile(folder, new Date());
  const anchors = anchorsHere(folder);
  say(`Relance starts, with its data in ${shown(folder)}`);
  if (claim.orphansEnded > 0)
    say(`  Ended ${claim.orphansEnded} processes that a killed start had left behind.`);
  const logs = keepPreviousLogs(folder);
  const existing = existingTemporal();
  const temporalProgram = existing === undefined ? await findTemporal('temporal', say) : undefined;
  stop.throwIfAsked();

  const startsAgain: (() => Promise<{ child: Child }>)[] = [];
  const launch = async <Started extends { child: Child }>(
    startOne: () => Promise<Started>,
  ): Promise<Started> => {
    const started = await startOne();
    running.push(started.child);
    startsAgain.push(startOne);
    stop.throwIfAsked();
    return started;
  };
  const onSpawn = claim.add;

  // Ports are chosen here, so that a server which is started again is found where it was.
  const postgresAt = { folder, port: await freePort(), logFile: join(logs, 'postgres.log') };
  const postgres = await launch(() => startPostgres({ ...postgresAt, durable: true, onSpawn }));
  say(
    `  Postgres is ready${postgres.movedTo === undefined ? '' : `; its data are in ${postgres.movedTo}, because only root can enter ${folder}`}.`,
  );

  const temporalAt = {
    folder,
    port: await freePort(TEMPORAL_PORT),
    uiPort: await freePort(TEMPORAL_UI_PORT),
  };
  const temporalLog = join(logs, 'temporal.log');
  const temporal =
    existing ??
    (await launch(() =>
      startTemporalServer({ ...temporalAt, logFile: temporalLog, program: temporalProgram, onSpawn }),
    ));
  say(
    existing === undefined
      ? '  Temporal is ready.'
      : `  Temporal is the one at ${existing.address} (TEMPORAL_ADDRESS).`,
  );

  const { ownerUrl, url: appUrl } = postgres;
  const url = `http://127.0.0.1:${port}`;
  await migrate(ownerUrl);
  const { lines, beginFreshLives } = await firstStart({
    appUrl,
    personKeys: new PersonKeys(readKeyRing(readFileSync(keysFile, 'utf8'))),
    url,
    speed: options.speed,
    demo: options.demo,
    folder,
  });
  stop.throwIfAsked();

  const asked = Number(process.env['WORKER_HEALTH_PORT'] ?? 0);
  const workerHealth = asked > 0 && (await isPortFree(asked)) ? asked : await freePort();
  const env = {
    ...process.env,
    ...(channelsFile === null ? {} : { CHANNELS_FILE: channelsFile }),
    PAYLOAD_KEYS_FILE: keysFile,
    ANCHOR_FOLDER: anchors.folder,
    ANCHOR_KEY_FILE: anchors.keyFile,
    ...('uiUrl' in temporal ? { TEMPORAL_UI_ORIGIN: temporal.uiUrl } : {}),
    DATABASE_URL: appUrl,
    TEMPORAL_ADDRESS: temporal.address,
    TEMPORAL_NAMESPACE: temporal.namespace,
    PORT: String(port),
    WORKER_HEALTH_PORT: String(workerHealth),
    RELANCE_DATA: folder,
    RELANCE_SPEED: String(options.speed),
    ...loginHere(folder),
  };
  const ours = { env, onSpawn };
  const worker = await launch(() =>
    startOurs('worker.ts', { ...ours, name: 'The worker', logFile: join(logs, 'worker.log') }),
  );
  const api = await launch(() =>
    startOurs('api/server.ts', { ...ours, name: 'The API', logFile: join(logs, 'api.log') }),
  );
  const children = [worker.child, api.child];
  if (!(await answersBy(HEALTHY_MS_MAX, `${url}/healthz`, children, stop)))
    throw new Error(
      `The API does not answer at ${url}/healthz. Its log is ${children.map(({ logFile }) => logFile).join(', ')}`,
    );
  const begun: string[] = [];
  if (beginFreshLives) {
    say('  The demonstration begins as soon as the worker is at work …');
    if (!(await answersBy(AT_WORK_MS_MAX, `http://127.0.0.1:${workerHealth}/readyz`, children, stop)))
      say(`  The worker still waits: ${shown(join(logs, 'worker.log'))} says what for.`);
    begun.push(await beginFreshLives());
  }
  for (const [index, startAgain] of startsAgain.entries()) {
    running[index] = supervise(running[index] as Child, startAgain, say);
  }

  claim.publish({
    url,
    databaseUrl: appUrl,
    databaseOwnerUrl: ownerUrl,
    temporalAddress: temporal.address,
    payloadKeysFile: keysFile,
    archive: JSON.stringify(archiveSettingsHere()),
    anchorFolder: anchors.folder,
    anchorPublicKeyFile: anchors.publicKeyFile,
  });
  say('');
  say(`Relance is running.`);
  say(`  API        ${url}   (reference: ${url}/docs, outbox: ${url}/outbox)`);
  if ('uiUrl' in temporal) say(`  Temporal   ${temporal.uiUrl}`);
  say(`  Logs       ${shown(logs)}`);
  say(
    `  Stop       Ctrl-C. ${options.speed === 1 ? 'The next start goes on where this one was.' : `To go on later: npm start -- --speed ${options.speed} --data ${shown(folder)}`}`,
  );
  say('');
  for (const line of [...begun, ...lines]) say(line);
}

async function portFor(options: StartOptions): Promise<number> {
  if (options.port === 0) return freePort();
  if (await isPortFree(options.port)) return options.port;
  throw new BadOption(
    `Port ${options.port} is taken by another program. Choose another: npm start -- --port ${options.port + 1}`,
  );
}

/** The file of accounts, from where the start was typed; what is wrong in it is said before anything starts. */
function namedChannels(): string | null {
  const named = process.env['CHANNELS_FILE'] ?? '';
  if (named === '') return null;
  const path = resolve(process.env['INIT_CWD'] ?? process.cwd(), named);
  readAccounts(path);
  return path;
}

/** On this machine alone people log in without TLS; what seals their second factors lies with the data, unless it is given. */
function loginHere(folder: string): NodeJS.ProcessEnv {
  const { HOST: host = '', PUBLIC_URL: publicUrl = '', LOGIN_KEYS: keys = '' } = process.env;
  const isAlone = ['', '127.0.0.1', 'localhost', '::1'].includes(host) && publicUrl === '';
  return {
    ...(isAlone ? { PLAIN_HTTP: 'true' } : {}),
    ...(keys === '' ? { LOGIN_KEYS: loginKeyOf(folder) } : {}),
  };
}

function loginKeyOf(folder: string): string {
  const file = join(folder, 'login.key');
  if (!existsSync(file)) writeFileSync(file, randomBytes(32).toString('hex'), { mode: 0o600 });
  return readFileSync(file, 'utf8').trim();
}

/** Where this start archives, for commands that are typed elsewhere; the file that tells them is readable by its owner alone. */
function archiveSettingsHere(): NodeJS.ProcessEnv {
  return Object.fromEntries(Object.entries(process.env).filter(([name]) => name.startsWith('ARCHIVE_')));
}

/** A server that somebody else runs, Temporal Cloud included. We start none then, and leave its retention alone. */
function existingTemporal(): { address: string; namespace: string } | undefined {
  const address = process.env['TEMPORAL_ADDRESS'] ?? '';
  if (address === '') return undefined;
  return { address, namespace: process.env['TEMPORAL_NAMESPACE'] ?? 'default' };
}

/** One of our own processes: a file of this clone, run by this Node. */
async function startOurs(
  file: string,
  options: Omit<ChildOptions, 'command' | 'args' | 'cwd'>,
): Promise<{ child: Child }> {
  const args = ['--import', import.meta.resolve('tsx'), join(CLONE, file)];
  return { child: await startChild({ ...options, command: process.execPath, args, cwd: CLONE }) };
}

/** Whether somebody answers there in time; throws as soon as one of the processes ends. */
async function answersBy(
  msMax: number,
  healthUrl: string,
  children: readonly Child[],
  stop: StopSignal,
): Promise<boolean> {
  const giveUpAt = performance.now() + msMax;
  while (performance.now() < giveUpAt) {
    stop.throwIfAsked();
    const ended = children.find((child) => !child.isAlive());
    if (ended !== undefined) {
      throw new Error(
        `${ended.name} ended (${await ended.exited}). The end of ${ended.logFile}:\n${lastLines(ended.logFile)}`,
      );
    }
    const answer = await fetch(healthUrl).catch(() => undefined);
    if (answer?.ok === true) return true;
    await pause(100);
  }
  return false;
}

function shown(path: string): string {
  const inClone = relative(CLONE, path);
  return inClone.startsWith('..') ? path : inClone;
}
