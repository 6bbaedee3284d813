import { dayMs } from '../domain/time.ts';
import type { Instant } from '../domain/time.ts';
import type { Db, Tx } from './database.ts';
import { moment } from './moment.ts';
import { hashOfToken, newToken } from './token.ts';

/**
 * The browsers in which a user has logged in: each keeps a token that says so, and opens nothing.
 *
 * Whoever wants to keep somebody out can fail with his name, and from his network, as often as he likes: the browser that
 * its owner used before has a count of its own (OWASP, "Slow Down Online Guessing Attacks with Device Cookies"). Kept as
 * hashes; `machine` is the machine's time.
 */
const keptMs = 180 * dayMs;

/** For how long a browser keeps its token after a login. */
export const knownSeconds = keptMs / 1000;

/** A person has a handful; more would be somebody who collects them. */
const perUserMax = 20;

/** Whether this token was given to a browser of that user, not too long ago. */
export async function isBrowserOf(db: Db, machine: Instant, token: string, userId: string): Promise<boolean> {
  const row = await db
    .selectFrom('known_browser')
    .select('user_id')
    .where('token_sha256', '=', hashOfToken(token))
    .where('user_id', '=', userId)
    .where('seen_at', '>', moment(machine - keptMs))
    .executeTakeFirst();
  return row !== undefined;
}

/** Knows the browser of a user from now on, and answers its new token; the one that it brought is of no use any more. */
export async function knowBrowser(
  tx: Tx,
  machine: Instant,
  userId: string,
  brought: string | undefined,
): Promise<string> {
  const { token, sha256 } = newToken();
  if (brought !== undefined)
    await tx
      .deleteFrom('known_browser')
      .where('token_sha256', '=', hashOfToken(brought))
      .where('user_id', '=', userId)
      .execute();
  await tx
    .insertInto('known_browser')
    .values({ token_sha256: sha256, user_id: userId, seen_at: new Date(machine) })
    .execute();
  await tx
    .deleteFrom('known_browser')
    .where('user_id', '=', userId)
    .where('token_sha256', 'not in', (newest) =>
      newest
        .selectFrom('known_browser')
        .select('token_sha256')
        .where('user_id', '=', userId)
        .orderBy('seen_at', 'desc')
        .orderBy('token_sha256')
        .limit(perUserMax),
    )
    .execute();
  return token;
}

/** Forgets the browsers of a user: whoever chose another password may have lost one of them. */
export async function forgetBrowsers(tx: Tx, userId: string): Promise<void> {
  await tx.deleteFrom('known_browser').where('user_id', '=', userId).execute();
}
