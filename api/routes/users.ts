import { z } from 'zod';
import { addUser, findUser, listUsers, newKey, revokeKey, storeKey } from '../../db/users.ts';
import type { User } from '../../db/users.ts';
import { languages } from '../../domain/message.ts';
import type { Routes } from '../app.ts';
import { inTransaction, inTransactionOnce } from '../idempotency.ts';
import { Problem } from '../problem.ts';
import { instant, instantOf, line, problems, role, uuid } from '../shapes.ts';

/**
 * Users and their keys. A key is shown once, in the answer that makes it; only its hash is kept.
 *
 * So a repeated request can name the key but not show it again: lose the answer, and you make another key.
 */
const keyInShort = z.object({ prefix: z.string(), createdAt: instant, revokedAt: instant.nullable() });

const user = z
  .object({
    id: z.string(),
    name: z.string(),
    email: z.string().nullable(),
    role,
    language: z.enum(languages),
    portfolio: z.enum(['all', 'own']).describe('Of a collector: all files, or those that name him.'),
    createdAt: instant,
    disabledAt: instant.nullable(),
    keys: z.array(keyInShort),
  })
  .meta({ id: 'User' });

const madeKey = z.object({
  prefix: z.string(),
  key: z.string().nullable().describe('Shown once; null when the request was a repeat.'),
});

export const userRoutes: Routes = async (app, { house }) => {
  app.get(
    '/users',
    {
      schema: {
        summary: 'All users with their keys',
        tags: ['users'],
        response: { 200: z.object({ items: z.array(user) }) },
      },
    },
    async () => ({ items: (await listUsers(house.db)).map(userOf) }),
  );

  app.get(
    '/me',
    {
      schema: {
        summary: 'Who asks',
        tags: ['users'],
        response: {
          200: z.object({
            id: z.string(),
            name: z.string(),
            email: z.string().nullable(),
            role,
            language: z.enum(languages),
          }),
        },
      },
    },
    async ({ caller }) => ({
      id: caller.userId,
      name: caller.name,
      email: caller.email,
      role: caller.role,
      language: caller.language,
    }),
  );

  app.post(
    '/users',
    {
      schema: {
        summary: 'Add a user, with a first key',
        tags: ['users'],
        body: z.strictObject({
          name: line(200),
          email: z.email('give a mail address such as name@example.com').max(254).optional(),
          role,
          language: z.enum(languages).default('fr'),
          portfolio: z
            .enum(['all', 'own'])
            .default('all')
            .describe('Of a collector: all files, or those that name him.'),
        }),
        response: { 201: z.object({ user, ...madeKey.shape }), ...problems(409) },
      },
    },
    async (request, reply) => {
      const { name, email = null, role: hiredAs, language, portfolio } = request.body;
      const key = newKey();
      const answer = await inTransactionOnce(request, house, async (tx, now) => {
        const id = await addUser(
          tx,
          now,
          { name, email, role: hiredAs, language, portfolio },
          request.caller.userId,
        );
        if (id === undefined) throw nameTaken(name);
        await storeKey(tx, now, id, key, request.caller.userId);
        const added = await findUser(tx, id);
        return { user: userOf(added as User), prefix: key.prefix };
      });
      return reply.code(201).send({ ...answer, key: request.once?.replayed === true ? null : key.key });
    },
  );

  app.post(
    '/users/:userId/keys',
    {
      schema: {
        summary: 'Give a user another key',
        tags: ['users'],
        params: z.object({ userId: uuid }),
        response: { 201: madeKey, ...problems(404) },
      },
    },
    async (request, reply) => {
      const { userId } = request.params;
      const key = newKey();
      const answer = await inTransactionOnce(request, house, async (tx, now) => {
        if (!(await findUser(tx, userId))) throw Problem.notFound('user', userId);
        await storeKey(tx, now, userId, key, request.caller.userId);
        return { prefix: key.prefix };
      });
      return reply.code(201).send({ ...answer, key: request.once?.replayed === true ? null : key.key });
    },
  );

  app.delete(
    '/keys/:prefix',
    {
      schema: {
        summary: 'Revoke a key',
        tags: ['users'],
        params: z.object({ prefix: line(64) }),
        response: { 204: z.undefined().describe('Revoked.'), ...problems(404) },
      },
    },
    async (request, reply) => {
      const { prefix } = request.params;
      const revoked = await inTransaction(house, (tx, now) =>
        revokeKey(tx, now, prefix, request.caller.userId),
      );
      if (!revoked) throw Problem.notFound('key', prefix);
      return reply.code(204).send();
    },
  );
};

function userOf(found: User): z.infer<typeof user> {
  return {
    ...found,
    createdAt: instantOf(found.createdAt),
    disabledAt: instantOf(found.disabledAt),
    keys: found.keys.map(({ prefix, createdAt, revokedAt }) => ({
      prefix,
      createdAt: instantOf(createdAt),
      revokedAt: instantOf(revokedAt),
    })),
  };
}

function nameTaken(name: string): Problem {
  return Problem.conflict(
    'name-taken',
    'There is a user with this name.',
    `A user named "${name}" is here already.`,
    'Choose another name, or give that user another key.',
    'name',
  );
}
