import { sql } from 'kysely';
import type { Selectable } from 'kysely';
import type { Role } from '../domain/role.ts';
import type { Instant } from '../domain/time.ts';
import type { Language } from '../domain/message.ts';
import { nameNoted } from './audit/names-noted.ts';
import type { Db, Tx } from './database.ts';
import { addFirm } from './firms.ts';
import { keysOf } from './keys.ts';
import type { KnownKey } from './keys.ts';
import { note } from './journal.ts';
import type { UserTable } from './schema.ts';
import { uuidv7 } from './uuid.ts';
import type { Portfolio } from './visible.ts';

/**
 * The people who use Relance. They are never deleted, because facts name them: they are disabled.
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

export interface NewUser {
  readonly name: string;
  readonly email: string | null;
  readonly role: Role;
  readonly language: Language;
  /** All files when absent. */
  readonly portfolio?: Portfolio | undefined;
  /** The firm for which he comes in; one of his own name when absent, of an external firm alone. */
  readonly firmId?: string | undefined;
}

/** Adds a user; returns undefined when somebody is or was known by his name or mail address. */
export async function addUser(
  tx: Tx,
  now: Instant,
  { firmId, ...user }: NewUser,
  by: string,
): Promise<string | undefined> {
  const id = uuidv7();
  const { name, role } = user;
  if (await isKnown(tx, id, [name, user.email])) return undefined;
  const firm =
    role === 'external_firm'
      ? (firmId ?? (await addFirm(tx, now, { name, kind: 'collection_firm' }, by, id)))
      : null;
  await tx
    .insertInto('app_user')
    .values({ id, ...user, firm_id: firm, created_at: new Date(now) })
    .execute();
  // A name and a mail address are personal: the chain keeps the id and a salted hash.
  const noted = await nameNoted(tx, id);
  await note(tx, `user/${id}`, 'userAdded', now, { userId: id, role: user.role, ...noted, by });
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

/** Gives a user another name, as he says himself; false when somebody else is or was known by it, as a name or as a mail address. */
export async function renameUser(tx: Tx, now: Instant, userId: string, name: string): Promise<boolean> {
  if (await isKnown(tx, userId, [name])) return false;
  await tx.updateTable('app_user').set({ name }).where('id', '=', userId).execute();
  const noted = await nameNoted(tx, userId);
  await note(tx, `user/${userId}`, 'userRenamed', now, { ...noted, by: userId });
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
  const keys = await keysOf(
    db,
    users.map(({ id }) => id),
  );
  return users.map((user) => ({
    id: user.id,
    name: user.name,
    email: user.email,
    role: user.role,
    language: user.language,
    portfolio: user.portfolio,
    createdAt: user.created_at,
    disabledAt: user.disabled_at,
    hasPassword: user.password_hash !== null,
    hasSecondFactor: user.totp_confirmed_at !== null,
    keys: keys.get(user.id) ?? [],
  }));
}
