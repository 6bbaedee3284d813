import type { FastifyReply, FastifyRequest } from 'fastify';
import { knownSeconds } from '../../db/known-browsers.ts';
import { personInSession } from '../../db/sessions.ts';
import type { OpenedSession } from '../../db/sessions.ts';
import { readCookie, setCookie } from './cookies.ts';
import type { LoginParts, Visitor } from './log-in.ts';
import { mustBeOurPage } from './same-site.ts';
import type { LoginSettings } from './settings.ts';

/**
 * Who comes to the door, as the login wants to know him.
 *
 * Throws a Problem when the page of another site made his browser come: it might log him in as somebody else, to see
 * what he then types.
 */
export async function visitorAt(request: FastifyRequest, { house, login }: LoginParts): Promise<Visitor> {
  const token = readCookie(request, 'session', login);
  mustBeOurPage(request, login, { withCookie: token !== undefined });
  const person =
    token === undefined ? undefined : await personInSession(house.db, login.machine(), login.limits, token);
  return {
    ip: request.ip,
    userAgent: request.headers['user-agent'] ?? null,
    sessionId: person?.sessionId,
    browser: readCookie(request, 'browser', login),
  };
}

/** Gives the browser its session, which it forgets when it is closed, and the sign by which it is known again. */
export function giveSession(
  reply: FastifyReply,
  login: LoginSettings,
  session: OpenedSession,
  browser?: string,
): void {
  setCookie(reply, 'session', login, session.token);
  if (browser !== undefined) setCookie(reply, 'browser', login, browser, knownSeconds);
}

/** The origin by which this browser reaches us, for links that people send on. */
export function ourOrigin(request: FastifyRequest, { publicUrl, plainHttp }: LoginSettings): string {
  return publicUrl ?? `${plainHttp ? 'http' : 'https'}://${request.headers.host ?? ''}`;
}
