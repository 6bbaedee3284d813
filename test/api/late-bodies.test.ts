import { once } from 'node:events';
import { connect } from 'node:net';
import type { AddressInfo } from 'node:net';
import { text } from 'node:stream/consumers';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { openOffice } from '../setup/office.ts';
import type { Office } from '../setup/office.ts';

let office: Office;
let port: number;
beforeAll(async () => {
  office = await openOffice();
  await office.app.listen({ host: '127.0.0.1', port: 0 });
  port = (office.app.server.address() as AddressInfo).port;
});
afterAll(() => office.close());

/** Somebody new, with a key and a session; neither was used lately. */
async function somebody(name: string) {
  const { body } = await office.ask(
    'POST',
    '/v1/users',
    { name, role: 'accountant', key: {} },
    { as: 'admin' },
  );
  return { id: body.user.id as string, key: body.key as string, prefix: body.prefix as string };
}

/** Waits for what a request leaves once its headers were looked at. */
async function until(isSo: () => Promise<boolean>): Promise<void> {
  while (!(await isSo())) await new Promise((resolve) => setImmediate(resolve));
}

/** The first bytes of a request, then what happens, then the rest; the status line of the answer. */
async function during(
  target: string,
  shown: string,
  type: string,
  body: string,
  happens: () => Promise<unknown>,
): Promise<string> {
  const socket = connect({ host: '127.0.0.1', port });
  await once(socket, 'connect');
  socket.write(
    [
      `POST ${target} HTTP/1.1`,
      `Host: localhost:${port}`,
      shown,
      `Origin: http://localhost:${port}`,
      `Content-Type: ${type}`,
      `Content-Length: ${Buffer.byteLength(body)}`,
      'Connection: close',
      '',
      body.slice(0, 5),
    ].join('\r\n'),
  );
  await happens();
  socket.write(body.slice(5));
  return (await text(socket)).split('\r\n')[0] ?? '';
}

const keyUsed = (prefix: string) => async () => {
  const { db } = office.house;
  const key = await db
    .selectFrom('api_key')
    .select('last_used_at')
    .where('prefix', '=', prefix)
    .executeTakeFirstOrThrow();
  return key.last_used_at !== null;
};

describe('a request whose body comes late', () => {
  const note = JSON.stringify({ text: 'Trop tard.' });
  const notes = async () => (await office.house.db.selectFrom('private_text').select('id').execute()).length;

  it('does what it asks when nothing happened meanwhile', async () => {
    const { id } = await office.invoice();
    const { key, prefix } = await somebody('Patiente');

    const answer = await during(
      `/v1/invoices/${id}/notes`,
      `Authorization: Bearer ${key}`,
      'application/json',
      note,
      () => until(keyUsed(prefix)),
    );

    expect(answer).toContain(' 201 ');
  });

  it.each([
    ['his key is revoked', (who: { prefix: string }) => ['DELETE', `/v1/keys/${who.prefix}`] as const],
    [
      'he is shut out',
      (who: { id: string }) => ['PATCH', `/v1/users/${who.id}`, { disabled: true }] as const,
    ],
  ])('does nothing when %s before it is whole', async (what, act) => {
    const { id } = await office.invoice();
    const who = await somebody(`Tard ${what}`);
    const before = await notes();

    const answer = await during(
      `/v1/invoices/${id}/notes`,
      `Authorization: Bearer ${who.key}`,
      'application/json',
      note,
      async () => {
        await until(keyUsed(who.prefix));
        const [method, url, body] = act(who);
        expect((await office.ask(method, url, body, { as: 'admin' })).status).toBe(204);
      },
    );

    expect(answer).toContain(' 401 ');
    expect(await notes()).toBe(before);
  });

  it('does nothing when his session is ended before it is whole', async () => {
    const { db } = office.house;
    const { id } = await office.invoice();
    const cookie = await office.cookie('accountant');
    const mine = db.selectFrom('session').where('user_id', '=', office.users.accountant);
    const long = new Date(Date.now() - 5 * 60_000);
    await db
      .updateTable('session')
      .set({ seen_at: long })
      .where('user_id', '=', office.users.accountant)
      .execute();

    const answer = await during(
      `/v1/invoices/${id}/notes`,
      `Cookie: ${cookie}`,
      'application/json',
      note,
      async () => {
        await until(
          async () => (await mine.select('seen_at').executeTakeFirstOrThrow()).seen_at > long.getTime(),
        );
        await office.ask('DELETE', `/v1/users/${office.users.accountant}/sessions`, undefined, {
          as: 'admin',
        });
      },
    );

    expect(answer).toContain(' 401 ');
  });

  it('is no import when his key is revoked while the file comes', async () => {
    const { key, prefix } = await somebody('Fichier');
    const file = 'Invoice number;Customer;Amount;Currency;Due date\nX-1;Dupont SA;120.00;EUR;2026-04-30\n';
    const creditorId = await office.creditor();

    const answer = await during(
      `/v1/imports?seller=${creditorId}`,
      `Authorization: Bearer ${key}`,
      'text/csv',
      file,
      async () => {
        await until(keyUsed(prefix));
        await office.ask('DELETE', `/v1/keys/${prefix}`, undefined, { as: 'admin' });
      },
    );

    expect(answer).toContain(' 401 ');
    expect(await office.house.db.selectFrom('import').select('id').execute()).toEqual([]);
  });
});
