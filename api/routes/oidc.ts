import type { FastifyInstance, FastifyReply } from 'fastify';
import type { ZodTypeProvider } from 'fastify-type-provider-zod';
import { z } from 'zod';
import { note } from '../../db/journal.ts';
import { beginAttempt, ourPerson, takeAttempt } from '../../db/oidc-logins.ts';
import { newToken } from '../../db/token.ts';
import { dropCookie, readCookie, setCookie } from '../login/cookies.ts';
import { startSession } from '../login/log-in.ts';
import type { LoginParts } from '../login/log-in.ts';
import { oidcHouse } from '../login/oidc.ts';
import { isFromOurPage } from '../login/same-site.ts';
import { giveSession, ourOrigin, visitorAt } from '../login/visitor.ts';
import { ownPath } from '../pages/form.ts';
import { Problem } from '../problem.ts';
import { problems } from '../shapes.ts';

/**
 * Coming in through the organisation's own identity provider.
 *
 * It lets in whom it knows and we have invited; roles are given here. Whoever is not let in is sent back to the login
 * page and told no reason, which could be that of somebody else.
 */
export function comeFromElsewhere(scope: FastifyInstance, parts: LoginParts): void {
  const { house, login } = parts;
  const app = scope.withTypeProvider<ZodTypeProvider>();
  const theirs = login.oidc === null ? null : oidcHouse(login.oidc);
  const callback = '/v1/oidc/callback';

  app.get(
    '/v1/oidc/start',
    {
      schema: {
        summary: 'Log in through the identity provider of the organisation',
        description:
          'For browsers: sends them there, and remembers it in a cookie for ten minutes. Begun by a link on a page of ours alone: from elsewhere it leads to the login page, where that link is.',
        tags: ['session'],
        security: [],
        querystring: z.strictObject({
          to: z.string().max(500).optional().describe('The page to go on to, by its path.'),
          again: z
            .literal('yes')
            .optional()
            .describe('Asks for a proof there, also of who is logged in there.'),
        }),
        response: { 303: z.undefined().describe('There.'), ...problems(404) },
      },
    },
    async (request, reply) => {
      if (!theirs) throw off();
      const goTo = ownPath(request.query.to ?? '');
      if (!isFromOurPage(request, login)) return reply.redirect(`/enter?to=${encodeURIComponent(goTo)}`, 303);
      const { url, attempt } = await theirs
        .wayThere(`${ourOrigin(request, login)}${callback}`, { again: request.query.again === 'yes' })
        .catch((fault: unknown) => {
          request.log.warn({ err: fault }, 'the identity provider does not answer');
          throw away();
        });
      const { token, sha256 } = newToken();
      await beginAttempt(house.db, login.machine(), sha256, { ...attempt, goTo });
      setCookie(reply, 'oidc', login, token, 600);
      return reply.redirect(url, 303);
    },
  );

  app.get(
    callback,
    {
      schema: {
        summary: 'Where the identity provider sends people back to',
        description:
          'Opens a session for whom it knows and we have invited; sends all others to the login page.',
        tags: ['session'],
        security: [],
        querystring: z.looseObject({
          code: z.string().max(4096).optional(),
          state: z.string().max(512).optional(),
        }),
        response: { 303: z.undefined().describe('In, or to the login page.'), ...problems(404) },
      },
    },
    async (request, reply) => {
      if (!theirs) throw off();
      const cookie = readCookie(request, 'oidc', login);
      dropCookie(reply, 'oidc', login);
      const attempt = cookie === undefined ? undefined : await takeAttempt(house.db, login.machine(), cookie);
      // Whoever began nothing leaves nothing on record: strangers could fill it.
      if (!attempt) return reply.redirect('/enter?failed=yes', 303);
      const came = await theirs
        .whoCame(new URL(request.url, ourOrigin(request, login)), attempt)
        .catch((fault: unknown): undefined => {
          // Its message may hold what the browser brought.
          request.log.warn({ code: (fault as { code?: unknown }).code }, 'a login elsewhere was not good');
          return undefined;
        });
      if (!came) return turnAway(reply, parts);
      const { secondFactor, provedAt, ...person } = came;

      const visitor = await visitorAt(request, parts);
      const session = await house.db.transaction().execute(async (tx) => {
        const userId = await ourPerson(tx, login.machine(), await house.clock.now(), person);
        if (userId === undefined) return undefined;
        return startSession(tx, parts, userId, visitor, {
          openedBy: 'oidc',
          secondFactor,
          // Two clocks: what lies ahead of ours is now.
          provedAt: provedAt === null ? null : Math.min(provedAt, login.machine()),
        });
      });
      if (!session) return turnAway(reply, parts);
      giveSession(reply, login, session);
      return reply.redirect(attempt.goTo, 303);
    },
  );
}

async function turnAway(reply: FastifyReply, { house }: LoginParts): Promise<FastifyReply> {
  await house.db.transaction().execute(async (tx) => {
    await note(tx, 'login', 'loginFailed', await house.clock.now(), { how: 'oidc' });
  });
  return reply.redirect('/enter?failed=yes', 303);
}

function off(): Problem {
  return new Problem({
    status: 404,
    code: 'oidc-off',
    title: 'There is no such way in.',
    detail: 'This installation knows no identity provider.',
    remedy: 'Log in with a password at /enter; an operator sets OIDC_ISSUER.',
  });
}

function away(): Problem {
  return Problem.unavailable('oidc-unavailable', 'The identity provider does not answer.');
}
