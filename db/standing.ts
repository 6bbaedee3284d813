import type { Role } from '../domain/role.ts';
import type { Instant } from '../domain/time.ts';
import type { Tx } from './database.ts';
import { addFirm, hasColleague } from './firms.ts';
import { voidInvitations } from './invitations.ts';
import { note } from './journal.ts';
import { endSessionsOf } from './sessions.ts';
import type { Portfolio } from './visible.ts';

/**
 * What a user is here: his role, his part of the files, and whether he may come in at all.
 *
 * Another role ends his sessions, so that no page goes on with what he no longer is; another part holds from his next
 * request. Who is disabled loses his keys and his links for good, and may be let in again; the last administrator who can
 * come in stays what he is, and so does who still has files or disputes that would be nobody's without him.
 */
export interface StandingChange {
  readonly role?: Role;
  readonly disabled?: boolean;
  /** Of a collector: all files, or those that name him. */
  readonly portfolio?: Portfolio;
}

export type StandingChanged = 'changed' | 'unknown' | 'last-administrator' | StillHas;

/** What nobody would look after any more: files held for a firm, disputes that wait for a resolver. */
export interface StillHas {
  readonly files: number;
  readonly disputes: number;
}

export async function changeStanding(
  tx: Tx,
  machine: Instant,
  now: Instant,
  userId: string,
  { role, disabled, portfolio }: StandingChange,
  by: string,
): Promise<StandingChanged> {
  // All administrators in one order: two who disable each other at once must not both succeed.
  const administrators = await tx
    .selectFrom('app_user')
    .select('id')
    .where('role', '=', 'admin')
    .where('disabled_at', 'is', null)
    .orderBy('id')
    .forUpdate()
    .execute();
  const user = await tx
    .selectFrom('app_user')
    .select(['role', 'disabled_at', 'portfolio', 'firm_id'])
    .where('id', '=', userId)
    .forUpdate()
    .executeTakeFirst();
  if (!user) return 'unknown';
  const leaves = disabled === true || (role !== undefined && role !== 'admin');
  if (leaves && administrators.length === 1 && administrators[0]?.id === userId) return 'last-administrator';
  if (disabled === true || (role !== undefined && role !== user.role)) {
    const left = await leftBehind(tx, userId, user.firm_id);
    if (left.files + left.disputes > 0) return left;
  }

  if (role !== undefined && role !== user.role) {
    await tx
      .updateTable('app_user')
      .set({ role, firm_id: role === 'external_firm' ? await ownFirm(tx, now, userId, by) : null })
      .where('id', '=', userId)
      .execute();
    await note(tx, `user/${userId}`, 'roleChanged', now, { role, by });
    await endSessionsOf(tx, machine, now, userId, { because: 'revoked', by });
  }
  if (portfolio !== undefined && portfolio !== user.portfolio) {
    await tx.updateTable('app_user').set({ portfolio }).where('id', '=', userId).execute();
    await note(tx, `user/${userId}`, 'portfolioSet', now, { portfolio, by });
  }
  if (disabled === true && user.disabled_at === null) {
    await tx
      .updateTable('app_user')
      .set({ disabled_at: new Date(now) })
      .where('id', '=', userId)
      .execute();
    await tx
      .updateTable('api_key')
      .set({ revoked_at: new Date(now) })
      .where('user_id', '=', userId)
      .where('revoked_at', 'is', null)
      .execute();
    await voidInvitations(tx, machine, userId);
    await note(tx, `user/${userId}`, 'userDisabled', now, { by });
    await endSessionsOf(tx, machine, now, userId, { because: 'disabled', by });
  }
  if (disabled === false && user.disabled_at !== null) {
    await tx.updateTable('app_user').set({ disabled_at: null }).where('id', '=', userId).execute();
    await note(tx, `user/${userId}`, 'userEnabled', now, { by });
  }
  return 'changed';
}

/** Who becomes an external firm comes in for one of his own name, the one that he had where he was one before. */
async function ownFirm(tx: Tx, now: Instant, userId: string, by: string): Promise<string> {
  const before = await tx.selectFrom('firm').select('id').where('id', '=', userId).executeTakeFirst();
  if (before) return before.id;
  const { name } = await tx
    .selectFrom('app_user')
    .select('name')
    .where('id', '=', userId)
    .executeTakeFirstOrThrow();
  return addFirm(tx, now, { name, kind: 'collection_firm' }, by, userId);
}

/** Files are held for his firm, which must not be left without anybody. */
async function leftBehind(tx: Tx, userId: string, firmId: string | null): Promise<StillHas> {
  const alone = firmId !== null && !(await hasColleague(tx, userId, firmId));
  const files = await tx
    .selectFrom('hand_over')
    .select(({ fn }) => fn.countAll<string>().as('count'))
    .where('firm_id', '=', alone ? firmId : null)
    .where('ended_at', 'is', null)
    .executeTakeFirstOrThrow();
  const disputes = await tx
    .selectFrom('dispute')
    .select(({ fn }) => fn.countAll<string>().as('count'))
    .where('assigned_to', '=', userId)
    .where('state', '=', 'open')
    .executeTakeFirstOrThrow();
  return { files: Number(files.count), disputes: Number(disputes.count) };
}
