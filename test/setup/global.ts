import { chmodSync, existsSync, mkdtempSync, readdirSync, rmSync, statSync } from 'node:fs';
import { join } from 'node:path';
import pg from 'pg';
import type { ProvidedContext } from 'vitest';
import type { TestProject } from 'vitest/node';
import { migrate } from '../../db/migrate.ts';
import { startPostgres } from '../../db/server/postgres.ts';
import { claimFolder, FolderInUse } from '../../processes/running-file.ts';
import { bundleWorkflows } from '../../temporal/bundle.ts';
import { findTemporal } from '../../temporal/server/binary.ts';

declare module 'vitest' {
  export interface ProvidedContext {
    /** The test server's superuser, for making databases. */
    postgresSuperUrl: string;
    /** The same server as `relance_owner` and as `relance_app`, database `relance`. */
    postgresOwnerUrl: string;
    postgresUrl: string;
    /** The path of the `temporal` command line with its development server. */
    temporalProgram: string;
    /** The path of the server that skips time. */
    temporalTestServer: string;
    /** The file of `workflows/`, bundled once for every worker of the run. */
    workflowBundle: string;
  }
}

interface SharedServers {
  readonly provided: ProvidedContext;
  stop(): Promise<void>;
}

/** Vitest loads this file once per project, but all projects run in one process: they share through its global object. */
const shared = globalThis as { relanceTestServers?: { started: Promise<SharedServers>; users: number } };

/** `/tmp` and not the user's own temporary folder: the account that Postgres runs as must be able to enter it. */
const TEMPORARY = '/tmp';
const PREFIX = 'relance-test-';

/**
 * What the tests of all projects share: one Postgres with a migrated template, Temporal's two programs, and the bundled
 * workflows.
 *
 * Postgres is started without a thought for durability, in a fresh folder; folders and servers of a run that was killed
 * are removed by the next run.
 */
export default async function setUp(project: TestProject): Promise<() => Promise<void>> {
  const servers = (shared.relanceTestServers ??= { started: startServers(), users: 0 });
  servers.users += 1;
  const { provided, stop } = await servers.started;
  for (const key of Object.keys(provided) as (keyof ProvidedContext)[]) project.provide(key, provided[key]);

  return async () => {
    servers.users -= 1;
    if (servers.users > 0) return;
    delete shared.relanceTestServers;
    await stop();
  };
}

async function startServers(): Promise<SharedServers> {
  await removeLeftovers();
  const folder = mkdtempSync(join(TEMPORARY, PREFIX));
  const claim = await claimFolder(folder);
  chmodSync(folder, 0o755); // The account that Postgres runs as enters it too.
  const tell = (line: string): void => void process.stderr.write(`${line}\n`);

  const workflowBundle = join(folder, 'workflows.js');
  const [postgres, temporalProgram, temporalTestServer] = await Promise.all([
    startPostgres({
      folder,
      logFile: join(folder, 'logs', 'postgres.log'),
      durable: false,
      onSpawn: claim.add,
    }),
    findTemporal('temporal', tell),
    findTemporal('temporal-test-server', tell),
    bundleWorkflows(workflowBundle),
  ]);
  await makeTemplate(postgres.ownerUrl, postgres.superUrl);

  const { superUrl: postgresSuperUrl, ownerUrl: postgresOwnerUrl, url: postgresUrl } = postgres;
  return {
    provided: {
      postgresSuperUrl,
      postgresOwnerUrl,
      postgresUrl,
      temporalProgram,
      temporalTestServer,
      workflowBundle,
    },
    stop: async () => {
      await postgres.stop();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

/** The database `relance` becomes the template that `freshDatabase` copies; nobody may stay connected to it. */
async function makeTemplate(ownerUrl: string, superUrl: string): Promise<void> {
  await migrate(ownerUrl);
  const client = new pg.Client({ connectionString: superUrl });
  await client.connect();
  await client.query('alter database relance is_template true');
  await client.end();
}

/** Only our own folders: in `/tmp` anybody can make one that lists any process. */
async function removeLeftovers(): Promise<void> {
  for (const name of readdirSync(TEMPORARY).filter((entry) => entry.startsWith(PREFIX))) {
    const folder = join(TEMPORARY, name);
    const isOurs = statSync(folder, { throwIfNoEntry: false })?.uid === process.getuid?.();
    if (!isOurs || !existsSync(join(folder, 'running.json'))) continue;
    try {
      await claimFolder(folder);
      rmSync(folder, { recursive: true, force: true });
    } catch (fault) {
      if (!(fault instanceof FolderInUse)) throw fault; // Another run, which is alive.
    }
  }
}
