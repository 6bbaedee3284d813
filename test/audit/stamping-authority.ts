import { execFile } from 'node:child_process';
import { X509Certificate } from 'node:crypto';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';

const run = promisify(execFile);

/** A time-stamping authority on this machine that answers with `openssl ts`, and remembers how often it was asked. */
export interface StampingAuthority {
  readonly url: string;
  /** Who has issued its certificate. */
  readonly issuer: X509Certificate;
  /** Where `ca.pem` lies, for other programs. */
  readonly folder: string;
  /** What it answers from now on: as it should, or with that status. */
  answers: 'stamps' | number;
  readonly asked: () => number;
  close(): Promise<void>;
}

const settings = `
[ tsa ]
default_tsa = here
[ here ]
serial = serial
crypto_device = builtin
signer_digest = sha256
default_policy = 1.2.3.4.1
digests = sha256
ess_cert_id_alg = sha256
[ ca ]
basicConstraints = critical,CA:true
[ stamps ]
extendedKeyUsage = critical,timeStamping
[ req ]
distinguished_name = name
[ name ]
`;

export async function stampingAuthority(): Promise<StampingAuthority> {
  const folder = await mkdtemp(join(tmpdir(), 'tsa-'));
  const openssl = (...args: readonly string[]) => run('openssl', args, { cwd: folder });
  const key = ['-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:prime256v1', '-nodes', '-config', 'settings'];
  const subject = (name: string): readonly string[] => ['-subj', `/CN=${name}`];
  await writeFile(join(folder, 'settings'), settings);
  await openssl(
    'req',
    '-x509',
    ...key,
    ...subject('Root'),
    '-extensions',
    'ca',
    '-keyout',
    'ca.key',
    '-out',
    'ca.pem',
  );
  await openssl('req', ...key, ...subject('Stamps of time'), '-keyout', 'tsa.key', '-out', 'tsa.csr');
  await openssl(
    ...['x509', '-req', '-in', 'tsa.csr', '-CA', 'ca.pem', '-CAkey', 'ca.key', '-CAcreateserial'],
    ...['-days', '30', '-extfile', 'settings', '-extensions', 'stamps', '-out', 'tsa.pem'],
  );
  await writeFile(join(folder, 'serial'), '01');

  let asked = 0;
  const authority = { answers: 'stamps' as 'stamps' | number };
  const server = createServer((request, response) => {
    const parts: Buffer[] = [];
    request.on('data', (part: Buffer) => parts.push(part));
    request.on('end', () => {
      asked += 1;
      const answer = async (): Promise<void> => {
        if (authority.answers !== 'stamps') {
          response.writeHead(authority.answers).end();
          return;
        }
        await writeFile(join(folder, 'query'), Buffer.concat(parts));
        await openssl(
          ...['ts', '-reply', '-config', 'settings', '-queryfile', 'query', '-signer', 'tsa.pem'],
          ...['-inkey', 'tsa.key', '-out', 'reply'],
        );
        response.writeHead(200, { 'content-type': 'application/timestamp-reply' });
        response.end(await readFile(join(folder, 'reply')));
      };
      answer().catch((fault: unknown) => response.writeHead(500).end(String(fault)));
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return Object.assign(authority, {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/`,
    issuer: new X509Certificate(await readFile(join(folder, 'ca.pem'))),
    folder,
    asked: () => asked,
    close: async () => {
      await new Promise((resolve) => server.close(resolve));
      await rm(folder, { recursive: true });
    },
  });
}
