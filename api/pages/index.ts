import type { FastifyInstance, FastifyRequest } from 'fastify';
import { noteAccesses } from '../audit/access-notes.ts';
import { keepWhatIsToldOfPeople } from '../audit/told-of-people.ts';
import { requireCaller } from '../authentication.ts';
import type { Caller } from '../authentication.ts';
import type { LoginParts } from '../login/log-in.ts';
import { askForFactor } from '../login/step-up.ts';
import type { Police } from '../policing.ts';
import { Problem } from '../problem.ts';
import type { RateLimits } from '../rate-limits.ts';
import { auditPages } from './audit.ts';
import { causesPages } from './causes.ts';
import { accountPages } from './account.ts';
import { approvalPages, waitingFor } from './approvals.ts';
import { enterPages } from './enter.ts';
import { markup } from './html.ts';
import { invitationPages } from './invitation.ts';
import { invoicePages } from './invoice.ts';
import { languageOf, sendPage } from './layout.ts';
import { litigationPages } from './litigation.ts';
import { mergePages } from './merges.ts';
import { messagePages } from './message.ts';
import { outboxPages } from './outbox.ts';
import { styleSheet } from './style.ts';

/**
 * The plain pages: the outbox as it looks, and the story of an invoice, until the workbench takes over.
 *
 * They need no script, are opened by the session that `/enter` begins, and change
 * nothing but one's own account and the questions that wait for one's yes.
 */
export async function servePages(
  app: FastifyInstance,
  parts: LoginParts,
  police: Police,
  limits: RateLimits,
): Promise<void> {
  const { house, login } = parts;
  // A page that hides its address hides where its forms come from too: so it is told to our own server, and nobody else.
  app.addHook('onSend', async (_, reply) => void reply.header('referrer-policy', 'same-origin'));
  const hide = { schema: { hide: true } };
  app.get('/', hide, (_, reply) => reply.redirect('/outbox', 302));
  app.get('/style.css', hide, (_, reply) =>
    reply
      .header('content-type', 'text/css; charset=utf-8')
      .header('cache-control', 'private, max-age=300')
      .send(styleSheet),
  );
  app.get('/icon.svg', hide, (_, reply) =>
    reply
      .header('content-type', 'image/svg+xml; charset=utf-8')
      .header('cache-control', 'private, max-age=86400')
      .send(icon),
  );
  await app.register(async (scope) => {
    enterPages(scope, parts);
  });
  await app.register(async (scope) => {
    invitationPages(scope, parts);
  });

  await app.register(async (scope) => {
    requireCaller(scope, { db: house.db, login });
    limits.countCallers(scope);
    askForFactor(scope);
    police.keep(scope, house.db);
    keepWhatIsToldOfPeople(scope);
    noteAccesses(scope, house);
    scope.setErrorHandler(async (error, request, reply) => {
      if (!(error instanceof Problem)) throw error;
      const { status, code, title, detail, remedy } = error.parts;
      if (code === 'second-factor-needed')
        return reply.redirect(`/account?to=${encodeURIComponent(pageBehind(request))}`, 303);
      if (status === 401) return reply.redirect(`/enter?to=${encodeURIComponent(pageBehind(request))}`, 303);
      const { name: who = null, language: own = 'fr' } = (request.caller as Caller | null) ?? {};
      const language = languageOf(request.query, own);
      const said = language === 'fr' ? turnedAwayFr[status] : undefined;
      const body = said
        ? markup`<h1>${said.title}</h1><p class="lead">${said.why}</p>`
        : markup`<h1>${title}</h1><p class="lead">${detail}</p><p>${remedy}</p>`;
      return sendPage(reply, { title: said?.title ?? title, language, who, body }, status);
    });
    scope.addHook('preHandler', async (request) => {
      if (request.method === 'GET') request.questionsWaiting = await waitingFor(request, house);
    });
    outboxPages(scope, house);
    messagePages(scope, house);
    invoicePages(scope, house);
    causesPages(scope, house);
    mergePages(scope, house);
    auditPages(scope, house);
    litigationPages(scope, house);
    await scope.register(async (own) => {
      approvalPages(own, house);
    });
    await scope.register(async (own) => {
      accountPages(own, parts);
    });
  });
}

/** What a reader of French is told when he is turned away; problems of the API are in English, with more about fields. */
const turnedAwayFr: Readonly<Record<number, { readonly title: string; readonly why: string } | undefined>> = {
  403: {
    title: 'Page réservée',
    why: 'Votre rôle, ou votre part des dossiers, n’ouvre pas cette page. Un administrateur peut vous l’ouvrir.',
  },
  404: {
    title: 'Introuvable',
    why: 'Rien ne porte ce nom ici, ou ce dossier n’est pas de votre part : vérifiez l’adresse.',
  },
  429: { title: 'Trop de demandes', why: 'Attendez une minute, puis recommencez.' },
};

/** Where somebody goes on to once he may: what he asked for, or the page of the form that he sent. */
function pageBehind({ method, url }: FastifyRequest): string {
  return method === 'GET' ? url : url.startsWith('/account') ? '/account' : '/outbox';
}

const icon = `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 32 32"><rect width="32" height="32" rx="7" fill="#1d4e89"/><path d="M7 11h18v11H7z M7 11l9 7 9-7" fill="none" stroke="#fff" stroke-width="2" stroke-linejoin="round"/></svg>`;
