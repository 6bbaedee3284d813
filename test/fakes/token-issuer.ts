import { generateKeyPairSync, sign } from 'node:crypto';
import type { KeyObject } from 'node:crypto';
import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { client } from './identity-provider.ts';

/**
 * An identity provider whose ID tokens say and are what the test wants, signed by its key or by a thief's.
 *
 * A real provider does not sign with a key that it does not publish; so this one stands in where that is the question. It
 * has no pages: a test takes the way there and back itself, with any code.
 */
export interface TokenIssuer {
  readonly issuer: string;
  /** What the next ID token says beyond issuer, audience and times. */
  claims: Readonly<Record<string, unknown>>;
  /** Who signs it: `forged` says the name of the published key and has another, `unsigned` says that none is needed. */
  signature: 'right' | 'forged' | 'unsigned';
  close(): Promise<void>;
}

const keyName = 'the key that is published';

export async function openTokenIssuer(): Promise<TokenIssuer> {
  const [published, thiefs] = [1, 2].map(() => generateKeyPairSync('rsa', { modulusLength: 2048 }));
  if (!published || !thiefs) throw new Error('two keys');
  const jwk = { ...published.publicKey.export({ format: 'jwk' }), kid: keyName, use: 'sig', alg: 'RS256' };
  const server = createServer((request, response) => {
    const answer = (body: object): void => {
      response.setHeader('content-type', 'application/json').end(JSON.stringify(body));
    };
    const path = new URL(request.url ?? '/', 'http://issuer').pathname;
    if (path === '/.well-known/openid-configuration') answer(discovery(fake.issuer));
    else if (path === '/jwks') answer({ keys: [jwk] });
    else if (path === '/token')
      answer({
        access_token: 'opens nothing of ours',
        token_type: 'Bearer',
        expires_in: 60,
        id_token: tokenOf(fake, published, thiefs.privateKey),
      });
    else response.writeHead(404).end();
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  const fake: TokenIssuer = {
    issuer: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    claims: {},
    signature: 'right',
    close: async () => {
      server.closeAllConnections();
      server.close();
      await once(server, 'close');
    },
  };
  return fake;
}

function discovery(issuer: string): object {
  return {
    issuer,
    authorization_endpoint: `${issuer}/authorize`,
    token_endpoint: `${issuer}/token`,
    jwks_uri: `${issuer}/jwks`,
    response_types_supported: ['code'],
    subject_types_supported: ['public'],
    id_token_signing_alg_values_supported: ['RS256'],
  };
}

function tokenOf(
  { issuer, claims, signature }: TokenIssuer,
  published: { readonly publicKey: KeyObject; readonly privateKey: KeyObject },
  thiefs: KeyObject,
): string {
  const now = Math.floor(Date.now() / 1000);
  const alg = signature === 'unsigned' ? 'none' : 'RS256';
  const said = { iss: issuer, aud: client.client_id, iat: now, exp: now + 60, ...claims };
  const text = [{ alg, kid: keyName }, said].map(encoded).join('.');
  if (signature === 'unsigned') return `${text}.`;
  const key = signature === 'right' ? published.privateKey : thiefs;
  return `${text}.${sign('sha256', Buffer.from(text), key).toString('base64url')}`;
}

function encoded(part: object): string {
  return Buffer.from(JSON.stringify(part)).toString('base64url');
}
