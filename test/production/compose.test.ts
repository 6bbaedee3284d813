import { spawn, spawnSync } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import pg from 'pg';
import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest';
import { startChild } from '../../processes/child.ts';
import type { Child } from '../../processes/child.ts';
import { freePort } from '../../processes/free-port.ts';
import { lazyClient } from '../../temporal/connection.ts';
import { startTemporalServer } from '../../temporal/server/dev-server.ts';
import type { RunningTemporal } from '../../temporal/server/dev-server.ts';
import { clone, composeWith, secondsOf, variablesOffered } from './compose-file.ts';
import type { Service } from './compose-file.ts';

/** Where an unpacked image lies, to run that instead of the clone: `npm ci --omit=dev` and what .dockerignore lets in. */
const app = process.env['RELANCE_UNPACKED'] ?? clone;
const dockerfile = readFileSync(join(clone, 'Dockerfile'), 'utf8');
const patience = { timeout: 90_000, interval: 250 };
const tuesdayMorning = new Date('2026-03-03T09:00:00Z');

let folder: string;
let temporal: RunningTemporal;
let services: Readonly<Record<string, Service>>;
let bundle: string;
const database = `compose_${randomBytes(6).toString('hex')}`;
const started: Child[] = [];

beforeAll(async () => {
  folder = mkdtempSync('/tmp/relance-compose-');
  temporal = await startTemporalServer({
    folder,
    logFile: join(folder, 'temporal.log'),
    program: inject('temporalProgram'),
  });
  bundle = join(folder, 'workflows.bundle.js');
  writeFileSync(join(folder, 'payload-keys'), `2026-11:${randomBytes(32).toString('base64')}\n`);
  services = composeWith({
    ...variablesOffered(),
    POSTGRES_PASSWORD: new URL(inject('postgresSuperUrl')).password,
    RELANCE_OWNER_PASSWORD: new URL(inject('postgresOwnerUrl')).password,
    RELANCE_APP_PASSWORD: new URL(inject('postgresUrl')).password,
    TEMPORAL_DB_PASSWORD: 'unused',
  }).services;
}, 120_000);

afterAll(async () => {
  for (const child of started) child.kill();
  await Promise.all(started.map((child) => child.exited));
  await temporal.stop();
  await asSuperuser((client) => client.query(`drop database if exists ${database} with (force)`));
  rmSync(folder, { recursive: true });
});

/**
 * The only differences from the containers: where the neighbours and the keys are, which ports are free here, and that all
 * listen on this machine alone.
 */
function here(text: string, ports: Readonly<Record<string, number>>): string {
  const postgres = new URL(inject('postgresSuperUrl')).host;
  return Object.entries({
    'postgres:5432/relance': `${postgres}/${database}`,
    'postgres:5432': postgres,
    'temporal:7233': temporal.address,
    '0.0.0.0': '127.0.0.1',
    '/etc/relance/payload-keys': join(folder, 'payload-keys'),
    ...Object.fromEntries(Object.entries(ports).map(([port, free]) => [port, String(free)])),
  }).reduce((result, [theirs, ours]) => result.replaceAll(theirs, ours), text);
}

/** The variables of a container: those of its image, and those of its service. */
function environmentOf(name: string, ports: Readonly<Record<string, number>>): NodeJS.ProcessEnv {
  const ofImage = [...(/^ENV (.+)$/m.exec(dockerfile)?.[1] ?? '').matchAll(/(\S+)=(\S+)/g)].map(
    ([, key = '', value = '']) => [key, value.replace('/app/workflows.bundle.js', bundle)],
  );
  const own = Object.entries(services[name]?.environment ?? {}).map(([key, value]) => [
    key,
    here(value, ports),
  ]);
  return { PATH: process.env['PATH'], HOME: folder, ...Object.fromEntries([...ofImage, ...own]) };
}

interface Running {
  readonly child: Child;
  readonly ports: Readonly<Record<string, number>>;
  /** The exit code of the service's own health check. */
  health(): number | null;
}

async function start(name: string, containerPorts: readonly number[]): Promise<Running> {
  const ports = Object.fromEntries(
    await Promise.all(containerPorts.map(async (port) => [port, await freePort()] as const)),
  );
  const [command = '', ...args] = services[name]?.command ?? [];
  const env = environmentOf(name, ports);
  const child = await startChild({
    name,
    command,
    args,
    cwd: app,
    env,
    logFile: join(folder, `${name}-${started.length}.log`),
  });
  started.push(child);
  const [how, program = '', ...checkArgs] = services[name]?.healthcheck?.test ?? [];
  expect(how).toBe('CMD');
  return {
    child,
    ports,
    health: () =>
      spawnSync(
        program,
        checkArgs.map((arg) => here(arg, ports)),
        { cwd: app, env },
      ).status,
  };
}

function run(
  name: string,
  command: readonly string[],
): { status: number | null; stdout: string; stderr: string } {
  const [program = '', ...args] = command;
  return spawnSync(program, args, { cwd: app, env: environmentOf(name, {}), encoding: 'utf8' });
}

async function asSuperuser<T>(ask: (client: pg.Client) => Promise<T>, name = 'postgres'): Promise<T> {
  const url = Object.assign(new URL(inject('postgresSuperUrl')), { pathname: `/${name}` });
  const client = new pg.Client({ connectionString: url.href });
  await client.connect();
  try {
    return await ask(client);
  } finally {
    await client.end();
  }
}

// What the containers run, as plain processes: each test goes on where the one before it ended.
describe('the commands of docker-compose.yml', { timeout: 180_000 }, () => {
  let api: Running;
  let workers: readonly Running[];
  let key: string;
  let invoiceId: string;
  // A test looks into any answer; the shapes are the API's business.
  // eslint-disable-next-line @typescript-eslint/no-explicit-any
  const ask = async (method: string, path: string, body?: object): Promise<any> => {
    const answer = await fetch(`http://127.0.0.1:${api.ports[8080]}${path}`, {
      method,
      headers: { authorization: `Bearer ${key}`, ...(body ? { 'content-type': 'application/json' } : {}) },
      ...(body ? { body: JSON.stringify(body) } : {}),
    });
    const said = await answer.json();
    expect(answer.ok, JSON.stringify(said)).toBe(true);
    return said;
  };

  it('bundle the workflows, as the build of the image does', () => {
    const [, command = ''] = /^RUN (node .*bundle\.ts) /m.exec(dockerfile) ?? [];

    const { status, stderr } = run('worker', [...command.split(' '), bundle]);

    expect(status, stderr).toBe(0);
    expect(readFileSync(bundle, 'utf8')).toContain('collectInvoice');
  });

  it('migrate a Postgres that knows nothing of us, and again without harm', async () => {
    const command = services['migrate']?.command ?? [];

    for (const _ of ['first', 'again']) {
      const { status, stderr } = run('migrate', command);
      expect(status, stderr).toBe(0);
    }

    const { rows } = await asSuperuser(
      (client) => client.query(`select tableowner as owner from pg_tables where tablename = 'journal'`),
      database,
    );
    expect(rows).toEqual([{ owner: 'relance_owner' }]);
  });

  it('make a key for the first administrator', async () => {
    const [, command = ''] =
      /run --rm -T migrate (node .*new-key\.ts)/.exec(
        readFileSync(join(clone, 'docker-compose.yml'), 'utf8'),
      ) ?? [];

    const { status, stdout, stderr } = run('migrate', command.split(' '));

    expect(status, stderr).toBe(0);
    expect(stdout).toMatch(/^rlk_\S+\n$/);
    key = stdout.trim();
    // Office hours on every machine, and a day in six seconds: a first step comes within a week.
    await asSuperuser(
      (client) =>
        client.query(
          'update setting set clock_origin = $1, clock_anchor = clock_timestamp(), speed = 14400',
          [tuesdayMorning],
        ),
      database,
    );
  });

  it('start the API and two workers, which their own health checks find well', async () => {
    api = await start('api', [8080]);
    workers = await Promise.all([start('worker', [9464, 9465]), start('worker', [9464, 9465])]);

    for (const { health } of [api, ...workers]) await expect.poll(health, patience).toBe(0);
  });

  it('take an invoice to its first step', async () => {
    const { id: creditorId } = await ask('POST', '/v1/creditors', {
      legalName: 'Ateliers Martin',
      siren: '732829320',
      iban: 'FR7630006000011234567890189',
      address: ['1 rue de la Paix', '75002 Paris'],
      senderName: 'Comptabilité',
      replyTo: 'compta@martin.example',
    });
    const { invoice } = await ask('POST', '/v1/invoices', {
      creditorId,
      debtor: { name: 'Boulangerie Petit', siren: '552100554' },
      contact: { name: 'Claire Petit', email: 'claire@petit.example' },
      number: 'F-1',
      dueDate: '2026-02-20',
      amount: { amount: 120_000, currency: 'EUR' },
    });
    invoiceId = invoice.id;
    const client = lazyClient({ TEMPORAL_ADDRESS: temporal.address, TEMPORAL_NAMESPACE: 'default' });

    const firstMessage = async (): Promise<string | undefined> =>
      (await ask('GET', `/v1/messages?invoice=${invoiceId}`)).items.at(-1)?.state;
    await expect.poll(firstMessage, patience).toBe('delivered');

    const { status, type } = await client.workflow.getHandle(`invoice/${invoiceId}`).describe();
    expect([type, status.name]).toEqual(['collectInvoice', 'RUNNING']);
    await client.connection.close();
  });

  it('show Prometheus what the SDK of each worker does', async () => {
    const figures = await Promise.all(
      workers.map(async ({ ports }) => (await fetch(`http://127.0.0.1:${ports[9464]}/metrics`)).text()),
    );

    for (const shown of figures)
      for (const name of ['temporal_worker_task_slots_available', 'temporal_num_pollers'])
        expect(shown).toContain(name);
    // What the page for operators watches; one of them at least has worked for the invoice.
    const watched = [
      ...readFileSync(join(clone, 'docs/operations.md'), 'utf8').matchAll(/`(temporal_[a-z_]+)`/g),
    ];
    expect(watched.length).toBeGreaterThan(3);
    for (const [, name] of watched) expect(figures.join('')).toContain(name);
    // The settings of a worker reached the SDK.
    expect(figures[0]).toMatch(
      /temporal_worker_task_slots_available\{[^}]*task_queue="collection"[^}]*worker_type="WorkflowWorker"[^}]*\} (16|1\d|\d)$/m,
    );
  });

  it('end with 0 within their grace when they are asked to, a worker in the middle of its start too', async () => {
    const late = await start('worker', [9464, 9465]);
    // It has its database and is about to make the SDK's workers.
    await expect
      .poll(
        () =>
          fetch(`http://127.0.0.1:${late.ports[9465]}/healthz`).then(
            ({ ok }) => ok,
            () => false,
          ),
        {
          ...patience,
          interval: 10,
        },
      )
      .toBe(true);
    const all = [api, ...workers, late];
    const graceMs = 1_000 * secondsOf(services['api']?.stop_grace_period ?? '');

    await Promise.all(all.map(({ child }) => child.stop(graceMs)));

    const ends = await Promise.all(all.map(({ child }) => child.exited));
    expect(ends).toEqual(all.map(() => 'exit code 0'));
  });
});

describe('the health of a worker', () => {
  it('is bad while it has no Temporal, and the process lives on', { timeout: 120_000 }, async () => {
    const ports = { 9464: await freePort(), 9465: await freePort() };
    const env = { ...environmentOf('worker', ports), TEMPORAL_ADDRESS: `127.0.0.1:${await freePort()}` };
    const [program = '', ...args] = services['worker']?.command ?? [];
    const child = spawn(program, args, { cwd: app, env, stdio: 'ignore' });
    const ended = new Promise((resolve) => child.once('exit', resolve));
    const at = (path: string) =>
      fetch(`http://127.0.0.1:${ports[9465]}${path}`).then(
        async (answer) => [answer.status, await answer.json()] as const,
        () => undefined,
      );

    await expect
      .poll(() => at('/readyz'), patience)
      .toEqual([503, { status: 'not-ready', worker: 'waiting', postgres: 'ok', temporal: 'unreachable' }]);
    expect(await at('/healthz')).toEqual([200, { status: 'ok' }]);
    expect((await at('/else'))?.[0]).toBe(404);

    child.kill('SIGTERM');
    expect(await ended).toBe(0);
  });
});
