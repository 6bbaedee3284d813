import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { openOffice } from '../setup/office.ts';
import type { Office } from '../setup/office.ts';

let office: Office;
beforeAll(async () => {
  office = await openOffice();
});
afterAll(() => office.close());

const named = (key: string) => ({ as: 'admin' as const, headers: { 'idempotency-key': key } });

describe('a POST with an Idempotency-Key', () => {
  it('is done once and answered alike when it is sent again', async () => {
    const body = { legalName: 'Ateliers Martin SAS' };

    const first = await office.ask('POST', '/v1/creditors', body, named('creditor-1'));
    const again = await office.ask('POST', '/v1/creditors', body, named('creditor-1'));
    const { items } = (await office.ask('GET', '/v1/creditors')).body;

    expect([first.status, again.status]).toEqual([201, 201]);
    expect(again.body).toEqual(first.body);
    expect(items).toHaveLength(1);
  });

  it('is done once when two twins come at the same time', async () => {
    const ask = () => office.ask('POST', '/v1/creditors', { legalName: 'Twins SARL' }, named('twins'));

    const [one, other] = await Promise.all([ask(), ask()]);

    expect([one.status, other.status]).toEqual([201, 201]);
    expect(other.body.id).toBe(one.body.id);
  });

  it('is refused when the key named another request before', async () => {
    await office.ask('POST', '/v1/creditors', { legalName: 'First SAS' }, named('reused'));

    const answer = await office.ask('POST', '/v1/creditors', { legalName: 'Second SAS' }, named('reused'));

    expect(answer).toMatchObject({
      status: 422,
      body: { code: 'idempotency-key-reused', field: 'Idempotency-Key' },
    });
  });

  it('belongs to its caller: another may use the same key', async () => {
    const first = await office.ask('POST', '/v1/creditors', { legalName: 'Mine SAS' }, named('shared'));
    const other = await office.ask(
      'POST',
      '/v1/creditors',
      { legalName: 'Yours SAS' },
      { as: 'credit_manager', headers: { 'idempotency-key': 'shared' } },
    );

    expect([first.status, other.status]).toEqual([201, 201]);
    expect(other.body.id).not.toBe(first.body.id);
  });

  // What was refused may be right later: the key must not freeze the refusal.
  it('stays free after a refusal', async () => {
    const pull = () =>
      office.ask('POST', '/v1/stops', { scope: 'everything', reason: 'test' }, named('stop'));
    const stopped = await office.ask('POST', '/v1/stops', { scope: 'everything', reason: 'first' });
    const refused = await pull();
    await office.ask('POST', `/v1/stops/${stopped.body.id}/lift`);

    const after = await pull();

    expect(refused.status).toBe(409);
    expect(after.status).toBe(201);
  });

  it('never keeps a key of a user: a repeat names it and does not show it', async () => {
    const body = { name: 'Jeanne', role: 'accountant', key: {} };

    const first = await office.ask('POST', '/v1/users', body, named('jeanne'));
    const again = await office.ask('POST', '/v1/users', body, named('jeanne'));
    const stored = await office.house.db
      .selectFrom('idempotency')
      .select('answer')
      .where('key', '=', 'jeanne')
      .executeTakeFirstOrThrow();

    expect(again.body).toMatchObject({ prefix: first.body.prefix, key: null });
    expect(first.body.key).toContain(first.body.prefix);
    expect(stored.answer).not.toContain(first.body.key);
  });

  it('is refused when the key has spaces or no characters', async () => {
    const answer = await office.ask('POST', '/v1/creditors', { legalName: 'X' }, named('two words'));

    expect(answer).toMatchObject({ status: 400, body: { field: 'idempotency-key' } });
  });
});
