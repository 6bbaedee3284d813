import type { FastifyServerOptions } from 'fastify';
import { pathOf } from './problem.ts';

/**
 * What the log of the API holds: methods, paths, statuses and codes, never a key, a query, a body or a value.
 *
 * Postgres puts the offending values into the details of its errors, and a query may hold a name to search for; neither
 * is personal data that a log should keep.
 */
export function loggerAt(level: string): NonNullable<FastifyServerOptions['logger']> {
  return {
    level,
    redact: ['req.headers', 'headers', '*.authorization', '*.cookie'],
    serializers: {
      req: (request: { method: string; url: string }) => ({
        method: request.method,
        path: pathOf(request.url),
      }),
      err: (error: Error & { code?: unknown; constraint?: unknown }) => ({
        type: error.name,
        message: error.message,
        stack: error.stack ?? '',
        code: error.code,
        constraint: error.constraint,
      }),
    },
  };
}
