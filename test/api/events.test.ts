import { once } from 'node:events';
import { connect } from 'node:net';
import type { AddressInfo } from 'node:net';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { numberEvents } from '../../db/outbox.ts';
import { uuidv7 } from '../../db/uuid.ts';
import { openOffice } from '../setup/office.ts';
import type { Office } from '../setup/office.ts';

let office: Office;
let address: string;
beforeAll(async () => {
  office = await openOffice({ listens: true });
  address = await office.app.listen({ port: 0, host: '127.0.0.1' });
});
afterAll(() => office.close());

interface Heard {
  readonly id: number;
  readonly event: string;
  readonly data: { readonly invoiceId: string; readonly fact: number };
}

/** Listens like a browser until so many events came, then hangs up. */
async function hear(
  count: number,
  headers: Record<string, string> = {},
  meanwhile: () => Promise<unknown> = async () => undefined,
): Promise<Heard[]> {
  const leave = new AbortController();
  const response = await fetch(`${address}/v1/events`, {
    signal: leave.signal,
    headers: { authorization: `Bearer ${office.keys.auditor}`, ...headers },
  });
  const heard: Heard[] = [];
  let text = '';
  let begun = false;
  for await (const bytes of response.body as unknown as AsyncIterable<Uint8Array>) {
    if (!begun) await meanwhile();
    begun = true;
    text += new TextDecoder().decode(bytes);
    const blocks = text.split('\n\n');
    text = blocks.pop() ?? '';
    for (const block of blocks.filter((one) => one.startsWith('id: '))) {
      const [id, event, data] = block.split('\n').map((line) => line.slice(line.indexOf(': ') + 2));
      heard.push({ id: Number(id), event: event!, data: JSON.parse(data!) as Heard['data'] });
    }
    if (heard.length >= count) break;
  }
  leave.abort();
  return heard;
}

async function payInto(invoiceId: string): Promise<void> {
  await office.state(invoiceId, {
    type: 'disputeOpened',
    disputeId: uuidv7(),
    contestedCents: 1,
    reason: 'price',
  });
  await numberEvents(office.house.db);
}

describe('the events', () => {
  it('tell which invoice got which fact, as it happens', async () => {
    const invoice = await office.invoice();
    await numberEvents(office.house.db);

    const heard = await hear(1, {}, () => payInto(invoice.id));

    expect(heard).toEqual([
      {
        id: expect.any(Number) as number,
        event: 'disputeOpened',
        data: { invoiceId: invoice.id, fact: 2, type: 'disputeOpened' },
      },
    ]);
  });

  it('go on after the last one that a client saw, without a gap or a repeat', async () => {
    const invoice = await office.invoice();
    await numberEvents(office.house.db);
    const first = await hear(1, {}, () => payInto(invoice.id));
    await payInto(invoice.id);
    await payInto(invoice.id);

    const rest = await hear(2, { 'last-event-id': String(first[0]?.id) });

    expect(rest.map(({ data }) => data.fact)).toEqual([3, 4]);
  });

  // A place is given after the commit: an event without one may still be overtaken.
  it('hold back what the relay has not given its place', async () => {
    const invoice = await office.invoice();
    await numberEvents(office.house.db);
    const unplaced = await office.invoice();

    const heard = await hear(1, {}, () => payInto(invoice.id));

    expect(heard[0]?.data.invoiceId).toBe(unplaced.id);
  });

  it('end when the process does', async () => {
    const other = await openOffice({ listens: true });
    const at = await other.app.listen({ port: 0, host: '127.0.0.1' });
    const response = await fetch(`${at}/v1/events`, {
      headers: { authorization: `Bearer ${other.keys.auditor}` },
    });

    const closed = other.app.close();
    const text = await response.text();

    await closed;
    expect(text).toContain('retry:');
    await other.house.db.destroy();
    await other.database.drop();
  });

  // A browser opens connections ahead of its questions.
  it('nor any connection keep a process that ends, whether it asked for something or not', async () => {
    const other = await openOffice();
    await other.app.listen({ port: 0, host: '127.0.0.1' });
    const silent = connect((other.app.server.address() as AddressInfo).port, '127.0.0.1');
    await once(silent, 'connect');

    await Promise.all([once(silent, 'close'), other.close()]);

    expect(silent.destroyed).toBe(true);
  });
});

describe('a listener', () => {
  it('has ten streams and no more, so that others get theirs, and gets another when one is closed', async () => {
    const listen = (as: 'sales' | 'auditor', signal?: AbortSignal) =>
      fetch(`${address}/v1/events`, {
        headers: { authorization: `Bearer ${office.keys[as]}` },
        ...(signal ? { signal } : {}),
      });
    const [first, rest] = [new AbortController(), new AbortController()];
    const open = await Promise.all(
      Array.from({ length: 10 }, (_, index) => listen('sales', (index === 0 ? first : rest).signal)),
    );

    const eleventh = await listen('sales');
    const others = await listen('auditor', rest.signal);
    first.abort();
    let again = await listen('sales', rest.signal);
    while (again.status === 429) again = await listen('sales', rest.signal);
    rest.abort();

    expect(open.map(({ status }) => status)).toEqual(open.map(() => 200));
    expect([eleventh.status, ((await eleventh.json()) as { code: string }).code]).toEqual([
      429,
      'too-many-streams-of-one',
    ]);
    expect([others.status, again.status]).toEqual([200, 200]);
  });

  // An old tab goes on listening for as long as nobody cuts it off.
  it('is cut off when his session ends, and when his key is revoked', async () => {
    const cookie = await office.cookie('auditor');
    const made = await office.ask('POST', `/v1/users/${office.users.auditor}/keys`, {}, { as: 'admin' });
    const { body } = await office.ask('GET', '/v1/session', undefined, { as: null, headers: { cookie } });
    const streams = await Promise.all(
      [{ cookie }, { authorization: `Bearer ${made.body.key as string}` }].map((headers) =>
        fetch(`${address}/v1/events`, { headers: headers as Record<string, string> }),
      ),
    );

    await office.ask('DELETE', `/v1/users/${office.users.auditor}/sessions/${body.sessionId}`, undefined, {
      as: 'admin',
    });
    await office.ask('DELETE', `/v1/keys/${made.body.prefix}`, undefined, { as: 'admin' });

    expect(streams.map(({ status }) => status)).toEqual([200, 200]);
    expect(await Promise.all(streams.map((stream) => stream.text()))).toEqual([
      'retry: 2000\n\n',
      'retry: 2000\n\n',
    ]);
  });

  // Each may no longer see what he sees in the stream that is open; a browser that asks again is let in as what he is now.
  it.each([
    ['is given another role', (id: string) => change(id, { role: 'resolver' })],
    ['is cut to his own files', (id: string) => change(id, { portfolio: 'own' })],
    ['is shut out', (id: string) => change(id, { disabled: true })],
  ] as const)(
    'is cut off within two seconds when he %s, and hears of nothing that comes after',
    async (_, act) => {
      const { body } = await office.ask(
        'POST',
        '/v1/users',
        { name: `Listener ${uuidv7()}`, role: 'collector', portfolio: 'all', key: {} },
        { as: 'admin' },
      );
      const invoice = await office.invoice({ collector: 'somebody else' });
      await numberEvents(office.house.db);
      const stream = await fetch(`${address}/v1/events`, {
        headers: { authorization: `Bearer ${body.key as string}` },
      });

      const changed = await act(body.user.id as string);
      const since = performance.now();
      await payInto(invoice.id);
      const text = await stream.text();

      expect([stream.status, changed.status]).toEqual([200, 204]);
      expect(text).toBe('retry: 2000\n\n');
      expect(performance.now() - since).toBeLessThan(3_000);
    },
  );

  it('hears no more of a file from the moment that it is taken back from him, and goes on with the others', async () => {
    const firmId = office.users.external_firm;
    const [taken, kept] = [await office.invoice(), await office.invoice()];
    for (const { id } of [taken, kept])
      await office.ask('POST', `/v1/invoices/${id}/hand-over`, { firmId, incompleteBecause: 'Urgent.' });
    await numberEvents(office.house.db);
    const key = { authorization: `Bearer ${office.keys.external_firm}` };

    const heard = await hear(1, key, async () => {
      await office.ask('POST', `/v1/invoices/${taken.id}/hand-over/withdrawal`, {});
      await payInto(taken.id);
      await payInto(kept.id);
    });

    expect(heard.map(({ data }) => data.invoiceId)).toEqual([kept.id]);
  });
});

function change(userId: string, body: object) {
  return office.ask('PATCH', `/v1/users/${userId}`, body, { as: 'admin' });
}
