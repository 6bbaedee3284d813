import { createSecretKey, randomBytes } from 'node:crypto';
import type { KeyObject } from 'node:crypto';
import { performance } from 'node:perf_hooks';
import type { Db, Tx } from '../database.ts';
import { openBytes, sealBytes } from '../sealed-bytes.ts';
import { uuidv7 } from '../uuid.ts';

/** The key of one person: all that is kept of him as proof is sealed with it. */
export interface PersonKey {
  readonly id: string;
  readonly key: KeyObject;
}

const keyBytes = 32;
/** A key that was destroyed elsewhere is forgotten here after so many milliseconds of the machine. */
const rememberedMs = 60_000;
const rememberedMax = 10_000;

/** Keys that this process has made or read; they are named by chance, so one of another database is never mistaken. */
const remembered = new Map<string, { readonly key: KeyObject; readonly until: number }>();

/** The ring of this process: its first key wraps the keys of persons, all of them unwrap. Empty where the house has none. */
let ring: readonly PersonKey[] = [];

/**
 * Says once, when a process starts, with which ring keys of persons are wrapped: then a copy of the database alone opens
 * nothing. Keys of before there was a ring go on as they are.
 */
export function wrapPersonKeysWith(keys: readonly PersonKey[]): void {
  ring = keys;
}

/** Rings of other houses that this process reads too: they unwrap, and wrap nothing. */
let others: readonly PersonKey[] = [];

/** Says with which further keys those of persons may be wrapped: for who looks at a house whose processes have a ring. */
export function unwrapPersonKeysWith(keys: readonly PersonKey[]): void {
  others = [...others, ...keys];
}

/** Forgets what this process remembers, as after a minute. */
export function forgetKeys(): void {
  remembered.clear();
}

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
  await tx
    .insertInto('person_key')
    .values({ id, contact_id: contactId, ...wrapped(id, secret), made_at: at })
    .execute();
  return { id, key: remember(id, secret) };
}

/** Destroys the keys of a contact: whatever copy there is of what they sealed, nobody opens it. Their ids. */
export async function destroyKeys(tx: Tx, contactId: string, at: Date): Promise<readonly string[]> {
  const rows = await tx
    .updateTable('person_key')
    .set({ key: null, wrapped_by: null, destroyed_at: at })
    .where('contact_id', '=', contactId)
    .returning('id')
    .execute();
  for (const { id } of rows) remembered.delete(id);
  return rows.map(({ id }) => id);
}

/** Wraps the keys of before the newest key of the ring with it, some at a time; how many. */
export async function rewrapKeys(db: Db, most = 500): Promise<number> {
  const [first] = ring;
  if (!first) return 0;
  return db.transaction().execute(async (tx) => {
    const rows = await tx
      .selectFrom('person_key')
      .select(['id', 'key', 'wrapped_by'])
      .where('key', 'is not', null)
      .where(({ eb }) => eb('wrapped_by', 'is distinct from', first.id))
      .where((row) => row.or([row('wrapped_by', 'is', null), row('wrapped_by', 'in', inReach())]))
      .limit(most)
      .forUpdate()
      .skipLocked()
      .execute();
    let done = 0;
    for (const { id, key, wrapped_by: wrappedBy } of rows) {
      const secret = key && unwrapped(id, key, wrappedBy);
      if (!secret) continue;
      await tx.updateTable('person_key').set(wrapped(id, secret)).where('id', '=', id).execute();
      done += 1;
    }
    return done;
  });
}

/** A key as its row keeps it. */
export interface KeptKey {
  readonly id: string;
  readonly key: Buffer | null;
  readonly wrapped_by: string | null;
}

/** A key as far as it is there: one that was destroyed opens nothing for good, one that is missing was taken away. */
export type FoundKey = KeyObject | 'destroyed' | 'missing' | OutOfReach;

/** A key that is wrapped with one that is not in the ring of this process. */
export interface OutOfReach {
  readonly wrappedBy: string;
}

/** Keys by their ids, as `read` finds them. */
export async function keysById(
  ids: readonly string[],
  read: (ids: readonly string[]) => Promise<readonly KeptKey[]>,
): Promise<ReadonlyMap<string, FoundKey>> {
  const now = performance.now();
  const found = new Map<string, FoundKey>();
  for (const id of ids) {
    const known = remembered.get(id);
    if (known && known.until > now) found.set(id, known.key);
  }
  const missing = ids.filter((id) => !found.has(id));
  if (missing.length === 0) return found;
  const rows = new Map((await read(missing)).map((row) => [row.id, row]));
  for (const id of missing) {
    const row = rows.get(id);
    if (!row) found.set(id, 'missing');
    else if (row.key === null) found.set(id, 'destroyed');
    else if (row.wrapped_by !== null && !isInReach(row.wrapped_by))
      found.set(id, { wrappedBy: row.wrapped_by });
    else {
      const secret = unwrapped(row.id, row.key, row.wrapped_by);
      found.set(id, secret ? remember(id, secret) : 'missing');
    }
  }
  return found;
}

async function readKey(tx: Tx, contactId: string): Promise<PersonKey | undefined> {
  const rows = await tx
    .selectFrom('person_key')
    .select(['id', 'key', 'wrapped_by'])
    .where('contact_id', '=', contactId)
    .orderBy('id', 'desc')
    .execute();
  for (const { id, key, wrapped_by: wrappedBy } of rows) {
    if (key === null) throw new Error(`contact ${contactId} was erased`);
    if (!isInReach(wrappedBy)) continue;
    const secret = unwrapped(id, key, wrappedBy);
    if (!secret) throw new Error(`the key of contact ${contactId} does not open: it was changed`);
    return { id, key: remember(id, secret) };
  }
  return undefined;
}

const about = 'relance person key';

function wrapped(id: string, secret: Buffer): { readonly key: Buffer; readonly wrapped_by: string | null } {
  const [first] = ring;
  if (!first) return { key: secret, wrapped_by: null };
  return { key: sealBytes(first.key, [about, id], secret), wrapped_by: first.id };
}

function inReach(): readonly string[] {
  return [...ring, ...others].map(({ id }) => id);
}

function isInReach(wrappedBy: string | null): boolean {
  return wrappedBy === null || inReach().includes(wrappedBy);
}

/** The secret of a key; undefined when it was changed, or what wraps it is not in the ring. */
function unwrapped(id: string, kept: Buffer, wrappedBy: string | null): Buffer | undefined {
  if (wrappedBy === null) return kept.length === keyBytes ? kept : undefined;
  // Two houses may have keys of one name.
  for (const { key } of [...ring, ...others].filter((one) => one.id === wrappedBy)) {
    const secret = openBytes(key, [about, id], kept);
    if (secret) return secret;
  }
  return undefined;
}

function remember(id: string, secret: Buffer): KeyObject {
  const key = createSecretKey(secret);
  const [oldest] = remembered.keys();
  if (remembered.size >= rememberedMax && oldest !== undefined) remembered.delete(oldest);
  remembered.set(id, { key, until: performance.now() + rememberedMs });
  return key;
}
