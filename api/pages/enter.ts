import type { FastifyInstance, FastifyReply } from 'fastify';
import { callerBehind } from '../../db/users.ts';
import type { Db } from '../../db/database.ts';
import { keyCookie } from '../authentication.ts';
import { markup } from './html.ts';
import { sendPage } from './layout.ts';

/**
 * The way in for a browser: a key becomes a cookie, and the address bar is clean again.
 *
 * The cookie can't be read by scripts, does not travel with requests that other sites start, and opens reading alone.
 */
export function enterPages(app: FastifyInstance, db: Db): void {
  app.addContentTypeParser('application/x-www-form-urlencoded', { parseAs: 'string' }, (_, body, done) =>
    done(null, Object.fromEntries(new URLSearchParams(String(body)))),
  );

  app.get('/enter', { schema: { hide: true } }, async (request, reply) => {
    const { key, to } = request.query as Asked;
    return typeof key === 'string' ? enter(db, reply, key, to) : askForKey(reply, to);
  });

  app.post('/enter', { schema: { hide: true }, bodyLimit: 4096 }, async (request, reply) => {
    const { key, to } = (request.body ?? {}) as Asked;
    return enter(db, reply, typeof key === 'string' ? key.trim() : '', to);
  });
}

interface Asked {
  readonly key?: unknown;
  readonly to?: unknown;
}

const daysKept = 30;

async function enter(db: Db, reply: FastifyReply, key: string, to: unknown): Promise<FastifyReply> {
  const isKey = /^[\w-]{1,200}$/.test(key) && (await callerBehind(db, key)) !== undefined;
  if (!isKey) return askForKey(reply, to, true);
  const cookie = `${keyCookie}=${key}; Path=/; HttpOnly; SameSite=Strict; Max-Age=${daysKept * 86_400}`;
  return reply.header('set-cookie', cookie).redirect(ownPath(to), 303);
}

function askForKey(reply: FastifyReply, to: unknown, refused = false): FastifyReply {
  const body = markup`<h1>Entrer · Enter</h1>
<p class="lead">Cette page demande une clé. <span lang="en">This page needs a key.</span></p>
${refused && markup`<p class="card note" role="alert">Clé inconnue ou révoquée. <span lang="en">The key is not, or no longer, known.</span></p>`}
<div class="card"><form class="enter" method="post" action="/enter">
<label for="key">Clé · Key</label>
<input id="key" name="key" type="password" autocomplete="off" required autofocus>
<input type="hidden" name="to" value="${ownPath(to)}">
<button>Entrer · Enter</button>
</form></div>
<p class="small">${'npm start'} affiche l’adresse avec sa clé ; <code>npm run relance -- user add NOM ROLE</code> en fait une autre.<br>
<span lang="en">${'npm start'} prints the address with its key; <code>npm run relance -- user add NAME ROLE</code> makes another.</span></p>`;
  return sendPage(reply, { title: 'Enter', language: 'fr', who: null, body }, refused ? 401 : 200);
}

/** Only ways within this server: a link with another address must not send anybody there. */
function ownPath(to: unknown): string {
  return typeof to === 'string' && /^\/(?![/\\])[^\r\n]{0,500}$/.test(to) ? to : '/outbox';
}
