import { z } from 'zod';
import type { Db } from '../../db/database.ts';
import { endSession, endSessionsOf, listSessions } from '../../db/sessions.ts';
import type { Session } from '../../db/sessions.ts';
import { findUser } from '../../db/users.ts';
import type { Routes } from '../route-parts.ts';
import type { Caller } from '../authentication.ts';
import { inTransaction } from '../idempotency.ts';
import { Problem } from '../problem.ts';
import { instant, instantOf, problems, uuid } from '../shapes.ts';

/** Where somebody is logged in, and the way to end it: for oneself, and for an administrator for all. */
const session = z
  .object({
    id: z.string(),
    openedBy: z.enum(['password', 'oidc']),
    secondFactor: z.boolean(),
    userAgent: z.string().nullable(),
    openedAt: instant,
    seenAt: instant.describe('To the minute.'),
    idleEndsAt: instant.describe('When it ends if nobody uses it.'),
    endsAt: instant.describe('When it ends at the latest.'),
    current: z.boolean().describe('Whether it is the one that asks.'),
  })
  .meta({ id: 'Session' });

const sessions = z.object({ items: z.array(session) });

export const sessionRoutes: Routes = async (app, { house, login }) => {
  const endOne = async (ownerId: string, sessionId: string, { userId: by }: Caller): Promise<void> => {
    const ended = await inTransaction(house, (tx, now) =>
      endSession(tx, login.machine(), now, sessionId, { because: 'revoked', by, ownerId }),
    );
    if (!ended) throw Problem.notFound('session', sessionId);
  };

  app.get(
    '/sessions',
    {
      schema: { summary: 'Where I am logged in', tags: ['session'], response: { 200: sessions } },
    },
    async ({ caller }) => ({
      items: (await listSessions(house.db, login.machine(), caller.userId)).map((one) => shown(one, caller)),
    }),
  );

  app.delete(
    '/sessions',
    {
      schema: {
        summary: 'End all my sessions but this one',
        tags: ['session'],
        response: { 204: z.undefined().describe('I am logged in nowhere else.') },
      },
    },
    async ({ caller: { by, userId } }, reply) => {
      const here = by.kind === 'session' ? by.id : undefined;
      await inTransaction(house, (tx, now) =>
        endSessionsOf(tx, login.machine(), now, userId, { because: 'revoked', by: userId }, here),
      );
      return reply.code(204).send();
    },
  );

  app.delete(
    '/sessions/:sessionId',
    {
      schema: {
        summary: 'End one of my sessions',
        tags: ['session'],
        params: z.object({ sessionId: uuid }),
        response: { 204: z.undefined().describe('Ended.'), ...problems(404) },
      },
    },
    async ({ caller, params: { sessionId } }, reply) => {
      await endOne(caller.userId, sessionId, caller);
      return reply.code(204).send();
    },
  );

  app.get(
    '/users/:userId/sessions',
    {
      schema: {
        summary: 'Where a user is logged in',
        tags: ['users'],
        params: z.object({ userId: uuid }),
        response: { 200: sessions, ...problems(404) },
      },
    },
    async ({ caller, params: { userId } }) => {
      await mustBeHere(house.db, userId);
      const found = await listSessions(house.db, login.machine(), userId);
      return { items: found.map((one) => shown(one, caller)) };
    },
  );

  app.delete(
    '/users/:userId/sessions',
    {
      schema: {
        summary: 'End all sessions of a user',
        tags: ['users'],
        params: z.object({ userId: uuid }),
        response: { 204: z.undefined().describe('He is logged in nowhere.'), ...problems(404) },
      },
    },
    async ({ caller, params: { userId } }, reply) => {
      await mustBeHere(house.db, userId);
      await inTransaction(house, (tx, now) =>
        endSessionsOf(tx, login.machine(), now, userId, { because: 'revoked', by: caller.userId }),
      );
      return reply.code(204).send();
    },
  );

  app.delete(
    '/users/:userId/sessions/:sessionId',
    {
      schema: {
        summary: 'End one session of a user',
        tags: ['users'],
        params: z.object({ userId: uuid, sessionId: uuid }),
        response: { 204: z.undefined().describe('Ended.'), ...problems(404) },
      },
    },
    async ({ caller, params: { userId, sessionId } }, reply) => {
      await endOne(userId, sessionId, caller);
      return reply.code(204).send();
    },
  );
};

async function mustBeHere(db: Db, userId: string): Promise<void> {
  if (!(await findUser(db, userId))) throw Problem.notFound('user', userId);
}

function shown(found: Session, { by }: Caller): z.infer<typeof session> {
  return {
    ...found,
    openedAt: instantOf(found.openedAt),
    seenAt: instantOf(found.seenAt),
    idleEndsAt: instantOf(found.idleEndsAt),
    endsAt: instantOf(found.endsAt),
    current: by.kind === 'session' && by.id === found.id,
  };
}
