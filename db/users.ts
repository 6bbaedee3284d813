import { randomBytes, timingSafeEqual } from 'node:crypto';
import { sql } from 'kysely';
import type { Selectable } from 'kysely';
import type { Area } from '../domain/area.ts';
import type { Role } from '../domain/role.ts';
import type { Instant } from '../domain/time.ts';
import type { Language } from '../domain/message.ts';
import { machineTime } from './clock.ts';
import type { Db, Tx } from './database.ts';
import { grouped } from './grouped.ts';
import { note } from './journal.ts';
import { moment } from './moment.ts';
import type { UserTable } from './schema.ts';
import { sha256Of } from './token.ts';
import { uuidv7 } from './uuid.ts';
import type { Portfolio } from './visible.ts';

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
  /** By what he can log in. */
  readonly hasPassword: boolean;
  readonly hasSecondFactor: boolean;
  readonly keys: readonly KnownKey[];
}

/** A key as lists show it: everything but the key. */
export interface KnownKey {
  readonly prefix: string;
  readonly name: string | null;
  /** Null: all that the role of its user may do. */
  readonly areas: readonly Area[] | null;
  readonly createdAt: Instant;
  readonly expiresAt: Instant | null;
  readonly lastUsedAt: Instant | null;
  readonly revokedAt: Instant | null;
}

/** What a key is made for; without any of it, it does all that its user may, for ever. */
export interface KeyTerms {
  readonly name?: string | null;
  readonly areas?: readonly Area[] | null;
  /** By the machine's time, as all that opens doors. */
  readonly expiresAt?: Instant | null;
}

/** Who stands behind a key or a session. */
export interface Person {
  readonly userId: string;
  readonly name: string;
  readonly role: Role;
  readonly email: string | null;
  readonly language: Language;
  readonly portfolio: Portfolio;
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
  return { key, prefix, hash: sha256Of(key) };
}

/** A key is seen by the minute: what it is used for all day need not be written at each request. */
const seenMs = 60_000;

/**
 * Who stands behind a key, and which areas it opens; undefined when it is unknown, revoked or expired at `machine`, or
 * its user disabled.
 */
export async function callerBehind(
  db: Db,
  key: string,
  machine: Instant = machineTime(),
): Promise<(Person & { readonly prefix: string; readonly areas: readonly Area[] | null }) | undefined> {
  const hash = sha256Of(key);
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
      'prefix',
      'areas',
      'last_used_at',
    ])
    .where('api_key.hash', '=', hash)
    .where('revoked_at', 'is', null)
    .where((row) => row.or([row('expires_at', 'is', null), row('expires_at', '>', moment(machine))]))
    .where('disabled_at', 'is', null)
    .executeTakeFirst();
  if (!row || !timingSafeEqual(row.hash, hash)) return undefined;
  if (row.last_used_at === null || machine - row.last_used_at >= seenMs)
    await db
      .updateTable('api_key')
      .set({ last_used_at: new Date(machine) })
      .where('hash', '=', hash)
      .execute();
  return {
    userId: row.id,
    name: row.name,
    role: row.role as Role,
    email: row.email,
    language: row.language as Language,
    portfolio: row.portfolio,
    prefix: row.prefix,
    areas: row.areas as Area[] | null,
  };
}

/** Whether the key with this prefix still opens for the user. */
export async function isKeyOpen(db: Db, machine: Instant, userId: string, prefix: string): Promise<boolean> {
  const open = await db
    .selectFrom('api_key')
    .innerJoin('app_user', 'app_user.id', 'api_key.user_id')
    .select('prefix')
    .where('prefix', '=', prefix)
    .where('user_id', '=', userId)
    .where('revoked_at', 'is', null)
    .where((row) => row.or([row('expires_at', 'is', null), row('expires_at', '>', moment(machine))]))
    .where('disabled_at', 'is', null)
    .executeTakeFirst();
  return open !== undefined;
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

/** Gives a user another name; false when somebody is known by it, as a name or as a mail address. */
export async function renameUser(tx: Tx, userId: string, name: string): Promise<boolean> {
  const known = await tx
    .selectFrom('app_user')
    .select('id')
    .where('id', '!=', userId)
    .where((row) =>
      row.or([
        row(sql<string>`lower(name)`, '=', sql<string>`lower(${name})`),
        row(sql<string>`lower(email)`, '=', sql<string>`lower(${name})`),
      ]),
    )
    .limit(1)
    .executeTakeFirst();
  if (known) return false;
  await tx.updateTable('app_user').set({ name }).where('id', '=', userId).execute();
  return true;
}

/** Makes a key open the door for a user. */
export async function storeKey(
  tx: Tx,
  now: Instant,
  userId: string,
  key: Key,
  by: string,
  { name = null, areas = null, expiresAt = null }: KeyTerms = {},
): Promise<void> {
  await tx
    .insertInto('api_key')
    .values({
      hash: key.hash,
      user_id: userId,
      prefix: key.prefix,
      created_at: new Date(now),
      name,
      areas: areas === null ? null : [...areas],
      expires_at: expiresAt === null ? null : new Date(expiresAt),
    })
    .execute();
  const terms = { ...(areas === null ? {} : { areas }), ...(expiresAt === null ? {} : { expiresAt }) };
  await note(tx, `user/${userId}`, 'keyAdded', now, { prefix: key.prefix, ...terms, by });
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
  return withKeys(db, await db.selectFrom('app_user').selectAll().orderBy('name').execute());
}

/** The user with this id. */
export async function findUser(db: Db | Tx, id: string): Promise<User | undefined> {
  const [user] = await withKeys(
    db,
    await db.selectFrom('app_user').selectAll().where('id', '=', id).execute(),
  );
  return user;
}

async function withKeys(db: Db | Tx, users: readonly Selectable<UserTable>[]): Promise<readonly User[]> {
  if (users.length === 0) return [];
  const rows = await db
    .selectFrom('api_key')
    .selectAll()
    .where(
      'user_id',
      'in',
      users.map(({ id }) => id),
    )
    .orderBy('created_at')
    .execute();
  const keys = grouped(rows, (key) => key.user_id);
  return users.map((user) => ({
    id: user.id,
    name: user.name,
    email: user.email,
    role: user.role as Role,
    language: user.language as Language,
    portfolio: user.portfolio,
    createdAt: user.created_at,
    disabledAt: user.disabled_at,
    hasPassword: user.password_hash !== null,
    hasSecondFactor: user.totp_confirmed_at !== null,
    keys: (keys.get(user.id) ?? []).map((key) => ({
      prefix: key.prefix,
      name: key.name,
      areas: key.areas as Area[] | null,
      createdAt: key.created_at,
      expiresAt: key.expires_at,
      lastUsedAt: key.last_used_at,
      revokedAt: key.revoked_at,
    })),
  }));
}
