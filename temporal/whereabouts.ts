import type { Client } from '@temporalio/client';
import { readTemporalSettings } from '../config.ts';
import type { ArchiveSettings, TemporalSettings } from '../config.ts';
import { openDatabase } from '../db/database.ts';
import type { Db } from '../db/database.ts';
import { PersonKeys } from '../db/erasure/person-keys.ts';
import { aboutRunning } from '../processes/running-file.ts';
import { lazyClient } from './connection.ts';

/** What a command that looks at a Relance from outside has before it. */
export interface Looked {
  readonly db: Db;
  /** Connects when it is first asked; Temporal may be down. */
  readonly client: Client;
  readonly databaseUrl: string;
  /** How Temporal is reached, and where histories are archived. */
  readonly settings: TemporalSettings & ArchiveSettings;
}

/** The options that every such command knows, for `parseArgs`. */
export const whereOptions = {
  data: { type: 'string', default: '.data' },
  help: { type: 'boolean' },
} as const;

/** What they mean, for its usage. */
export const whereUsage = `  --data FOLDER   the data folder of the running start to look at (default .data);
                  with DATABASE_URL and TEMPORAL_ADDRESS in the environment, those are looked at instead`;

/**
 * Opens the Relance that is meant, lets `look` look at it, and closes it again.
 *
 * With `DATABASE_URL` in the environment it is that one, else the running start that has its data in `folder`. Throws
 * with the remedy when there is none.
 */
export async function lookingAt<T>(folder: string, look: (looked: Looked) => Promise<T>): Promise<T> {
  const environment = environmentOf(folder);
  const databaseUrl = environment['DATABASE_URL'] ?? '';
  const settings = readTemporalSettings(environment);
  const personKeys = new PersonKeys(settings.PAYLOAD_KEYS_FILE);
  const db = openDatabase(databaseUrl, { connectionsMax: 12, personKeys });
  const client = lazyClient(settings);
  try {
    return await look({ db, client, databaseUrl, settings });
  } finally {
    await Promise.all([db.destroy(), client.connection.close()]);
  }
}

function environmentOf(folder: string): NodeJS.ProcessEnv {
  if (process.env['DATABASE_URL']) return process.env;
  const about = aboutRunning(folder);
  if (!about?.['databaseUrl'])
    throw new Error(
      `No Relance is running with its data in ${folder}. Start it (npm start), name another folder (--data FOLDER), or set DATABASE_URL and TEMPORAL_ADDRESS.`,
    );
  const { databaseUrl, temporalAddress, payloadKeysFile, archive } = about;
  return {
    ...(payloadKeysFile ? { PAYLOAD_KEYS_FILE: payloadKeysFile } : {}),
    ...(archive ? (JSON.parse(archive) as NodeJS.ProcessEnv) : {}),
    ...process.env,
    DATABASE_URL: databaseUrl,
    ...(temporalAddress ? { TEMPORAL_ADDRESS: temporalAddress } : {}),
  };
}
