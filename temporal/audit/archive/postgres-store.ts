import type { Db } from '../../../db/database.ts';
import type { ArchiveStore } from './store.ts';

/** Keeps histories beside everything else: one backup holds all. */
export function postgresStore(db: Db): ArchiveStore {
  return {
    name: 'postgres',
    put: async (place, content) => {
      await db
        .insertInto('archived_object')
        .values({ place, content })
        .onConflict((clash) => clash.doNothing())
        .execute();
    },
    get: async (place) => {
      const row = await db
        .selectFrom('archived_object')
        .select('content')
        .where('place', '=', place)
        .executeTakeFirst();
      return row?.content;
    },
    remove: async (place) => {
      await db.deleteFrom('archived_object').where('place', '=', place).execute();
    },
  };
}
