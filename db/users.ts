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
  readonly portfolio?: Portfolio | undefined;
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

/** What is read of a user to know the person, and the person. */
export const personColumns = [
  'app_user.id as userId',
  'app_user.name',
  'app_user.role',
  'app_user.email',
  'app_user.language',
  'app_user.portfolio',
] as const;

export function personFrom({
  userId,
  name,
  role,
  email,
  language,
  portfolio,
}: Omit<Person, 'role' | 'language'> & { readonly role: string; readonly language: string }): Person {
  return { userId, name, role: role as Role, email, language: language as Language, portfolio };
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
    .select([...personColumns, 'api_key.hash', 'prefix', 'areas', 'last_used_at'])
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
  return { ...personFrom(row), prefix: row.prefix, areas: row.areas as Area[] | null };
}

/** Who is behind the key with this prefix now, if it still opens for the user. */
export async function stillBehindKey(
  db: Db,
  machine: Instant,
  userId: string,
  prefix: string,
): Promise<Person | undefined> {
  const row = await db
    .selectFrom('api_key')
    .innerJoin('app_user', 'app_user.id', 'api_key.user_id')
    .select(personColumns)
    .where('prefix', '=', prefix)
    .where('user_id', '=', userId)
    .where('revoked_at', 'is', null)
    .where((row) => row.or([row('expires_at', 'is', null), row('expires_at', '>', moment(machine))]))
    .where('disabled_at', 'is', null)
    .executeTakeFirst();
  return row && personFrom(row);
}

/** Adds a user; returns undefined when somebody is or was known by his name or mail address. */
export async function addUser(tx: Tx, now: Instant, user: NewUser, by: string): Promise<string | undefined> {
  const id = uuidv7();
  if (await isKnown(tx, id, [user.name, user.email])) return undefined;
  await tx
    .insertInto('app_user')
    .values({ id, ...user, created_at: new Date(now) })
    .execute();
  // A name and a mail address are personal: the chain keeps the id alone.
  await note(tx, `user/${id}`, 'userAdded', now, { userId: id, role: user.role, by });
  return id;
}

/** The id of the user with this name, in any case of letters. */
export async function userNamed(db: Db | Tx, name: string): Promise<string | undefined> {
  const row = await db
    .selectFrom('app_user')
    .select('id')
    .where(sql<string>`lower(name)`, '=', sql<string>`lower(${name})`)
    .executeTakeFirst();
  return row?.id;
}

/** Gives a user another name; false when somebody else is or was known by it, as a name or as a mail address. */
export async function renameUser(tx: Tx, userId: string, name: string): Promise<boolean> {
  if (await isKnown(tx, userId, [name])) return false;
  await tx.updateTable('app_user').set({ name }).where('id', '=', userId).execute();
  return true;
}

/**
 * Whether anybody but the user is known by one of these, in any case of letters; who is shut out stays known.
 *
 * Invoices name whose they are by a name or a mail address, so two users with one spelling would share their files, and a
 * newcomer could inherit those of whoever left. Two who are added at once must not both find it free: the second waits.
 */
async function isKnown(tx: Tx, exceptId: string, spellings: readonly (string | null)[]): Promise<boolean> {
  await sql`select pg_advisory_xact_lock(hashtextextended('app_user/spellings', 0))`.execute(tx);
  const given = sql`(${sql.join(spellings.filter((one) => one !== null).map((one) => sql`lower(${one})`))})`;
  const { rows } = await sql`
    select from app_user where id <> ${exceptId}::uuid and (lower(name) in ${given} or lower(email) in ${given}) limit 1`.execute(
    tx,
  );
  return rows.length > 0;
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

/** When the key with this prefix stops opening; null for never. */
export async function keyExpiry(tx: Tx, prefix: string): Promise<Instant | null> {
  const key = await tx
    .selectFrom('api_key')
    .select('expires_at')
    .where('prefix', '=', prefix)
    .executeTakeFirstOrThrow();
  return key.expires_at;
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

/** The same, who is neither shut out nor let in before the transaction ends. */
export async function holdUser(tx: Tx, id: string): Promise<User | undefined> {
  await tx.selectFrom('app_user').select('id').where('id', '=', id).forUpdate().execute();
  return findUser(tx, id);
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
