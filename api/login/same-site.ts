import type { FastifyRequest } from 'fastify';
import { Problem } from '../problem.ts';
import type { LoginSettings } from './settings.ts';

/**
 * Whether a request that changes something comes from a page of ours.
 *
 * A page of another site can make a browser send our cookie along with a form. The browser says where a request comes
 * from, in `Sec-Fetch-Site` and in `Origin`, and no page can change what it says: what either of them says against it
 * counts, and a cookie without any of them is no browser's. A route may name one other origin
 * whose pages may ask it too (`alsoFrom`). A key in `Authorization` needs none of this, for no page of others can add it.
 */
export function mustBeOurPage(
  request: FastifyRequest,
  settings: Pick<LoginSettings, 'publicUrl'>,
  { withCookie }: { readonly withCookie: boolean },
): void {
  if (isSafe(request.method)) return;
  const site = one(request.headers['sec-fetch-site']);
  const origin = one(request.headers.origin);
  const { alsoFrom } = request.routeOptions.config;
  if (alsoFrom !== undefined && origin === alsoFrom) return;
  if (site === undefined && origin === undefined) {
    if (withCookie) throw foreign();
    return;
  }
  // "none" is the address bar: nobody's page.
  if (site !== undefined && site !== 'same-origin' && site !== 'none') throw foreign();
  // A page without a referrer says "null", as the frame of a stranger does: then only the browser's word for the site counts.
  const isHidden = origin === 'null' && site === 'same-origin';
  if (origin !== undefined && !isHidden && !isOurs(origin, request, settings)) throw foreign();
}

/**
 * Whether somebody followed a link on a page of ours, for a GET that begins something.
 *
 * Only what speaks for it counts: a link in a mail or the address bar is nobody's click on our page. A browser that does
 * not say where a request comes from still names the page that led here, for ours allow that to our own server.
 */
export function isFromOurPage(request: FastifyRequest, settings: Pick<LoginSettings, 'publicUrl'>): boolean {
  const site = one(request.headers['sec-fetch-site']);
  if (site !== undefined) return site === 'same-origin';
  const referrer = one(request.headers.referer);
  if (referrer === undefined || !URL.canParse(referrer)) return false;
  return isOurs(new URL(referrer).origin, request, settings);
}

/** GET changes nothing, whoever asks. */
export function isSafe(method: string): boolean {
  return method === 'GET' || method === 'HEAD' || method === 'OPTIONS';
}

function isOurs(
  origin: string,
  request: FastifyRequest,
  { publicUrl }: Pick<LoginSettings, 'publicUrl'>,
): boolean {
  if (publicUrl !== null) return origin === publicUrl;
  if (!/^https?:\/\/[^/]+$/.test(origin) || !URL.canParse(origin)) return false;
  // The name was compared with those that we answer to before anything else. TLS ends before us, so the scheme is his.
  const { protocol, host } = new URL(origin);
  const asked = `${protocol}//${request.headers.host ?? ''}`;
  return URL.canParse(asked) && new URL(asked).host === host;
}

/** A header that comes twice says two things: it says nothing that we would trust. */
function one(value: string | readonly string[] | undefined): string | undefined {
  return typeof value === 'string' || value === undefined ? value : 'several';
}

function foreign(): Problem {
  return new Problem({
    status: 403,
    code: 'foreign-page',
    title: 'The request does not come from a page of Relance.',
    detail: 'A browser sent it for the page of another site, or something that is no browser sent a cookie.',
    remedy: 'Do it on a page of Relance; a program sends a key in Authorization instead of a cookie.',
  });
}
