import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Client } from '@temporalio/client';
import type { Db } from '../db/database.ts';
import { databaseState } from '../db/readiness.ts';
import { isReachable } from './connection.ts';

/** What a worker is asked about. */
export interface AtWork {
  readonly db: Db;
  readonly temporal: Client;
  /** Whether it takes tasks from Temporal. */
  readonly isAtWork: () => boolean;
}

/**
 * Says whether a worker works, over HTTP: `/healthz` while it lives, `/readyz` when it takes tasks and has what they need.
 *
 * Its process lives on and waits while Postgres or Temporal is away, so nobody should start it again for a 503: it is
 * there to be seen. The answers hold no business, and so need no key.
 */
export async function answerForWorker(
  host: string,
  port: number,
  worker: AtWork,
): Promise<{ readonly port: number; close(): Promise<void> }> {
  const server = createServer((request, response) => {
    const answer = (status: number, body: object): void => {
      response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(body));
    };
    if (request.url === '/healthz') return void answer(200, { status: 'ok' });
    if (request.url !== '/readyz')
      return void answer(404, { status: 'unknown', ask: ['/healthz', '/readyz'] });
    void stateOf(worker).then((state) => {
      answer(state.status === 'ready' ? 200 : 503, state);
    });
  });
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject).listen(port, host, resolve);
  });
  return {
    port: (server.address() as AddressInfo).port,
    close: () =>
      new Promise((resolve) => {
        server.close(() => {
          resolve();
        });
        server.closeAllConnections();
      }),
  };
}

async function stateOf({
  db,
  temporal,
  isAtWork,
}: AtWork): Promise<Readonly<Record<'status' | 'worker' | 'postgres' | 'temporal', string>>> {
  const [postgres, reachable] = await Promise.all([databaseState(db), isReachable(temporal)]);
  const worker = isAtWork() ? 'at work' : 'waiting';
  const ready = worker === 'at work' && postgres === 'ok' && reachable;
  return {
    status: ready ? 'ready' : 'not-ready',
    worker,
    postgres,
    temporal: reachable ? 'ok' : 'unreachable',
  };
}
