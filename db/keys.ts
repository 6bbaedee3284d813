import { randomBytes } from 'node:crypto';
import type { ExpressionBuilder, Selectable } from 'kysely';
import type { Area } from '../domain/area.ts';
import { dayMs } from '../domain/time.ts';
import type { Instant } from '../domain/time.ts';
import { machineTime } from './clock.ts';
import type { Db, Tx } from './database.ts';
import { grouped } from './grouped.ts';
import { note } from './journal.ts';
import { moment } from './moment.ts';
import { personColumns, personFrom } from './person.ts';
import type { Person } from './person.ts';
import type { ApiKeyTable, Schema } from './schema.ts';
import { hashOfToken } from './token.ts';

/**
 * The keys by which programs are known.
 *
 * A key is random, shown once and stored as a hash; its first characters stay readable, so that it can be named and
 * revoked.
 */
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
  return { key, prefix, hash: hashOfToken(key) };
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

/** How long a key opens where nobody says: one that nobody remembers must not open for ever. */
export const keyLastsMs = 365 * dayMs;

/** What a key is made for; without any of it, it does all that its user may, for ever. */
export interface KeyTerms {
  readonly name?: string | null;
  readonly areas?: readonly Area[] | null;
  /** By the machine's time, as all that opens doors. */
  readonly expiresAt?: Instant | null;
  /** Who else may keep it: who issues it, and the hands of the key by which he does. */
  readonly hands?: readonly string[];
}

/** A key is seen by the minute: what it is used for all day need not be written at each request. */
const seenMs = 60_000;

/** A person as a key shows him. */
export interface CallerByKey extends Person {
  readonly prefix: string;
  readonly areas: readonly Area[] | null;
  /** Who else may hold the key: those who issued it. */
  readonly hands: readonly string[];
}

/**
 * Who stands behind a key, and which areas it opens; undefined when it is unknown, revoked or expired at `machine`, or
 * its user disabled.
 */
export async function callerBehind(
  db: Db,
  key: string,
  machine: Instant = machineTime(),
): Promise<CallerByKey | undefined> {
  const hash = hashOfToken(key);
  const row = await db
    .selectFrom('api_key')
    .innerJoin('app_user', 'app_user.id', 'api_key.user_id')
    .select([...personColumns, 'prefix', 'areas', 'hands', 'last_used_at'])
    .where('api_key.hash', '=', hash)
    .where(opensAt(machine))
    .executeTakeFirst();
  if (!row) return undefined;
  if (row.last_used_at === null || machine - row.last_used_at >= seenMs)
    await db
      .updateTable('api_key')
      .set({ last_used_at: new Date(machine) })
      .where('hash', '=', hash)
      .execute();
  return { ...personFrom(row), prefix: row.prefix, areas: row.areas, hands: row.hands };
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
    .where(opensAt(machine))
    .executeTakeFirst();
  return row && personFrom(row);
}

/** Makes a key open the door for a user; it remembers who issued it. */
export async function storeKey(
  tx: Tx,
  now: Instant,
  userId: string,
  key: Key,
  by: string,
  { name = null, areas = null, expiresAt = null, hands = [] }: KeyTerms = {},
): Promise<void> {
  await tx
    .insertInto('api_key')
    .values({
      hash: key.hash,
      user_id: userId,
      prefix: key.prefix,
      hands: [...hands],
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

/** The keys of these users, the oldest first. */
export async function keysOf(
  db: Db | Tx,
  userIds: readonly string[],
): Promise<ReadonlyMap<string, readonly KnownKey[]>> {
  const rows = await db
    .selectFrom('api_key')
    .selectAll()
    .where('user_id', 'in', userIds)
    .orderBy('created_at')
    .execute();
  const keys = [...grouped(rows, (key) => key.user_id)];
  return new Map(keys.map(([userId, theirs]) => [userId, theirs.map(known)]));
}

function known(key: Selectable<ApiKeyTable>): KnownKey {
  return {
    prefix: key.prefix,
    name: key.name,
    areas: key.areas,
    createdAt: key.created_at,
    expiresAt: key.expires_at,
    lastUsedAt: key.last_used_at,
    revokedAt: key.revoked_at,
  };
}

/** Whether a key opens anything at `machine`: neither it nor its user was shut out, and it has not expired. */
function opensAt(machine: Instant) {
  return (row: ExpressionBuilder<Schema, 'api_key' | 'app_user'>) =>
    row.and([
      row('revoked_at', 'is', null),
      row.or([row('expires_at', 'is', null), row('expires_at', '>', moment(machine))]),
      row('disabled_at', 'is', null),
    ]);
}
