import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Answer } from '../../setup/office.ts';
import { hour, openEntrance } from './people.ts';
import type { Entrance } from './people.ts';

/** Nobody hands on more than he has, and nothing lies in wait for who is shut out. */
let entrance: Entrance;
beforeAll(async () => {
  entrance = await openEntrance();
});
afterAll(() => entrance.close());

type Method = 'GET' | 'POST' | 'PATCH' | 'DELETE';
const ask = (key: string, method: Method, url: string, body?: object): Promise<Answer> =>
  entrance.office.ask(method, url, body, { key });
const admin = (method: Method, url: string, body?: object): Promise<Answer> =>
  entrance.office.ask(method, url, body, { as: 'admin' });
const adminKeys = (): string => `/v1/users/${entrance.office.users.admin}/keys`;

describe('a key of an administrator that was cut to people', () => {
  it('makes no key, no link, no user and no role, and takes no second factor away', async () => {
    const { users } = entrance.office;
    const { body } = await admin('POST', adminKeys(), { areas: ['people'] });
    const cut = body.key as string;
    const state = async () => {
      const { db } = entrance.office.house;
      const people = await db.selectFrom('app_user').select(['name', 'role']).orderBy('id').execute();
      const keys = await db.selectFrom('api_key').select('prefix').orderBy('prefix').execute();
      const links = await db.selectFrom('invitation').select('id').execute();
      return { people, keys, links };
    };
    const before = await state();

    const answers = [
      await ask(cut, 'POST', adminKeys(), { expiresAt: null }),
      await ask(cut, 'POST', adminKeys(), { areas: ['people'] }),
      await ask(cut, 'POST', '/v1/invitations', { userId: users.admin }),
      await ask(cut, 'POST', '/v1/invitations', { user: { name: 'Nouvelle', role: 'admin' } }),
      await ask(cut, 'POST', '/v1/users', { name: 'Nouveau', role: 'admin' }),
      await ask(cut, 'PATCH', `/v1/users/${users.auditor}`, { role: 'admin' }),
      await ask(cut, 'DELETE', `/v1/users/${users.admin}/totp`),
    ];

    expect(answers.map(({ status, body: { code } }) => [status, code as string])).toEqual(
      answers.map(() => [403, 'key-cut']),
    );
    expect(await state()).toEqual(before);
  });

  it('still looks, and still takes keys back', async () => {
    const { body } = await admin('POST', adminKeys(), { areas: ['people'] });
    const other = await admin('POST', adminKeys(), {});

    const listed = await ask(body.key as string, 'GET', '/v1/users');
    const revoked = await ask(body.key as string, 'DELETE', `/v1/keys/${other.body.prefix as string}`);

    expect([listed.status, revoked.status]).toEqual([200, 204]);
  });
});

describe('a key that expires', () => {
  it('makes no key that opens for longer, for whomever', async () => {
    const tomorrow = entrance.machine.now + 24 * hour;
    const at = (ms: number): string => new Date(ms).toISOString();
    const { body } = await admin('POST', adminKeys(), { expiresAt: at(tomorrow) });
    const key = body.key as string;
    const collector = `/v1/users/${entrance.office.users.collector}/keys`;

    const never = await ask(key, 'POST', adminKeys(), { expiresAt: null });
    const later = await ask(key, 'POST', collector, { expiresAt: at(tomorrow + 1) });
    const newcomer = { name: 'Longtemps', role: 'admin', key: { expiresAt: null } };
    const first = await ask(key, 'POST', '/v1/users', newcomer);
    const untold = await ask(key, 'POST', adminKeys(), {});
    const users = await admin('GET', '/v1/users');
    const { items } = (await admin('GET', '/v1/keys')).body;

    expect([never, later, first].map((answer) => [answer.status, answer.body.field as string])).toEqual([
      [400, 'expiresAt'],
      [400, 'expiresAt'],
      [400, 'expiresAt'],
    ]);
    expect(users.text).not.toContain('Longtemps');
    expect(untold.status).toBe(201);
    expect(items.find((one: { prefix: string }) => one.prefix === untold.body.prefix).expiresAt).toBe(
      at(tomorrow),
    );
  });
});

describe('a user who is added', () => {
  const keysOf = async (name: string) =>
    (await admin('GET', '/v1/users')).body.items.find((one: { name: string }) => one.name === name).keys;

  it('has no key unless one is asked for', async () => {
    const { status, body } = await admin('POST', '/v1/users', { name: 'Sans clé', role: 'sales' });

    expect([status, body.prefix, body.key]).toEqual([201, null, null]);
    expect(await keysOf('Sans clé')).toEqual([]);
  });

  it('has a first key on the terms that were asked for', async () => {
    const expiresAt = new Date(entrance.machine.now + hour).toISOString();
    const key = { name: 'ERP', areas: ['money'], expiresAt };

    const { body } = await admin('POST', '/v1/users', { name: 'Programme', role: 'accountant', key });

    expect(await keysOf('Programme')).toMatchObject([{ prefix: body.prefix, ...key }]);
    expect((await ask(body.key as string, 'GET', '/v1/settings')).status).toBe(403);
  });
});

describe('a user who is shut out', () => {
  it('gets no key that would open once he is let in again', async () => {
    const { body } = await admin('POST', '/v1/users', { name: 'Parti', role: 'sales' });
    const id = body.user.id as string;
    await admin('PATCH', `/v1/users/${id}`, { disabled: true });

    const refused = await admin('POST', `/v1/users/${id}/keys`, {});
    await admin('PATCH', `/v1/users/${id}`, { disabled: false });
    const letIn = await admin('POST', `/v1/users/${id}/keys`, {});

    expect(refused).toMatchObject({ status: 409, body: { code: 'user-disabled' } });
    expect(letIn.status).toBe(201);
  });
});
