import { sql } from 'kysely';
import type { Instant } from '../domain/time.ts';
import type { Db, Tx } from './database.ts';
import { forgetBrowsers } from './known-browsers.ts';
import { note } from './journal.ts';

/**
 * By what a user proves to be himself: the hash of his password, his second factor, his name at another house.
 *
 * Nothing here can be shown as it is. What may be used once (a step of the second factor, a recovery code) is used in
 * one statement, so that of two at once one comes too late. Instants of proofs are the machine's.
 */
export interface Credentials {
  readonly userId: string;
  readonly name: string;
  readonly email: string | null;
  /** Null: no password opens for him. */
  readonly passwordHash: string | null;
  /** The sealed secret of a second factor; null when he has none, or has not confirmed it. */
  readonly totpSecret: string | null;
}

/**
 * Who is meant by a name or a mail address, in any case of letters; undefined when nobody or several are.
 *
 * Only who may come in is meant. A name wins over an address that reads the same.
 */
export async function whoIsMeant(db: Db, typed: string): Promise<Credentials | undefined> {
  const rows = await db
    .selectFrom('app_user')
    .selectAll()
    .where('disabled_at', 'is', null)
    .where((row) =>
      row.or([
        row(sql<string>`lower(name)`, '=', sql<string>`lower(${typed})`),
        row(sql<string>`lower(email)`, '=', sql<string>`lower(${typed})`),
      ]),
    )
    .limit(10)
    .execute();
  const named = rows.filter(({ name }) => name === typed);
  const [only] = named.length === 1 ? named : rows;
  if (!only || (named.length !== 1 && rows.length !== 1)) return undefined;
  return credentialsFrom(only);
}

/** The credentials of a user who may come in. */
export async function credentialsOf(db: Db | Tx, userId: string): Promise<Credentials | undefined> {
  const row = await db
    .selectFrom('app_user')
    .selectAll()
    .where('id', '=', userId)
    .where('disabled_at', 'is', null)
    .executeTakeFirst();
  return row && credentialsFrom(row);
}

/** Gives a user a password by its hash; his browsers are strangers until they have logged in with it. */
export async function setPassword(
  tx: Tx,
  machine: Instant,
  now: Instant,
  userId: string,
  hash: string,
  by: string,
): Promise<void> {
  await tx
    .updateTable('app_user')
    .set({ password_hash: hash, password_set_at: new Date(machine) })
    .where('id', '=', userId)
    .execute();
  await forgetBrowsers(tx, userId);
  await note(tx, `user/${userId}`, 'passwordSet', now, { by });
}

/** Keeps a sealed secret that counts once it is confirmed; false when one is confirmed already. */
export async function proposeTotp(tx: Tx, userId: string, sealed: string): Promise<boolean> {
  const proposed = await tx
    .updateTable('app_user')
    .set({ totp_secret: sealed, totp_step_used: null })
    .where('id', '=', userId)
    .where('totp_confirmed_at', 'is', null)
    .executeTakeFirst();
  return proposed.numUpdatedRows === 1n;
}

/** The sealed secret that waits for its confirmation. */
export async function proposedTotpOf(db: Db | Tx, userId: string): Promise<string | undefined> {
  const row = await db
    .selectFrom('app_user')
    .select('totp_secret')
    .where('id', '=', userId)
    .where('totp_confirmed_at', 'is', null)
    .executeTakeFirst();
  return row?.totp_secret ?? undefined;
}

/** Makes the proposed second factor count, with its recovery codes; false when another request was first. */
export async function confirmTotp(
  tx: Tx,
  machine: Instant,
  now: Instant,
  { userId, sealed, step }: { readonly userId: string; readonly sealed: string; readonly step: number },
  recoveryCodes: readonly Buffer[],
): Promise<boolean> {
  const confirmed = await tx
    .updateTable('app_user')
    .set({
      totp_confirmed_at: new Date(machine),
      totp_step_used: step,
      recovery_codes: [...recoveryCodes],
    })
    .where('id', '=', userId)
    .where('totp_secret', '=', sealed)
    .where('totp_confirmed_at', 'is', null)
    .executeTakeFirst();
  if (confirmed.numUpdatedRows === 0n) return false;
  await note(tx, `user/${userId}`, 'secondFactorAdded', now, { by: userId });
  return true;
}

/** Takes the second factor away, with its recovery codes; false when there is none. */
export async function removeTotp(tx: Tx, now: Instant, userId: string, by: string): Promise<boolean> {
  const removed = await tx
    .updateTable('app_user')
    .set({ totp_secret: null, totp_confirmed_at: null, totp_step_used: null, recovery_codes: [] })
    .where('id', '=', userId)
    .where('totp_confirmed_at', 'is not', null)
    .executeTakeFirst();
  if (removed.numUpdatedRows === 0n) return false;
  await note(tx, `user/${userId}`, 'secondFactorRemoved', now, { by });
  return true;
}

/** Uses a step of the second factor up; false when it, or a later one, was used before. */
export async function useTotpStep(tx: Tx, userId: string, step: number): Promise<boolean> {
  const used = await tx
    .updateTable('app_user')
    .set({ totp_step_used: step })
    .where('id', '=', userId)
    .where((row) => row.or([row('totp_step_used', 'is', null), row('totp_step_used', '<', step)]))
    .executeTakeFirst();
  return used.numUpdatedRows === 1n;
}

/** Uses a recovery code up; false when it is none, or was used before. */
export async function useRecoveryCode(tx: Tx, userId: string, sha256: Buffer): Promise<boolean> {
  const used = await tx
    .updateTable('app_user')
    .set({ recovery_codes: sql<Buffer[]>`array_remove(recovery_codes, ${sha256})` })
    .where('id', '=', userId)
    .where(sql<boolean>`${sha256} = any (recovery_codes)`)
    .executeTakeFirst();
  return used.numUpdatedRows === 1n;
}

function credentialsFrom(row: {
  readonly id: string;
  readonly name: string;
  readonly email: string | null;
  readonly password_hash: string | null;
  readonly totp_secret: string | null;
  readonly totp_confirmed_at: Instant | null;
}): Credentials {
  return {
    userId: row.id,
    name: row.name,
    email: row.email,
    passwordHash: row.password_hash,
    totpSecret: row.totp_confirmed_at === null ? null : row.totp_secret,
  };
}
