import type { FastifyInstance } from 'fastify';
import { requireCaller } from '../authentication.ts';
import type { LoginParts } from '../login/log-in.ts';
import type { Police } from '../policing.ts';
import { Problem } from '../problem.ts';
import type { RateLimits } from '../rate-limits.ts';
import { enterPages } from './enter.ts';
import { markup } from './html.ts';
import { invitationPages } from './invitation.ts';
import { invoicePages } from './invoice.ts';
import { sendPage } from './layout.ts';
import { messagePages } from './message.ts';
import { outboxPages } from './outbox.ts';
import { styleSheet } from './style.ts';

/**
 * The plain pages: the outbox as it looks, and the story of an invoice, until the workbench takes over.
 *
 * They only read, need no script, and are opened by the session that `/enter` begins.
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
    police.keep(scope, house.db);
    scope.setErrorHandler(async (error, request, reply) => {
      if (!(error instanceof Problem)) throw error;
      const { status, title, detail, remedy } = error.parts;
      if (status === 401) return reply.redirect(`/enter?to=${encodeURIComponent(request.url)}`, 303);
      const body = markup`<h1>${title}</h1><p class="lead">${detail}</p><p>${remedy}</p>`;
      return sendPage(reply, { title, language: 'en', who: null, body }, status);
    });
    outboxPages(scope, house);
    messagePages(scope, house);
    invoicePages(scope, house);
  });
}

const icon = `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 32 32"><rect width="32" height="32" rx="7" fill="#1d4e89"/><path d="M7 11h18v11H7z M7 11l9 7 9-7" fill="none" stroke="#fff" stroke-width="2" stroke-linejoin="round"/></svg>`;
