import type { FastifyInstance } from 'fastify';
import { pathOf, Problem, sendProblem } from './problem.ts';

/**
 * What nobody answers: an address that does not exist (404), or a method that an address does not take (405).
 *
 * Both are said before anything of the request is read, so that nobody makes us read a body, and to everybody alike: which
 * addresses there are stands in the public reference. To be called before the first route.
 */
export function answerUnknownAddresses(app: FastifyInstance): void {
  const routes: { readonly pattern: RegExp; readonly methods: readonly string[] }[] = [];
  app.addHook('onRoute', ({ url, method }) => {
    routes.push({ pattern: patternOf(url), methods: [method].flat() });
  });
  const problemAt = (method: string, url: string): Problem => {
    const path = pathOf(url);
    const methods = routes.filter(({ pattern }) => pattern.test(path)).flatMap((route) => route.methods);
    return methods.length === 0 ? noSuchAddress(method) : notWith(method, [...new Set(methods)].sort());
  };
  app.setNotFoundHandler((request, reply) => {
    sendProblem(problemAt(request.method, request.url), request, reply);
  });
  app.addHook('onRequest', async (request) => {
    if (request.is404) throw problemAt(request.method, request.url);
  });
}

/** A route as Fastify writes it, `/v1/invoices/:invoiceId`, as a pattern of paths. */
function patternOf(url: string): RegExp {
  const parts = url.split('/').map((part) => {
    if (part === '*') return '.*';
    return part.startsWith(':') ? '[^/]+' : part.replace(/[.*+?^${}()|[\]\\]/g, '\\$&');
  });
  return new RegExp(`^${parts.join('/')}$`);
}

function noSuchAddress(method: string): Problem {
  return new Problem({
    status: 404,
    code: 'no-such-address',
    title: 'There is no such address.',
    detail: `There is nothing at this address that could be asked with ${method}.`,
    remedy: 'See the reference at /docs.',
  });
}

function notWith(method: string, methods: readonly string[]): Problem {
  return new Problem({
    status: 405,
    code: 'method-not-allowed',
    title: 'This address is not asked like that.',
    detail: `This address does not take ${method}.`,
    remedy: `Ask with ${methods.join(' or ')}: see the reference at /docs.`,
    allow: methods,
  });
}
