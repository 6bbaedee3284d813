import { sql } from 'kysely';
import type { Instant } from '../domain/time.ts';
import type { Db, Tx } from './database.ts';
import { takeInvitationOf } from './invitations.ts';
import { note } from './journal.ts';
import { moment } from './moment.ts';
import { hashOfToken } from './token.ts';

/**
 * Logins at another house: those that are under way, and who of ours is meant by whom of theirs.
 *
 * An attempt belongs to the browser that began it, and is taken away by the first who comes back with its cookie.
 */
export interface OidcAttempt {
  readonly state: string;
  readonly nonce: string;
  readonly verifier: string;
  readonly goTo: string;
}

const lastsMs = 10 * 60_000;

export async function beginAttempt(
  db: Db,
  machine: Instant,
  cookieSha256: Buffer,
  { state, nonce, verifier, goTo }: OidcAttempt,
): Promise<void> {
  await db.deleteFrom('oidc_attempt').where('expires_at', '<', moment(machine)).execute();
  await db
    .insertInto('oidc_attempt')
    .values({
      cookie_sha256: cookieSha256,
      state,
      nonce,
      verifier,
      go_to: goTo,
      expires_at: new Date(machine + lastsMs),
    })
    .execute();
}

/** Takes the attempt of this cookie; undefined when there is none, or it was taken, or is too old. */
export async function takeAttempt(
  db: Db,
  machine: Instant,
  cookie: string,
): Promise<OidcAttempt | undefined> {
  const taken = await db
    .deleteFrom('oidc_attempt')
    .where('cookie_sha256', '=', hashOfToken(cookie))
    .returningAll()
    .executeTakeFirst();
  if (!taken || taken.expires_at <= machine) return undefined;
  return { state: taken.state, nonce: taken.nonce, verifier: taken.verifier, goTo: taken.go_to };
}

export interface TheirPerson {
  readonly issuer: string;
  readonly subject: string;
  /** Only an address that the other house has verified. */
  readonly verifiedEmail: string | null;
}

/**
 * Who of ours is meant; undefined when nobody is.
 *
 * Known by their id for him from his second login on. At his first he must have been invited, and not have come in yet:
 * whoever runs the other house must not become one of our people by writing an address into it.
 */
export async function ourPerson(
  tx: Tx,
  machine: Instant,
  now: Instant,
  { issuer, subject, verifiedEmail }: TheirPerson,
): Promise<string | undefined> {
  const known = await tx
    .selectFrom('app_user')
    .select(['id', 'disabled_at'])
    .where('oidc_issuer', '=', issuer)
    .where('oidc_subject', '=', subject)
    .executeTakeFirst();
  if (known) return known.disabled_at === null ? known.id : undefined;
  if (verifiedEmail === null) return undefined;

  const named = await tx
    .selectFrom('app_user')
    .select(['id', 'oidc_issuer'])
    .where(sql<string>`lower(email)`, '=', sql<string>`lower(${verifiedEmail})`)
    .where('disabled_at', 'is', null)
    .forUpdate()
    .execute();
  const [only] = named;
  if (!only || named.length > 1 || only.oidc_issuer !== null) return undefined;
  const invitationId = await takeInvitationOf(tx, machine, now, only.id);
  if (invitationId === undefined) return undefined;
  await tx
    .updateTable('app_user')
    .set({ oidc_issuer: issuer, oidc_subject: subject })
    .where('id', '=', only.id)
    .execute();
  await note(tx, `user/${only.id}`, 'identityLinked', now, { issuer, invitationId });
  return only.id;
}
