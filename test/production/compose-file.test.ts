import { existsSync, readFileSync } from 'node:fs';
import { Ajv2020 } from 'ajv/dist/2020.js';
import { describe, expect, it } from 'vitest';
import { settingNames } from '../../config.ts';
import { shutdown } from '../../temporal/workers.ts';
import {
  clone,
  composeAsWritten,
  composeWith,
  secondsOf,
  variablesAsked,
  variablesOffered,
} from './compose-file.ts';
import { composeShape } from './compose-shape.ts';

const variables = Object.fromEntries([...variablesAsked().required].map((name) => [name, 'secret']));
const { services, networks } = composeWith({ ...variablesOffered(), ...variables });
const named = Object.entries(services);
const lasting = named.filter(([, { restart }]) => restart === 'unless-stopped');
const dockerfile = readFileSync(`${clone}Dockerfile`, 'utf8');

/** What the build may see, by the lines of .dockerignore that let something in. */
const letIn = readFileSync(`${clone}.dockerignore`, 'utf8')
  .split('\n')
  .flatMap((line) => (line.startsWith('!') ? [line.slice(1)] : []));
const copied = [...dockerfile.matchAll(/^COPY (?!--from)(.+) \S+$/gm)].flatMap(([, sources = '']) =>
  sources.split(' '),
);

// Nobody here has Docker at hand: what it would refuse, or do otherwise than meant, must be seen without it.
describe('docker-compose.yml', () => {
  const isRight = new Ajv2020({ strict: false }).compile(composeShape);

  it('has only what the Compose specification knows, in its shape', () => {
    isRight(composeAsWritten());

    expect(isRight.errors).toBeNull();
  });

  it.each<[string, readonly (string | number)[], unknown]>([
    ['a misspelt key', ['services', 'api', 'healthchek'], {}],
    ['a condition that does not exist', ['services', 'api', 'depends_on', 'migrate', 'condition'], 'done'],
    ['a command that YAML read as a map', ['services', 'api', 'command', 3], { a: 1 }],
    ['a number where a string is wanted', ['services', 'api', 'environment', 'PORT'], 8080],
  ])('would be refused with %s', (_, path, value) => {
    const file = composeAsWritten();
    spoil(file, path, value);

    expect(isRight(file)).toBe(false);
  });

  it('asks for the variables of .env.example and no others', () => {
    const { all } = variablesAsked();
    // COMPOSE_PROFILES is read by docker compose itself.
    expect([...all, 'COMPOSE_PROFILES'].sort()).toEqual(Object.keys(variablesOffered()).sort());
  });

  it('starts with no password of ours', () => {
    const { required } = variablesAsked();

    expect([...required].sort()).toEqual([
      'POSTGRES_PASSWORD',
      'RELANCE_APP_PASSWORD',
      'RELANCE_OWNER_PASSWORD',
      'TEMPORAL_DB_PASSWORD',
    ]);
    for (const name of required) expect(variablesOffered()[name]).toBe('');
    expect(() => composeWith(variablesOffered())).toThrow('give it in .env');
  });

  it('gives processes only settings that they read, and workers all of theirs', () => {
    const known = new Set([...settingNames, 'NODE_OPTIONS']);
    const given = ['api', 'worker'].flatMap((name) => Object.keys(services[name]?.environment ?? {}));

    expect(given.filter((name) => !known.has(name))).toEqual([]);
    // In the image; and never here, where others can reach us.
    const elsewhere = ['RELANCE_WORKFLOW_BUNDLE', 'PLAIN_HTTP'];
    expect(settingNames.filter((name) => !given.includes(name) && !elsewhere.includes(name))).toEqual([]);
  });

  it('opens to other machines nothing but the API', () => {
    const doors = named.flatMap(([name, { ports = [] }]) => ports.map((port) => [name, port] as const));

    expect(doors.filter(([, port]) => !port.startsWith('127.0.0.1:')).map(([name]) => name)).toEqual(['api']);
    expect(networks['inside']?.internal).toBe(true);
    expect(named.filter(([, { networks: on }]) => on?.includes('outside')).map(([name]) => name)).toEqual([
      'api',
      'worker',
      'temporal-ui',
    ]);
  });

  it('lets a worker finish before it is killed', () => {
    expect(secondsOf(services['worker']?.stop_grace_period ?? '')).toBeGreaterThan(shutdown.forceSeconds);
    expect(shutdown.forceSeconds).toBeGreaterThan(shutdown.graceSeconds);
  });

  it('has a health check on whatever lasts, and two workers', () => {
    expect(lasting.map(([name]) => name)).toEqual(['postgres', 'api', 'worker', 'temporal', 'temporal-ui']);
    expect(lasting.filter(([, { healthcheck }]) => !healthcheck?.test).map(([name]) => name)).toEqual([]);
    expect(services['worker']?.deploy?.replicas).toBe(2);
  });

  it('waits for health where there is some, and for the end of what ends', () => {
    const waits = named.flatMap(([name, { depends_on: on = {} }]) =>
      Object.entries(on).map(([other, { condition }]) => ({ name, other, condition })),
    );
    const wrong = waits.filter(({ other, condition }) => {
      const lasts = services[other]?.restart === 'unless-stopped';
      return condition !== (lasts ? 'service_healthy' : 'service_completed_successfully');
    });

    expect(waits.length).toBeGreaterThan(5);
    expect(wrong).toEqual([]);
  });

  it('lets no container change its files or gain a right', () => {
    const open = named.filter(([, service]) => !service.read_only || service.cap_drop?.[0] !== 'ALL');

    expect(open.map(([name]) => name)).toEqual([]);
    expect(services['postgres']?.user).toBe('postgres');
  });

  it('pins every image that is fetched to a version', () => {
    const fetched = named.map(([, { image }]) => image).filter((image) => !image.startsWith('relance:'));

    expect(fetched.filter((image) => !/:\d+\.\d+(\.\d+)?$/.test(image))).toEqual([]);
    expect(services['postgres']?.image).toMatch(/^postgres:18\./);
  });
});

describe('the Dockerfile', () => {
  it('copies what there is, and what .dockerignore lets in', () => {
    expect(copied.filter((path) => !existsSync(`${clone}${path}`))).toEqual([]);
    expect([...copied].sort()).toEqual([...letIn].sort());
  });

  it('holds every file that a container starts with', () => {
    const files = [...Object.values(services).flatMap(({ command = [] }) => command), dockerfile].flatMap(
      (words) => [...words.matchAll(/[a-z-]+(?:\/[a-z-]+)*\.ts\b/g)].map(([file]) => file),
    );

    expect(files).toContain('worker.ts');
    expect(files.filter((file) => !existsSync(`${clone}${file}`))).toEqual([]);
    expect(files.filter((file) => !copied.includes(file.split('/')[0] ?? ''))).toEqual([]);
  });

  it('runs as an ordinary user, of one pinned Node, without the packages of developers', () => {
    const bases = [...dockerfile.matchAll(/^FROM (\S+)/gm)]
      .map(([, base]) => base)
      .filter((base) => base !== 'packages');

    expect(new Set(bases).size).toBe(1);
    expect(bases[0]).toMatch(/^node:20\.\d+\.\d+-[a-z]+-slim$/);
    expect(dockerfile).toMatch(/^USER node$/m);
    expect(dockerfile).toMatch(/^RUN npm ci --omit=dev /m);
    expect(dockerfile).toMatch(/^HEALTHCHECK /m);
  });

  it('reaches for a network only before its last stage', () => {
    const last = dockerfile.slice(dockerfile.lastIndexOf('\nFROM '));

    expect(last).not.toMatch(/^RUN /m);
    expect(JSON.stringify(services)).not.toMatch(/setup\.mjs|npm (ci|install|run)|npx|curl/);
  });
});

/** Puts something else in one place of the file. */
function spoil(file: unknown, path: readonly (string | number)[], value: unknown): void {
  const last = path.at(-1) ?? '';
  const holder = path.slice(0, -1).reduce((node, key) => (node as Record<string, unknown>)[key], file);
  (holder as Record<string, unknown>)[last] = value;
}
