import { z } from 'zod';
import { beginFactor, changePassword, confirmFactor, giveUpFactor } from '../login/own-login.ts';
import { proveAgain } from '../login/prove.ts';
import type { Routes } from '../route-parts.ts';
import { giveSession } from '../login/visitor.ts';
import { problems } from '../shapes.ts';

/**
 * How I come in: my password, my second factor, and the proof once more that it is me.
 *
 * These requests hold secrets, so they take no part in what is kept under an `Idempotency-Key`: a repeat is answered anew.
 */
const password = z.string().min(1).max(1_000);
const code = z.string().min(1).max(64);
/** Who has no password here has proved himself at the identity provider within the last minutes. */
const passwordIfAny = password.optional().describe('Of whoever has one.');
const bodyLimit = 8 * 1024;

export const ownLoginRoutes: Routes = async (app, parts) => {
  const { login } = parts;

  app.post(
    '/session/proof',
    {
      bodyLimit,
      config: { beforeSecondFactor: true },
      schema: {
        summary: 'Prove once more that it is me',
        description:
          'For what is dear, such as ending sessions or letting people in: it is done within ten minutes of a proof. A code also makes good for a session that was opened without it. The session goes on under another token.',
        tags: ['session'],
        body: z.strictObject({ password: password.optional(), code: code.optional() }),
        response: { 204: z.undefined().describe('Proved.'), ...problems(409, 429) },
      },
    },
    async (request, reply) => {
      giveSession(reply, login, await proveAgain(request, parts, request.body));
      return reply.code(204).send();
    },
  );

  app.post(
    '/password',
    {
      bodyLimit,
      schema: {
        summary: 'Change my password',
        description: 'Ends all my other sessions, and makes one-time links of mine worthless.',
        tags: ['session'],
        body: z.strictObject({ current: password, password }),
        response: { 204: z.undefined().describe('It opens from now on.'), ...problems(409, 429) },
      },
    },
    async (request, reply) => {
      giveSession(reply, login, await changePassword(request, parts, request.body));
      return reply.code(204).send();
    },
  );

  app.post(
    '/totp',
    {
      bodyLimit,
      config: { beforeSecondFactor: true },
      schema: {
        summary: 'Begin a second factor',
        description: 'It counts once it is confirmed with a code of the app.',
        tags: ['session'],
        body: z.strictObject({ password: passwordIfAny }),
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
    async (request, reply) => reply.code(201).send(await beginFactor(request, parts, request.body.password)),
  );

  app.post(
    '/totp/confirmation',
    {
      bodyLimit,
      config: { beforeSecondFactor: true },
      schema: {
        summary: 'Confirm a second factor',
        description: 'From now on a login needs a code. The recovery codes are shown once; each opens once.',
        tags: ['session'],
        body: z.strictObject({ code }),
        response: { 201: z.object({ recoveryCodes: z.array(z.string()) }), ...problems(409) },
      },
    },
    async (request, reply) => {
      const { session, recoveryCodes } = await confirmFactor(request, parts, request.body.code);
      giveSession(reply, login, session);
      return reply.code(201).send({ recoveryCodes: [...recoveryCodes] });
    },
  );

  app.post(
    '/totp/removal',
    {
      bodyLimit,
      schema: {
        summary: 'Give up my second factor',
        tags: ['session'],
        body: z.strictObject({
          password: passwordIfAny,
          code: code.describe('A last code, or a recovery code.'),
        }),
        response: { 204: z.undefined().describe('The password opens alone.'), ...problems(409, 429) },
      },
    },
    async (request, reply) => {
      const { password: given, code: last } = request.body;
      giveSession(reply, login, await giveUpFactor(request, parts, { password: given, code: last }));
      return reply.code(204).send();
    },
  );
};
