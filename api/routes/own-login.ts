import type { FastifyReply } from 'fastify';
import { z } from 'zod';
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
import type { Routes } from '../route-parts.ts';
import { unauthorized } from '../authentication.ts';
import { inTransaction } from '../idempotency.ts';
import { aboutTotpOf, isCode } from '../login/log-in.ts';
import { hashOfPassword, mustBeChoosable } from '../login/passwords.ts';
import { mustProve, sessionOf } from '../login/prove.ts';
import type { Seal } from '../login/seal.ts';
import { digestOfRecoveryCode, newRecoveryCodes, newTotp, totpStep } from '../login/totp.ts';
import { handOver } from '../login/visitor.ts';
import { Problem } from '../problem.ts';
import { problems } from '../shapes.ts';

/**
 * How I come in: my password, and my second factor.
 *
 * Each change asks for the password again, puts the session that made it under a new token and ends the others. These
 * requests hold secrets, so they take no part in what is kept under an `Idempotency-Key`: a repeat is answered anew.
 */
const password = z.string().min(1).max(1_000);
const code = z.string().min(1).max(64);

export const ownLoginRoutes: Routes = async (app, parts) => {
  const { house, login } = parts;

  /** The session goes on under another token, the others end. */
  const goOn = async (
    tx: Tx,
    now: number,
    sessionId: string,
    userId: string,
    secondFactor?: boolean,
  ): Promise<OpenedSession> => {
    const machine = login.machine();
    const renewed = await renewSession(tx, machine, login.limits, sessionId, secondFactor);
    if (!renewed) throw unauthorized('session');
    await endSessionsOf(tx, machine, now, userId, { because: 'password', by: userId }, renewed.id);
    return renewed;
  };
  const answer = (reply: FastifyReply, session: OpenedSession): FastifyReply => {
    handOver(reply, login, session);
    return reply;
  };

  app.post(
    '/password',
    {
      bodyLimit: 8 * 1024,
      schema: {
        summary: 'Change my password',
        description: 'Ends all my other sessions, and makes one-time links of mine worthless.',
        tags: ['session'],
        body: z.strictObject({ current: password, password }),
        response: { 204: z.undefined().describe('It opens from now on.'), ...problems(409, 429) },
      },
    },
    async (request, reply) => {
      const { sessionId, credentials } = await mustProve(request, parts, request.body.current);
      const { userId, name, email, passwordHash } = credentials;
      await mustBeChoosable(request.body.password, [name, email]);
      const hash = await hashOfPassword(request.body.password);
      const session = await inTransaction(house, async (tx, now) => {
        if ((await credentialsOf(tx, userId))?.passwordHash !== passwordHash) throw changedMeanwhile();
        await setPassword(tx, login.machine(), now, userId, hash, userId);
        await voidInvitations(tx, login.machine(), userId);
        return goOn(tx, now, sessionId, userId);
      });
      return answer(reply, session).code(204).send();
    },
  );

  app.post(
    '/totp',
    {
      bodyLimit: 8 * 1024,
      schema: {
        summary: 'Begin a second factor',
        description: 'It counts once it is confirmed with a code of the app.',
        tags: ['session'],
        body: z.strictObject({ password }),
        response: {
          201: z.object({
            secret: z.string().describe('For typing into the app; shown once.'),
            uri: z.string(),
            qrSvg: z.string().describe('The same as a picture.'),
          }),
          ...problems(409, 429),
        },
      },
    },
    async (request, reply) => {
      const seal = sealOf(login.seal);
      const { credentials } = await mustProve(request, parts, request.body.password);
      const { userId, name } = credentials;
      const proposed = await newTotp(name);
      const sealed = seal.seal(proposed.secret, aboutTotpOf(userId));
      if (!(await inTransaction(house, (tx) => proposeTotp(tx, userId, sealed)))) throw hasOne();
      return reply.code(201).send(proposed);
    },
  );

  app.post(
    '/totp/confirmation',
    {
      bodyLimit: 8 * 1024,
      schema: {
        summary: 'Confirm a second factor',
        description: 'From now on a login needs a code. The recovery codes are shown once; each opens once.',
        tags: ['session'],
        body: z.strictObject({ code }),
        response: { 201: z.object({ recoveryCodes: z.array(z.string()) }), ...problems(409) },
      },
    },
    async (request, reply) => {
      const seal = sealOf(login.seal);
      const { userId } = request.caller;
      const sessionId = sessionOf(request);
      const sealed = await proposedTotpOf(house.db, userId);
      if (sealed === undefined) throw noneProposed();
      const step = totpStep(seal.open(sealed, aboutTotpOf(userId)), request.body.code, login.machine());
      if (step === undefined) throw wrongCode();
      const recoveryCodes = newRecoveryCodes();
      const session = await inTransaction(house, async (tx, now) => {
        const digests = recoveryCodes.map(digestOfRecoveryCode);
        if (!(await confirmTotp(tx, login.machine(), now, { userId, sealed, step }, digests))) throw hasOne();
        return goOn(tx, now, sessionId, userId, true);
      });
      return answer(reply, session)
        .code(201)
        .send({ recoveryCodes: [...recoveryCodes] });
    },
  );

  app.post(
    '/totp/removal',
    {
      bodyLimit: 8 * 1024,
      schema: {
        summary: 'Give up my second factor',
        tags: ['session'],
        body: z.strictObject({ password, code: code.describe('A last code, or a recovery code.') }),
        response: { 204: z.undefined().describe('The password opens alone.'), ...problems(409, 429) },
      },
    },
    async (request, reply) => {
      const { sessionId, credentials } = await mustProve(request, parts, request.body.password);
      const { userId, totpSecret } = credentials;
      if (totpSecret === null) throw noneProposed();
      if (!(await knockWithFactor(house.db, login.machine(), userId))) throw wrongCode();
      const session = await inTransaction(house, async (tx, now) => {
        if (!(await isCode(tx, login, { userId, totpSecret }, request.body.code))) throw wrongCode();
        await forgiveFactor(tx, userId);
        await removeTotp(tx, now, userId, userId);
        return goOn(tx, now, sessionId, userId, false);
      });
      return answer(reply, session).code(204).send();
    },
  );
};

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

function noneProposed(): Problem {
  return Problem.conflict(
    'second-factor-none',
    'There is no second factor.',
    'None was begun.',
    'Begin one with POST /v1/totp.',
  );
}

function wrongCode(): Problem {
  return Problem.invalid(
    'code',
    'is not right, or was used before',
    'wait for the next code of your app; its clock must be right',
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
