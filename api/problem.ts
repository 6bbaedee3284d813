import { STATUS_CODES } from 'node:http';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { hasZodFastifySchemaValidationErrors } from 'fastify-type-provider-zod';
import { KeyReused } from '../db/once.ts';
import { lawCodes } from '../domain/law/law-code.ts';
import { MissingLawValue } from '../domain/law/law-value.ts';
import { refusalCodes } from '../domain/refusal.ts';
import type { Refusal } from '../domain/refusal.ts';
import { fieldErrorsOf } from './field-errors.ts';
import type { FieldError } from './field-errors.ts';

/**
 * Everything that the API says when it can't do what was asked, as RFC 9457 writes it.
 *
 * A caller's mistake and a refusal of the domain are answered with a code for programs, and for people the field and
 * the remedy. A fault of ours is answered with nothing but the number of the request: what went wrong stands in the
 * log, and might name somebody.
 */
export interface ProblemParts {
  readonly status: number;
  readonly code: string;
  readonly title: string;
  readonly detail: string;
  readonly field?: string;
  readonly remedy?: string;
  readonly errors?: readonly FieldError[];
  /** What only the caller can say, in full, for programs that ask him. */
  readonly questions?: readonly object[];
  readonly retryAfterSeconds?: number;
  /** The methods that the address does take. */
  readonly allow?: readonly string[];
}

export class Problem extends Error {
  readonly parts: ProblemParts;

  constructor(parts: ProblemParts) {
    super(parts.detail);
    this.name = 'Problem';
    this.parts = parts;
  }

  /** What the domain refuses: 409, whatever the reason, because the same request may be right at another moment. */
  static refused(refusal: Refusal): Problem {
    const field = refusal.field === undefined ? {} : { field: refusal.field };
    return new Problem({
      status: 409,
      code: refusal.code,
      title: refusalCodes[refusal.code],
      detail: refusal.message,
      ...field,
    });
  }

  /** `what` as it reads in a sentence: "invoice", "promise". */
  static notFound(what: string, id: string): Problem {
    return new Problem({
      status: 404,
      code: 'not-found',
      title: `There is no such ${what}.`,
      detail: `No ${what} ${id} is known here.`,
      remedy: 'Check the id: the lists show what there is.',
    });
  }

  /** A conflict that is no refusal of an invoice's own rules. */
  static conflict(code: string, title: string, detail: string, remedy: string, field?: string): Problem {
    return new Problem({
      status: 409,
      code,
      title,
      detail,
      remedy,
      ...(field === undefined ? {} : { field }),
    });
  }

  /** A value of the right shape that can't be right: a SIREN whose check digit is wrong. */
  static invalid(field: string, problem: string, remedy: string): Problem {
    return invalidRequest([{ field, problem, remedy }]);
  }

  /** Something that we need does not answer now; the caller may ask again in a moment. */
  static unavailable(code: string, detail: string, remedy = 'Ask again in a moment.'): Problem {
    return new Problem({
      status: 503,
      code,
      title: 'Relance cannot answer this now.',
      detail,
      remedy,
      retryAfterSeconds: 2,
    });
  }
}

/** Turns whatever was thrown into a problem document; Fastify's error handler. */
export function answerWithProblem(error: unknown, request: FastifyRequest, reply: FastifyReply): void {
  const problem = problemFrom(error, request.id);
  if (problem.parts.status >= 500) request.log.error({ err: error }, 'request failed');
  sendProblem(problem, request, reply);
}

/** Writes a line for each request that is turned away: by which rule, and whom where he is known. */
export function logRefusals(app: FastifyInstance): void {
  app.addHook('onError', async (request, _reply, error) => {
    const { status, code } = problemFrom(error, request.id).parts;
    if (status < 500) request.log.info({ status, code }, 'refused');
  });
}

/** Sends a problem document for the request. */
export function sendProblem({ parts }: Problem, request: FastifyRequest, reply: FastifyReply): void {
  const { retryAfterSeconds, allow, ...members } = parts;
  if (allow !== undefined) void reply.header('allow', allow.join(', '));
  if (retryAfterSeconds !== undefined) void reply.header('retry-after', retryAfterSeconds);
  const document = { type: `urn:relance:problem:${parts.code}`, ...members, instance: pathOf(request.url) };
  // As text, so that it passes by the response schemas: an error may come from anywhere.
  void reply
    .code(parts.status)
    .header('content-type', 'application/problem+json')
    .send(JSON.stringify(document));
}

/** The path alone: a query may hold names, amounts or a key. */
export function pathOf(url: string): string {
  return url.split('?', 1)[0] ?? url;
}

function problemFrom(error: unknown, requestId: string): Problem {
  if (error instanceof Problem) return error;
  if (hasZodFastifySchemaValidationErrors(error))
    return invalidRequest(fieldErrorsOf(error.validation, error.validationContext));
  if (error instanceof KeyReused) return keyReused(error.key);
  if (error instanceof MissingLawValue) return lawValueMissing(error);
  const { code, statusCode, message } = error as { code?: unknown; statusCode?: unknown; message?: string };
  if (typeof code === 'string' && isPassing(code, message)) {
    const detail =
      code === lockTimeout
        ? 'Somebody else is working on the same debtor for longer than we wait.'
        : 'The database does not answer.';
    return Problem.unavailable(code === lockTimeout ? 'busy' : 'database-unavailable', detail);
  }
  if (message === 'Connection terminated unexpectedly')
    return Problem.unavailable('database-unavailable', 'The database does not answer.');
  if (typeof statusCode === 'number' && statusCode >= 400 && statusCode < 500)
    return clientMistake(statusCode, String(code), message ?? '');
  return new Problem({
    status: 500,
    code: 'internal',
    title: 'Relance failed.',
    detail: `The request failed through a fault of Relance. It is logged under ${requestId}.`,
    remedy: 'Ask again; if it fails again, tell the operator the number of the request.',
  });
}

function invalidRequest(errors: readonly FieldError[]): Problem {
  const first = errors[0];
  return new Problem({
    status: 400,
    code: 'invalid-request',
    title: 'The request is not as it should be.',
    detail: errors.map(({ field, problem }) => `${field}: ${problem}`).join(' '),
    ...(first ? { field: first.field, remedy: first.remedy } : {}),
    errors,
  });
}

/** Nothing is guessed: what would be claimed from somebody waits until the value is entered. */
export function lawValueMissing({ code, day, semester, message }: MissingLawValue): Problem {
  return Problem.conflict(
    'law-value-missing',
    'A value of the law is not known.',
    message,
    `An admin adds ${code} (${lawCodes[code].name}) for ${semester ?? day}, with its source, by POST /v1/law-values.`,
  );
}

function keyReused(key: string): Problem {
  return new Problem({
    status: 422,
    code: 'idempotency-key-reused',
    title: 'The Idempotency-Key was used for another request.',
    detail: `The key ${key} named a request with other content before.`,
    field: 'Idempotency-Key',
    remedy: 'Give each new request a key of its own, and repeat a request unchanged.',
  });
}

const lockTimeout = '55P03';

/** What passes by itself: waiting too long for a lock, a deadlock, a lost or refused connection. */
function isPassing(code: string, message = ''): boolean {
  if ([lockTimeout, '40001', '40P01', '57P01', '57P02', '57P03', '53300'].includes(code)) return true;
  if (code.startsWith('08') && code.length === 5) return true;
  return (
    ['ECONNREFUSED', 'ECONNRESET', 'EPIPE', 'ENOTFOUND', 'ETIMEDOUT'].includes(code) &&
    !message.includes('FST_')
  );
}

/** What Fastify itself turns away: no JSON, too large, an unknown media type. */
function clientMistake(status: number, code: string, message: string): Problem {
  const remedies: Readonly<Record<number, string>> = {
    400: 'Send a JSON document as the reference at /docs describes it.',
    413: 'Send less at once.',
    415: 'Send JSON, with the header Content-Type: application/json.',
  };
  return new Problem({
    status,
    code: code.startsWith('FST_ERR_')
      ? code.slice('FST_ERR_'.length).toLowerCase().replaceAll('_', '-')
      : 'bad-request',
    title: STATUS_CODES[status] ?? 'The request is not as it should be.',
    detail: message,
    remedy: remedies[status] ?? 'See the reference at /docs.',
  });
}
