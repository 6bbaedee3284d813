import { Client, Connection } from '@temporalio/client';
import { readConfig } from '../config.ts';
import { openHouse } from '../db/house.ts';
import { buildApi } from './app.ts';

/**
 * The API as a process: reads its settings, listens, and ends when it is asked to.
 *
 * It starts and goes on while Temporal is down: the connection is made at its first use. At SIGTERM it stops taking
 * requests, answers those it has, and closes its connections.
 */
const config = readConfig();
const house = await openHouse(config.DATABASE_URL);
const connection = Connection.lazy({ address: config.TEMPORAL_ADDRESS });
const temporal = new Client({ connection, namespace: config.TEMPORAL_NAMESPACE });
const app = await buildApi({ house, config, temporal, listenUrl: config.DATABASE_URL });

let ending = false;
for (const signal of ['SIGTERM', 'SIGINT'] as const) process.on(signal, () => void end());

async function end(): Promise<void> {
  if (ending) return;
  ending = true;
  await app.close();
  await Promise.allSettled([house.db.destroy(), connection.close()]);
}

await app.listen({ host: config.HOST, port: config.PORT });
