import { sql } from 'kysely';
import type { Db } from './database.ts';
import { migrations } from './migrate.ts';

/** Whether Postgres answers, and has the tables that this version was written for. */
export type DatabaseState = 'ok' | 'unreachable' | 'not-migrated';

export async function databaseState(db: Db): Promise<DatabaseState> {
  const head = Object.keys(migrations).sort().at(-1);
  try {
    const found = await sql<{
      name: string;
    }>`select name from kysely_migration order by name desc limit 1`.execute(db);
    return (found.rows[0]?.name ?? '') >= (head ?? '') ? 'ok' : 'not-migrated';
  } catch (fault) {
    // 42P01: no such table, so nobody has migrated yet.
    return (fault as { code?: unknown }).code === '42P01' ? 'not-migrated' : 'unreachable';
  }
}
