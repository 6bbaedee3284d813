import { createServer } from 'node:http';
import type { IncomingMessage, Server } from 'node:http';
import type { AddressInfo } from 'node:net';

/** What the carrier does with one message; `accept` is the default. */
export type Behaviour =
  | { readonly do: 'accept' }
  /** Takes it, and lets the caller wait for the answer until this resolves. */
  | { readonly do: 'accept_late'; readonly answer: Promise<void> }
  /** Knows nothing of it until this resolves, then takes it. */
  | { readonly do: 'accept_after'; readonly when: Promise<void> }
  /** Takes it, and never answers. */
  | { readonly do: 'accept_and_hang' }
  /** Closes the connection without taking it. */
  | { readonly do: 'drop' }
  | { readonly do: 'answer'; readonly status: number; readonly retryAfterSeconds?: number };

/** Named places in a worker where the test may kill it. */
export type KillPoint = 'before_call' | 'after_accept';

/**
 * A carrier outside our house, with a ledger of its own: what it has taken over is what the debtor gets.
 *
 * It knows nothing of our database, so a test that compares with its ledger compares with the truth. Workers ask it at
 * each kill point whether they shall die there.
 */
export class FakeCarrier {
  /** The ids of the messages that it has taken over, in order; an id twice is a debtor who was written to twice. */
  readonly accepted: string[] = [];
  readonly killed: { readonly point: KillPoint; readonly messageId: string }[] = [];
  behaviour: (messageId: string) => Behaviour = () => ({ do: 'accept' });
  /** Whether it can say of a message that it never got it, or keeps silent. */
  knowsWhatItLacks = true;
  readonly #kills: KillPoint[] = [];
  readonly #server: Server;

  private constructor(server: Server) {
    this.#server = server;
  }

  static async open(): Promise<FakeCarrier> {
    const server = createServer();
    const carrier = new FakeCarrier(server);
    server.on('request', (request, response) => {
      const [, action = '', first = '', second = ''] = (request.url ?? '').split('/');
      void carrier.#answer(request, action, first, second).then((answer) => {
        if (answer === 'hang') return;
        if (answer === 'drop') return void request.socket.destroy();
        response
          .writeHead(answer.status, { 'content-type': 'application/json', ...answer.headers })
          .end(JSON.stringify(answer.body ?? {}));
      });
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    return carrier;
  }

  get url(): string {
    return `http://127.0.0.1:${(this.#server.address() as AddressInfo).port}`;
  }

  /** The next worker that comes to that place dies there, once. */
  killAt(point: KillPoint): void {
    this.#kills.push(point);
  }

  async close(): Promise<void> {
    this.#server.closeAllConnections();
    await new Promise((resolve) => this.#server.close(resolve));
  }

  async #answer(request: IncomingMessage, action: string, first: string, second: string): Promise<Answer> {
    if (action === 'send') return this.#take(await idIn(request));
    if (action === 'evidence')
      return {
        status: 200,
        body: {
          kind: this.accepted.includes(first) ? 'accepted' : this.knowsWhatItLacks ? 'absent' : 'silent',
        },
      };
    const place = this.#kills.indexOf(first as KillPoint);
    if (place < 0) return { status: 200, body: { kill: false } };
    this.#kills.splice(place, 1);
    this.killed.push({ point: first as KillPoint, messageId: second });
    return { status: 200, body: { kill: true } };
  }

  async #take(messageId: string): Promise<Answer> {
    const behaviour = this.behaviour(messageId);
    if (behaviour.do === 'drop') return 'drop';
    if (behaviour.do === 'answer')
      return {
        status: behaviour.status,
        ...(behaviour.retryAfterSeconds === undefined
          ? {}
          : { headers: { 'retry-after': String(behaviour.retryAfterSeconds) } }),
      };
    if (behaviour.do === 'accept_after') await behaviour.when;
    this.accepted.push(messageId);
    if (behaviour.do === 'accept_and_hang') return 'hang';
    if (behaviour.do === 'accept_late') await behaviour.answer;
    return { status: 202, body: { ref: `carrier-${messageId}` } };
  }
}

type Answer =
  | 'hang'
  | 'drop'
  | { readonly status: number; readonly body?: object; readonly headers?: Record<string, string> };

async function idIn(request: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk as Buffer);
  return (JSON.parse(Buffer.concat(chunks).toString()) as { messageId: string }).messageId;
}
