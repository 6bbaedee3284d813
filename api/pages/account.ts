import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { credentialsOf } from '../../db/credentials.ts';
import { endSession, endSessionsOf, listSessions } from '../../db/sessions.ts';
import type { Language } from '../../domain/message.ts';
import { inTransaction } from '../idempotency.ts';
import type { LoginParts } from '../login/log-in.ts';
import { beginFactor, changePassword, confirmFactor, giveUpFactor } from '../login/own-login.ts';
import { proveAgain, sessionOf } from '../login/prove.ts';
import { isProofFresh } from '../login/step-up.ts';
import { giveSession } from '../login/visitor.ts';
import { Problem } from '../problem.ts';
import { uuid } from '../shapes.ts';
import {
  codeCard,
  confirmForm,
  factorCard,
  passwordCard,
  proofCard,
  recoveryCodesCard,
  saidCard,
  sessionsCard,
  setUpCard,
} from './account-cards.ts';
import type { AccountCards } from './account-cards.ts';
import { accountTexts, saidOfSuccess } from './account-texts.ts';
import type { AccountSaid } from './account-texts.ts';
import { field, goTo, ownPath, readForms } from './form.ts';
import { markup } from './html.ts';
import type { Html } from './html.ts';
import { languageOf, sendPage } from './layout.ts';

/**
 * The page of one's own account: the password, the second factor, and where one is logged in.
 *
 * Who must have a second factor and has none, or has not given its code, is led here from every page and finds nothing
 * else. Secrets are in the answer to the form that asked for them, and in no address; that page can't be had again.
 */
export function accountPages(app: FastifyInstance, parts: LoginParts): void {
  readForms(app);
  app.addHook('preHandler', async (request) => void sessionOf(request));
  const { house, login } = parts;
  const hide = { schema: { hide: true } };
  const form = { ...hide, bodyLimit: 8192 };
  const before = { config: { beforeSecondFactor: true } };

  app.get('/account', { ...hide, ...before }, async (request, reply) => {
    const { lacks } = sessionOf(request);
    const to = wanted(field(request.query, 'to'));
    const language = spoken(request);
    if (lacks === 'code')
      return send(request, reply, accountTexts[language].needCode.title, codeCard(language, to));
    const done = field(request.query, 'done') as AccountSaid;
    return show(request, reply, parts, saidOfSuccess.includes(done) ? done : null);
  });

  app.post('/account/password', form, async (request, reply) => {
    const [current = '', password = '', again = ''] = ['current', 'password', 'again'].map((name) =>
      field(request.body, name),
    );
    if (password !== again) return show(request, reply, parts, 'differ', 400);
    return attempt(request, reply, parts, async () => {
      giveSession(reply, login, await changePassword(request, parts, { current, password }));
      return back(request, reply, 'password-changed');
    });
  });

  app.post('/account/factor', { ...form, ...before }, async (request, reply) => {
    const to = wanted(field(request.body, 'to'));
    const language = spoken(request);
    return attempt(request, reply, parts, async () => {
      const { secret, uri, qrSvg } = await beginFactor(request, parts, given(request, 'current'));
      const card = setUpCard(language, { picture: qrSvg, uri, secret }, to);
      return send(request, reply, accountTexts[language].factor.setUpTitle, card);
    });
  });

  app.post('/account/factor/confirmation', { ...form, ...before }, async (request, reply) => {
    const to = wanted(field(request.body, 'to'));
    const language = spoken(request);
    const words = accountTexts[language].factor;
    try {
      const { session, recoveryCodes } = await confirmFactor(request, parts, field(request.body, 'code'));
      giveSession(reply, login, session);
      const card = recoveryCodesCard(language, recoveryCodes, to || `/account?lang=${language}`);
      return await send(request, reply, words.codesTitle, card);
    } catch (fault) {
      if (!(fault instanceof Problem) || fault.parts.status !== 400) throw fault;
      const card = markup`<section class="card"><p class="lead">${words.tryAgain}</p>${confirmForm(language, to)}
<p class="last small"><a href="/account?lang=${language}&amp;to=${encodeURIComponent(to)}">${words.beginAgain}</a></p></section>`;
      return send(request, reply, words.wrongTitle, card, 400);
    }
  });

  app.post('/account/factor/removal', form, (request, reply) =>
    attempt(request, reply, parts, async () => {
      const proof = { password: given(request, 'current'), code: field(request.body, 'code') };
      giveSession(reply, login, await giveUpFactor(request, parts, proof));
      return back(request, reply, 'factor-removed');
    }),
  );

  app.post('/account/proof', { ...form, ...before }, async (request, reply) => {
    const to = wanted(field(request.body, 'to'));
    return attempt(request, reply, parts, async () => {
      const proof = { password: given(request, 'current'), code: given(request, 'code') };
      giveSession(reply, login, await proveAgain(request, parts, proof));
      return to === '' ? back(request, reply, 'proved') : goTo(reply, to);
    });
  });

  app.post('/account/sessions', form, async (request, reply) => {
    const session = sessionOf(request);
    const end = field(request.body, 'end');
    const proof = { password: given(request, 'current'), code: given(request, 'code') };
    const isGiven = proof.password !== undefined || proof.code !== undefined;
    if (!isGiven && !isProofFresh(session.provedAt, login.machine())) {
      const { language, cards } = await cardsOf(request, parts);
      return send(request, reply, accountTexts[language].proof.title, proofCard(cards, end));
    }
    return attempt(request, reply, parts, async () => {
      let here = session.id;
      if (isGiven) {
        const renewed = await proveAgain(request, parts, proof);
        giveSession(reply, login, renewed);
        here = renewed.id;
      }
      const { userId } = request.caller;
      const how = { because: 'revoked', by: userId } as const;
      await inTransaction(house, async (tx, now) => {
        if (end === 'others') await endSessionsOf(tx, login.machine(), now, userId, how, here);
        else if (uuid.safeParse(end).success)
          await endSession(tx, login.machine(), now, end, { ...how, ownerId: userId });
      });
      return back(request, reply, end === 'others' ? 'sessions-ended' : 'session-ended');
    });
  });
}

/** Shows the page again with what was wrong; faults of ours go on. */
async function attempt(
  request: FastifyRequest,
  reply: FastifyReply,
  parts: LoginParts,
  act: () => Promise<FastifyReply>,
): Promise<FastifyReply> {
  try {
    return await act();
  } catch (fault) {
    const said = fault instanceof Problem ? saidOf(fault) : null;
    if (!(fault instanceof Problem) || said === null) throw fault;
    const { status, retryAfterSeconds: seconds } = fault.parts;
    if (seconds !== undefined) void reply.header('retry-after', seconds);
    return show(request, reply, parts, said, status);
  }
}

/** Null: what is no matter of this page, such as a session that is over. */
function saidOf({ parts: { code, field: which } }: Problem): AccountSaid | null {
  const said: Readonly<Record<string, AccountSaid>> = {
    'password-wrong': 'wrong-password',
    'login-too-often': 'wait',
    'no-password': 'no-password',
    'proof-needed': 'not-proved',
    'password-changed': 'gone',
    'second-factor-there': 'gone',
    'second-factor-none': 'gone',
  };
  if (code === 'invalid-request')
    return which === 'code' ? 'wrong-code' : which === 'password' ? 'weak' : null;
  return said[code] ?? null;
}

async function show(
  request: FastifyRequest,
  reply: FastifyReply,
  parts: LoginParts,
  said: AccountSaid | null,
  status = 200,
): Promise<FastifyReply> {
  const { login, house } = parts;
  const { id: here, lacks } = sessionOf(request);
  const { language, cards } = await cardsOf(request, parts);
  const to = wanted(field(request.query, 'to') || field(request.body, 'to'));
  const { title } = accountTexts[language];
  const note = saidCard(said, language);
  if (lacks === 'code') return send(request, reply, title, markup`${note}${codeCard(language, to)}`, status);
  if (lacks === 'set-up')
    return send(request, reply, title, markup`${note}${factorCard(cards, true, to)}`, status);
  const sessions = await listSessions(house.db, login.machine(), request.caller.userId);
  const { email, name } = request.caller;
  const body = markup`<p class="lead">${name}${email !== null && ` · ${email}`}</p>${note}
${passwordCard(cards)}${factorCard(cards, false, to)}${sessionsCard(sessions, here, cards)}`;
  return send(request, reply, title, body, status);
}

async function cardsOf(
  request: FastifyRequest,
  { house, login }: LoginParts,
): Promise<{ readonly language: Language; readonly cards: AccountCards }> {
  const language = spoken(request);
  const credentials = await credentialsOf(house.db, request.caller.userId);
  const cards = {
    language,
    name: request.caller.name,
    hasPassword: typeof credentials?.passwordHash === 'string',
    hasFactor: login.seal === null ? null : typeof credentials?.totpSecret === 'string',
    isProved: isProofFresh(sessionOf(request).provedAt, login.machine()),
  };
  return { language, cards };
}

function send(
  request: FastifyRequest,
  reply: FastifyReply,
  title: string,
  body: Html,
  status = 200,
): FastifyReply {
  const language = spoken(request);
  const other = language === 'fr' ? 'en' : 'fr';
  // Only of a page that can be had again by its address.
  const inOther =
    request.method === 'GET' &&
    markup`<p class="small noprint"><a href="/account?lang=${other}" hreflang="${other}" lang="${other}">${other === 'fr' ? 'Français' : 'English'}</a></p>`;
  const page = markup`<h1>${title}</h1>${body}${inOther}`;
  return sendPage(reply, { title, language, who: request.caller.name, body: page }, status);
}

function spoken(request: FastifyRequest): Language {
  const inForm = languageOf(request.body ?? {}, request.caller.language);
  return languageOf(request.query, inForm);
}

function given(request: FastifyRequest, name: string): string | undefined {
  return field(request.body, name).slice(0, 1_000) || undefined;
}

/** The page that somebody was on his way to; empty for this one. */
function wanted(to: string): string {
  return to === '' ? '' : ownPath(to);
}

function back(request: FastifyRequest, reply: FastifyReply, done: AccountSaid): FastifyReply {
  return goTo(reply, `/account?done=${done}&lang=${spoken(request)}`);
}
