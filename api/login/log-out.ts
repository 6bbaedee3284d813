import type { FastifyReply, FastifyRequest } from 'fastify';
import { endSession } from '../../db/sessions.ts';
import { callerOf } from '../authentication.ts';
import { inTransaction } from '../idempotency.ts';
import { dropCookie } from './cookies.ts';
import type { LoginParts } from './log-in.ts';
import { visitorAt } from './visitor.ts';

/**
 * Ends the session of this browser, if it is in one, and takes its cookie.
 *
 * Throws a Problem when the page of another site asks for it: nobody is put out by a link.
 */
export async function logOut(
  request: FastifyRequest,
  reply: FastifyReply,
  { house, login }: LoginParts,
): Promise<void> {
  await visitorAt(request, { house, login });
  const caller = await callerOf(request, { db: house.db, login });
  if (caller?.by.kind === 'session') {
    const { id } = caller.by;
    await inTransaction(house, (tx, now) =>
      endSession(tx, login.machine(), now, id, { because: 'logout', by: caller.userId }),
    );
  }
  dropCookie(reply, 'session', login);
}
