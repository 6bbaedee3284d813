import { connect, createServer } from 'node:net';
import type { AddressInfo, Server, Socket } from 'node:net';

/** What happens to a statement on its way: it goes on, or the connection is cut before it or right after it was done. */
export type Fate = 'forward' | 'cut_before' | 'cut_after';

export interface Statement {
  readonly text: string;
  /** What the same connection said since its transaction began. */
  readonly before: readonly string[];
}

/**
 * Stands between a process and Postgres and reads what is said, so that a test can act at an exact statement: cut the
 * line right after a COMMIT was forwarded, stop the server, or kill the one who speaks.
 */
export class PostgresProxy {
  /** Asked before each statement goes on; whoever speaks waits for it. */
  onStatement: (statement: Statement) => Fate | Promise<Fate> = () => 'forward';
  readonly #server: Server;
  readonly #sockets = new Set<Socket>();

  private constructor(server: Server) {
    this.#server = server;
  }

  static async open(databaseUrl: string): Promise<PostgresProxy> {
    const { hostname, port } = new URL(databaseUrl);
    const server = createServer();
    const proxy = new PostgresProxy(server);
    server.on('connection', (client) => {
      proxy.#join(client, connect({ host: hostname, port: Number(port) }));
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    return proxy;
  }

  /** The same database, through this proxy. */
  through(databaseUrl: string): string {
    return Object.assign(new URL(databaseUrl), {
      hostname: '127.0.0.1',
      port: String((this.#server.address() as AddressInfo).port),
    }).toString();
  }

  async close(): Promise<void> {
    for (const socket of this.#sockets) socket.destroy();
    await new Promise((resolve) => this.#server.close(resolve));
  }

  #join(client: Socket, upstream: Socket): void {
    const cut = (): void => {
      client.destroy();
      upstream.destroy();
    };
    for (const socket of [client, upstream]) {
      this.#sockets.add(socket);
      socket.on('error', cut);
      socket.on('close', () => {
        this.#sockets.delete(socket);
        cut();
      });
    }
    let deaf = false;
    upstream.on('data', (data) => {
      // The server has answered, so it is done; that the caller never hears it is the fault.
      if (deaf) cut();
      else client.write(data);
    });

    let pending = Buffer.alloc(0);
    let started = false;
    let before: string[] = [];
    let turn = Promise.resolve();
    const pass = async (frame: Buffer): Promise<void> => {
      const text = started ? statementIn(frame) : undefined;
      started = true;
      if (text === undefined) return void upstream.write(frame);
      if (/^begin|^start transaction/i.test(text)) before = [];
      const fate = await this.onStatement({ text, before });
      before.push(text);
      if (fate === 'cut_before') return void cut();
      if (fate === 'cut_after') deaf = true;
      upstream.write(frame);
    };
    client.on('data', (data) => {
      pending = Buffer.concat([pending, data]);
      for (;;) {
        const header = started || turnTaken ? 1 : 0;
        if (pending.length < header + 4) return;
        const length = header + pending.readInt32BE(header);
        if (pending.length < length) return;
        const frame = pending.subarray(0, length);
        pending = pending.subarray(length);
        turnTaken = true;
        turn = turn.then(() => pass(frame));
      }
    });
    // The first message of a connection has no type; those after it have one byte of it.
    let turnTaken = false;
  }
}

/** The text of a simple query or of a statement to prepare; undefined for any other message. */
function statementIn(frame: Buffer): string | undefined {
  const type = String.fromCharCode(frame[0] ?? 0);
  const words = frame.subarray(5).toString('utf8').split('\0');
  if (type === 'Q') return words[0];
  return type === 'P' ? words[1] : undefined;
}
