import type { Db, Tx } from './database.ts';

/** Reads as everything stood at one moment, whatever is written meanwhile; what is read writes nothing. */
export function atOneMoment<T>(db: Db, read: (tx: Tx) => Promise<T>): Promise<T> {
  return db.transaction().setIsolationLevel('repeatable read').setAccessMode('read only').execute(read);
}
