import { createPrivateKey, X509Certificate } from 'node:crypto';
import type { KeyObject } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { isIP } from 'node:net';
import { z } from 'zod';
import { roles } from './domain/role.ts';
import type { Role } from './domain/role.ts';
import { readSigningKey } from './temporal/audit/anchor/signing-key.ts';
import { readKeyRing } from './temporal/sealing/key-ring.ts';
import type { KeyRing } from './temporal/sealing/key-ring.ts';

/** The contents of a file in PEM that a setting names by its path; `check` throws when it holds something else. */
function pemFile(what: string, check: (pem: Buffer) => unknown) {
  return z
    .string()
    .transform((path, context) => {
      try {
        const pem = readFileSync(path);
        check(pem);
        return pem;
      } catch (fault) {
        const { code, message } = fault as NodeJS.ErrnoException;
        const why =
          code && ['ENOENT', 'EACCES', 'EISDIR'].includes(code) ? message : `it does not hold ${what}`;
        context.addIssue({
          code: 'custom',
          message: `give the path of a PEM file with ${what} (${path}: ${why})`,
        });
        return z.NEVER;
      }
    })
    .optional();
}

const asCertificate = (pem: Buffer): X509Certificate => new X509Certificate(pem);
const asPrivateKey = (pem: Buffer): KeyObject => createPrivateKey(pem);

/** The keys in a file; what is wrong is said without showing any. */
function keysInFile(path: string, context: z.RefinementCtx): KeyRing {
  try {
    return readKeyRing(readFileSync(path, 'utf8'));
  } catch (fault) {
    const message = `give the path of a file with keys (${path}: ${(fault as Error).message})`;
    context.addIssue({ code: 'custom', message });
    return z.NEVER;
  }
}

/** Which Temporal is used and how it is reached: all that a process needs that only talks to Temporal. */
const temporalSettings = z.object({
  /** The Temporal server, host and port. */
  TEMPORAL_ADDRESS: z
    .string()
    .regex(/^[^\s:]+:\d+$/, 'give host:port, such as 127.0.0.1:7233')
    .default('127.0.0.1:7233'),
  TEMPORAL_NAMESPACE: z.string().min(1).default('default'),
  /** TLS with what the system trusts; any of the next five switches it on too. */
  TEMPORAL_TLS: z.stringbool({ error: 'give true or false' }).default(false),
  TEMPORAL_API_KEY: z.string().regex(/^\S+$/, 'give the key alone, without spaces or line breaks').optional(),
  /** Files in PEM: our certificate and its key, and who signed that of the server. */
  TEMPORAL_TLS_CERT: pemFile('a certificate', asCertificate),
  TEMPORAL_TLS_KEY: pemFile('an unencrypted private key', asPrivateKey),
  TEMPORAL_TLS_CA: pemFile('a certificate', asCertificate),
  /** The name in the server's certificate, where it is not that of the address. */
  TEMPORAL_TLS_SERVER_NAME: z.string().min(1).optional(),
  /** The file of the keys that seal what Temporal keeps (`temporal/sealing/`); without one it is kept in clear. */
  PAYLOAD_KEYS_FILE: z.string().transform(keysInFile).optional(),
  /** Refuses what is not sealed: for when nothing is left that began before sealing. */
  PAYLOADS_SEALED_ONLY: z.stringbool({ error: 'give true or false' }).default(false),
});

export type TemporalSettings = z.infer<typeof temporalSettings>;

/** Where the histories of what is over are kept (`temporal/audit/archive/`): in Postgres, unless told otherwise. */
const archiveSettings = z.object({
  /** Where new ones go; what lies elsewhere is read there as long as that place is told too. */
  ARCHIVE_IN: z.enum(['postgres', 'folder', 's3'], 'give postgres, folder or s3').default('postgres'),
  ARCHIVE_FOLDER: z
    .string()
    .startsWith('/', 'give a whole path, such as /var/lib/relance/archive')
    .optional(),
  /** A store that speaks S3: its address, and a bucket in it. */
  ARCHIVE_S3_ENDPOINT: z
    .url({ protocol: /^https?$/, error: 'give an address such as https://s3.eu-west-3.amazonaws.com' })
    .transform((url) => url.replace(/\/+$/, ''))
    .optional(),
  ARCHIVE_S3_BUCKET: z
    .string()
    .regex(/^[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]$/, 'give the name of the bucket alone')
    .optional(),
  ARCHIVE_S3_REGION: z.string().min(1).default('us-east-1'),
  ARCHIVE_S3_KEY_ID: z.string().min(1).optional(),
  ARCHIVE_S3_SECRET: z.string().min(1).optional(),
});

export type ArchiveSettings = z.infer<typeof archiveSettings>;
/** Where anchors of the journal are kept outside the database (`temporal/audit/anchor/`). */
const anchorSettings = z.object({
  /** A folder that nobody can write to who can write to the database: another machine's, where files stay once written. */
  ANCHOR_FOLDER: z.string().startsWith('/', 'give a whole path, such as /var/lib/relance/anchors').optional(),
  /** The key of Ed25519 that signs them, in PEM. */
  ANCHOR_KEY_FILE: pemFile('a private key of Ed25519', readSigningKey),
  /** Who stamps them with a time (RFC 3161), and who must have issued his certificate. */
  ANCHOR_TSA_URL: z
    .url({ protocol: /^https?$/, error: 'give the address of a time-stamping authority' })
    .optional(),
  ANCHOR_TSA_CA: pemFile('a certificate', asCertificate),
});

/** A folder without a key, or a key without a folder, keeps nothing. */
function checkAnchors(found: z.infer<typeof anchorSettings>, context: z.RefinementCtx): void {
  const pair = ['ANCHOR_FOLDER', 'ANCHOR_KEY_FILE'] as const;
  const given = pair.filter((name) => found[name] !== undefined);
  if (given.length !== 1) return;
  for (const name of pair)
    if (!given.includes(name))
      context.addIssue({
        code: 'custom',
        path: [name],
        message: `give it too: ${given[0]} alone keeps no anchor`,
      });
}

/** A certificate and a key are a pair or nothing. */
function checkPair(found: TemporalSettings, context: z.RefinementCtx): void {
  const { TEMPORAL_TLS_CERT: certificate, TEMPORAL_TLS_KEY: key } = found;
  const say = (path: keyof TemporalSettings, message: string): void => {
    context.addIssue({ code: 'custom', path: [path], message });
  };
  if (certificate && !key) say('TEMPORAL_TLS_KEY', 'give the private key that belongs to TEMPORAL_TLS_CERT');
  if (key && !certificate) say('TEMPORAL_TLS_CERT', 'give the certificate that belongs to TEMPORAL_TLS_KEY');
  if (certificate && key && !asCertificate(certificate).checkPrivateKey(asPrivateKey(key)))
    say('TEMPORAL_TLS_KEY', 'give the key of TEMPORAL_TLS_CERT: this one belongs to another certificate');
}

/** Nothing is sealed without keys, so nothing would be let in. */
function checkKeys(found: TemporalSettings, context: z.RefinementCtx): void {
  if (!found.PAYLOADS_SEALED_ONLY || found.PAYLOAD_KEYS_FILE) return;
  const message = 'give the keys too, in PAYLOAD_KEYS_FILE, or leave this out';
  context.addIssue({ code: 'custom', path: ['PAYLOADS_SEALED_ONLY'], message });
}

/** What new histories go to must be told whole; and they cross a network in clear only when they are sealed. */
function checkArchive(found: ArchiveSettings & TemporalSettings, context: z.RefinementCtx): void {
  const say = (path: keyof ArchiveSettings, message: string): void => {
    context.addIssue({ code: 'custom', path: [path], message });
  };
  if (found.ARCHIVE_IN === 'folder' && !found.ARCHIVE_FOLDER) say('ARCHIVE_FOLDER', 'give the folder too');
  const s3 = ['ARCHIVE_S3_ENDPOINT', 'ARCHIVE_S3_BUCKET', 'ARCHIVE_S3_KEY_ID', 'ARCHIVE_S3_SECRET'] as const;
  if (found.ARCHIVE_IN === 's3' || s3.some((name) => found[name] !== undefined))
    for (const name of s3)
      if (found[name] === undefined) say(name, 'give it too: all four make a store that speaks S3');
  const { ARCHIVE_S3_ENDPOINT: endpoint = 'https:' } = found;
  if (!endpoint.startsWith('https:') && !isOurs(endpoint) && !found.PAYLOAD_KEYS_FILE)
    say('ARCHIVE_S3_ENDPOINT', 'give an address with https, or the keys that seal what goes there');
}

/** A key that somebody typed has few digits: 32 bytes of chance have fewer than nine different ones once in a million years. */
const isRandom = (hex: string): boolean => new Set(hex.toLowerCase()).size > 8;

/** What stands between commas. */
function listed(text: string): string[] {
  return text
    .split(',')
    .map((one) => one.trim())
    .filter(Boolean);
}

/** An address, or a network as 10.0.0.0/8; never everybody, whose word is nobody's. */
function isPlace(text: string): boolean {
  const [address = '', bits, ...rest] = text.split('/');
  const family = isIP(address);
  if (family === 0 || rest.length > 0) return false;
  return bits === undefined || (/^[1-9]\d{0,2}$/.test(bits) && Number(bits) <= (family === 4 ? 32 : 128));
}

const count = z.coerce.number({ error: 'give a whole number' }).int();

/**
 * Every setting, read from the environment and checked once.
 *
 * A process that can't work says so at its start, naming each wrong variable and the remedy, not at its first mail.
 */
const settings = z.object({
  /** Postgres, as the application's role. */
  DATABASE_URL: z.url({
    protocol: /^postgres(ql)?$/,
    error: 'give the address of Postgres, such as postgres://relance_app:secret@127.0.0.1:5432/relance',
  }),
  ...temporalSettings.shape,
  ...archiveSettings.shape,
  /** How often a worker looks for what is over and not archived yet, in real seconds. */
  ARCHIVE_EVERY_SECONDS: z.coerce.number().positive().max(43_200).default(300),
  ...anchorSettings.shape,
  /** Where the API listens, and a worker with its metrics and its health. */
  HOST: z.string().min(1).default('127.0.0.1'),
  PORT: z.coerce.number({ error: 'give a port between 1 and 65535' }).int().min(1).max(65535).default(8080),
  /** Names under which browsers may reach the API, comma separated; loopback names always may. */
  ALLOWED_HOSTS: z.string().default('').transform(listed),
  /** Whether browsers reach the API by https alone, through what ends TLS before it; they are then told to stay with that. */
  BEHIND_TLS: z.stringbool({ error: 'give true or false' }).default(false),
  /** Addresses or networks of the proxies before the API, comma separated; who asks is believed from them alone. */
  TRUSTED_PROXIES: z
    .string()
    .default('')
    .transform(listed)
    .refine((places) => places.every(isPlace), 'give addresses or networks, such as 172.18.0.0/16'),
  /** Requests a minute that one caller may make; strangers and dear routes get a part of it. 0 is no limit. */
  RATE_LIMIT_PER_MINUTE: count.min(0).max(1_000_000).default(1_200),
  /** Whose pages may have payloads opened for them (`api/routes/codec.ts`): the origin of Temporal's; none when absent. */
  TEMPORAL_UI_ORIGIN: z
    .string()
    .regex(
      /^https?:\/\/[a-z0-9.[\]:-]+$/,
      'give scheme, name and port alone, such as http://127.0.0.1:8233, in small letters',
    )
    .optional(),
  /** How browsers reach the API, with https; without it the name that they asked for counts. */
  PUBLIC_URL: z
    .url({ protocol: /^https?$/, error: 'give an address such as https://relance.example.com' })
    .transform((url, context) => {
      if (!URL.canParse(url)) return z.NEVER;
      const { origin, pathname, search } = new URL(url);
      if (pathname === '/' && search === '') return origin;
      context.addIssue({ code: 'custom', message: 'give the address alone, without a path' });
      return z.NEVER;
    })
    .optional(),
  /** Lets people log in without TLS, where nobody but this machine can ask. */
  PLAIN_HTTP: z.stringbool({ error: 'give true or false' }).default(false),
  /** How long a session lasts that nobody uses, and at most. */
  SESSION_IDLE_MINUTES: count.min(1).max(1440).default(30),
  SESSION_HOURS: count.min(1).max(168).default(12),
  /** What seals the secrets of second factors: 32 bytes in hex; with a comma between them, the first seals and all open. */
  LOGIN_KEYS: z
    .string()
    .regex(
      /^[0-9a-f]{64}(,[0-9a-f]{64})*$/i,
      'give 64 hexadecimal digits: openssl rand -hex 32. Several have commas between them, the newest first',
    )
    .refine((keys) => keys.split(',').every(isRandom), 'give digits of chance: openssl rand -hex 32')
    .transform((keys) => keys.split(',').map((key) => Buffer.from(key, 'hex')))
    .optional(),
  /** Whose sessions open nothing without a second factor: roles, comma separated, or all; nobody's when absent. */
  SECOND_FACTOR: z
    .string()
    .default('')
    .transform(listed)
    .pipe(
      z.array(
        z.enum([...roles, 'all'], `give roles with commas between them, of ${roles.join(', ')}, or all`),
      ),
    )
    .transform((named): readonly Role[] =>
      roles.filter((role) => named.includes(role) || named.includes('all')),
    ),
  /** The house that knows our people, by OpenID Connect; all three or none. */
  OIDC_ISSUER: z
    .url({ protocol: /^https?$/, error: 'give the address of the issuer, such as https://login.example.com' })
    .optional(),
  OIDC_CLIENT_ID: z.string().min(1).optional(),
  OIDC_CLIENT_SECRET: z.string().min(16, 'give the secret that the issuer made for us').optional(),
  /** By which values of `amr` or `acr` it says that somebody proved himself twice, comma separated; `always`: it never opens with less. */
  OIDC_SECOND_FACTOR: z.string().default('mfa'),
  /** The accounts through which messages leave (`activities/carriers/accounts.ts`); without it none leaves the house. */
  CHANNELS_FILE: z
    .string()
    .optional()
    .transform((path) => path || null),
  LOG_LEVEL: z.enum(['trace', 'debug', 'info', 'warn', 'error', 'silent']).default('info'),
  /** Messages per second that the delivery queue lets out. */
  DELIVERIES_PER_SECOND: z.coerce.number().positive().max(1000).default(20),
  /** Workflow starts and bulk signals per second. */
  BULK_PER_SECOND: z.coerce.number().positive().max(5000).default(150),
  /** How long a wake-up may be overdue, in real seconds, before the sweep wakes the file again. */
  SWEEP_AFTER_SECONDS: z.coerce.number().positive().default(900),
  SWEEP_EVERY_SECONDS: z.coerce.number().positive().default(60),
  /** Where a worker shows Prometheus the figures of Temporal's SDK, and where it says whether it works; 0 is nowhere. */
  WORKER_METRICS_PORT: count.min(0).max(65535).default(0),
  WORKER_HEALTH_PORT: count.min(0).max(65535).default(0),
  /** The file that temporal/bundle.ts made; without it a worker bundles the workflows at its start. */
  RELANCE_WORKFLOW_BUNDLE: z.string().optional(),
  /** Sleeping workflows kept in memory, about 0.3 MB each; the others are replayed when they wake. */
  CACHED_WORKFLOWS: count.min(10).default(1000),
  /** What one worker process does at once, and how many calls wait for more of it. */
  WORKFLOW_TASKS_AT_ONCE: count.min(2).max(1000).default(16),
  WORKFLOW_POLLERS: count.min(2).max(100).default(10),
  ACTIVITIES_AT_ONCE: count.min(1).max(1000).default(50),
  ACTIVITY_POLLERS: count.min(1).max(100).default(10),
  DELIVERIES_AT_ONCE: count.min(1).max(1000).default(20),
});

export type Config = z.infer<typeof settings>;

/** The names of all settings. */
export const settingNames = Object.keys(settings.shape);

/** Reads the settings; throws an Error whose message lists each wrong variable with its remedy. */
export function readConfig(environment: NodeJS.ProcessEnv = process.env): Config {
  return read(
    settings
      .superRefine(checkPair)
      .superRefine(checkKeys)
      .superRefine(checkArchive)
      .superRefine(checkAnchors)
      .superRefine(checkPollers)
      .superRefine(checkPeople),
    environment,
  );
}

/** The same for a program that looks at Temporal and at the archive, and has its database from elsewhere. */
export function readTemporalSettings(
  environment: NodeJS.ProcessEnv = process.env,
): TemporalSettings & ArchiveSettings {
  const shape = z.object({ ...temporalSettings.shape, ...archiveSettings.shape });
  return read(shape.superRefine(checkPair).superRefine(checkKeys).superRefine(checkArchive), environment);
}

/** More pollers than slots would fetch tasks that nobody has room for; the SDK refuses them less kindly. */
function checkPollers(found: Config, context: z.RefinementCtx): void {
  const pairs = [
    ['WORKFLOW_POLLERS', 'WORKFLOW_TASKS_AT_ONCE'],
    ['ACTIVITY_POLLERS', 'ACTIVITIES_AT_ONCE'],
  ] as const;
  for (const [pollers, slots] of pairs)
    if (found[pollers] > found[slots])
      context.addIssue({
        code: 'custom',
        path: [pollers],
        message: `give at most ${slots}, which is ${found[slots]}`,
      });
}

/** Nobody's password or session may cross a network in clear. */
function checkPeople(found: Config, context: z.RefinementCtx): void {
  const { HOST, PUBLIC_URL, PLAIN_HTTP, OIDC_ISSUER } = found;
  const say = (path: keyof Config, message: string): void => {
    context.addIssue({ code: 'custom', path: [path], message });
  };
  const beyondUs = !isLoopback(HOST) || (PUBLIC_URL !== undefined && !isOurs(PUBLIC_URL));
  if (PLAIN_HTTP && beyondUs)
    say('PLAIN_HTTP', 'leave it out: others can reach HOST or PUBLIC_URL, so TLS must stand before it');
  if (PUBLIC_URL !== undefined && !PUBLIC_URL.startsWith('https:') && !isOurs(PUBLIC_URL))
    say('PUBLIC_URL', 'give an address with https');
  if (OIDC_ISSUER !== undefined && !OIDC_ISSUER.startsWith('https:') && !isOurs(OIDC_ISSUER))
    say('OIDC_ISSUER', 'give an address with https');
  if (found.SECOND_FACTOR.length > 0 && found.LOGIN_KEYS === undefined)
    say('LOGIN_KEYS', 'give it too: SECOND_FACTOR asks for what cannot be kept without');
  const oidc = ['OIDC_ISSUER', 'OIDC_CLIENT_ID', 'OIDC_CLIENT_SECRET'] as const;
  const given = oidc.filter((name) => found[name] !== undefined);
  if (given.length > 0)
    for (const name of oidc)
      if (!given.includes(name)) say(name, `give it too: ${given.join(' and ')} alone is no way in`);
}

function isOurs(url: string): boolean {
  return URL.canParse(url) && isLoopback(new URL(url).hostname);
}

function isLoopback(host: string): boolean {
  return host === 'localhost' || host === '[::1]' || host === '::1' || /^127(\.\d{1,3}){3}$/.test(host);
}

/** An empty variable counts as none: a compose file cannot leave one out. */
function read<T>(schema: z.ZodType<T>, environment: NodeJS.ProcessEnv): T {
  const given = Object.fromEntries(Object.entries(environment).filter(([, value]) => value !== ''));
  const result = schema.safeParse(given);
  if (result.success) return result.data;
  const problems = result.error.issues.map((issue) => `  ${issue.path.join('.')}: ${issue.message}`);
  throw new Error(`Relance cannot start with these settings:\n${problems.join('\n')}`);
}
