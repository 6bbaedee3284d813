import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import { Provider } from 'oidc-provider';
import type { Configuration } from 'oidc-provider';

/**
 * An identity provider as an organisation runs one: a process of its own that knows us as a client.
 *
 * It lets in whoever types a name, and believes what the name says: `subject|mail address|verified`. It prints its address
 * once it listens, and ends with its parent.
 */
export const client = {
  client_id: 'relance',
  client_secret: 'a-secret-that-the-issuer-made-for-us',
  redirect_uris: ['https://localhost/v1/oidc/callback'],
};

const configuration: Configuration = {
  clients: [{ ...client, response_types: ['code'], grant_types: ['authorization_code'] }],
  claims: { openid: ['sub'], email: ['email', 'email_verified'] },
  pkce: { required: () => true },
  cookies: { keys: ['only for tests'] },
  findAccount: (_, id) => {
    const [sub = '', email = '', verified = ''] = id.split('|');
    return {
      accountId: id,
      claims: () => ({ sub, email, email_verified: verified === 'verified' }),
    };
  },
};

async function main(): Promise<void> {
  // Its address is part of what it says, so its port is known before it is made.
  const probe = await import('node:http').then(({ createServer }) => createServer().listen(0, '127.0.0.1'));
  await once(probe, 'listening');
  const { port } = probe.address() as AddressInfo;
  probe.close();
  await once(probe, 'close');
  const issuer = `http://127.0.0.1:${port}`;
  const server = new Provider(issuer, configuration).listen(port, '127.0.0.1');
  await once(server, 'listening');
  process.stdout.write(`${issuer}\n`);
  process.stdin.on('end', () => process.exit(0)).resume();
}

if (process.argv[1] === import.meta.filename) await main();
