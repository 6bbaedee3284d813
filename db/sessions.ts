import type { ExpressionBuilder } from 'kysely';
import { dayMs } from '../domain/time.ts';
import type { Instant } from '../domain/time.ts';
import type { Db, Tx } from './database.ts';
import { note } from './journal.ts';
import { moment } from './moment.ts';
import type { Schema, SessionTable } from './schema.ts';
import { hashOfToken, newToken } from './token.ts';
import { personColumns, personFrom } from './person.ts';
import type { Person } from './person.ts';
import { uuidv7 } from './uuid.ts';

/**
 * The sessions of people: who is logged in, since when, and until when at most.
 *
 * A session ends when nobody used it for a while, when its last hour has come, when its owner or an administrator ends
 * it, and whenever its owner's password or standing changes. The token is known to the browser alone. `machine` is the
 * machine's time throughout; `now`, the business clock's, dates the journal and nothing else.
 */
export interface SessionLimits {
  readonly idleMs: number;
  readonly wholeMs: number;
}

export interface NewSession {
  readonly userId: string;
  readonly openedBy: SessionTable['opened_by'];
  readonly secondFactor: boolean;
  /** When he proved to be himself, by the machine's time; null where nobody says. */
  readonly provedAt: Instant | null;
  readonly userAgent: string | null;
}

export interface OpenedSession {
  readonly id: string;
  /** For the cookie: shown once and kept nowhere. */
  readonly token: string;
  readonly idleEndsAt: Instant;
  readonly endsAt: Instant;
}

/** A session as lists show it. */
export interface Session {
  readonly id: string;
  readonly openedBy: SessionTable['opened_by'];
  readonly secondFactor: boolean;
  readonly userAgent: string | null;
  readonly openedAt: Instant;
  readonly seenAt: Instant;
  readonly idleEndsAt: Instant;
  readonly endsAt: Instant;
}

export interface PersonInSession extends Person {
  readonly sessionId: string;
  readonly provedAt: Instant | null;
  /** Whether this session was opened, or proved again, with a second factor. */
  readonly secondFactor: boolean;
  /** Whether he has one here that counts. */
  readonly hasSecondFactor: boolean;
}

export type EndedBecause = NonNullable<SessionTable['ended_because']['__select__']>;

/** What ended long ago tells nobody anything. */
const keptMs = 30 * dayMs;

/** Opens a session under a token of its own, whatever the browser brought: what somebody else had put there opens nothing. */
export async function openSession(
  tx: Tx,
  machine: Instant,
  limits: SessionLimits,
  { userId, openedBy, secondFactor, provedAt, userAgent }: NewSession,
  endsAt: Instant = machine + limits.wholeMs,
): Promise<OpenedSession> {
  const { token, sha256 } = newToken();
  const id = uuidv7();
  const idleEndsAt = Math.min(machine + limits.idleMs, endsAt);
  await tx
    .insertInto('session')
    .values({
      token_sha256: sha256,
      id,
      user_id: userId,
      opened_by: openedBy,
      second_factor: secondFactor,
      proved_at: provedAt === null ? null : new Date(provedAt),
      user_agent: userAgent === null ? null : inShort(userAgent),
      opened_at: new Date(machine),
      seen_at: new Date(machine),
      idle_ends_at: new Date(idleEndsAt),
      ends_at: new Date(endsAt),
    })
    .execute();
  await tx
    .deleteFrom('session')
    .where('user_id', '=', userId)
    .where('ends_at', '<', moment(machine - keptMs))
    .execute();
  return { id, token, idleEndsAt, endsAt };
}

/** Who is in the session of this token, and keeps it from falling asleep; undefined when it is over or its user disabled. */
export async function personInSession(
  db: Db,
  machine: Instant,
  limits: SessionLimits,
  token: string,
): Promise<PersonInSession | undefined> {
  const row = await db
    .selectFrom('session')
    .innerJoin('app_user', 'app_user.id', 'session.user_id')
    .select([
      ...personColumns,
      'session.id as sessionId',
      'seen_at',
      'proved_at as provedAt',
      'second_factor as secondFactor',
      'totp_confirmed_at as confirmedAt',
    ])
    .where('token_sha256', '=', hashOfToken(token))
    .where(openAt(machine))
    .where('disabled_at', 'is', null)
    .executeTakeFirst();
  if (!row) return undefined;
  const { sessionId, seen_at: seenAt, provedAt, secondFactor, confirmedAt } = row;
  // Not at each of the thirty requests of a page.
  if (machine - seenAt >= Math.min(60_000, limits.idleMs / 10))
    await db
      .updateTable('session')
      .set({ seen_at: new Date(machine), idle_ends_at: new Date(machine + limits.idleMs) })
      .where('id', '=', sessionId)
      .where('ended_at', 'is', null)
      .execute();
  const hasSecondFactor = confirmedAt !== null;
  return { ...personFrom(row), sessionId, provedAt, secondFactor, hasSecondFactor };
}

/** Who is in a session that is open, without keeping it awake: for what a browser began and does not ask for again. */
export async function stillInSession(db: Db, machine: Instant, id: string): Promise<Person | undefined> {
  const row = await db
    .selectFrom('session')
    .innerJoin('app_user', 'app_user.id', 'session.user_id')
    .select(personColumns)
    .where('session.id', '=', id)
    .where(openAt(machine))
    .where('disabled_at', 'is', null)
    .executeTakeFirst();
  return row && personFrom(row);
}

/** The sessions of a user that are open, the newest first. */
export async function listSessions(db: Db, machine: Instant, userId: string): Promise<readonly Session[]> {
  const rows = await db
    .selectFrom('session')
    .selectAll()
    .where('user_id', '=', userId)
    .where(openAt(machine))
    .orderBy('id', 'desc')
    .execute();
  return rows.map((row) => ({
    id: row.id,
    openedBy: row.opened_by,
    secondFactor: row.second_factor,
    userAgent: row.user_agent,
    openedAt: row.opened_at,
    seenAt: row.seen_at,
    idleEndsAt: Math.min(row.idle_ends_at, row.ends_at),
    endsAt: row.ends_at,
  }));
}

/** Ends one session, of `ownerId` alone where that is given; false when there is none that is open. */
export async function endSession(
  tx: Tx,
  machine: Instant,
  now: Instant,
  id: string,
  how: { readonly because: EndedBecause; readonly by: string; readonly ownerId?: string },
): Promise<boolean> {
  const { because, by, ownerId } = how;
  let ending = tx
    .updateTable('session')
    .set({ ended_at: new Date(machine), ended_because: because })
    .where('id', '=', id)
    .where('ended_at', 'is', null);
  if (ownerId !== undefined) ending = ending.where('user_id', '=', ownerId);
  const ended = await ending.returning('user_id').executeTakeFirst();
  if (!ended) return false;
  const type = because === 'logout' ? 'loggedOut' : 'sessionEnded';
  await note(tx, `user/${ended.user_id}`, type, now, { sessionId: id, because, by });
  return true;
}

/** Ends all sessions of a user but `exceptId`, and says how many there were. */
export async function endSessionsOf(
  tx: Tx,
  machine: Instant,
  now: Instant,
  userId: string,
  how: { readonly because: EndedBecause; readonly by: string },
  exceptId?: string,
): Promise<number> {
  const ended = await tx
    .updateTable('session')
    .set({ ended_at: new Date(machine), ended_because: how.because })
    .where('user_id', '=', userId)
    .$if(exceptId !== undefined, (query) => query.where('id', '!=', exceptId ?? ''))
    .where(openAt(machine))
    .executeTakeFirst();
  const count = Number(ended.numUpdatedRows);
  if (count > 0) await note(tx, `user/${userId}`, 'sessionsEnded', now, { count, ...how });
  return count;
}

/**
 * Puts a session under a new token, because its owner proved at `machine` to be himself.
 *
 * Whoever may have seen the old one has nothing any more; the last hour stays that of the login. Undefined when the
 * session ended meanwhile.
 */
export async function renewSession(
  tx: Tx,
  machine: Instant,
  limits: SessionLimits,
  id: string,
  secondFactor?: boolean,
): Promise<OpenedSession | undefined> {
  const old = await tx
    .updateTable('session')
    .set({ ended_at: new Date(machine), ended_because: 'rotated' })
    .where('id', '=', id)
    .where('ended_at', 'is', null)
    .returningAll()
    .executeTakeFirst();
  if (!old) return undefined;
  return openSession(
    tx,
    machine,
    limits,
    {
      userId: old.user_id,
      openedBy: old.opened_by,
      secondFactor: secondFactor ?? old.second_factor,
      provedAt: machine,
      userAgent: old.user_agent,
    },
    old.ends_at,
  );
}

/** Whether a session is open at `machine`: nobody ended it, it did not fall asleep, and its last hour has not come. */
function openAt(machine: Instant) {
  return (row: ExpressionBuilder<Schema, 'session'>) =>
    row.and([
      row('ended_at', 'is', null),
      row('idle_ends_at', '>', moment(machine)),
      row('ends_at', '>', moment(machine)),
    ]);
}

/** Enough to know one's own browser again; signs that no browser sends are left out. */
function inShort(userAgent: string): string {
  return userAgent.replace(/[^\x20-\x7e]/g, '').slice(0, 120);
}
