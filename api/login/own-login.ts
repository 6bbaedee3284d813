import type { FastifyRequest } from 'fastify';
import {
  confirmTotp,
  credentialsOf,
  proposedTotpOf,
  proposeTotp,
  removeTotp,
  setPassword,
} from '../../db/credentials.ts';
import type { Tx } from '../../db/database.ts';
import { voidInvitations } from '../../db/invitations.ts';
import { forgiveFactor, knockWithFactor } from '../../db/login-throttle.ts';
import { endSessionsOf, renewSession } from '../../db/sessions.ts';
import type { OpenedSession } from '../../db/sessions.ts';
import type { Instant } from '../../domain/time.ts';
import { unauthorized } from '../authentication.ts';
import { inTransaction } from '../idempotency.ts';
import { Problem } from '../problem.ts';
import { aboutTotpOf, isCode } from './log-in.ts';
import type { LoginParts } from './log-in.ts';
import { hashOfPassword, mustBeChoosable } from './passwords.ts';
import { mustProve, mustProveByPassword, noFactor, sessionOf, wrongCode } from './prove.ts';
import type { Seal } from './seal.ts';
import { digestOfRecoveryCode, newRecoveryCodes, newTotp, totpStep } from './totp.ts';
import type { NewTotp } from './totp.ts';

/**
 * How somebody changes the way he comes in, for the API and the page of his account: his password, and his second factor.
 *
 * Each change asks for the password again, puts the session that made it under a new token and ends the others. Each
 * throws a Problem when it may not be.
 */
export async function changePassword(
  request: FastifyRequest,
  parts: LoginParts,
  given: { readonly current: string; readonly password: string },
): Promise<OpenedSession> {
  const { house, login } = parts;
  const { sessionId, credentials } = await mustProveByPassword(request, parts, given.current);
  const { userId, name, email, passwordHash } = credentials;
  await mustBeChoosable(given.password, [name, email]);
  const hash = await hashOfPassword(given.password);
  return inTransaction(house, async (tx, now) => {
    if ((await credentialsOf(tx, userId))?.passwordHash !== passwordHash) throw changedMeanwhile();
    await setPassword(tx, login.machine(), now, userId, hash, userId);
    await voidInvitations(tx, login.machine(), userId);
    return goOn(tx, now, parts, { sessionId, userId });
  });
}

/** Proposes a second factor, which counts once it is confirmed. */
export async function beginFactor(
  request: FastifyRequest,
  parts: LoginParts,
  password: string | undefined,
): Promise<NewTotp> {
  const seal = sealOf(parts.login.seal);
  const { credentials } = await mustProve(request, parts, password);
  const { userId, name } = credentials;
  const proposed = await newTotp(name);
  const sealed = seal.seal(proposed.secret, aboutTotpOf(userId));
  if (!(await inTransaction(parts.house, (tx) => proposeTotp(tx, userId, sealed)))) throw hasOne();
  return proposed;
}

/** Makes the proposed factor count; its recovery codes are given out here and nowhere else. */
export async function confirmFactor(
  request: FastifyRequest,
  parts: LoginParts,
  code: string,
): Promise<{ readonly session: OpenedSession; readonly recoveryCodes: readonly string[] }> {
  const { house, login } = parts;
  const seal = sealOf(login.seal);
  const { userId } = request.caller;
  const { id: sessionId } = sessionOf(request);
  const sealed = await proposedTotpOf(house.db, userId);
  if (sealed === undefined) throw noFactor();
  const step = totpStep(seal.open(sealed, aboutTotpOf(userId)), code, login.machine());
  if (step === undefined) throw wrongCode();
  const recoveryCodes = newRecoveryCodes();
  const session = await inTransaction(house, async (tx, now) => {
    const digests = recoveryCodes.map(digestOfRecoveryCode);
    if (!(await confirmTotp(tx, login.machine(), now, { userId, sealed, step }, digests))) throw hasOne();
    return goOn(tx, now, parts, { sessionId, userId, secondFactor: true });
  });
  return { session, recoveryCodes };
}

/** Gives the second factor up, with a last code of it. */
export async function giveUpFactor(
  request: FastifyRequest,
  parts: LoginParts,
  given: { readonly password: string | undefined; readonly code: string },
): Promise<OpenedSession> {
  const { house, login } = parts;
  const { sessionId, credentials } = await mustProve(request, parts, given.password);
  const { userId, totpSecret } = credentials;
  if (totpSecret === null) throw noFactor();
  if (!(await knockWithFactor(house.db, login.machine(), userId))) throw wrongCode();
  return inTransaction(house, async (tx, now) => {
    if (!(await isCode(tx, login, { userId, totpSecret }, given.code))) throw wrongCode();
    await forgiveFactor(tx, userId);
    await removeTotp(tx, now, userId, userId);
    return goOn(tx, now, parts, { sessionId, userId, secondFactor: false });
  });
}

/** The session goes on under another token, the others end. */
async function goOn(
  tx: Tx,
  now: Instant,
  { login }: LoginParts,
  {
    sessionId,
    userId,
    secondFactor,
  }: { readonly sessionId: string; readonly userId: string; readonly secondFactor?: boolean },
): Promise<OpenedSession> {
  const machine = login.machine();
  const renewed = await renewSession(tx, machine, login.limits, sessionId, secondFactor);
  if (!renewed) throw unauthorized('session');
  await endSessionsOf(tx, machine, now, userId, { because: 'password', by: userId }, renewed.id);
  return renewed;
}

function sealOf(seal: Seal | null): Seal {
  if (seal) return seal;
  throw Problem.conflict(
    'second-factor-off',
    'There are no second factors here.',
    'This installation has no key with which their secrets could be sealed.',
    'Ask the operator to set LOGIN_KEYS.',
  );
}

function hasOne(): Problem {
  return Problem.conflict(
    'second-factor-there',
    'There is a second factor already.',
    'It must be given up before another begins.',
    'Give it up with POST /v1/totp/removal, or ask an administrator to take it away.',
  );
}

function changedMeanwhile(): Problem {
  return Problem.conflict(
    'password-changed',
    'The password was changed meanwhile.',
    'Another request was first.',
    'Log in with the password as it is now.',
  );
}
