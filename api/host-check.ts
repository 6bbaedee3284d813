import type { FastifyRequest } from 'fastify';
import { Problem } from './problem.ts';

declare module 'fastify' {
  interface FastifyContextConfig {
    /** Answers to any name, because its requests prove themselves. */
    anyHost?: boolean;
  }
}

/**
 * Answers only to the names that are ours.
 *
 * A page of another site can let its own name point to 127.0.0.1 and have a browser here ask us as if we were that
 * site (DNS rebinding). The name in `Host` gives it away, so names that are neither loopback nor in ALLOWED_HOSTS are
 * turned away before anything else. A route whose requests are signed says so: nobody's browser can make such a one,
 * and whatever stands before us may have given it another name.
 */
export function hostCheck(allowed: readonly string[]): (request: FastifyRequest) => Promise<void> {
  const known = new Set(allowed.map((name) => name.toLowerCase()));
  return async (request) => {
    if (request.routeOptions.config.anyHost === true) return;
    const name = nameOf(request.headers.host ?? '');
    if (isLoopback(name) || known.has(name) || known.has((request.headers.host ?? '').toLowerCase())) return;
    throw new Problem({
      status: 421,
      code: 'host-unknown',
      title: 'Relance does not answer to this name.',
      detail: 'The name in the Host header is neither this machine nor one of ALLOWED_HOSTS.',
      remedy: 'Use the address that Relance printed at its start, or add the name to ALLOWED_HOSTS.',
    });
  };
}

/** The host without its port, in small letters. */
function nameOf(host: string): string {
  return host.toLowerCase().replace(/:\d+$/, '');
}

function isLoopback(name: string): boolean {
  return (
    name === 'localhost' ||
    name.endsWith('.localhost') ||
    name === '[::1]' ||
    /^127(\.\d{1,3}){3}$/.test(name)
  );
}
