import type { ExpressionBuilder } from 'kysely';
import { dayMs } from '../domain/time.ts';
import type { Instant } from '../domain/time.ts';
import type { Db, Tx } from './database.ts';
import { note } from './journal.ts';
import { moment } from './moment.ts';
import type { InvitationTable, Schema } from './schema.ts';
import { hashOfToken, newToken } from './token.ts';
import { uuidv7 } from './uuid.ts';

/**
 * One-time links: whoever holds one may choose the password of a user.
 *
 * Each opens once and for a while; a later one makes the earlier worthless. `machine` is the machine's time.
 */
export type InvitationPurpose = InvitationTable['purpose'];

export interface MadeInvitation {
  readonly id: string;
  /** For the link: shown once and kept nowhere. */
  readonly token: string;
  readonly expiresAt: Instant;
}

/** A new colleague may be away for days; a lost password is wanted now, and whoever starts Relance sits before it. */
const lastsMs = {
  invite: 7 * dayMs,
  reset: dayMs,
  'first-admin': dayMs,
} as const satisfies Record<InvitationPurpose, number>;

export async function inviteUser(
  tx: Tx,
  machine: Instant,
  now: Instant,
  userId: string,
  purpose: InvitationPurpose,
  by: string,
): Promise<MadeInvitation> {
  await voidInvitations(tx, machine, userId);
  const { token, sha256 } = newToken();
  const id = uuidv7();
  const expiresAt = machine + lastsMs[purpose];
  await tx
    .insertInto('invitation')
    .values({
      token_sha256: sha256,
      id,
      user_id: userId,
      purpose,
      created_at: new Date(machine),
      expires_at: new Date(expiresAt),
    })
    .execute();
  await note(tx, `user/${userId}`, 'invitationMade', now, { invitationId: id, purpose, by });
  return { id, token, expiresAt };
}

/** Whether a link opens something at `machine`. */
function openAt(machine: Instant) {
  return (row: ExpressionBuilder<Schema, 'invitation'>) =>
    row.and([
      row('used_at', 'is', null),
      row('voided_at', 'is', null),
      row('expires_at', '>', moment(machine)),
    ]);
}

/** Takes the link: of all who show it, at once or one after the other, exactly one gets the user. */
export async function takeInvitation(
  tx: Tx,
  machine: Instant,
  now: Instant,
  token: string,
): Promise<{ readonly userId: string; readonly purpose: InvitationPurpose } | undefined> {
  const taken = await tx
    .updateTable('invitation')
    .from('app_user')
    .whereRef('app_user.id', '=', 'invitation.user_id')
    .set({ used_at: new Date(machine) })
    .where('token_sha256', '=', hashOfToken(token))
    .where(openAt(machine))
    .where('disabled_at', 'is', null)
    .returning(['invitation.id', 'user_id', 'purpose'])
    .executeTakeFirst();
  if (!taken) return undefined;
  const { id: invitationId, user_id: userId, purpose } = taken;
  await note(tx, `user/${userId}`, 'invitationUsed', now, { invitationId, purpose });
  return { userId, purpose };
}

/**
 * Uses up the invitation of somebody who comes in by another door than its link; its id, undefined when none is open.
 */
export async function takeInvitationOf(
  tx: Tx,
  machine: Instant,
  now: Instant,
  userId: string,
): Promise<string | undefined> {
  const taken = await tx
    .updateTable('invitation')
    .set({ used_at: new Date(machine) })
    .where('user_id', '=', userId)
    .where('purpose', '=', 'invite')
    .where(openAt(machine))
    .returning('id')
    .executeTakeFirst();
  if (!taken) return undefined;
  await note(tx, `user/${userId}`, 'invitationUsed', now, { invitationId: taken.id, purpose: 'invite' });
  return taken.id;
}

/** Whose link it is, without taking it; undefined when it opens nothing, or nothing any more. */
export async function invitedBy(
  db: Db,
  machine: Instant,
  token: string,
): Promise<{ readonly name: string; readonly email: string | null } | undefined> {
  return db
    .selectFrom('invitation')
    .innerJoin('app_user', 'app_user.id', 'invitation.user_id')
    .select(['name', 'email'])
    .where('token_sha256', '=', hashOfToken(token))
    .where(openAt(machine))
    .where('disabled_at', 'is', null)
    .executeTakeFirst();
}

/** Makes all open links of a user worthless. */
export async function voidInvitations(tx: Tx, machine: Instant, userId: string): Promise<void> {
  await tx
    .updateTable('invitation')
    .set({ voided_at: new Date(machine) })
    .where('user_id', '=', userId)
    .where('used_at', 'is', null)
    .where('voided_at', 'is', null)
    .execute();
}
