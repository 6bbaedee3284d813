import { once } from 'node:events';
import { createServer as createPlain } from 'node:http';
import type { IncomingMessage, Server } from 'node:http';
import { createServer as createTls } from 'node:https';
import type { AddressInfo, Socket } from 'node:net';
import { selfSigned } from './certificate.ts';

/** What a provider does with a call; `accept` is the default. */
export type Behaviour =
  | { readonly do: 'accept' }
  /** Takes it over, and says something else. */
  | ({ readonly do: 'accept_and_answer' } & Answer)
  /** Takes it over, and cuts the line before its answer. */
  | { readonly do: 'accept_and_drop' }
  /** Takes it over, and never answers. */
  | { readonly do: 'accept_and_hang' }
  /** Has read the call, and cuts the line without taking it. */
  | { readonly do: 'drop' }
  | { readonly do: 'hang' }
  | ({ readonly do: 'answer' } & Answer)
  /** Something that is no HTTP. */
  | { readonly do: 'garbage' };

export interface Answer {
  readonly status: number;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string | object;
}

export interface Call {
  readonly method: string;
  readonly path: string;
  readonly query: URLSearchParams;
  readonly headers: IncomingMessage['headers'];
  readonly body: string;
  /** When it had been read to its end, in ms of a clock that nobody sets. */
  readonly at: number;
}

/** What makes an HTTP server a certain provider. */
export interface ProviderRules {
  /** What is wrong with a call by the provider's own description of its API; nothing for a right one. */
  faultsOf(call: Call): readonly string[];
  /** Writes a right call into the ledger, and answers as the provider would. */
  take(call: Call): Answer;
  /** Questions, which are no sends: answered at once whatever the behaviour. */
  look?(call: Call): Answer | undefined;
}

/**
 * A provider outside our house: a real HTTP server on this machine, which does what the test says.
 *
 * A call that its own API would not take is written into `faults` and answered with 400, so a wrong field of ours
 * cannot go unseen. Its ledger is the truth of what was sent.
 */
export class HttpProvider {
  behaviour: Behaviour = { do: 'accept' };
  /** What it does with the next calls, one after the other, before `behaviour` holds again. */
  readonly first: Behaviour[] = [];
  readonly calls: Call[] = [];
  readonly faults: string[] = [];
  /** Connections that were made, whether or not anything was said on them. */
  connections = 0;
  /** Bytes that came in on all connections, after TLS. */
  bytesHeard = 0;
  readonly #rules: ProviderRules;
  /** The one that it shows over TLS, and that nobody trusts. */
  readonly certificate = selfSigned();
  readonly #server: Server;
  readonly #secure: boolean;
  readonly #waiting: (() => void)[] = [];

  private constructor(rules: ProviderRules, secure: boolean) {
    this.#rules = rules;
    this.#secure = secure;
    this.#server = secure ? createTls(this.certificate) : createPlain();
    const heard = (socket: Socket): void => {
      this.connections += 1;
      socket.on('data', (chunk: Buffer) => (this.bytesHeard += chunk.length));
      socket.on('error', () => undefined);
    };
    this.#server.on(secure ? 'secureConnection' : 'connection', heard);
    this.#server.on('request', (request, response) => {
      void callFrom(request).then((call) => {
        this.calls.push(call);
        const looked = this.#rules.look?.(call);
        const answer = looked ?? this.#do(call, request);
        for (const resolve of this.#waiting.splice(0)) resolve();
        if (!answer) return;
        const text = typeof answer.body === 'string' ? answer.body : JSON.stringify(answer.body ?? {});
        response
          .writeHead(answer.status, { 'content-type': 'application/json', ...answer.headers })
          .end(text);
      });
    });
  }

  /** Listens on any port, or on the one where it is expected; throws when somebody else has that. */
  static async open(rules: ProviderRules, { secure = false, port = 0 } = {}): Promise<HttpProvider> {
    const provider = new HttpProvider(rules, secure);
    provider.#server.listen(port, '127.0.0.1');
    await once(provider.#server, 'listening');
    return provider;
  }

  get url(): string {
    return `${this.#secure ? 'https' : 'http'}://127.0.0.1:${(this.#server.address() as AddressInfo).port}`;
  }

  /** Resolves when the next call has been read to its end. */
  called(): Promise<void> {
    return new Promise((resolve) => this.#waiting.push(resolve));
  }

  async close(): Promise<void> {
    this.#server.closeAllConnections();
    await new Promise((resolve) => this.#server.close(resolve));
  }

  /** Undefined when the caller gets no answer. */
  #do(call: Call, request: IncomingMessage): Answer | undefined {
    const faults = this.#rules.faultsOf(call);
    if (faults.length > 0) {
      this.faults.push(...faults);
      return { status: 400, body: { errors: faults.map((message) => ({ message })) } };
    }
    const behaviour = this.first.shift() ?? this.behaviour;
    const taken = behaviour.do.startsWith('accept') ? this.#rules.take(call) : undefined;
    switch (behaviour.do) {
      case 'accept':
        return taken;
      case 'accept_and_answer':
      case 'answer':
        return behaviour;
      case 'accept_and_hang':
      case 'hang':
        return undefined;
      case 'accept_and_drop':
      case 'drop':
        request.socket.destroy();
        return undefined;
      case 'garbage':
        request.socket.end('\u0000\u0001 this is no HTTP\r\n\r\n');
        return undefined;
    }
  }
}

async function callFrom(request: IncomingMessage): Promise<Call> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk as Buffer);
  const url = new URL(request.url ?? '/', 'http://provider.invalid');
  return {
    method: request.method ?? '',
    path: url.pathname,
    query: url.searchParams,
    headers: request.headers,
    body: Buffer.concat(chunks).toString('utf8'),
    at: performance.now(),
  };
}
