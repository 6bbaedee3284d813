import type { FastifyRequest } from 'fastify';
import { credentialsOf } from '../../db/credentials.ts';
import type { Credentials } from '../../db/credentials.ts';
import { note } from '../../db/journal.ts';
import { forgive, forgiveFactor, knock, knockWithFactor } from '../../db/login-throttle.ts';
import { renewSession } from '../../db/sessions.ts';
import type { OpenedSession } from '../../db/sessions.ts';
import { unauthorized } from '../authentication.ts';
import type { BySession } from '../authentication.ts';
import { Problem } from '../problem.ts';
import { readCookie } from './cookies.ts';
import { isCode, knockOf, tooOften } from './log-in.ts';
import type { LoginParts } from './log-in.ts';
import { isPassword } from './passwords.ts';
import { isProofFresh, proofNeeded } from './step-up.ts';

/**
 * Whoever changes how he comes in says his password again: a session left open on a desk is not him.
 *
 * Who has no password here proves himself at the provider of his organisation, minutes ago. Wrong passwords count as
 * failed logins do. Only a session may ask, for a key belongs to a program.
 */
export async function mustProve(
  request: FastifyRequest,
  { house, login }: LoginParts,
  password: string | undefined,
): Promise<{ readonly sessionId: string; readonly credentials: Credentials }> {
  const { id: sessionId, provedAt } = sessionOf(request);
  const credentials = await credentialsOf(house.db, request.caller.userId);
  if (!credentials) throw unauthorized('session');
  if (credentials.passwordHash !== null)
    await mustBePassword(request, { house, login }, credentials, password);
  else if (!isProofFresh(provedAt, login.machine())) throw proofNeeded();
  return { sessionId, credentials };
}

/** The same, of who has a password. */
export async function mustProveByPassword(
  request: FastifyRequest,
  parts: LoginParts,
  password: string,
): Promise<{ readonly sessionId: string; readonly credentials: Credentials }> {
  const { id: sessionId } = sessionOf(request);
  const credentials = await credentialsOf(parts.house.db, request.caller.userId);
  if (!credentials?.passwordHash) throw noPassword();
  await mustBePassword(request, parts, credentials, password);
  return { sessionId, credentials };
}

/**
 * Proves that the owner of the session sits before it, by his password, by a code of his second factor, or by both; the
 * session goes on under another token. All that is given must be right.
 */
export async function proveAgain(
  request: FastifyRequest,
  { house, login }: LoginParts,
  { password, code }: { readonly password?: string | undefined; readonly code?: string | undefined },
): Promise<OpenedSession> {
  const { id: sessionId } = sessionOf(request);
  const { userId } = request.caller;
  const credentials = await credentialsOf(house.db, userId);
  if (!credentials) throw unauthorized('session');
  const { totpSecret } = credentials;
  if (password === undefined && code === undefined) throw nothingGiven();
  if (password !== undefined) {
    if (credentials.passwordHash === null) throw noPassword();
    await mustBePassword(request, { house, login }, credentials, password);
  }
  if (code !== undefined) {
    if (totpSecret === null) throw noFactor();
    if (!(await knockWithFactor(house.db, login.machine(), userId))) throw wrongCode();
  }
  const session = await house.db.transaction().execute(async (tx) => {
    if (code !== undefined && totpSecret !== null) {
      if (!(await isCode(tx, login, { userId, totpSecret }, code))) return undefined;
      await forgiveFactor(tx, userId);
    }
    const withFactor = code === undefined ? undefined : true;
    const renewed = await renewSession(tx, login.machine(), login.limits, sessionId, withFactor);
    if (!renewed) throw unauthorized('session');
    const how = { sessionId: renewed.id, secondFactor: code !== undefined };
    await note(tx, `user/${userId}`, 'provedAgain', await house.clock.now(), how);
    return renewed;
  });
  if (session) return session;
  await noteFailure({ house, login }, request);
  throw wrongCode();
}

/** In a transaction of its own: what failed is on record, whatever is undone. */
async function noteFailure({ house }: LoginParts, { caller: { userId } }: FastifyRequest): Promise<void> {
  await house.db.transaction().execute(async (tx) => {
    await note(tx, `user/${userId}`, 'loginFailed', await house.clock.now(), { how: 'proof' });
  });
}

async function mustBePassword(
  request: FastifyRequest,
  { house, login }: LoginParts,
  { passwordHash }: Credentials,
  password: string | undefined,
): Promise<void> {
  if (password === undefined)
    throw Problem.invalid('password', 'is missing', 'give the password by which you log in');
  const visitor = { ip: request.ip, browser: readCookie(request, 'browser', login) };
  const { userId, name } = request.caller;
  const at = await knockOf({ house, login }, visitor, userId, name);
  const waitMs = await knock(house.db, login.machine(), at);
  if (waitMs > 0) throw tooOften(waitMs);
  if (!(await isPassword(password, passwordHash))) {
    await noteFailure({ house, login }, request);
    throw wrongPassword();
  }
  await house.db.transaction().execute((tx) => forgive(tx, login.machine(), at));
}

/** The session of the caller; throws a Problem when he came with a key. */
export function sessionOf({ caller }: FastifyRequest): BySession {
  if (caller.by.kind === 'session') return caller.by;
  throw new Problem({
    status: 403,
    code: 'session-needed',
    title: 'Only a person who is logged in may do this.',
    detail: 'The request came with a key, and a key does not change how its owner comes in.',
    remedy: 'Log in with POST /v1/session or at /enter.',
  });
}

function wrongPassword(): Problem {
  return new Problem({
    status: 403,
    code: 'password-wrong',
    title: 'The password is not right.',
    detail: 'It is not the one by which you log in.',
    remedy: 'Give your present password, or ask an administrator for a link to choose another.',
  });
}

export function wrongCode(): Problem {
  return Problem.invalid(
    'code',
    'is not right, or was used before',
    'wait for the next code of your app; its clock must be right',
  );
}

function nothingGiven(): Problem {
  return Problem.invalid('password', 'is missing', 'give your password, or a code of your second factor');
}

function noPassword(): Problem {
  return Problem.conflict(
    'no-password',
    'There is no password.',
    'You come in by another way than a password.',
    'Ask an administrator for a link with which to choose one.',
  );
}

export function noFactor(): Problem {
  return Problem.conflict(
    'second-factor-none',
    'There is no second factor.',
    'None was begun.',
    'Begin one with POST /v1/totp.',
  );
}
