import { execFile, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { connect as http2Connect, createSecureServer } from 'node:http2';
import type { IncomingHttpHeaders, ServerHttp2Stream } from 'node:http2';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { NativeConnection } from '@temporalio/worker';
import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest';
import { readConfig, readTemporalSettings } from '../../config.ts';
import { connectionSettings, isReachable, lazyClient } from '../../temporal/connection.ts';
import { startTemporalServer } from '../../temporal/server/dev-server.ts';
import type { RunningTemporal } from '../../temporal/server/dev-server.ts';
import { freshDatabase } from '../setup/database.ts';
import { clone } from './compose-file.ts';
import '../setup/quiet-workers.ts';

const run = promisify(execFile);
const hasOpenSsl = spawnSync('openssl', ['version']).status === 0;
const serverName = 'relance.a1b2c.tmprl.example';

let folder: string;
const file = (name: string): string => join(folder, name);

/** Certificates as an operator makes them: an authority, a server that it signed, a client that it signed, and a stranger. */
function makeCertificates(): void {
  const openssl = (...args: readonly string[]): void => {
    const { status, stderr } = spawnSync('openssl', args, { cwd: folder, encoding: 'utf8' });
    if (status !== 0) throw new Error(`openssl ${args.join(' ')}: ${stderr}`);
  };
  const fresh = ['-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:P-256', '-nodes', '-days', '2'];
  for (const authority of ['ca', 'stranger-ca'])
    openssl(
      'req',
      '-x509',
      ...fresh,
      '-subj',
      `/CN=${authority}`,
      '-keyout',
      `${authority}.key`,
      '-out',
      `${authority}.pem`,
    );
  for (const [name, authority] of [
    ['server', 'ca'],
    ['client', 'ca'],
    ['stranger', 'stranger-ca'],
  ] as const)
    openssl(
      ...['req', '-x509', ...fresh, '-subj', `/CN=${name}`, '-addext', `subjectAltName=DNS:${serverName}`],
      ...[
        '-addext',
        'basicConstraints=critical,CA:FALSE',
        '-CA',
        `${authority}.pem`,
        '-CAkey',
        `${authority}.key`,
      ],
      ...['-keyout', `${name}.key`, '-out', `${name}.pem`],
    );
}

interface Front {
  readonly address: string;
  /** What callers showed as their authorization, each word once. */
  readonly shown: Set<string | undefined>;
  close(): Promise<void>;
}

/**
 * What stands before Temporal Cloud: it ends TLS, lets in who has a certificate of our authority, and refuses who does
 * not show the key that it wants; what passes goes to the real server.
 */
async function openFront(temporal: string, wants: { certificate?: true; key?: string }): Promise<Front> {
  const shown = new Set<string | undefined>();
  const behind = http2Connect(`http://${temporal}`);
  const pass = (stream: ServerHttp2Stream, headers: IncomingHttpHeaders): void => {
    stream.on('error', () => undefined);
    shown.add(headers.authorization);
    if (wants.key !== undefined && headers.authorization !== `Bearer ${wants.key}`) {
      stream.respond(
        { ':status': 200, 'content-type': 'application/grpc', 'grpc-status': '16' },
        { endStream: true },
      );
      return;
    }
    const { ':scheme': _, ...kept } = headers;
    const onward = behind.request({ ...kept, ':scheme': 'http', ':authority': temporal });
    let trailers: IncomingHttpHeaders = {};
    onward.on('error', () => {
      stream.close();
    });
    onward.on('response', (answer) => {
      stream.respond(answer, { waitForTrailers: true });
    });
    onward.on('trailers', (found) => (trailers = found));
    stream.on('wantTrailers', () => {
      stream.sendTrailers(trailers);
    });
    stream.on('close', () => {
      onward.close();
    });
    stream.pipe(onward).pipe(stream);
  };
  const server = createSecureServer({
    cert: readFileSync(file('server.pem')),
    key: readFileSync(file('server.key')),
    ca: readFileSync(file('ca.pem')),
    requestCert: wants.certificate ?? false,
    rejectUnauthorized: wants.certificate ?? false,
  });
  const sessions = new Set<{ destroy(): void }>();
  server.on('session', (session) => void sessions.add(session));
  server.on('stream', pass);
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return {
    address: `127.0.0.1:${(server.address() as AddressInfo).port}`,
    shown,
    close: async () => {
      for (const session of sessions) session.destroy();
      server.close();
      behind.destroy();
    },
  };
}

beforeAll(() => {
  folder = mkdtempSync('/tmp/relance-reach-');
  if (hasOpenSsl) makeCertificates();
});
afterAll(() => {
  rmSync(folder, { recursive: true });
});

/** Who gets through, by the two kinds of connection that there are: those of clients and those of workers. */
async function getsThrough(settings: Record<string, string>): Promise<{ client: boolean; worker: boolean }> {
  const reach = readTemporalSettings(settings);
  const client = lazyClient(reach);
  const [byClient, byWorker] = await Promise.all([
    isReachable(client),
    NativeConnection.connect(connectionSettings(reach)).then(
      async (connection) => {
        await connection.close();
        return true;
      },
      () => false,
    ),
  ]);
  await client.connection.close();
  return { client: byClient, worker: byWorker };
}

const through = { client: true, worker: true };
const refused = { client: false, worker: false };

// Skipped without openssl: Node makes keys, and has nothing that signs certificates.
describe.skipIf(!hasOpenSsl)('Temporal behind TLS', { timeout: 60_000 }, () => {
  let temporal: RunningTemporal;
  let front: Front;
  beforeAll(async () => {
    temporal = await startTemporalServer({
      logFile: file('temporal.log'),
      program: inject('temporalProgram'),
    });
  });
  afterAll(() => temporal.stop());

  const trusted = (): Record<string, string> => ({
    TEMPORAL_ADDRESS: front.address,
    TEMPORAL_TLS_CA: file('ca.pem'),
    TEMPORAL_TLS_SERVER_NAME: serverName,
  });

  describe('that asks for a certificate', () => {
    beforeAll(async () => {
      front = await openFront(temporal.address, { certificate: true });
    });
    afterAll(() => front.close());
    const with_ = (name: string): Record<string, string> => ({
      ...trusted(),
      TEMPORAL_TLS_CERT: file(`${name}.pem`),
      TEMPORAL_TLS_KEY: file(`${name}.key`),
    });

    it('lets in clients and workers that have one', async () => {
      expect(await getsThrough(with_('client'))).toEqual(through);
    });

    // Side by side: a worker's connection tries for twenty seconds before it gives up.
    it('is reached by nobody else, and believed only with its own name and authority', async () => {
      const wrong: Record<string, Record<string, string>> = {
        'without a certificate': trusted(),
        'with the certificate of a stranger': with_('stranger'),
        'in clear text': { TEMPORAL_ADDRESS: front.address },
        'as signed by another authority': { ...with_('client'), TEMPORAL_TLS_CA: file('stranger-ca.pem') },
        'by another name': { ...with_('client'), TEMPORAL_TLS_SERVER_NAME: 'else.example' },
      };

      const results = await Promise.all(
        Object.entries(wrong).map(async ([how, settings]) => [how, await getsThrough(settings)] as const),
      );

      expect(Object.fromEntries(results)).toEqual(
        Object.fromEntries(Object.keys(wrong).map((how) => [how, refused])),
      );
    });

    it('is looked at by verify', async () => {
      const database = await freshDatabase();
      const env = { ...process.env, ...with_('client'), DATABASE_URL: database.url };

      const { stdout } = await run('node', ['--import', 'tsx', 'verify.ts'], { cwd: clone, env });

      await database.drop();
      expect(stdout).not.toContain('does not answer');
      expect(stdout).toMatch(/All \d+ invariants hold/);
    });
  });

  describe('that asks for an API key', () => {
    beforeAll(async () => {
      front = await openFront(temporal.address, { key: 'a.secret.key' });
    });
    afterAll(() => front.close());

    it('lets in clients and workers that show it', async () => {
      expect(await getsThrough({ ...trusted(), TEMPORAL_API_KEY: 'a.secret.key' })).toEqual(through);
      expect([...front.shown]).toEqual(['Bearer a.secret.key']);
    });

    it('refuses another key and none', async () => {
      expect(await getsThrough({ ...trusted(), TEMPORAL_API_KEY: 'another' })).toEqual(refused);
      expect(await getsThrough(trusted())).toEqual(refused);
    });

    it('never sees the key in clear text: a key alone switches TLS on', () => {
      const settings = { TEMPORAL_ADDRESS: front.address, TEMPORAL_API_KEY: 'a.secret.key' };

      expect(connectionSettings(readTemporalSettings(settings))).toMatchObject({ tls: true });
    });
  });
});

describe.skipIf(!hasOpenSsl)('wrong settings for Temporal', () => {
  const DATABASE_URL = 'postgres://relance_app:x@127.0.0.1:5432/relance';
  const said = (settings: Record<string, string>): string => {
    try {
      readConfig({ DATABASE_URL, ...settings });
    } catch (failure) {
      return (failure as Error).message;
    }
    return '';
  };

  it('name the file that is not there', () => {
    expect(said({ TEMPORAL_TLS_CA: '/nowhere/ca.pem' })).toMatch(
      /TEMPORAL_TLS_CA: .*\/nowhere\/ca\.pem: ENOENT/,
    );
  });

  it('name the file that holds something else', () => {
    expect(said({ TEMPORAL_TLS_CERT: file('client.key'), TEMPORAL_TLS_KEY: file('client.pem') })).toMatch(
      /TEMPORAL_TLS_CERT: .*does not hold a certificate[^]*TEMPORAL_TLS_KEY: .*does not hold an unencrypted private key/,
    );
  });

  it('ask for the other half of a pair', () => {
    expect(said({ TEMPORAL_TLS_CERT: file('client.pem') })).toContain(
      'TEMPORAL_TLS_KEY: give the private key',
    );
    expect(said({ TEMPORAL_TLS_KEY: file('client.key') })).toContain(
      'TEMPORAL_TLS_CERT: give the certificate',
    );
  });

  it('see that a key belongs to another certificate', () => {
    expect(said({ TEMPORAL_TLS_CERT: file('client.pem'), TEMPORAL_TLS_KEY: file('server.key') })).toContain(
      'belongs to another certificate',
    );
  });

  it('say so about a key with a line break, as one read from a file has', () => {
    expect(said({ TEMPORAL_API_KEY: 'secret\n' })).toContain('TEMPORAL_API_KEY: give the key alone');
  });
});

describe('the settings', () => {
  it('take an empty variable for none, because a compose file cannot leave one out', () => {
    const empty = { TEMPORAL_API_KEY: '', TEMPORAL_TLS_CERT: '', TEMPORAL_TLS: '', CACHED_WORKFLOWS: '' };

    const config = readConfig({ DATABASE_URL: 'postgres://relance_app:x@127.0.0.1:5432/relance', ...empty });

    expect(config).toMatchObject({ TEMPORAL_TLS: false, CACHED_WORKFLOWS: 1000 });
    expect(config.TEMPORAL_API_KEY).toBeUndefined();
    expect(connectionSettings(config)).toEqual({ address: '127.0.0.1:7233' });
  });

  it('refuse more pollers than there are slots', () => {
    const few = { WORKFLOW_TASKS_AT_ONCE: '4', WORKFLOW_POLLERS: '5' };

    expect(() => readConfig({ DATABASE_URL: 'postgres://a:x@127.0.0.1:5432/relance', ...few })).toThrow(
      'WORKFLOW_POLLERS: give at most WORKFLOW_TASKS_AT_ONCE, which is 4',
    );
  });
});

describe('every connection to Temporal', () => {
  it('is made with those settings: nobody else makes one', () => {
    const { stdout } = spawnSync('git', ['ls-files', '--cached', '--others', '--exclude-standard', '*.ts'], {
      cwd: clone,
      encoding: 'utf8',
    });
    const product = stdout.split('\n').filter((name) => name && !/^(test|bench)\//.test(name));
    const making = product.filter((name) =>
      /\b(Native)?Connection\.(lazy|connect)\((?!connectionSettings\()/.test(
        readFileSync(join(clone, name), 'utf8'),
      ),
    );

    // The development server asks itself whether it is ready.
    expect(making.sort()).toEqual(['temporal/connection.ts', 'temporal/server/dev-server.ts']);
  });
});
