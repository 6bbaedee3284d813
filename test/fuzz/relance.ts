import { sql } from 'kysely';
import { mkdtempSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { inject } from 'vitest';
import { openHouse } from '../../db/house.ts';
import type { House } from '../../db/house.ts';
import { newKey, storeKey } from '../../db/keys.ts';
import { addUser } from '../../db/users.ts';
import type { Role } from '../../domain/role.ts';
import { lastLines, startChild } from '../../processes/child.ts';
import type { Child } from '../../processes/child.ts';
import { freePort } from '../../processes/free-port.ts';
import { loadPortfolio } from '../../start/demonstration/load.ts';
import { lazyClient } from '../../temporal/connection.ts';
import { startTemporalServer } from '../../temporal/server/dev-server.ts';
import { verify } from '../../verify.ts';
import { freshDatabase } from '../setup/database.ts';
import type { Ask, Found } from './things.ts';

/** A whole Relance with the demonstration in it, for strangers to do with as they like. */
export interface Relance {
  readonly url: string;
  readonly folder: string;
  /** Hires somebody; returns his key. */
  hire(role: Role): Promise<string>;
  as(key: string): Ask;
  /** What is broken of the invariants, in words, once the workers have caught up; empty when all hold. */
  broken(): Promise<readonly string[]>;
  /** Lines of the processes' logs that tell of a fault of ours. */
  faults(): readonly string[];
  stop(): Promise<void>;
}

const clone = fileURLToPath(new URL('../..', import.meta.url));

/** Real processes throughout: Postgres, Temporal, a worker, the API. Limits on requests are lifted. */
export async function startRelance(): Promise<Relance> {
  const folder = mkdtempSync('/tmp/relance-fuzz-');
  const database = await freshDatabase();
  const house = await openHouse(database.url, { connectionsMax: 4 });
  await loadPortfolio(house);
  const temporal = await startTemporalServer({
    folder,
    logFile: join(folder, 'temporal.log'),
    program: inject('temporalProgram'),
  });
  const port = await freePort();
  const url = `http://127.0.0.1:${port}`;
  const start = (name: string, file: string): Promise<Child> =>
    startChild({
      name,
      command: process.execPath,
      args: ['--import', import.meta.resolve('tsx'), join(clone, file)],
      cwd: clone,
      logFile: join(folder, `${file.replace('/', '-')}.log`),
      env: {
        PATH: process.env['PATH'],
        HOME: process.env['HOME'],
        DATABASE_URL: database.url,
        TEMPORAL_ADDRESS: temporal.address,
        PORT: String(port),
        RATE_LIMIT_PER_MINUTE: '0',
        LOG_LEVEL: 'info',
        RELANCE_WORKFLOW_BUNDLE: inject('workflowBundle'),
      },
    });
  const children = [await start('The worker', 'worker.ts'), await start('The API', 'api/server.ts')];
  await untilReady(`${url}/readyz`, children);
  const client = lazyClient({ TEMPORAL_ADDRESS: temporal.address, TEMPORAL_NAMESPACE: temporal.namespace });

  return {
    url,
    folder,
    hire: (role) => hire(house, role),
    as: (key) => (method, path, body) => ask(`${url}${path}`, key, method, body),
    broken: async () => {
      await untilCaughtUp(house);
      const verdicts = await verify({ db: house.db, client });
      return verdicts
        .filter(({ count, skipped }) => count > 0 || skipped !== null)
        .map(
          ({ id, says, offenders, skipped }) => `${id} ${says} ${JSON.stringify(offenders)} ${skipped ?? ''}`,
        );
    },
    faults: () =>
      children
        .flatMap(({ logFile }) => lastLines(logFile, 100_000).split('\n'))
        .filter((line) => /"level":(50|60)/.test(line)),
    stop: async () => {
      for (const child of [...children, temporal.child]) await child.stop();
      await client.connection.close();
      await house.db.destroy();
      await database.drop();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

async function hire(house: House, role: Role): Promise<string> {
  const key = newKey();
  const now = await house.clock.now();
  await house.db.transaction().execute(async (tx) => {
    const about = {
      name: `the fuzzing ${role} ${key.prefix}`,
      email: `${role}-${key.prefix}@relance.example`,
      role,
      language: 'en',
      // Who sees a part has the API ask whose rows they are, at each turn.
      portfolio: role === 'collector' ? 'own' : 'all',
    } as const;
    const id = await addUser(tx, now, about, 'test');
    if (id === undefined) throw new Error(`there is a fuzzing ${role} already`);
    if (role === 'collector')
      await sql`update invoice set collector = ${about.name} where get_byte(uuid_send(debtor_id), 15) % 2 = 0`.execute(
        tx,
      );
    await storeKey(tx, now, id, key, 'test');
  });
  return key.key;
}

async function ask(url: string, key: string, method: string, body?: object | string): Promise<Found> {
  const isText = typeof body === 'string';
  const response = await fetch(url, {
    method,
    headers: {
      authorization: `Bearer ${key}`,
      ...(body === undefined ? {} : { 'content-type': isText ? 'text/csv' : 'application/json' }),
    },
    ...(body === undefined ? {} : { body: isText ? body : JSON.stringify(body) }),
  });
  if (!response.ok) throw new Error(`${method} ${url}: ${response.status} ${await response.text()}`);
  return (await response.json()) as Found;
}

async function untilReady(url: string, children: readonly Child[]): Promise<void> {
  const giveUpAt = performance.now() + 60_000;
  for (;;) {
    const answer = await fetch(url).catch(() => undefined);
    if (answer?.ok) return;
    const ended = children.find((child) => !child.isAlive());
    if (ended || performance.now() > giveUpAt)
      throw new Error(
        `Relance is not ready. ${children.map(({ logFile }) => lastLines(logFile)).join('\n')}`,
      );
    await pause(100);
  }
}

/** Words to workflows that nobody has delivered are no fault as long as they go out. */
async function untilCaughtUp(house: House): Promise<void> {
  const giveUpAt = performance.now() + 120_000;
  while (performance.now() < giveUpAt) {
    const waiting = await house.db
      .selectFrom('outbox')
      .select('id')
      .where('delivered_at', 'is', null)
      .limit(1)
      .executeTakeFirst();
    if (!waiting) return;
    await pause(200);
  }
}
