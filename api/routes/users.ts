import { z } from 'zod';
import { newKey, revokeKey, storeKey } from '../../db/keys.ts';
import { addUser, findUser, holdUser, listUsers } from '../../db/users.ts';
import type { KnownKey } from '../../db/keys.ts';
import type { User } from '../../db/users.ts';
import { areas } from '../../domain/area.ts';
import { languages } from '../../domain/message.ts';
import { handsOf } from '../authentication.ts';
import { agreedTerms, mayComeIn, mustBeFirm, mustBeWhole } from '../giving.ts';
import type { Routes } from '../route-parts.ts';
import { inTransaction, inTransactionOnce } from '../idempotency.ts';
import { nameTaken } from '../login/accept.ts';
import { Problem } from '../problem.ts';
import { instant, instantGiven, instantOf, line, problems, role, uuid } from '../shapes.ts';
import { me, meOf, newcomer, portfolio } from '../user-shapes.ts';

/**
 * Users and their keys. A key is shown once, in the answer that makes it; only its hash is kept.
 *
 * So a repeated request can name the key but not show it again: lose the answer, and you make another key.
 */
const keyInShort = z
  .object({
    prefix: z.string(),
    name: z.string().nullable(),
    areas: z.array(z.enum(areas)).nullable().describe('Null for all that the role may do.'),
    createdAt: instant,
    expiresAt: instant.nullable(),
    lastUsedAt: instant.nullable().describe('To the minute.'),
    revokedAt: instant.nullable(),
  })
  .meta({ id: 'Key' });

/** What a key is made for. */
const terms = {
  name: line(100).optional().describe('What it is for, such as the name of a program.'),
  areas: z
    .array(z.enum(areas))
    .max(areas.length)
    .min(1, 'give at least one area, or leave it out for all')
    .refine((given) => new Set(given).size === given.length, 'give each area once')
    .optional()
    .describe('What the key opens; all that the role may do when absent.'),
  expiresAt: instantGiven
    .nullable()
    .optional()
    .describe(
      'When it stops opening; in a year when absent, never when null. No later than the key of the caller.',
    ),
};

const user = z
  .object({
    id: z.string(),
    name: z.string(),
    email: z.string().nullable(),
    role,
    language: z.enum(languages),
    portfolio,
    createdAt: instant,
    disabledAt: instant.nullable(),
    hasPassword: z.boolean(),
    hasSecondFactor: z.boolean(),
    keys: z.array(keyInShort),
  })
  .meta({ id: 'User' });

const madeKey = z.object({
  prefix: z.string(),
  key: z.string().nullable().describe('Shown once; null when the request was a repeat.'),
});

export const userRoutes: Routes = async (app, { house, login }) => {
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
        response: { 200: me },
      },
    },
    async ({ caller }) => meOf(caller),
  );

  app.post(
    '/users',
    {
      schema: {
        summary: 'Add a user, with a first key if one is asked for',
        description: 'Who comes in by a browser needs none: make him a link with POST /v1/invitations.',
        tags: ['users'],
        body: newcomer.safeExtend({
          key: z.strictObject(terms).optional().describe('The terms of a first key; none when absent.'),
        }),
        response: {
          201: z.object({ user, prefix: madeKey.shape.prefix.nullable(), key: madeKey.shape.key }),
          ...problems(404, 409),
        },
      },
    },
    async (request, reply) => {
      const { email = null, key: asked, ...hired } = request.body;
      mustBeWhole(request.caller);
      const key = asked && newKey();
      const answer = await inTransactionOnce(request, house, async (tx, now) => {
        await mustBeFirm(tx, hired.firmId);
        const id = await addUser(tx, now, { ...hired, email }, request.caller.userId);
        if (id === undefined) throw nameTaken(hired.name);
        if (key) {
          const agreed = await agreedTerms(tx, login.machine(), request.caller, asked);
          await storeKey(tx, now, id, key, request.caller.userId, {
            ...agreed,
            hands: handsOf(request.caller),
          });
        }
        const added = await findUser(tx, id);
        return { user: userOf(added as User), prefix: key?.prefix ?? null };
      });
      const shown = request.once?.replayed === true ? null : (key?.key ?? null);
      return reply.code(201).send({ ...answer, key: shown });
    },
  );

  app.post(
    '/users/:userId/keys',
    {
      schema: {
        summary: 'Give a user another key',
        tags: ['users'],
        params: z.object({ userId: uuid }),
        body: z.strictObject(terms).nullish(),
        response: { 201: madeKey, ...problems(404, 409) },
      },
    },
    async (request, reply) => {
      const { userId } = request.params;
      mustBeWhole(request.caller);
      const key = newKey();
      const answer = await inTransactionOnce(request, house, async (tx, now) => {
        const holder = await holdUser(tx, userId);
        if (!holder) throw Problem.notFound('user', userId);
        mayComeIn(holder);
        const agreed = await agreedTerms(tx, login.machine(), request.caller, request.body ?? {});
        await storeKey(tx, now, userId, key, request.caller.userId, {
          ...agreed,
          hands: handsOf(request.caller),
        });
        return { prefix: key.prefix };
      });
      return reply.code(201).send({ ...answer, key: request.once?.replayed === true ? null : key.key });
    },
  );

  app.get(
    '/keys',
    {
      schema: {
        summary: 'All keys, with what they open and when they were used last',
        tags: ['users'],
        response: {
          200: z.object({
            items: z.array(keyInShort.extend({ user: z.object({ id: z.string(), name: z.string() }) })),
          }),
        },
      },
    },
    async () => ({
      items: (await listUsers(house.db)).flatMap(({ id, name, keys }) =>
        keys.map((key) => ({ ...keyOf(key), user: { id, name } })),
      ),
    }),
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
    keys: found.keys.map(keyOf),
  };
}

function keyOf(key: KnownKey): z.infer<typeof keyInShort> {
  return {
    ...key,
    areas: key.areas === null ? null : [...key.areas],
    createdAt: instantOf(key.createdAt),
    expiresAt: instantOf(key.expiresAt),
    lastUsedAt: instantOf(key.lastUsedAt),
    revokedAt: instantOf(key.revokedAt),
  };
}
