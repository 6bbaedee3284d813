import helmet from '@fastify/helmet';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { answerWithProblem } from './problem.ts';

/**
 * The headers of every answer: nothing is loaded, run, framed, guessed, kept or told on but what is ours.
 *
 * A route may say otherwise of its own answer, as the reader of the reference does; none may forget it. To be called before
 * whatever may turn a request away, so that those answers too have them. No answer allows another site to read it (CORS).
 */
export async function setHeaders(app: FastifyInstance, { tls }: { readonly tls: boolean }): Promise<void> {
  app.addHook(
    'onRequest',
    async (request, reply) =>
      void reply.header('x-request-id', request.id).header('cache-control', 'no-store'),
  );
  await app.register(helmet, {
    contentSecurityPolicy: { useDefaults: false, directives: strictPolicy },
    referrerPolicy: { policy: 'no-referrer' },
    // Only once browsers reach us by https: else they would refuse to come at all for a year.
    strictTransportSecurity: tls ? { maxAge: yearSeconds, includeSubDomains: true } : false,
  });
}

/** What Fastify turns away before any hook, as an address that can't be decoded: Fastify's `frameworkErrors`. */
export function answerMalformed(error: unknown, request: FastifyRequest, reply: FastifyReply): void {
  void reply.headers({
    'x-request-id': request.id,
    'cache-control': 'no-store',
    'content-security-policy': "default-src 'none';frame-ancestors 'none'",
    'referrer-policy': 'no-referrer',
    'x-content-type-options': 'nosniff',
  });
  answerWithProblem(error, request, reply);
}

const yearSeconds = 365 * 86_400;

const strictPolicy = {
  defaultSrc: ["'none'"],
  styleSrc: ["'self'"],
  imgSrc: ["'self'"],
  formAction: ["'self'"],
  frameSrc: ["'self'"],
  frameAncestors: ["'none'"],
  baseUri: ["'none'"],
};
