import { spawn } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { connect, createServer } from 'node:net';
import type { Server, Socket } from 'node:net';
import { fileURLToPath } from 'node:url';
import { afterEach, describe, expect, it } from 'vitest';
import { freePort } from '../../processes/free-port.ts';
import { freshDatabase } from '../setup/database.ts';

const root = fileURLToPath(new URL('../..', import.meta.url));
const patience = { timeout: 45_000, interval: 100 };
const undo: (() => Promise<unknown>)[] = [];

afterEach(async () => {
  while (undo.length > 0) await undo.pop()?.();
});

// In a compose file, after a power cut, at an upgrade: who starts first is nobody's choice.
describe('a process that starts before Postgres', () => {
  it.each([
    ['the API', 'api/server.ts'],
    ['a worker', 'worker.ts'],
  ])(
    'ends when it is asked to: %s',
    async (_, file) => {
      const url = new URL(`postgres://relance_app:x@127.0.0.1:${await freePort()}/relance`);
      const { child, said } = start(file, url, await freePort());
      await expect.poll(said, patience).toContain('Postgres does not answer; trying again');

      child.kill('SIGTERM');

      expect((await once(child, 'exit'))[0]).toBe(0);
    },
    60_000,
  );

  it('works as soon as Postgres is there', async () => {
    const database = await freshDatabase();
    undo.push(() => database.drop());
    const [late, port] = [await freePort(), await freePort()];
    const url = Object.assign(new URL(database.url), { port: String(late) });
    const { said } = start('api/server.ts', url, port);
    await expect.poll(said, patience).toContain('Postgres does not answer; trying again');

    await openWay(late, Number(new URL(database.url).port));

    await expect.poll(() => answers(`http://127.0.0.1:${port}/healthz`), patience).toBe(true);
  }, 100_000);
});

function start(file: string, databaseUrl: URL, port: number): { child: ChildProcess; said: () => string } {
  let printed = '';
  const child = spawn('node', ['--import', 'tsx', file], {
    cwd: root,
    env: {
      ...process.env,
      DATABASE_URL: databaseUrl.href,
      TEMPORAL_ADDRESS: '127.0.0.1:1',
      PORT: String(port),
      LOG_LEVEL: 'warn',
    },
  });
  for (const stream of [child.stdout, child.stderr])
    stream.on('data', (chunk: Buffer) => {
      printed += chunk.toString();
    });
  undo.push(async () => {
    if (child.exitCode !== null || child.signalCode !== null) return;
    const ended = once(child, 'exit');
    child.kill('SIGKILL');
    await ended;
  });
  return { child, said: () => printed };
}

/** Lets what connects to one port reach another. */
async function openWay(from: number, to: number): Promise<void> {
  const sockets = new Set<Socket>();
  const server: Server = createServer((near) => {
    const far = connect(to, '127.0.0.1');
    for (const socket of [near, far]) sockets.add(socket.on('error', () => socket.destroy()));
    near.pipe(far).pipe(near);
  });
  server.listen(from, '127.0.0.1');
  await once(server, 'listening');
  undo.push(async () => {
    for (const socket of sockets) socket.destroy();
    server.close();
    await once(server, 'close');
  });
}

async function answers(url: string): Promise<boolean> {
  return fetch(url).then(
    (response) => response.ok,
    () => false,
  );
}
