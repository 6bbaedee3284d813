import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import type { Language } from '../../domain/message.ts';

/**
 * What the pages with a form have in common: how their bodies are read, and which language somebody reads who is not
 * known yet.
 */
export function readForms(app: FastifyInstance): void {
  app.addContentTypeParser('application/x-www-form-urlencoded', { parseAs: 'string' }, (_, body, done) => {
    done(null, Object.fromEntries(new URLSearchParams(String(body))));
  });
}

/** A field as text; the empty text when it is absent. */
export function field(form: unknown, name: string): string {
  const value = (form as Readonly<Record<string, unknown>> | null | undefined)?.[name];
  return typeof value === 'string' ? value : '';
}

/** By `lang` in the address or the form, else the first of both that the browser names. */
export function languageAsked(request: FastifyRequest): Language {
  const asked = field(request.query, 'lang') || field(request.body, 'lang');
  if (asked === 'fr' || asked === 'en') return asked;
  const wanted = (request.headers['accept-language'] ?? '').toLowerCase().split(/[\s,;]+/);
  return wanted.find((tag) => /^(fr|en)\b/.test(tag))?.startsWith('en') === true ? 'en' : 'fr';
}

/** Only ways within this server, in signs that a header may hold: a link with another address sends nobody there. */
export function ownPath(to: string): string {
  return /^\/(?![/\\])[\x21-\x5b\x5d-\x7e]{0,500}$/.test(to) ? to : '/outbox';
}

export function goTo(reply: FastifyReply, path: string): FastifyReply {
  return reply.redirect(path, 303);
}
