import { connect } from 'node:net';
import type { AddressInfo } from 'node:net';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { openOffice } from '../setup/office.ts';
import type { Office } from '../setup/office.ts';

/** Every route that the API has, hidden ones and the pages among them, asked with a key and without. */
let office: Office;
let routes: readonly (readonly [method: string, url: string])[];
beforeAll(async () => {
  office = await openOffice({
    config: { BEHIND_TLS: true },
  });
  await office.app.ready();
  routes = routesOf(office.app.printRoutes({ commonPrefix: false }));
});
afterAll(() => office.close());

const strict =
  "default-src 'none';style-src 'self';img-src 'self';form-action 'self';frame-src 'self';frame-ancestors 'none';base-uri 'none'";

describe('the headers of every answer', () => {
  it.each(['with a key', 'without'])('are those of the snapshot, on every route, asked %s', async (how) => {
    const sets = new Map<string, string[]>();
    for (const [method, url] of routes) {
      // Live events never end by themselves: without a key they are turned away like all others.
      if (url === '/v1/events' && how === 'with a key') continue;
      const { headers } = await office.app.inject({
        method: method as 'GET',
        url: url.replace(/:\w+/g, '01890000-0000-7000-8000-000000000000').replace('*', 'index.css'),
        headers: how === 'without' ? {} : { authorization: `Bearer ${office.keys.admin}` },
      });
      const shown = JSON.stringify(constant(headers), null, 1);
      sets.set(shown, [...(sets.get(shown) ?? []), `${method} ${url}`]);
      expect(headers['x-request-id']).toMatch(/^[0-9a-f-]{36}$/);
      expect(
        Object.keys(headers).filter((name) => /^(access-control-|server$|x-powered-by$)/.test(name)),
      ).toEqual([]);
    }

    expect(routes.length).toBeGreaterThan(80);
    // The pages tell our own server where their forms come from, and nobody else.
    const ofPages = JSON.stringify({ ...asEverywhere, 'referrer-policy': 'same-origin' });
    const pages = [...sets]
      .filter(([shown]) => JSON.stringify(JSON.parse(shown)) === ofPages)
      .flatMap(([, those]) => those);
    expect(pages.filter((route) => / \/(docs|v1|healthz|readyz|metrics|openapi)/.test(route))).toEqual([]);
    // The page of one-time links runs one script, of which its policy says the hash.
    const [ofLinks] = [...sets].filter(([, those]) => those.includes('GET /invitation'));
    const { 'content-security-policy': itsPolicy, ...others } = JSON.parse(ofLinks?.[0] ?? '{}') as Record<
      string,
      string
    >;
    expect(itsPolicy?.replace(/;script-src 'sha256-[\w+/]{43}='$/, '')).toBe(strict);
    expect({ ...others, 'content-security-policy': strict, 'referrer-policy': 'no-referrer' }).toEqual(
      asEverywhere,
    );
    // The reader of the reference brings scripts of its own, and two files of ours may be kept by a browser.
    const usual = [...sets].find(([, those]) => those.includes('GET /v1/me'));
    expect(JSON.parse(usual?.[0] ?? '')).toEqual(asEverywhere);
    expect(
      [...sets.values()]
        .filter((those) => those !== usual?.[1])
        .flat()
        .filter(
          (route) => !pages.includes(route) && !/ (\/docs|\/style\.css|\/icon\.svg|\/invitation)/.test(route),
        ),
    ).toEqual([]);
  });

  it('are the same for what does not exist, cannot be read or is sent to another name', async () => {
    const asked = [
      { url: '/nothing' },
      { url: '/v1/%zz' },
      { url: `/v1/invoices/${'x'.repeat(300)}` },
      { url: '/v1/me', headers: { host: 'evil.example' } },
      { method: 'PUT' as const, url: '/v1/me' },
      {
        method: 'POST' as const,
        url: '/v1/stops',
        payload: '{',
        headers: { 'content-type': 'application/json' },
      },
    ];

    const answers = await Promise.all(asked.map((one) => office.app.inject(one)));

    for (const { headers } of answers) {
      expect(headers['content-type']).toContain('application/problem+json');
      expect(headers['content-security-policy']).toContain("frame-ancestors 'none'");
      expect(headers).toMatchObject({
        'x-content-type-options': 'nosniff',
        'referrer-policy': 'no-referrer',
        'cache-control': 'no-store',
      });
      expect(headers['x-request-id']).toBeDefined();
    }
    expect(answers.map(({ statusCode }) => statusCode)).toEqual([404, 400, 414, 421, 405, 401]);
  });

  it('allow no other site to read an answer, whoever asks from where', async () => {
    const answers = await Promise.all(
      [
        {
          url: '/v1/me',
          headers: { origin: 'https://evil.example', authorization: `Bearer ${office.keys.admin}` },
        },
        {
          method: 'OPTIONS' as const,
          url: '/v1/stops',
          headers: { origin: 'https://evil.example', 'access-control-request-method': 'POST' },
        },
      ].map((one) => office.app.inject(one)),
    );

    expect(answers.map(({ statusCode }) => statusCode)).toEqual([200, 405]);
    for (const { headers } of answers)
      expect(Object.keys(headers).filter((name) => name.startsWith('access-control-'))).toEqual([]);
  });

  it('tell browsers to stay with https only where https is', async () => {
    const plain = await openOffice();

    const { headers } = await plain.ask('GET', '/v1/me');

    expect(headers['strict-transport-security']).toBeUndefined();
    await plain.close();
  });
});

describe('a method that an address does not take', () => {
  it('is answered 405 with those that it takes, on every route, to everybody', async () => {
    const wrong: unknown[] = [];
    for (const [, url] of routes.filter(([, one]) => !one.startsWith('/docs'))) {
      const path = url.replace(/:\w+/g, '01890000-0000-7000-8000-000000000000');
      const takes = routes.filter(([, other]) => other === url).map(([method]) => method);
      for (const method of ['PUT', 'TRACE', 'OPTIONS', 'DELETE', 'PATCH'] as const) {
        if (takes.includes(method)) continue;
        const { statusCode, headers } = await office.app.inject({ method: method as 'PUT', url: path });
        const allowed = String(headers['allow']).split(', ').sort();
        if (statusCode !== 405 || String(allowed) !== String([...takes].sort()))
          wrong.push([method, url, statusCode, allowed]);
      }
    }

    expect(wrong).toEqual([]);
  });
});

describe('what is no HTTP', () => {
  it('is answered with nothing but that', async () => {
    const other = await openOffice();
    await other.app.listen({ host: '127.0.0.1', port: 0 });
    const { port } = other.app.server.address() as AddressInfo;

    const said = await new Promise<string>((resolve, reject) => {
      let text = '';
      const socket = connect(port, '127.0.0.1', () =>
        socket.write('GET / HTTP/1.1\r\nHost: x\r\nContent-Length: 1\r\nTransfer-Encoding: chunked\r\n\r\n'),
      );
      socket.on('data', (piece) => (text += piece.toString()));
      socket.once('close', () => {
        resolve(text);
      });
      socket.once('error', reject);
    });

    expect(said).toMatch(/^HTTP\/1\.1 400 /);
    expect(said).not.toMatch(/server:|x-powered-by|fastify|node/i);
    await other.close();
  });
});

const asEverywhere = {
  'cache-control': 'no-store',
  'content-security-policy': strict,
  'cross-origin-opener-policy': 'same-origin',
  'cross-origin-resource-policy': 'same-origin',
  'origin-agent-cluster': '?1',
  'referrer-policy': 'no-referrer',
  'strict-transport-security': 'max-age=31536000; includeSubDomains',
  'x-content-type-options': 'nosniff',
  'x-dns-prefetch-control': 'off',
  'x-download-options': 'noopen',
  'x-frame-options': 'SAMEORIGIN',
  'x-permitted-cross-domain-policies': 'none',
  'x-xss-protection': '0',
};

/** Those that stand for the protection of the answer, and not for its content. */
function constant(headers: Readonly<Record<string, unknown>>): Record<string, unknown> {
  const own = [
    'x-request-id',
    'date',
    'connection',
    'content-type',
    'content-length',
    'content-disposition',
    'transfer-encoding',
    'www-authenticate',
    'location',
    'vary',
    'set-cookie',
    'last-modified',
    'etag',
    'accept-ranges',
    'retry-after',
    'allow',
  ];
  return Object.fromEntries(
    Object.entries(headers)
      .filter(([name]) => !own.includes(name))
      .sort(([a], [b]) => (a < b ? -1 : 1)),
  );
}

/** Fastify's own tree of routes, as a list. */
function routesOf(tree: string): readonly (readonly [method: string, url: string])[] {
  const within: string[] = [];
  return tree.split('\n').flatMap((line) => {
    const found = /^([│ ]*)[├└]── (\S+)(?: \(([A-Z, ]+)\))?$/.exec(line);
    if (!found) return [];
    const [, indent = '', part = '', methods] = found;
    within[indent.length / 4] = part;
    within.length = indent.length / 4 + 1;
    const url = within.join('');
    return methods === undefined ? [] : methods.split(', ').map((method) => [method, url] as const);
  });
}
