import { once } from 'node:events';
import { pino } from 'pino';
import { readAccounts } from '../activities/carriers/accounts.ts';
import { readConfig } from '../config.ts';
import type { Config } from '../config.ts';
import { openHouse } from '../db/house.ts';
import { PersonKeys } from '../db/erasure/person-keys.ts';
import type { House } from '../db/house.ts';
import { isNotThereYet } from '../db/retrying.ts';
import { untilAnswered } from '../processes/until-answered.ts';
import { lazyClient } from '../temporal/connection.ts';
import { codecOf } from '../temporal/sealing/data-converter.ts';
import { buildApi } from './app.ts';
import type { ApiParts } from './app.ts';

/**
 * The API as a process: reads its settings, listens, and ends when it is asked to.
 *
 * It waits for Postgres; it starts and goes on while Temporal is down: the connection is made at its first use. At
 * SIGTERM it stops taking requests, answers those it has, and closes its connections.
 */
const config = readConfig();
const accounts = readAccounts(config.CHANNELS_FILE);
const personKeys = new PersonKeys(config.PAYLOAD_KEYS_FILE);
const stopping = new AbortController();
for (const signal of ['SIGTERM', 'SIGINT'] as const)
  process.on(signal, () => {
    stopping.abort();
  });

const house = await untilAnswered(() => openHouse(config.DATABASE_URL, { personKeys }), {
  signal: stopping.signal,
  isAbsence: isNotThereYet,
  tell: (failure) => {
    pino({ level: config.LOG_LEVEL }).warn(
      { reason: String(failure) },
      'Postgres does not answer; trying again',
    );
  },
});
if (house) await serve(house);

async function serve(open: House): Promise<void> {
  const temporal = lazyClient(config);
  const app = await buildApi({
    house: open,
    config,
    temporal,
    listenUrl: config.DATABASE_URL,
    accounts,
    ...payloadOpeningOf(config),
  });
  await app.listen({ host: config.HOST, port: config.PORT });
  if (!stopping.signal.aborted) await once(stopping.signal, 'abort');
  await app.close();
  await Promise.allSettled([open.db.destroy(), temporal.connection.close()]);
}

function payloadOpeningOf(settings: Config): Pick<ApiParts, 'payloadOpening'> {
  const codec = codecOf(settings);
  const { TEMPORAL_NAMESPACE: namespace, TEMPORAL_UI_ORIGIN: uiOrigin } = settings;
  return codec ? { payloadOpening: { codec, namespace, uiOrigin } } : {};
}
