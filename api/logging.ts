import type { FastifyServerOptions } from 'fastify';
import { pathOf } from './problem.ts';

/**
 * What the log of the API holds: methods, addresses, statuses, codes and request ids; never a key, a query, a body or
 * anybody's data.
 *
 * Whatever a caller sends may come back in the words of an error: a parser quotes what it could not read, Postgres puts
 * offending values into its messages and details, an address holds whatever somebody typed. So addresses and messages are
 * cut to what is ours, and of an error only its kind, its place in our code and its code are told. `write` is where
 * lines go instead of standard output.
 */
export function loggerAt(
  level: string,
  write?: (line: string) => void,
): NonNullable<FastifyServerOptions['logger']> {
  return {
    level,
    redact: {
      paths: secretMembers.flatMap((member) => [member, `*.${member}`, `*.*.${member}`]),
      censor: '…',
    },
    serializers: {
      req: (request: { method: string; url: string }) => ({
        method: request.method,
        path: addressOf(request.url),
      }),
      err: errorInLog,
    },
    ...(write ? { stream: { write } } : {}),
  };
}

/** Where a line of the log could hold what nobody meant to log. */
const secretMembers = [
  ...['headers', 'authorization', 'cookie', 'body', 'query', 'params', 'payload'],
  ...['password', 'token', 'secret', 'key', 'parameters', 'detail'],
];

interface Fault extends Error {
  readonly code?: unknown;
  readonly constraint?: unknown;
  readonly table?: unknown;
}

function errorInLog(error: Fault) {
  return {
    type: error.name,
    message: messageInLog(error),
    // The first lines of a stack are the message once more.
    stack: (error.stack ?? '')
      .split('\n')
      .filter((line) => /^\s+at /.test(line))
      .join('\n'),
    code: error.code,
    constraint: error.constraint,
    table: error.table,
  };
}

/** Of errors over data (class 22 of Postgres, a parser's) the message is the data; of others it names what is ours. */
function messageInLog({ name, message, code }: Fault): string {
  if (name === 'SyntaxError' || (typeof code === 'string' && /^(22|P0)[0-9A-Z]{3}$/.test(code)))
    return 'It is left out: it quotes what was sent.';
  return withoutData(message);
}

/** Masks what is recognisable as somebody's: mail addresses, IBANs, keys, telephones. */
function withoutData(text: string): string {
  return text
    .replace(/[^\s"'<>()=,;:]+@[^\s"'<>()=,;:]+/g, '…')
    .replace(/\brlk_\S+/g, '…')
    .replace(/\b[A-Z]{2}\d{2}(?: ?[A-Z0-9]){11,30}\b/g, '…')
    .replace(/\+?\d(?:[ .]?\d){8,}/g, '…');
}

/** The path with its names and ids; a part that is neither, such as the number of an invoice, is left out. */
function addressOf(url: string): string {
  return pathOf(url)
    .split('/')
    .map((part) => (part === '' || isName.test(part) || isId.test(part) ? part : '…'))
    .join('/');
}

const isName = /^[a-z][a-z0-9.-]{0,39}$/;
const isId = /^[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;
