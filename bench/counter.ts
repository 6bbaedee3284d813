import { newKey, storeKey } from '../db/keys.ts';
import { addUser } from '../db/users.ts';
import type { Role } from '../domain/role.ts';
import { freePort } from '../processes/free-port.ts';
import type { Rig } from './rig.ts';
import { until } from './until-closed.ts';

/** An API process at work, and how it is asked. */
export interface Counter {
  readonly pid: number;
  readonly url: string;
  /** A key of a new user with that role. */
  hire(name: string, role: Role): Promise<string>;
}

/** Starts the API beside the rig's worker; resolves when it answers. */
export async function openCounter(rig: Rig): Promise<Counter> {
  const port = await freePort();
  const { pid } = await rig.startOurs('api/server.ts', {
    PORT: String(port),
    LOG_LEVEL: 'warn',
    NODE_OPTIONS: '--max-old-space-size=768',
  });
  const url = `http://127.0.0.1:${port}`;
  await until(
    'the API answers',
    async () => (await fetch(`${url}/healthz`).catch(() => undefined))?.ok === true,
  );
  return { pid, url, hire: (name, role) => hire(rig, name, role) };
}

/** Asks the API; throws with its answer when it is not content. */
export async function asked<T>(
  { url }: Counter,
  key: string,
  path: string,
  request: Omit<RequestInit, 'headers'> & { readonly headers?: Record<string, string> } = {},
): Promise<T> {
  const headers = { authorization: `Bearer ${key}`, ...request.headers };
  const response = await fetch(`${url}${path}`, { ...request, headers });
  if (!response.ok) throw new Error(`${path} was answered with ${response.status}: ${await response.text()}`);
  return (await response.json()) as T;
}

async function hire({ house }: Rig, name: string, role: Role): Promise<string> {
  const key = newKey();
  const now = await house.clock.now();
  await house.db.transaction().execute(async (tx) => {
    const user = await addUser(tx, now, { name, email: null, role, language: 'fr' }, 'bench');
    if (!user) throw new Error(`there is a user ${name} already`);
    await storeKey(tx, now, user, key, 'bench');
  });
  return key.key;
}
