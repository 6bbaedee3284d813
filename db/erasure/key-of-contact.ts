import { randomBytes } from 'node:crypto';
import type { Db, Tx } from '../database.ts';
import { uuidv7 } from '../uuid.ts';
import { personKeysOf } from './opens-sealed.ts';
import { keyBytes } from './person-keys.ts';
import type { PersonKey } from './person-keys.ts';

/**
 * The key of a contact, made at its first use. Throws for one who was erased: nothing more is kept of him.
 *
 * One that is wrapped with a key that is not in the ring is left as it is, since that may be put back, and he gets another:
 * whoever has lost a ring for good goes on sending, and cannot read what was sent.
 */
export async function keyOfContact(tx: Tx, contactId: string, at: Date): Promise<PersonKey> {
  const known = await readKey(tx, contactId);
  if (known) return known;
  // Two who make one at once would each seal with their own.
  await tx.selectFrom('contact').select('id').where('id', '=', contactId).forNoKeyUpdate().execute();
  const made = await readKey(tx, contactId);
  if (made) return made;
  const id = uuidv7();
  const secret = randomBytes(keyBytes);
  const keys = personKeysOf(tx);
  await tx
    .insertInto('person_key')
    .values({ id, contact_id: contactId, ...keys.wrapped(id, secret), made_at: at })
    .execute();
  return { id, key: keys.remember(id, secret) };
}

/** Destroys the keys of a contact: whatever copy there is of what they sealed, nobody opens it. Their ids. */
export async function destroyKeys(tx: Tx, contactId: string, at: Date): Promise<readonly string[]> {
  const rows = await tx
    .updateTable('person_key')
    .set({ key: null, wrapped_by: null, destroyed_at: at })
    .where('contact_id', '=', contactId)
    .returning('id')
    .execute();
  const ids = rows.map(({ id }) => id);
  personKeysOf(tx).forget(ids);
  return ids;
}

/** Wraps keys that another key of the ring wraps, or none, with its first one, some at a time; how many. */
export async function rewrapKeys(db: Db, most = 500): Promise<number> {
  const keys = personKeysOf(db);
  const { wrapsWith, inReach } = keys;
  if (wrapsWith === null) return 0;
  return db.transaction().execute(async (tx) => {
    const rows = await tx
      .selectFrom('person_key')
      .select(['id', 'key', 'wrapped_by'])
      .where('key', 'is not', null)
      .where(({ eb }) => eb('wrapped_by', 'is distinct from', wrapsWith))
      .where((row) => row.or([row('wrapped_by', 'is', null), row('wrapped_by', 'in', inReach)]))
      .limit(most)
      .forUpdate()
      .skipLocked()
      .execute();
    let done = 0;
    for (const row of rows) {
      const secret = keys.unwrapped(row);
      if (!secret) continue;
      await tx.updateTable('person_key').set(keys.wrapped(row.id, secret)).where('id', '=', row.id).execute();
      done += 1;
    }
    return done;
  });
}

/** The newest key of a contact that is in reach; undefined when he has none. */
async function readKey(tx: Tx, contactId: string): Promise<PersonKey | undefined> {
  const keys = personKeysOf(tx);
  const rows = await tx
    .selectFrom('person_key')
    .select(['id', 'key', 'wrapped_by'])
    .where('contact_id', '=', contactId)
    .orderBy('id', 'desc')
    .execute();
  for (const row of rows) {
    if (row.key === null) throw new Error(`contact ${contactId} was erased`);
    if (!keys.isInReach(row.wrapped_by)) continue;
    const secret = keys.unwrapped(row);
    if (!secret) throw new Error(`the key of contact ${contactId} does not open: it was changed`);
    return { id: row.id, key: keys.remember(row.id, secret) };
  }
  return undefined;
}
