import { z } from 'zod';
import { removeTotp } from '../../db/credentials.ts';
import { inviteUser } from '../../db/invitations.ts';
import type { MadeInvitation } from '../../db/invitations.ts';
import { endSessionsOf } from '../../db/sessions.ts';
import { changeStanding } from '../../db/standing.ts';
import type { StillHas } from '../../db/standing.ts';
import { addUser, holdUser } from '../../db/users.ts';
import type { User } from '../../db/users.ts';
import { mayComeIn, mustBeFirm, mustBeWhole } from '../giving.ts';
import type { Routes } from '../route-parts.ts';
import { inTransaction, inTransactionOnce } from '../idempotency.ts';
import { known } from '../known.ts';
import { nameTaken } from '../login/accept.ts';
import { invitationLink } from '../login/invitation-link.ts';
import { invitationPost } from '../login/invitation-mail.ts';
import type { InvitationMail } from '../login/invitation-mail.ts';
import { ourOrigin } from '../login/visitor.ts';
import { Problem } from '../problem.ts';
import { instant, instantOf, problems, role, uuid } from '../shapes.ts';
import { newcomer, portfolio } from '../user-shapes.ts';

/**
 * Letting people in and out: one-time links to a password, roles, and the end of an account.
 *
 * A link is mailed to whom it is for where mails leave the house, else shown once to the administrator, who hands it over;
 * a later one makes it worthless.
 */
const made = z.object({
  userId: z.string(),
  purpose: z.enum(['invite', 'reset']),
  expiresAt: instant,
  mailedTo: z.string().nullable().describe('Where the link was sent; null when it is shown here.'),
  link: z.string().nullable().describe('Shown once; null when it was mailed, or the request was a repeat.'),
});

const byHand = z.boolean().default(false).describe('Shows the link, and mails it to nobody.');

export const invitationRoutes: Routes = async (app, { house, login, accounts }) => {
  const post = invitationPost(accounts, house.db);

  app.post(
    '/invitations',
    {
      schema: {
        summary: 'Make a one-time link',
        description:
          'Give `user` for somebody new, who then has no key; `userId` for somebody who is here: a first password, or another one for who lost his.',
        tags: ['users'],
        body: z.union([
          z.strictObject({ user: newcomer, byHand }),
          z.strictObject({ userId: uuid, purpose: z.enum(['invite', 'reset']).default('reset'), byHand }),
        ]),
        response: { 201: made, ...problems(404, 409) },
      },
    },
    async (request, reply) => {
      const { body, caller } = request;
      mustBeWhole(caller);
      const shown: { made?: MadeInvitation & Pick<InvitationMail, 'purpose'> & { readonly user: User } } = {};
      const answer = await inTransactionOnce(request, house, async (tx, now) => {
        const by = caller.userId;
        const userId = 'user' in body ? await hire(tx, now, body.user, by) : body.userId;
        const user = await holdUser(tx, userId);
        if (!user) throw Problem.notFound('user', userId);
        mayComeIn(user);
        const purpose = 'user' in body ? ('invite' as const) : body.purpose;
        const invitation = await inviteUser(tx, login.machine(), now, userId, purpose, by);
        shown.made = { ...invitation, user, purpose };
        return { userId, purpose, expiresAt: instantOf(invitation.expiresAt) };
      });
      if (!shown.made) return reply.code(201).send({ ...answer, mailedTo: null, link: null });
      const { user, id, purpose, expiresAt } = shown.made;
      const link = invitationLink(ourOrigin(request, login), shown.made.token);
      const { name, email, language } = user;
      const isMailed =
        email !== null &&
        !body.byHand &&
        (await post?.({ id, name, email, language, purpose, link, expiresAt })) === true;
      return reply
        .code(201)
        .send({ ...answer, mailedTo: isMailed ? email : null, link: isMailed ? null : link });
    },
  );

  app.patch(
    '/users/:userId',
    {
      schema: {
        summary: 'Change the role of a user or his part of the files, shut him out or let him in again',
        description: 'Another role ends his sessions. Who is shut out loses his keys and links for good.',
        tags: ['users'],
        params: z.object({ userId: uuid }),
        body: z.strictObject({
          role: role.optional(),
          disabled: z.boolean().optional(),
          portfolio: portfolio.optional(),
        }),
        response: { 204: z.undefined().describe('So it is.'), ...problems(404, 409) },
      },
    },
    async ({ body, caller, params: { userId } }, reply) => {
      mustBeWhole(caller);
      const changed = await inTransaction(house, (tx, now) =>
        changeStanding(tx, login.machine(), now, userId, known(body), caller.userId),
      );
      if (changed === 'unknown') throw Problem.notFound('user', userId);
      if (changed === 'last-administrator') throw lastAdministrator();
      if (changed !== 'changed') throw stillHasFiles(changed);
      return reply.code(204).send();
    },
  );

  app.delete(
    '/users/:userId/totp',
    {
      schema: {
        summary: 'Take the second factor of a user away, who lost it',
        tags: ['users'],
        params: z.object({ userId: uuid }),
        response: { 204: z.undefined().describe('His password opens alone.'), ...problems(404) },
      },
    },
    async ({ caller, params: { userId } }, reply) => {
      mustBeWhole(caller);
      const removed = await inTransaction(house, async (tx, now) => {
        const had = await removeTotp(tx, now, userId, caller.userId);
        if (had)
          await endSessionsOf(tx, login.machine(), now, userId, { because: 'revoked', by: caller.userId });
        return had;
      });
      if (!removed) throw Problem.notFound('second factor', userId);
      return reply.code(204).send();
    },
  );
};

async function hire(
  tx: Parameters<typeof addUser>[0],
  now: number,
  hired: z.infer<typeof newcomer>,
  by: string,
): Promise<string> {
  await mustBeFirm(tx, hired.firmId);
  const id = await addUser(tx, now, { ...hired, email: hired.email ?? null }, by);
  if (id === undefined) throw nameTaken(hired.name);
  return id;
}

function lastAdministrator(): Problem {
  return Problem.conflict(
    'last-administrator',
    'Somebody must be able to let people in.',
    'This is the last administrator who may come in.',
    'Make somebody else an administrator first.',
  );
}

function stillHasFiles({ files, disputes }: StillHas): Problem {
  return Problem.conflict(
    'still-has-files',
    'He still has what would be nobody’s without him.',
    `Files handed over to him: ${files}. Open disputes assigned to him: ${disputes}.`,
    'Take the files back (POST /v1/invoices/:invoiceId/hand-over/withdrawal) and give the disputes to somebody else (POST /v1/disputes/:disputeId/assignment); his keys can be revoked and his sessions ended at once.',
  );
}
