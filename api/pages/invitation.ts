import { createHash } from 'node:crypto';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import type { Language } from '../../domain/message.ts';
import { acceptInvitation } from '../login/accept.ts';
import type { LoginParts } from '../login/log-in.ts';
import { visitorAt } from '../login/visitor.ts';
import { Problem } from '../problem.ts';
import { field, goTo, languageAsked, readForms } from './form.ts';
import { Html, markup } from './html.ts';
import { sendPage } from './layout.ts';

/**
 * Where a one-time link leads: the choice of a password.
 *
 * The token stands behind the `#` of the link, which no browser sends to anybody: so it is in no log on the way, and
 * programs that look at links before people do neither use one up nor learn whose it is. Nobody but a script can read it
 * there, so this page has one, the only one of ours, named in its policy by its hash; where none runs, people paste.
 */
export function invitationPages(app: FastifyInstance, parts: LoginParts): void {
  readForms(app);

  app.get('/invitation', { schema: { hide: true } }, (request, reply) => show(request, reply, '', null));

  app.post('/invitation', { schema: { hide: true }, bodyLimit: 8192 }, async (request, reply) => {
    const [typed = '', password = '', again = ''] = ['token', 'password', 'again'].map((one) =>
      field(request.body, one),
    );
    const token = tokenIn(typed);
    if (password !== again) return show(request, reply, token, 'differ', 400);
    try {
      await visitorAt(request, parts);
      await acceptInvitation(parts, { token, password });
    } catch (fault) {
      if (!(fault instanceof Problem) || fault.parts.status >= 500) throw fault;
      const { status } = fault.parts;
      const said = status === 404 ? 'worthless' : status === 403 ? 'foreign' : 'weak';
      return show(request, reply, token, said, status);
    }
    return goTo(reply, `/enter?chosen=yes&lang=${languageAsked(request)}`);
  });
}

const script = `
const token = location.hash.slice(1);
if (/^[\\w-]{43}$/.test(token)) {
  document.getElementById('token').value = token;
  document.getElementById('by-hand').hidden = true;
  history.replaceState(null, '', location.pathname + location.search);
}
`;
const scriptHash = `'sha256-${createHash('sha256').update(script).digest('base64')}'`;

type Said = 'differ' | 'weak' | 'worthless' | 'foreign';

function show(
  request: FastifyRequest,
  reply: FastifyReply,
  token: string,
  said: Said | null,
  status = 200,
): FastifyReply {
  const language = languageAsked(request);
  const words = texts[language];
  const body = markup`<h1>${words.title}</h1>
<p class="lead">${words.lead}</p>
${said !== null && markup`<p class="card note" role="alert">${words.said[said]}</p>`}
<div class="card"><form class="login" method="post" action="/invitation">
<label for="password">${words.password}</label>
<input id="password" name="password" type="password" autocomplete="new-password" minlength="12" maxlength="128" required autofocus>
<label for="again">${words.again}</label>
<input id="again" name="again" type="password" autocomplete="new-password" minlength="12" maxlength="128" required>
<input type="hidden" name="lang" value="${language}">
${
  token === ''
    ? markup`<div id="by-hand"><label for="token">${words.token}</label>
<input id="token" name="token" autocomplete="off" autocapitalize="none" spellcheck="false" maxlength="500" aria-describedby="about-token" required>
<p class="small" id="about-token">${words.aboutToken}</p></div>`
    : markup`<input type="hidden" name="token" value="${token}">`
}
<button>${words.choose}</button>
</form></div>${token === '' && new Html(`<script>${script}</script>`)}`;
  if (token === '') allowScript(reply);
  return sendPage(reply, { title: words.title, language, who: null, body }, status);
}

/** Nothing but our script, by its very text, runs on this page. */
function allowScript(reply: FastifyReply): void {
  const policy = String(reply.getHeader('content-security-policy'));
  void reply.header('content-security-policy', `${policy};script-src ${scriptHash}`);
}

/** What was pasted may be the whole link. */
function tokenIn(typed: string): string {
  return /[\w-]{43}$/.exec(typed.trim())?.[0] ?? typed.trim().slice(0, 43);
}

const texts = {
  fr: {
    title: 'Choisir un mot de passe',
    lead: 'De 12 à 128 caractères. Quelques mots sans rapport entre eux se retiennent bien.',
    password: 'Mot de passe',
    again: 'Encore une fois',
    token: 'Votre lien',
    aboutToken: 'Collez ici le lien que vous avez reçu, en entier.',
    choose: 'Choisir ce mot de passe',
    said: {
      differ: 'Les deux ne sont pas les mêmes.',
      weak: 'Il est trop court, trop long, ou l’un des premiers que n’importe qui essaierait. Choisissez-en un autre.',
      worthless:
        'Ce lien a servi, a été remplacé ou est trop vieux. Demandez-en un autre à un administrateur.',
      foreign: 'Cette demande ne vient pas d’une page de Relance. Réessayez ici.',
    },
  },
  en: {
    title: 'Choose a password',
    lead: '12 to 128 characters. A few words that have nothing to do with each other are easy to remember.',
    password: 'Password',
    again: 'Once more',
    token: 'Your link',
    aboutToken: 'Paste here the link that you were given, whole.',
    choose: 'Choose this password',
    said: {
      differ: 'The two are not the same.',
      weak: 'It is too short, too long, or one of the first that anybody would try. Choose another.',
      worthless: 'This link was used, replaced, or is too old. Ask an administrator for another.',
      foreign: 'This request does not come from a page of Relance. Try again here.',
    },
  },
} as const satisfies Record<Language, { said: Record<Said, string>; [word: string]: unknown }>;
