import type { FastifyRequest } from 'fastify';
import { credentialsOf } from '../../db/credentials.ts';
import type { Credentials } from '../../db/credentials.ts';
import { forgive, knock } from '../../db/login-throttle.ts';
import { Problem } from '../problem.ts';
import { knockOf, tooOften } from './log-in.ts';
import type { LoginParts } from './log-in.ts';
import { isPassword } from './passwords.ts';

/**
 * Whoever changes how he comes in says his password again: a session left open on a desk is not him.
 *
 * Wrong ones count as failed logins do. Only a session may ask, for a key belongs to a program.
 */
export async function mustProve(
  request: FastifyRequest,
  { house, login }: LoginParts,
  password: string,
): Promise<{ readonly sessionId: string; readonly credentials: Credentials }> {
  const sessionId = sessionOf(request);
  const { userId, name } = request.caller;
  const credentials = await credentialsOf(house.db, userId);
  if (!credentials?.passwordHash) throw noPassword();
  const at = knockOf(name, request.ip);
  const waitMs = await knock(house.db, login.machine(), at);
  if (waitMs > 0) throw tooOften(waitMs);
  if (!(await isPassword(password, credentials.passwordHash))) throw wrongPassword();
  await house.db.transaction().execute((tx) => forgive(tx, login.machine(), at));
  return { sessionId, credentials };
}

/** The session of the caller; throws a Problem when he came with a key. */
export function sessionOf({ caller }: FastifyRequest): string {
  if (caller.by.kind === 'session') return caller.by.id;
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

function noPassword(): Problem {
  return Problem.conflict(
    'no-password',
    'There is no password.',
    'You come in by another way than a password.',
    'Ask an administrator for a link with which to choose one.',
  );
}
