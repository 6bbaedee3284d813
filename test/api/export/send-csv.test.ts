import Fastify from 'fastify';
import type { FastifyInstance } from 'fastify';
import { afterEach, describe, expect, it } from 'vitest';
import type { Cell } from '../../../api/export/csv.ts';
import { sendCsv } from '../../../api/export/send-csv.ts';

let app: FastifyInstance;
afterEach(() => app.close());

/** An address that sends these pages as a file. */
async function serving(
  pages: () => AsyncGenerator<Cell[][]>,
  isLetIn: () => Promise<boolean>,
): Promise<string> {
  app = Fastify({ forceCloseConnections: true });
  app.get('/', (_, reply) =>
    sendCsv(reply, {
      name: 'list',
      language: 'en',
      separator: undefined,
      head: ['No'],
      pages: pages(),
      isLetIn,
    }),
  );
  return app.listen({ host: '127.0.0.1', port: 0 });
}

async function* three(): AsyncGenerator<Cell[][]> {
  for (const count of [1, 2, 3]) yield [[{ count }]];
}

describe('a list that is sent as a file', () => {
  it('is whole, behind its byte order mark', async () => {
    const address = await serving(three, async () => true);

    const answer = await fetch(address);

    expect(Buffer.from(await answer.arrayBuffer()).toString()).toBe('\uFEFFNo\r\n1\r\n2\r\n3\r\n');
    expect(answer.headers.get('content-disposition')).toBe('attachment; filename="list.csv"');
  });

  it('is broken off when its asker is let in no more, so that nobody takes a part for the whole', async () => {
    let asked = 0;
    const address = await serving(three, async () => ++asked < 2);

    const answer = await fetch(address);

    await expect(answer.text()).rejects.toThrow();
    expect(asked).toBe(2);
  });

  it('is no file at all when it fails before its first row', async () => {
    const address = await serving(
      async function* () {
        throw new Error('Postgres is away');
      },
      async () => true,
    );

    const answer = await fetch(address);

    expect(answer.status).toBe(500);
    expect(answer.headers.get('content-type')).toContain('json');
  });

  it('is read no further when whoever took it has left', async () => {
    let [read, ended] = [0, () => {}];
    const end = new Promise<void>((resolve) => (ended = resolve));
    const address = await serving(
      async function* () {
        try {
          for (; ; read += 1) yield [['x'.repeat(1_000_000)]];
        } finally {
          ended();
        }
      },
      async () => true,
    );
    const leave = new AbortController();

    await fetch(address, { signal: leave.signal });
    leave.abort();
    await end;

    // Of a list without end no more was read than the buffers of a connection hold.
    expect(read).toBeLessThan(100);
  });
});
