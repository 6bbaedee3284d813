import { Client, Connection } from '@temporalio/client';
import type { TLSConfig } from '@temporalio/client';
import type { TemporalSettings } from '../config.ts';
import { dataConverterOf } from './sealing/data-converter.ts';

/**
 * How Temporal is reached, by everybody alike: an API key and TLS are told here or nowhere.
 *
 * The settings are checked when they are read (`config.ts`); here they only change their names. Tests that reach a
 * server of their own give no more than its address and namespace.
 */
export type Reach = Pick<TemporalSettings, 'TEMPORAL_ADDRESS' | 'TEMPORAL_NAMESPACE'> &
  Partial<TemporalSettings>;

export interface ConnectionSettings {
  readonly address: string;
  readonly apiKey?: string;
  readonly tls?: TLSConfig | true;
}

/** A client that connects when it is first used, so that a process can start while Temporal is down. */
export function lazyClient(reach: Reach): Client {
  const connection = Connection.lazy({ ...connectionSettings(reach), connectTimeout: '5 seconds' });
  return new Client({
    connection,
    namespace: reach.TEMPORAL_NAMESPACE,
    dataConverter: dataConverterOf(reach),
  });
}

const patienceMs = 1_000;

/** Whether Temporal answers within a second. */
export async function isReachable(client: Client): Promise<boolean> {
  try {
    await within(client, patienceMs, () => client.connection.workflowService.getSystemInfo({}));
    return true;
  } catch {
    return false;
  }
}

/**
 * Lets `ask` ask Temporal for so long and hardly longer; what is not answered by then is refused.
 *
 * By a deadline and not by an abort signal: the client's retries begin anew after a signal that came between two of them,
 * and go on for twenty seconds where nobody listens.
 */
export function within<T>({ connection }: Client, longestMs: number, ask: () => Promise<T>): Promise<T> {
  return connection.withDeadline(performance.timeOrigin + performance.now() + longestMs, ask);
}

/** What a connection is made with, be it a client's or a worker's. */
export function connectionSettings(reach: Reach): ConnectionSettings {
  const { TEMPORAL_API_KEY: apiKey } = reach;
  const tls = tlsOf(reach);
  return { address: reach.TEMPORAL_ADDRESS, ...(apiKey ? { apiKey } : {}), ...(tls ? { tls } : {}) };
}

function tlsOf(reach: Reach): TLSConfig | true | undefined {
  const { TEMPORAL_TLS_CERT: crt, TEMPORAL_TLS_KEY: key, TEMPORAL_TLS_CA: ca } = reach;
  const { TEMPORAL_TLS_SERVER_NAME: name } = reach;
  const tls: TLSConfig = {
    ...(crt && key ? { clientCertPair: { crt, key } } : {}),
    ...(ca ? { serverRootCACertificate: ca } : {}),
    ...(name ? { serverNameOverride: name } : {}),
  };
  if (Object.keys(tls).length > 0) return tls;
  // A key in clear text would be anybody's.
  return reach.TEMPORAL_TLS || reach.TEMPORAL_API_KEY ? true : undefined;
}
