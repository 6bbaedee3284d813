import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { openOffice } from '../setup/office.ts';
import type { Office } from '../setup/office.ts';

let office: Office;
beforeAll(async () => {
  office = await openOffice();
});
afterAll(() => office.close());

describe('a request without a key that opens', () => {
  it('is answered 401 with the way to get one', async () => {
    const answer = await office.ask('GET', '/v1/invoices', undefined, { as: null });

    expect(answer.status).toBe(401);
    expect(answer.headers['content-type']).toContain('application/problem+json');
    expect(answer.body).toMatchObject({ code: 'key-missing', instance: '/v1/invoices' });
    expect(answer.body.remedy).toContain('relance user add');
  });

  it('is answered 401 when the key was never given out', async () => {
    const answer = await office.ask('GET', '/v1/invoices', undefined, { key: 'rlk_00000000_nobody' });

    expect(answer).toMatchObject({ status: 401, body: { code: 'key-unknown' } });
  });

  it('learns the same where it asks who is logged in', async () => {
    const answer = await office.ask('GET', '/v1/session', undefined, { key: 'rlk_00000000_nobody' });

    expect(answer).toMatchObject({ status: 401, body: { code: 'key-unknown' } });
    expect(answer.headers['www-authenticate']).toContain('Bearer');
  });

  it('is answered 401 when the key was revoked', async () => {
    const made = await office.ask('POST', `/v1/users/${office.users.sales}/keys`, undefined, { as: 'admin' });
    const before = await office.ask('GET', '/v1/me', undefined, { key: made.body.key });

    const revoked = await office.ask('DELETE', `/v1/keys/${made.body.prefix}`, undefined, { as: 'admin' });
    const after = await office.ask('GET', '/v1/me', undefined, { key: made.body.key });

    expect(before).toMatchObject({ status: 200, body: { name: 'sales' } });
    expect(revoked.status).toBe(204);
    expect(after.status).toBe(401);
  });
});

describe('a role', () => {
  it('is turned away from what it may not do, with the roles that may', async () => {
    const answer = await office.ask(
      'POST',
      '/v1/stops',
      { scope: 'everything', reason: 'test' },
      { as: 'auditor' },
    );

    expect(answer).toMatchObject({ status: 403, body: { code: 'role-forbidden' } });
    expect(answer.body.remedy).toContain('credit_manager');
  });

  // The auditor is shown to people outside: one forgotten route would be enough.
  it('of an auditor reads and changes nothing but how he comes in, on every route', async () => {
    const own = ['/v1/session', '/v1/password', '/v1/totp', '/v1/invitations/acceptance'];
    const { paths } = office.app.swagger() as { paths: Record<string, Record<string, unknown>> };
    const unsafe = Object.entries(paths).flatMap(([path, methods]) =>
      Object.keys(methods)
        .filter((method) => method !== 'get')
        // Providers have signatures, not keys.
        .filter(() => !path.startsWith('/v1/webhooks/'))
        // His own login, which a key does not change, and the routes for which nobody needs to be known.
        .filter(() => !own.some((start) => path.startsWith(start)))
        .map((method) => [method.toUpperCase(), path] as const),
    );

    const statuses = await Promise.all(
      unsafe.map(async ([method, path]) => {
        const url = path.replace(/\{[^}]+\}/g, '01890000-0000-7000-8000-000000000000');
        return [`${method} ${path}`, (await office.ask(method as 'POST', url, {}, { as: 'auditor' })).status];
      }),
    );

    expect(unsafe.length).toBeGreaterThan(10);
    expect(statuses.filter(([, status]) => status !== 403)).toEqual([]);
  });
});

describe('the name in Host', () => {
  it.each(['localhost:8080', '127.0.0.1:8080', '[::1]:8080', 'relance.localhost'])(
    'may be %s',
    async (host) => {
      expect((await office.ask('GET', '/healthz', undefined, { headers: { host } })).status).toBe(200);
    },
  );

  // DNS rebinding: another site's name that points to this machine.
  it.each(['evil.example', 'localhost.evil.example', '127.0.0.1.evil.example', '10.0.0.1'])(
    'may not be %s',
    async (host) => {
      expect(await office.ask('GET', '/v1/me', undefined, { headers: { host } })).toMatchObject({
        status: 421,
        body: { code: 'host-unknown' },
      });
    },
  );

  it('may be one of ALLOWED_HOSTS', async () => {
    const other = await openOffice({
      config: { ALLOWED_HOSTS: ['relance.corp.example'] },
    });

    const answer = await other.ask('GET', '/healthz', undefined, {
      headers: { host: 'relance.corp.example' },
    });

    expect(answer.status).toBe(200);
    await other.close();
  });
});

describe('every answer', () => {
  it('forbids scripts, frames, sniffing and caching', async () => {
    const { headers } = await office.ask('GET', '/v1/me');

    expect(headers['content-security-policy']).toContain("default-src 'none'");
    expect(headers['content-security-policy']).toContain("frame-ancestors 'none'");
    expect(headers).toMatchObject({
      'x-content-type-options': 'nosniff',
      'cache-control': 'no-store',
      'referrer-policy': 'no-referrer',
    });
    expect(headers['x-request-id']).toMatch(/^[0-9a-f-]{36}$/);
  });
});
