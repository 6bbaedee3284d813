import { createHash, randomBytes, timingSafeEqual } from 'node:crypto';
import type { Role } from '../domain/role.ts';
import type { Instant } from '../domain/time.ts';
import type { Language } from '../domain/message.ts';
import type { Db, Tx } from './database.ts';
import { note } from './journal.ts';
import type { Portfolio } from './visible.ts';
import { uuidv7 } from './uuid.ts';

/**
 * The people who use Relance, and the keys by which they are known.
 *
 * A key is random, shown once and stored as a hash; its first characters stay readable, so that it can be named and
 * revoked. Users are never deleted, because facts name them: they are disabled.
 */
export interface User {
  readonly id: string;
  readonly name: string;
  readonly email: string | null;
  readonly role: Role;
  readonly language: Language;
  readonly portfolio: Portfolio;
  readonly createdAt: Instant;
  readonly disabledAt: Instant | null;
  readonly keys: readonly {
    readonly prefix: string;
    readonly createdAt: Instant;
    readonly revokedAt: Instant | null;
  }[];
}

export interface NewUser {
  readonly name: string;
  readonly email: string | null;
  readonly role: Role;
  readonly language: Language;
  /** All files when absent. */
  readonly portfolio?: Portfolio;
}

export interface Key {
  /** The whole key: to be shown once and kept nowhere. */
  readonly key: string;
  readonly prefix: string;
  readonly hash: Buffer;
}

/** A new key; it opens nothing before `storeKey`. */
export function newKey(): Key {
  const prefix = `rlk_${randomBytes(4).toString('hex')}`;
  const key = `${prefix}_${randomBytes(24).toString('base64url')}`;
  return { key, prefix, hash: hashOfKey(key) };
}

/** Who stands behind a key; undefined when it is unknown or revoked, or its user disabled. */
export async function callerBehind(
  db: Db,
  key: string,
): Promise<
  | {
      userId: string;
      name: string;
      role: Role;
      email: string | null;
      language: Language;
      portfolio: Portfolio;
    }
  | undefined
> {
  const hash = hashOfKey(key);
  const row = await db
    .selectFrom('api_key')
    .innerJoin('app_user', 'app_user.id', 'api_key.user_id')
    .select([
      'app_user.id',
      'app_user.name',
      'app_user.role',
      'app_user.email',
      'app_user.language',
      'app_user.portfolio',
      'api_key.hash',
    ])
    .where('api_key.hash', '=', hash)
    .where('revoked_at', 'is', null)
    .where('disabled_at', 'is', null)
    .executeTakeFirst();
  if (!row || !timingSafeEqual(row.hash, hash)) return undefined;
  return {
    userId: row.id,
    name: row.name,
    role: row.role as Role,
    email: row.email,
    language: row.language as Language,
    portfolio: row.portfolio,
  };
}

/** Adds a user; returns undefined when the name is taken. */
export async function addUser(tx: Tx, now: Instant, user: NewUser, by: string): Promise<string | undefined> {
  const id = uuidv7();
  const added = await tx
    .insertInto('app_user')
    .values({ id, ...user, created_at: new Date(now) })
    .onConflict((clash) => clash.column('name').doNothing())
    .executeTakeFirst();
  if (added.numInsertedOrUpdatedRows === 0n) return undefined;
  // A name and a mail address are personal: the chain keeps the id alone.
  await note(tx, `user/${id}`, 'userAdded', now, { userId: id, role: user.role, by });
  return id;
}

/** Makes a key open the door for a user. */
export async function storeKey(tx: Tx, now: Instant, userId: string, key: Key, by: string): Promise<void> {
  await tx
    .insertInto('api_key')
    .values({ hash: key.hash, user_id: userId, prefix: key.prefix, created_at: new Date(now) })
    .execute();
  await note(tx, `user/${userId}`, 'keyAdded', now, { prefix: key.prefix, by });
}

/** Revokes the key with this prefix; false when there is none that still opens. */
export async function revokeKey(tx: Tx, now: Instant, prefix: string, by: string): Promise<boolean> {
  const revoked = await tx
    .updateTable('api_key')
    .set({ revoked_at: new Date(now) })
    .where('prefix', '=', prefix)
    .where('revoked_at', 'is', null)
    .returning('user_id')
    .execute();
  for (const { user_id: userId } of revoked)
    await note(tx, `user/${userId}`, 'keyRevoked', now, { prefix, by });
  return revoked.length > 0;
}

/** All users with their keys, in the order of their names. */
export async function listUsers(db: Db | Tx): Promise<readonly User[]> {
  const users = await db.selectFrom('app_user').selectAll().orderBy('name').execute();
  const keys = await db
    .selectFrom('api_key')
    .select(['user_id', 'prefix', 'created_at', 'revoked_at'])
    .orderBy('created_at')
    .execute();
  return users.map((user) => ({
    id: user.id,
    name: user.name,
    email: user.email,
    role: user.role as Role,
    language: user.language as Language,
    portfolio: user.portfolio,
    createdAt: user.created_at,
    disabledAt: user.disabled_at,
    keys: keys
      .filter((key) => key.user_id === user.id)
      .map((key) => ({ prefix: key.prefix, createdAt: key.created_at, revokedAt: key.revoked_at })),
  }));
}

/** The user with this id or name. */
export async function findUser(db: Db | Tx, id: string): Promise<User | undefined> {
  return (await listUsers(db)).find((user) => user.id === id);
}

function hashOfKey(key: string): Buffer {
  return createHash('sha256').update(key).digest();
}
