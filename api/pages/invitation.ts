import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import type { Language } from '../../domain/message.ts';
import { acceptInvitation } from '../login/accept.ts';
import type { LoginParts } from '../login/log-in.ts';
import { visitorAt } from '../login/visitor.ts';
import { Problem } from '../problem.ts';
import { field, goTo, languageAsked, readForms } from './form.ts';
import { markup } from './html.ts';
import { sendPage } from './layout.ts';

/**
 * Where a one-time link leads: the choice of a password.
 *
 * Programs that look at links before people do must neither use one up nor learn whose it is, so the page asks nothing
 * and says nothing; its button does.
 */
export function invitationPages(app: FastifyInstance, parts: LoginParts): void {
  readForms(app);

  app.get('/invitation', { schema: { hide: true } }, (request, reply) =>
    show(request, reply, field(request.query, 'token'), null),
  );

  app.post('/invitation', { schema: { hide: true }, bodyLimit: 8192 }, async (request, reply) => {
    const [token = '', password = '', again = ''] = ['token', 'password', 'again'].map((one) =>
      field(request.body, one),
    );
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
<input type="hidden" name="token" value="${token}"><input type="hidden" name="lang" value="${language}">
<button>${words.choose}</button>
</form></div>`;
  return sendPage(reply, { title: words.title, language, who: null, body }, status);
}

const texts = {
  fr: {
    title: 'Choisir un mot de passe',
    lead: 'De 12 à 128 caractères. Quelques mots sans rapport entre eux se retiennent bien.',
    password: 'Mot de passe',
    again: 'Encore une fois',
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
    choose: 'Choose this password',
    said: {
      differ: 'The two are not the same.',
      weak: 'It is too short, too long, or one of the first that anybody would try. Choose another.',
      worthless: 'This link was used, replaced, or is too old. Ask an administrator for another.',
      foreign: 'This request does not come from a page of Relance. Try again here.',
    },
  },
} as const satisfies Record<Language, { said: Record<Said, string>; [word: string]: unknown }>;
