import type {
  KyselyPlugin,
  PluginTransformQueryArgs,
  PluginTransformResultArgs,
  QueryResult,
  RootOperationNode,
  UnknownRow,
} from 'kysely';
import type pg from 'pg';
import type { Db, Tx } from '../database.ts';
import type { KeptKey, PersonKeys } from './person-keys.ts';
import { keyIdOf, openedValue } from './sealed-value.ts';

/**
 * Opens what is sealed with the key of a person wherever it is read, so that no reader has to know of it.
 *
 * It has a connection of its own for keys, at most one: asked for on that of the query, it would wait for itself inside a
 * transaction, and on one of the pool for another that waits as well.
 */
export class OpensSealed implements KyselyPlugin {
  readonly keys: PersonKeys;
  readonly #pool: pg.Pool;

  constructor(keys: PersonKeys, pool: pg.Pool) {
    this.keys = keys;
    this.#pool = pool;
  }

  transformQuery({ node }: PluginTransformQueryArgs): RootOperationNode {
    return node;
  }

  async transformResult({ result }: PluginTransformResultArgs): Promise<QueryResult<UnknownRow>> {
    const ids = new Set<string>();
    for (const row of result.rows)
      for (const name in row) {
        const id = keyIdOf(row[name]);
        if (id !== undefined) ids.add(id);
      }
    if (ids.size === 0) return result;
    const keys = await this.keys.byId([...ids], async (missing) => {
      const { rows } = await this.#pool.query<KeptKey>(
        'select id, key, wrapped_by from person_key where id = any($1)',
        [missing],
      );
      return rows;
    });
    const rows = result.rows.map((row) =>
      Object.fromEntries(
        Object.entries(row).map(([name, value]) => {
          const id = keyIdOf(value);
          return [
            name,
            id === undefined ? value : openedValue(value as string | Buffer, keys.get(id) ?? 'missing'),
          ];
        }),
      ),
    );
    return { ...result, rows };
  }
}

/** The keys that an open database seals and opens with: what is written on a connection is read on it. */
export function personKeysOf(db: Db | Tx): PersonKeys {
  const opening = db.getExecutor().plugins.find((plugin) => plugin instanceof OpensSealed);
  if (!opening) throw new Error('this connection was opened without the keys of persons: use openDatabase');
  return opening.keys;
}
