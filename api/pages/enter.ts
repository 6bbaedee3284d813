import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import type { Language } from '../../domain/message.ts';
import { callerOf } from '../authentication.ts';
import { logOut } from '../login/log-out.ts';
import { logIn } from '../login/log-in.ts';
import type { LoginParts } from '../login/log-in.ts';
import { giveSession, visitorAt } from '../login/visitor.ts';
import { Problem } from '../problem.ts';
import { line } from '../shapes.ts';
import { field, goTo, languageAsked, ownPath, readForms } from './form.ts';
import { markup } from './html.ts';
import { sendPage } from './layout.ts';

/**
 * The way in for a browser, and out: the login page, and what its button does.
 *
 * What was wrong is said in one sentence, whatever it was, and the password is asked for again.
 */
export function enterPages(app: FastifyInstance, parts: LoginParts): void {
  const { house, login } = parts;
  readForms(app);

  app.get('/enter', { schema: { hide: true } }, async (request, reply) => {
    const to = ownPath(field(request.query, 'to'));
    if (await callerOf(request, { db: house.db, login })) return goTo(reply, to);
    const chosen = field(request.query, 'chosen') !== '';
    const failed = field(request.query, 'failed') !== '';
    return show(request, reply, parts, { to, said: chosen ? 'chosen' : failed ? 'elsewhere' : null });
  });

  app.post('/enter', { schema: { hide: true }, bodyLimit: 8192 }, async (request, reply) => {
    const [name, password, code] = ['name', 'password', 'code'].map((one) => field(request.body, one));
    const to = ownPath(field(request.body, 'to'));
    // What can be no name is nobody's, and is not looked for.
    if (!typedName.safeParse(name).success)
      return show(request, reply, parts, { to, said: 'wrong', name: name ?? '' }, 401);
    try {
      const given = { name: name ?? '', password: (password ?? '').slice(0, 1000), code };
      const { session, browser } = await logIn(parts, given, await visitorAt(request, parts));
      giveSession(reply, login, session, browser);
    } catch (fault) {
      if (!(fault instanceof Problem) || fault.parts.status >= 500) throw fault;
      const { status, retryAfterSeconds: seconds } = fault.parts;
      if (seconds !== undefined) void reply.header('retry-after', seconds);
      const said = status === 429 ? 'wait' : status === 403 ? 'foreign' : 'wrong';
      return show(request, reply, parts, { to, said, name: name ?? '', seconds }, status);
    }
    return goTo(reply, to);
  });

  app.post('/leave', { schema: { hide: true }, bodyLimit: 1024 }, async (request, reply) => {
    await logOut(request, reply, parts);
    return goTo(reply, '/enter');
  });
}

const typedName = line(254);

interface Shown {
  readonly to: string;
  readonly said: 'wrong' | 'wait' | 'foreign' | 'chosen' | 'elsewhere' | null;
  readonly name?: string;
  readonly seconds?: number | undefined;
}

function show(
  request: FastifyRequest,
  reply: FastifyReply,
  { login }: LoginParts,
  { to, said, name = '', seconds = 0 }: Shown,
  status = 200,
): FastifyReply {
  const language = languageAsked(request);
  const words = texts[language];
  const other = language === 'fr' ? 'en' : 'fr';
  const query = `?lang=${other}&to=${encodeURIComponent(to)}`;
  const body = markup`<h1>${words.title}</h1>
${said !== null && markup`<p class="card note" role="${said === 'chosen' ? 'status' : 'alert'}">${words.said[said](seconds)}</p>`}
<div class="card"><form class="login" method="post" action="/enter">
<label for="name">${words.name}</label>
<input id="name" name="name" value="${name}" autocomplete="username" autocapitalize="none" spellcheck="false" maxlength="254" required${name === '' && markup` autofocus`}>
<label for="password">${words.password}</label>
<input id="password" name="password" type="password" autocomplete="current-password" maxlength="1000" required${name !== '' && markup` autofocus`}>
<label for="code">${words.code}</label>
<input id="code" name="code" autocomplete="one-time-code" inputmode="text" maxlength="64" aria-describedby="about-code">
<p class="small" id="about-code">${words.aboutCode}</p>
<input type="hidden" name="to" value="${to}"><input type="hidden" name="lang" value="${language}">
<button>${words.enter}</button>
</form></div>
${login.oidc !== null && markup`<p><a href="/v1/oidc/start?to=${encodeURIComponent(to)}">${words.elsewhere}</a></p>`}
<p class="small">${words.lost} <a href="/enter${query}" hreflang="${other}" lang="${other}">${words.other}</a></p>`;
  return sendPage(reply, { title: words.title, language, who: null, body }, status);
}

const texts = {
  fr: {
    title: 'Connexion',
    name: 'Nom ou adresse e-mail',
    password: 'Mot de passe',
    code: 'Code',
    aboutCode: 'Si vous avez un second facteur : le code de votre application, ou un code de secours.',
    enter: 'Se connecter',
    elsewhere: 'Se connecter avec le compte de votre organisation',
    lost: 'Mot de passe perdu ? Un administrateur vous donne un lien pour en choisir un autre.',
    other: 'English',
    said: {
      wrong: () => 'Le nom, le mot de passe ou le code n’est pas le bon.',
      wait: (seconds) =>
        `Trop d’essais ont échoué depuis votre réseau. Le prochain sera examiné dans ${seconds} s.`,
      foreign: () => 'Cette demande ne vient pas d’une page de Relance. Réessayez ici.',
      chosen: () => 'Votre mot de passe est choisi. Connectez-vous avec lui.',
      elsewhere: () =>
        'Votre organisation ne vous a pas fait entrer. Réessayez, ou demandez à un administrateur de vous inviter.',
    },
  },
  en: {
    title: 'Log in',
    name: 'Name or mail address',
    password: 'Password',
    code: 'Code',
    aboutCode: 'If you have a second factor: the code of your app, or a recovery code.',
    enter: 'Log in',
    elsewhere: 'Log in with the account of your organisation',
    lost: 'Lost your password? An administrator gives you a link to choose another.',
    other: 'Français',
    said: {
      wrong: () => 'The name, the password or the code is not right.',
      wait: (seconds) => `Too many tries from your network failed. The next is looked at in ${seconds} s.`,
      foreign: () => 'This request does not come from a page of Relance. Try again here.',
      chosen: () => 'Your password is chosen. Log in with it.',
      elsewhere: () =>
        'Your organisation did not let you in. Try again, or ask an administrator to invite you.',
    },
  },
} as const satisfies Record<
  Language,
  { said: Record<NonNullable<Shown['said']>, (seconds: number) => string>; [word: string]: unknown }
>;
