import { afterEach, describe, expect, it } from 'vitest';
import { parts, providersTimes, strangersPart } from '../../api/rate-limits.ts';
import { openOffice } from '../setup/office.ts';
import type { Office } from '../setup/office.ts';

const perMinute = 40;
const strangers = perMinute * strangersPart;

let office: Office;
afterEach(() => office.close());

async function open(
  more: { readonly TRUSTED_PROXIES?: string[]; readonly RATE_LIMIT_PER_MINUTE?: number } = {},
) {
  office = await openOffice({
    config: { RATE_LIMIT_PER_MINUTE: perMinute, ...more },
  });
}

/** The statuses of so many equal requests, one after the other, from an address. */
async function statuses(
  times: number,
  url: string,
  how: {
    readonly as?: 'admin' | 'auditor' | null;
    readonly key?: string;
    readonly from?: string;
    readonly headers?: object;
  } = {},
): Promise<number[]> {
  const { as = 'admin', from = '192.0.2.1' } = how;
  const key = how.key ?? (as === null ? undefined : office.keys[as]);
  const got: number[] = [];
  for (let n = 0; n < times; n += 1) {
    const { statusCode } = await office.app.inject({
      url,
      remoteAddress: from,
      headers: { ...(key === undefined ? {} : { authorization: `Bearer ${key}` }), ...how.headers },
    });
    got.push(statusCode);
  }
  return got;
}

const all = (times: number, status: number): number[] => Array.from({ length: times }, () => status);

describe('a caller', () => {
  it('may ask up to his limit and is told when to come back beyond it', async () => {
    await open();

    const within = await statuses(perMinute, '/v1/me');
    const beyond = await office.ask('GET', '/v1/me', undefined, { as: 'admin' });

    expect(within).toEqual(all(perMinute, 200));
    expect(beyond).toMatchObject({ status: 429, body: { code: 'too-many-requests', instance: '/v1/me' } });
    expect(beyond.headers['content-type']).toContain('application/problem+json');
    expect(Number(beyond.headers['retry-after'])).toBeGreaterThan(0);
    expect(Number(beyond.headers['retry-after'])).toBeLessThanOrEqual(60);
  });

  it('disturbs nobody else, not even from the same address', async () => {
    await open();
    await statuses(perMinute + 5, '/v1/me');

    expect(await statuses(perMinute, '/v1/me', { as: 'auditor' })).toEqual(all(perMinute, 200));
  });

  it('has one limit, however many keys he has', async () => {
    await open();
    const made = await office.ask('POST', `/v1/users/${office.users.admin}/keys`, undefined, { as: 'admin' });
    await statuses(perMinute - 1, '/v1/me');

    expect(await statuses(1, '/v1/me', { key: made.body.key as string })).toEqual([429]);
  });

  it.each([
    '/v1/documents/01890000-0000-7000-8000-000000000000',
    '/v1/invoices?q=Leroy',
    '/v1/exports/invoices?open=true',
    '/v1/exports/tasks',
  ])('has a part of his limit for %s, which costs much, and goes on elsewhere', async (url) => {
    await open();
    const route = `GET ${url.replace(/\?.*/, '').replace(/\/0189.*/, '/:documentId')}`;
    const part = perMinute * (parts[route] ?? 0);

    const got = await statuses(part + 1, url);

    expect(part).toBeGreaterThan(0);
    expect(got.slice(0, -1)).not.toContain(429);
    expect(got.at(-1)).toBe(429);
    expect(await statuses(1, '/v1/me')).toEqual([200]);
  });

  it.each(['/v1/session', '/openapi.json'])(
    'has the same limit on %s, which is for everybody',
    async (url) => {
      await open();
      await statuses(1, '/v1/me');

      expect(await statuses(perMinute - 1, url)).toEqual(all(perMinute - 1, 200));
      expect(await statuses(1, url)).toEqual([429]);
      expect(await statuses(1, '/v1/me')).toEqual([429]);
    },
  );

  it('has no limit where the setting is 0', async () => {
    await open({ RATE_LIMIT_PER_MINUTE: 0 });

    expect(await statuses(perMinute * 3, '/v1/me')).toEqual(all(perMinute * 3, 200));
  });
});

describe('the routes that cost much', () => {
  it('are routes that exist', async () => {
    await open();
    await office.app.ready();

    const missing = Object.keys(parts).filter((route) => {
      const [method = '', url = ''] = route.split(' ');
      return !office.app.hasRoute({ method: method, url });
    });

    expect(missing).toEqual([]);
  });
});

describe('the reference', () => {
  it('says of every route that is counted what is answered beyond the limit, and when to come back', async () => {
    await open();
    await office.app.ready();
    const { paths } = office.app.swagger() as unknown as { paths: Record<string, Record<string, Operation>> };

    const silent = Object.entries(paths).flatMap(([path, methods]) =>
      Object.entries(methods)
        .filter(([, { responses }]) => responses['429']?.headers?.['Retry-After'] === undefined)
        .map(([method]) => `${method} ${path}`),
    );

    expect(silent.sort()).toEqual(['get /healthz', 'get /readyz']);
  });
});

interface Operation {
  readonly responses: Readonly<Record<string, { readonly headers?: Readonly<Record<string, unknown>> }>>;
}

describe('a network', () => {
  it('that has no key is limited, and disturbs no other', async () => {
    await open();

    expect(await statuses(strangers, '/v1/me', { as: null })).toEqual(all(strangers, 401));
    expect(await statuses(1, '/v1/me', { as: null })).toEqual([429]);
    expect(await statuses(1, '/v1/me', { as: null, from: '192.0.2.2' })).toEqual([401]);
  });

  // Else one machine could try keys as fast as the database answers.
  it('cannot search for keys by trying another at each request', async () => {
    await open();

    const got: number[] = [];
    for (let n = 0; n <= strangers; n += 1)
      got.push(...(await statuses(1, '/v1/me', { key: `rlk_00000000_${n}` })));

    expect(got).toEqual([...all(strangers, 401), 429]);
  });

  it('cannot search for addresses, with or without a key', async () => {
    await open();

    expect(await statuses(strangers + 1, '/v1/nothing', { as: null })).toEqual([...all(strangers, 404), 429]);
    expect(await statuses(strangers, '/v1/nothing', { from: '192.0.2.2' })).toEqual(all(strangers, 404));
    expect(await statuses(1, '/v1/nothing', { from: '192.0.2.2' })).toEqual([429]);
  });

  it('that has used up its share keeps nobody out whose key is known', async () => {
    await open();
    await statuses(1, '/v1/me');
    await statuses(strangers + 5, '/v1/me', { as: null });

    expect(await statuses(5, '/v1/me')).toEqual(all(5, 200));
  });

  it('loses its known key when that is revoked', async () => {
    await open();
    const made = await office.ask('POST', `/v1/users/${office.users.auditor}/keys`, undefined, {
      as: 'admin',
    });
    const { key, prefix } = made.body as { key: string; prefix: string };
    await statuses(2, '/v1/me', { key });
    await office.ask('DELETE', `/v1/keys/${prefix}`, undefined, { as: 'admin' });

    const got = await statuses(strangers + 5, '/v1/me', { key });

    expect(got.filter((status) => status === 401).length).toBeLessThanOrEqual(strangers);
    expect(got.at(-1)).toBe(429);
  });

  // Whatever he sent beside his cookie was taken for the proof, and then opened the way for anybody who sent it.
  it('is known by a key or a session, and by nothing that came beside it', async () => {
    await open();
    const cookie = await office.cookie('auditor');
    const beside = { authorization: 'Basic eDp4' };
    await statuses(1, '/v1/me', { as: null, headers: { cookie, ...beside } });
    await statuses(strangers, '/v1/me', { as: null, from: '192.0.2.7' });

    expect(await statuses(1, '/v1/me', { as: null, from: '192.0.2.7', headers: beside })).toEqual([429]);
    const other = { cookie: `theme=dark; ${cookie}` };
    expect(await statuses(1, '/v1/me', { as: null, from: '192.0.2.7', headers: other })).toEqual([200]);
  });

  it('of IPv6 is the whole of what one customer of a provider gets', async () => {
    await open();
    for (let n = 0; n < strangers; n += 1)
      await statuses(1, '/v1/me', { as: null, from: `2001:db8:1:2::${n.toString(16)}` });

    expect(await statuses(1, '/v1/me', { as: null, from: '2001:db8:1:2:ffff::1' })).toEqual([429]);
    expect(await statuses(1, '/v1/me', { as: null, from: '2001:db8:1:3::1' })).toEqual([401]);
  });

  it('is the same however its address is written', async () => {
    await open();
    await statuses(strangers, '/v1/me', { as: null, from: '::ffff:192.0.2.9' });

    expect(await statuses(1, '/v1/me', { as: null, from: '192.0.2.9' })).toEqual([429]);
    expect(await statuses(1, '/v1/me', { as: null, from: '192.0.2.10' })).toEqual([401]);
  });
});

describe('machines', () => {
  it.each(['/healthz', '/readyz', '/metrics'])('that ask %s are not counted', async (url) => {
    await open();

    expect(await statuses(strangers * 3, url, { as: null })).toEqual(all(strangers * 3, 200));
  });

  it('of providers have a share of their own, beyond which those who forge are turned away unread', async () => {
    await open();
    const share = perMinute * providersTimes;
    const post = async () =>
      (await office.app.inject({ method: 'POST', url: '/v1/webhooks/sendgrid/nobody', payload: 'x' }))
        .statusCode;

    const got: number[] = [];
    for (let n = 0; n <= share; n += 1) got.push(await post());

    expect(got.slice(0, share)).toEqual(all(share, 404));
    expect(got.at(-1)).toBe(429);
  });
});

describe('the address of who asks', () => {
  it('is that of the connection: a forged X-Forwarded-For is not believed', async () => {
    await open();

    const got: number[] = [];
    for (let n = 0; n <= strangers; n += 1)
      got.push(
        ...(await statuses(1, '/v1/me', { as: null, headers: { 'x-forwarded-for': `198.51.100.${n}` } })),
      );

    expect(got.at(-1)).toBe(429);
  });

  it('is what a known proxy says, and not what came before it', async () => {
    await open({ TRUSTED_PROXIES: ['172.18.0.0/16'] });
    const through = (told: string, times = 1) =>
      statuses(times, '/v1/me', { as: null, from: '172.18.0.5', headers: { 'x-forwarded-for': told } });

    await through('203.0.113.7', strangers);

    expect(await through('203.0.113.7')).toEqual([429]);
    expect(await through('203.0.113.8')).toEqual([401]);
    // The proxy adds whom it saw at the end; what stands before that is the word of a stranger.
    expect(await through('203.0.113.99, 203.0.113.7')).toEqual([429]);
  });

  it('is that of the connection for whoever is no known proxy', async () => {
    await open({ TRUSTED_PROXIES: ['172.18.0.5'] });
    const headers = { 'x-forwarded-for': '203.0.113.1' };
    await statuses(strangers, '/v1/me', { as: null, from: '192.0.2.9', headers });

    const other = { 'x-forwarded-for': '203.0.113.2' };
    expect(await statuses(1, '/v1/me', { as: null, from: '192.0.2.9', headers: other })).toEqual([429]);
  });
});
