import type { FastifyInstance } from 'fastify';
import type { ZodTypeProvider } from 'fastify-type-provider-zod';
import { z } from 'zod';
import { callerOf, turnedAway } from '../authentication.ts';
import type { Caller } from '../authentication.ts';
import { acceptInvitation } from '../login/accept.ts';
import { logOut } from '../login/log-out.ts';
import { logIn } from '../login/log-in.ts';
import type { LoginParts } from '../login/log-in.ts';
import { proofLastsMs } from '../login/step-up.ts';
import { giveSession, visitorAt } from '../login/visitor.ts';
import { instant, instantOf, line, problems } from '../shapes.ts';
import { me, meOf } from '../user-shapes.ts';

/** As it is typed at a login: any length that may be chosen, and what people paste by mistake. */
const typedPassword = z.string().min(1).max(1_000);

/** A one-time link's token, as it stands in the link. */
const linkToken = z
  .string()
  .max(43)
  .regex(/^[\w-]{43}$/, 'give the token as it stands in the link');

/**
 * Coming in, and going: the routes for which nobody needs to be known.
 *
 * A login opens a session whose token the browser keeps in a cookie; a one-time link opens the choice of a password.
 */
export function comeAndGo(scope: FastifyInstance, parts: LoginParts): void {
  const { house, login } = parts;
  const door = { db: house.db, login };
  const app = scope.withTypeProvider<ZodTypeProvider>();

  app.post(
    '/v1/session',
    {
      bodyLimit: 8 * 1024,
      schema: {
        summary: 'Log in',
        description:
          'Opens a new session and sets its cookie, whatever cookie came along. Whatever was wrong is answered alike; who fails often waits.',
        tags: ['session'],
        security: [],
        body: z.strictObject({
          name: line(254).describe('The name or the mail address.'),
          password: typedPassword,
          code: z.string().max(64).optional().describe('Of the second factor, or a recovery code.'),
        }),
        response: {
          201: z.object({ id: z.string(), idleEndsAt: instant, endsAt: instant }),
          ...problems(401, 403),
        },
      },
    },
    async (request, reply) => {
      const { session, browser } = await logIn(parts, request.body, await visitorAt(request, parts));
      giveSession(reply, login, session, browser);
      const { id, idleEndsAt, endsAt } = session;
      return reply.code(201).send({ id, idleEndsAt: instantOf(idleEndsAt), endsAt: instantOf(endsAt) });
    },
  );

  app.get(
    '/v1/session',
    {
      schema: {
        summary: 'Who is logged in',
        tags: ['session'],
        security: [],
        response: {
          200: z.object({
            user: me,
            by: z.enum(['key', 'session']),
            sessionId: z.string().nullable(),
            lacks: z
              .enum(['set-up', 'code'])
              .nullable()
              .describe('What the session needs before it opens anything: a second factor, or a code of it.'),
            provedUntil: instant.nullable().describe('Until when what is dear needs no new proof.'),
          }),
          ...problems(401),
        },
      },
    },
    async (request, reply) => {
      const caller = await callerOf(request, door);
      if (!caller) throw turnedAway(request, reply, door);
      const { by } = caller;
      return {
        user: meOf(caller),
        by: by.kind,
        sessionId: by.kind === 'session' ? by.id : null,
        lacks: by.kind === 'session' ? by.lacks : null,
        provedUntil: provedUntil(by),
      };
    },
  );

  app.delete(
    '/v1/session',
    {
      schema: {
        summary: 'Log out',
        tags: ['session'],
        security: [],
        response: { 204: z.undefined().describe('Nobody is logged in.'), ...problems(403) },
      },
    },
    async (request, reply) => {
      await logOut(request, reply, parts);
      return reply.code(204).send();
    },
  );

  app.post(
    '/v1/invitations/acceptance',
    {
      bodyLimit: 8 * 1024,
      schema: {
        summary: 'Choose a password with a one-time link',
        description: 'Uses the link up; the password opens from then on, and all sessions of its user end.',
        tags: ['session'],
        security: [],
        body: z.strictObject({
          token: linkToken,
          password: typedPassword,
          name: line(200).optional().describe('Another name than the administrator gave.'),
        }),
        response: {
          204: z.undefined().describe('The password opens from now on.'),
          ...problems(403, 404, 409),
        },
      },
    },
    async (request, reply) => {
      await visitorAt(request, parts);
      await acceptInvitation(parts, request.body);
      return reply.code(204).send();
    },
  );
}

function provedUntil(by: Caller['by']): string | null {
  return by.kind === 'session' && by.provedAt !== null ? instantOf(by.provedAt + proofLastsMs) : null;
}
