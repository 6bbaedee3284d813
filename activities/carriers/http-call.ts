import { request as send } from 'node:http';
import type { IncomingHttpHeaders } from 'node:http';
import { connect as connectPlain, isIP } from 'node:net';
import type { Socket } from 'node:net';
import { connect as connectTls } from 'node:tls';

export interface HttpRequest {
  readonly method: string;
  readonly url: URL;
  readonly headers: Readonly<Record<string, string>>;
  readonly body?: string | Buffer;
  /** Whom to trust instead of the usual authorities, as PEM. */
  readonly ca?: string;
}

/** How far a call came; reasons are codes, and never show what was sent. */
export type HttpAnswer =
  | {
      readonly kind: 'answered';
      readonly status: number;
      readonly headers: IncomingHttpHeaders;
      readonly body: string;
    }
  /** No byte of the request has left: there was no name, no connection, or no TLS that we trust. */
  | { readonly kind: 'not_connected'; readonly reason: string }
  /** Something may have left, and no answer came back. */
  | { readonly kind: 'no_answer'; readonly reason: string };

/** Far more than any provider says; what lies beyond is not read. */
const answerBytesMax = 8 * 1024 * 1024;

/**
 * One HTTP call that knows whether its request may have reached the other side.
 *
 * The providers' libraries make the request, and this carries it: they would follow redirects, read proxies from the
 * environment, and report every failure alike. The connection is made first, the certificate checked, and only then is
 * the request handed to it; so a failure before that proves that nothing was sent. Each call has a connection of its
 * own: one that is kept open may be closed by the provider just as we write to it, and then nobody knows. `signal` ends
 * connecting and calling alike. Never throws.
 */
export async function httpCall(request: HttpRequest, signal: AbortSignal): Promise<HttpAnswer> {
  const connected = await connection(request, signal);
  if (connected.kind === 'not_connected') return connected;
  return exchange(request, connected.socket, signal);
}

type Connected =
  | { readonly kind: 'connected'; readonly socket: Socket }
  | { readonly kind: 'not_connected'; readonly reason: string };

function connection({ url, ca }: HttpRequest, signal: AbortSignal): Promise<Connected> {
  return new Promise((resolve) => {
    if (signal.aborted) return void resolve({ kind: 'not_connected', reason: 'timed_out' });
    const secure = url.protocol === 'https:';
    const host = url.hostname.replace(/^\[|\]$/g, '');
    const port = url.port === '' ? (secure ? 443 : 80) : Number(url.port);
    const socket = secure
      ? connectTls({
          host,
          port,
          // A number is no name; the certificate is checked against it all the same.
          servername: isIP(host) === 0 ? host : '',
          ALPNProtocols: ['http/1.1'],
          ...(ca === undefined ? {} : { ca }),
        })
      : connectPlain({ host, port });
    const settle = (how: Connected): void => {
      signal.removeEventListener('abort', giveUp);
      socket.off('close', closed);
      if (how.kind === 'connected') socket.off('error', failed);
      else socket.destroy();
      resolve(how);
    };
    const giveUp = (): void => {
      settle({ kind: 'not_connected', reason: 'timed_out' });
    };
    // It stays when the connection failed: what the socket still has to complain about concerns nobody any more.
    const failed = (fault: Error): void => {
      settle({ kind: 'not_connected', reason: codeOf(fault) });
    };
    const closed = (): void => {
      settle({ kind: 'not_connected', reason: 'closed' });
    };
    signal.addEventListener('abort', giveUp);
    socket.on('error', failed);
    socket.on('close', closed);
    socket.once(secure ? 'secureConnect' : 'connect', () => {
      settle({ kind: 'connected', socket });
    });
  });
}

function exchange(
  { method, url, headers, body }: HttpRequest,
  socket: Socket,
  signal: AbortSignal,
): Promise<HttpAnswer> {
  return new Promise((resolve) => {
    const settle = (answer: HttpAnswer): void => {
      signal.removeEventListener('abort', giveUp);
      socket.destroy();
      resolve(answer);
    };
    const request = send({
      createConnection: () => socket,
      method,
      path: `${url.pathname}${url.search}`,
      headers: {
        ...headers,
        host: url.host,
        ...(body === undefined ? {} : { 'content-length': Buffer.byteLength(body) }),
      },
    });
    const giveUp = (): void => {
      settle({ kind: 'no_answer', reason: 'timed_out' });
    };
    signal.addEventListener('abort', giveUp);
    request.on('error', (fault) => {
      settle({ kind: 'no_answer', reason: codeOf(fault) });
    });
    request.on('response', (response) => {
      const { statusCode: status = 0, headers: answered } = response;
      const chunks: Buffer[] = [];
      let bytes = 0;
      // The status decides; of a body that breaks off, what came is looked at.
      const answer = (): void => {
        settle({ kind: 'answered', status, headers: answered, body: Buffer.concat(chunks).toString('utf8') });
      };
      signal.removeEventListener('abort', giveUp);
      signal.addEventListener('abort', answer, { once: true });
      if (signal.aborted) return void answer();
      response.on('data', (chunk: Buffer) => {
        bytes += chunk.length;
        if (bytes <= answerBytesMax) chunks.push(chunk);
        else answer();
      });
      for (const end of ['end', 'error', 'close'] as const) response.once(end, answer);
    });
    request.end(body);
  });
}

/** A code such as ECONNREFUSED or CERT_HAS_EXPIRED; a fault's own sentence may quote what was sent. */
export function codeOf(fault: unknown): string {
  const code = (fault as { code?: unknown } | null)?.code;
  return typeof code === 'string' && /^[A-Z0-9_]{2,60}$/.test(code) ? code : 'fault';
}
