import { credentialsOf, useRecoveryCode, useTotpStep, whoIsMeant } from '../../db/credentials.ts';
import type { Credentials } from '../../db/credentials.ts';
import type { Tx } from '../../db/database.ts';
import type { House } from '../../db/house.ts';
import { note } from '../../db/journal.ts';
import { forgive, forgiveFactor, knock, knockWithFactor } from '../../db/login-throttle.ts';
import type { Knock } from '../../db/login-throttle.ts';
import { isBrowserOf, knowBrowser } from '../../db/known-browsers.ts';
import { endSession, openSession } from '../../db/sessions.ts';
import type { NewSession, OpenedSession } from '../../db/sessions.ts';
import { sha256Of } from '../../db/sha256.ts';
import { networkOf, siteOf } from '../network-of.ts';
import { Problem } from '../problem.ts';
import { isPassword } from './passwords.ts';
import type { LoginSettings } from './settings.ts';
import { digestOfRecoveryCode, totpStep } from './totp.ts';

/**
 * Coming in with a name and a password.
 *
 * Whatever was wrong (the name, the password, the code) is answered alike and takes as long, so nobody learns which names
 * there are or that he has guessed a password. better-auth 1.7.25 keeps the tokens of its sessions in clear and knows one
 * end of a session, not two; so what it would do stands here and in `db/sessions.ts`, on @node-rs/argon2 and otpauth.
 */
export interface LoginParts {
  readonly house: House;
  readonly login: LoginSettings;
}

export interface GivenAtLogin {
  /** A name or a mail address. */
  readonly name: string;
  readonly password: string;
  /** Of the second factor, or a recovery code. */
  readonly code?: string | undefined;
}

export interface Visitor {
  /** Where the request came from. */
  readonly ip: string;
  readonly userAgent: string | null;
  /** The session that his browser is in already, which a login ends. */
  readonly sessionId?: string | undefined;
  /** By what his browser may be known from an earlier login. */
  readonly browser?: string | undefined;
}

export interface LetIn {
  readonly userId: string;
  readonly session: OpenedSession;
  /** For the browser to keep, so that it is known the next time. */
  readonly browser: string;
}

/** Opens a session; throws a Problem with 401 when something is wrong, with 429 when he must wait. */
export async function logIn(
  { house, login }: LoginParts,
  given: GivenAtLogin,
  visitor: Visitor,
): Promise<LetIn> {
  const user = await whoIsMeant(house.db, given.name.trim());
  const at = await knockOf({ house, login }, visitor, user?.userId ?? null, given.name);
  const waitMs = await knock(house.db, login.machine(), at);
  if (waitMs > 0) throw tooOften(waitMs);

  const isRight = await isPassword(given.password, user?.passwordHash ?? null);
  const welcome = user && isRight ? await letIn({ house, login }, user, given.code, at, visitor) : undefined;
  if (welcome) return welcome;

  await house.db.transaction().execute(async (tx) => {
    const now = await house.clock.now();
    // Under the user where there is one, else under the door: what was typed may be a password in the wrong field.
    await note(tx, user ? `user/${user.userId}` : 'login', 'loginFailed', now, {});
  });
  throw wrong();
}

/** The second half of the proof, the session and the sign for the browser; undefined when the code is missing, wrong, used or must wait. */
async function letIn(
  { house, login }: LoginParts,
  user: Credentials,
  code: string | undefined,
  at: Knock,
  visitor: Visitor,
): Promise<LetIn | undefined> {
  const { userId, passwordHash, totpSecret } = user;
  if (totpSecret !== null) {
    if (code === undefined || code.trim() === '') return undefined;
    if (!(await knockWithFactor(house.db, login.machine(), userId))) return undefined;
  }
  return house.db.transaction().execute(async (tx) => {
    // Between the look at the password and now, it may have been changed, or its owner shut out.
    await tx.selectFrom('app_user').select('id').where('id', '=', userId).forUpdate().execute();
    const still = await credentialsOf(tx, userId);
    if (still?.passwordHash !== passwordHash || still.totpSecret !== totpSecret) return undefined;
    if (totpSecret !== null) {
      if (!(await isCode(tx, login, { userId, totpSecret }, code ?? ''))) return undefined;
      await forgiveFactor(tx, userId);
    }
    await forgive(tx, login.machine(), at);
    const session = await startSession(tx, { house, login }, userId, visitor, {
      openedBy: 'password',
      secondFactor: totpSecret !== null,
      provedAt: login.machine(),
    });
    return { userId, session, browser: await knowBrowser(tx, login.machine(), userId, visitor.browser) };
  });
}

/** Opens the session of somebody who has proved himself, and ends the one that his browser was in. */
export async function startSession(
  tx: Tx,
  { house, login }: LoginParts,
  userId: string,
  visitor: Visitor,
  how: Pick<NewSession, 'openedBy' | 'secondFactor' | 'provedAt'>,
): Promise<OpenedSession> {
  const [machine, now] = [login.machine(), await house.clock.now()];
  if (visitor.sessionId !== undefined)
    await endSession(tx, machine, now, visitor.sessionId, { because: 'rotated', by: userId });
  const session = await openSession(tx, machine, login.limits, {
    userId,
    userAgent: visitor.userAgent,
    ...how,
  });
  const { openedBy, secondFactor } = how;
  await note(tx, `user/${userId}`, 'loggedIn', now, { sessionId: session.id, openedBy, secondFactor });
  return session;
}

/** Uses up a code of the second factor or a recovery code; false when it is none of both, or was used. */
export async function isCode(
  tx: Tx,
  login: LoginSettings,
  { userId, totpSecret }: { readonly userId: string; readonly totpSecret: string },
  code: string,
): Promise<boolean> {
  if (!login.seal) throw Problem.unavailable('second-factor-sealed', 'LOGIN_KEYS is not set.');
  const step = totpStep(login.seal.open(totpSecret, aboutTotpOf(userId)), code, login.machine());
  return step === undefined
    ? useRecoveryCode(tx, userId, digestOfRecoveryCode(code))
    : useTotpStep(tx, userId, step);
}

/** Whose secret it is, sealed in with it. */
export function aboutTotpOf(userId: string): string {
  return `app_user/${userId}/totp_secret`;
}

/** By what a failure is counted: the browser where it is known as that user's, else the name and where it was tried from. */
export async function knockOf(
  { house, login }: LoginParts,
  { ip, browser }: Pick<Visitor, 'ip' | 'browser'>,
  userId: string | null,
  typed: string,
): Promise<Knock> {
  if (browser !== undefined && userId !== null)
    if (await isBrowserOf(house.db, login.machine(), browser, userId)) return { browser: digest(browser) };
  const site = siteOf(ip);
  return {
    network: digest(networkOf(ip)),
    site: site === null ? null : digest(site),
    account: digest(userId ?? typed.trim().toLowerCase()),
  };
}

/** Enough to tell two apart, and nothing to read. */
function digest(text: string): string {
  return sha256Of(text).slice(0, 32);
}

function wrong(): Problem {
  return new Problem({
    status: 401,
    code: 'login-failed',
    title: 'Relance does not let you in.',
    detail: 'The name, the password or the code is not right.',
    remedy:
      'Try again, with the code of your app if you have a second factor, or ask an administrator for a new link.',
  });
}

export function tooOften(waitMs: number): Problem {
  const seconds = Math.ceil(waitMs / 1000);
  return new Problem({
    status: 429,
    code: 'login-too-often',
    title: 'Too many logins from here failed.',
    detail: `The next one is looked at in ${seconds} seconds.`,
    remedy: 'Wait, and then try again.',
    retryAfterSeconds: seconds,
  });
}
