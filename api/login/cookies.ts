import type { FastifyReply, FastifyRequest } from 'fastify';
import type { LoginSettings } from './settings.ts';

/**
 * The cookies that a browser keeps for us: the token of the session, that of a login elsewhere that is under way, and the
 * sign by which it is known again, which opens nothing.
 *
 * No script can read them, no page of another site can make the browser send them but by following a link, and with
 * `__Host-` no other name of the same domain can set them. Without TLS (this machine alone) browsers refuse that prefix,
 * so the names are others, and a cookie of one kind never counts as the other.
 */
export type CookieKind = 'session' | 'oidc' | 'browser';

const names = {
  session: 'relance',
  oidc: 'relance-oidc',
  browser: 'relance-browser',
} as const satisfies Record<CookieKind, string>;

export function cookieName(kind: CookieKind, { plainHttp }: Pick<LoginSettings, 'plainHttp'>): string {
  return `${plainHttp ? '' : '__Host-'}${names[kind]}`;
}

/** What the browser brought; undefined when there is none, or several of which one can't be ours. */
export function readCookie(
  request: FastifyRequest,
  kind: CookieKind,
  settings: LoginSettings,
): string | undefined {
  const prefix = `${cookieName(kind, settings)}=`;
  const found = (request.headers.cookie ?? '')
    .split(';')
    .map((pair) => pair.trim())
    .filter((pair) => pair.startsWith(prefix))
    .map((pair) => pair.slice(prefix.length));
  const [only = ''] = found;
  return found.length === 1 && /^[\w-]{43}$/.test(only) ? only : undefined;
}

/** Gives the browser a token until `seconds` have passed; the session's ends with the browser too. */
export function setCookie(
  reply: FastifyReply,
  kind: CookieKind,
  settings: LoginSettings,
  token: string,
  seconds?: number,
): void {
  const age = seconds === undefined ? '' : `; Max-Age=${seconds}`;
  add(reply, `${cookieName(kind, settings)}=${token}${attributes(settings)}${age}`);
}

export function dropCookie(reply: FastifyReply, kind: CookieKind, settings: LoginSettings): void {
  add(reply, `${cookieName(kind, settings)}=${attributes(settings)}; Max-Age=0`);
}

function attributes({ plainHttp }: LoginSettings): string {
  return `; Path=/; HttpOnly; SameSite=Lax${plainHttp ? '' : '; Secure'}`;
}

function add(reply: FastifyReply, cookie: string): void {
  void reply.header('set-cookie', cookie);
}
