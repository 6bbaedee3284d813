import { Kysely, PostgresDialect } from 'kysely';
import type { Transaction } from 'kysely';
import pg from 'pg';
import { OpensSealed } from './erasure/opens-sealed.ts';
import { PersonKeys } from './erasure/person-keys.ts';
import type { Schema } from './schema.ts';

/**
 * The connection to Postgres, with values as the domain wants them.
 *
 * Cents are numbers (they stay below 2^53), civil days are text (a `Date` would shift them by the host's zone), and
 * instants are numbers of milliseconds. What is sealed with the key of a person comes opened.
 */
export type Db = Kysely<Schema>;

/** A transaction: what takes one can't be called outside, so that what belongs together is written together. */
export type Tx = Transaction<Schema>;

const { builtins } = pg.types;

type Parser = (text: string) => unknown;

const parsers: Readonly<Record<number, Parser>> = {
  [builtins.INT8]: Number,
  [builtins.DATE]: (text) => text,
  [builtins.TIMESTAMPTZ]: (text) => Date.parse(text),
};

export interface DatabaseOptions {
  readonly connectionsMax?: number;
  /** What the keys of persons are wrapped with; without them they are kept as they are. */
  readonly personKeys?: PersonKeys;
}

/** Opens a pool on the database; `destroy()` closes it. Waiting for a lock ends after 5 s with an error that callers answer as 503. */
export function openDatabase(url: string, options: DatabaseOptions = {}): Db {
  const pool = new pg.Pool({
    connectionString: url,
    max: options.connectionsMax ?? 10,
    options: '-c lock_timeout=5000 -c timezone=UTC',
    types: {
      getTypeParser: ((oid, format) =>
        parsers[oid] ?? (pg.types.getTypeParser(oid, format) as Parser)) as typeof pg.types.getTypeParser,
    },
  });
  // An idle connection that breaks is replaced at the next query; unheard, its error would end the process.
  pool.on('error', () => undefined);
  // So is one that breaks between two statements of a transaction: the next statement says so to its caller.
  pool.on('connect', (client) => void client.on('error', () => undefined));
  const keys = new pg.Pool({ connectionString: url, max: 1 });
  keys.on('error', () => undefined);
  const both = {
    connect: () => pool.connect(),
    end: async () => void (await Promise.all([pool.end(), keys.end()])),
  };
  return new Kysely<Schema>({
    dialect: new PostgresDialect({ pool: both }),
    plugins: [new OpensSealed(options.personKeys ?? new PersonKeys(), keys)],
  });
}
