import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { openBrowser } from '../../setup/browser.ts';
import type { Browser } from '../../setup/browser.ts';
import { openEntrance, password } from './people.ts';
import type { Entrance } from './people.ts';

let entrance: Entrance;
let browser: Browser;
beforeAll(async () => {
  entrance = await openEntrance();
  browser = await entrance.enter('credit_manager');
});
afterAll(() => entrance.close());

const origins = {
  ours: 'http://localhost',
  'ours with TLS': 'https://localhost',
  foreign: 'https://evil.example',
  'a port beside ours': 'http://localhost:9999',
  'a name below ours': 'http://evil.localhost',
  'a name that begins like ours': 'http://localhost.evil.example',
  hidden: 'null',
  none: undefined,
} as const;

const sites = ['same-origin', 'none', 'same-site', 'cross-site', undefined] as const;

/** What our own words for it say, apart from the code: who may change something with nothing but a cookie. */
function mayPass(origin: keyof typeof origins, site: (typeof sites)[number]): boolean {
  const isOurs = origin === 'ours' || origin === 'ours with TLS';
  if (site === 'same-origin') return isOurs || origin === 'none' || origin === 'hidden';
  if (site === 'none') return isOurs || origin === 'none';
  if (site === undefined) return isOurs;
  return false;
}

const cells = (Object.keys(origins) as (keyof typeof origins)[]).flatMap((origin) =>
  sites.map((site) => [origin, site ?? 'not said'] as const),
);

function headersOf(origin: keyof typeof origins, site: string): Record<string, string> {
  const value = origins[origin];
  return {
    ...(value === undefined ? {} : { origin: value }),
    ...(site === 'not said' ? {} : { 'sec-fetch-site': site }),
  };
}

describe('a request that changes something by a cookie alone', () => {
  it.each(cells)(
    'from an origin that is %s, and a site that is %s, passes only from our page',
    async (origin, site) => {
      const passes = mayPass(origin, site === 'not said' ? undefined : site);

      const headers = headersOf(origin, site);
      const answers = await Promise.all([
        browser.ask('DELETE', '/v1/sessions/01890000-0000-7000-8000-000000000000', undefined, headers),
        browser.ask('PATCH', '/v1/settings', { contactsPerDay: 1 }, headers),
      ]);

      const [ended, patched] = answers.map(({ status, body }) => [status, body?.code as string]);
      expect(ended).toEqual(passes ? [404, 'not-found'] : [403, 'foreign-page']);
      if (passes) expect(patched?.[1]).not.toBe('foreign-page');
      else expect(patched).toEqual([403, 'foreign-page']);
    },
  );

  it('may read from anywhere, as a link does', async () => {
    const headers = headersOf('foreign', 'cross-site');

    expect((await browser.ask('GET', '/v1/me', undefined, headers)).status).toBe(200);
    expect((await browser.ask('GET', '/outbox', undefined, headers)).status).toBe(200);
  });

  it('needs none of it with a key, which no page of others can send', async () => {
    const { office } = entrance;
    const headers = {
      ...headersOf('foreign', 'cross-site'),
      authorization: `Bearer ${office.keys.collector}`,
    };

    const both = await browser.ask(
      'DELETE',
      '/v1/sessions/01890000-0000-7000-8000-000000000000',
      undefined,
      headers,
    );
    const who = await browser.ask('GET', '/v1/me', undefined, headers);

    expect(both).toMatchObject({ status: 404, body: { code: 'not-found' } });
    expect(who.body.role).toBe('collector');
  });

  it('is not saved by the cookie when the key is wrong', async () => {
    const headers = { ...headersOf('ours', 'same-origin'), authorization: 'Bearer rlk_00000000_wrong' };

    expect(await browser.ask('GET', '/v1/me', undefined, headers)).toMatchObject({
      status: 401,
      body: { code: 'key-unknown' },
    });
  });
});

describe('a page of others', () => {
  it.each([
    ['/v1/session', { name: 'collector', password }],
    ['/v1/invitations/acceptance', { token: 'A'.repeat(43), password }],
  ])('sends nobody to %s, with a cookie or without', async (url, body) => {
    const stranger = openBrowser(entrance.office, entrance.ip());

    for (const one of [stranger, browser])
      expect(await one.ask('POST', url, body, headersOf('foreign', 'cross-site'))).toMatchObject({
        status: 403,
        body: { code: 'foreign-page' },
      });
  });

  it('neither logs anybody out nor in through the plain forms', async () => {
    const headers = headersOf('foreign', 'cross-site');
    const stranger = openBrowser(entrance.office, entrance.ip());

    const out = await browser.send('/leave', {}, headers);
    // So comes the form of another site: the browser keeps the cookie back, and would take the empty one.
    const withheld = await stranger.send('/leave', {}, headers);
    const entered = await stranger.send('/enter', { name: 'collector', password, to: '/outbox' }, headers);

    expect([out.status, withheld.status, entered.status]).toEqual([403, 403, 403]);
    expect(withheld.headers['set-cookie']).toBeUndefined();
    expect(stranger.cookies.size).toBe(0);
    expect((await browser.ask('GET', '/v1/me')).status).toBe(200);
  });

  it('is turned away by the public address, where there is one', async () => {
    const proxied = await openEntrance({
      PUBLIC_URL: 'https://relance.example.com',
    });
    const ask = (origin: string) =>
      openBrowser(proxied.office, proxied.ip()).ask(
        'POST',
        '/v1/session',
        { name: 'collector', password },
        { origin },
      );

    const answers = await Promise.all(
      ['https://relance.example.com', 'http://relance.example.com', 'http://localhost'].map(ask),
    );

    expect(answers.map(({ status }) => status)).toEqual([201, 403, 403]);
    await proxied.close();
  });

  it('is refused by a program that sends a cookie and says no origin', async () => {
    expect((await browser.ask('DELETE', '/v1/session', undefined, {})).status).toBe(403);
    const program = openBrowser(entrance.office, entrance.ip());
    expect((await program.ask('POST', '/v1/session', { name: 'legal', password }, {})).status).toBe(201);
  });
});

describe('the plain pages', () => {
  it('log somebody in and out, and go on to where he wanted', async () => {
    const person = openBrowser(entrance.office, entrance.ip());

    const asked = await person.ask('GET', '/i/F-1');
    const form = await person.ask('GET', asked.headers.location as string);
    const entered = await person.send('/enter', { name: 'collector', password, to: '/i/F-1' });
    const inside = await person.ask('GET', '/outbox');
    const again = await person.ask('GET', '/enter?to=/outbox');
    const left = await person.send('/leave', {});

    expect([asked.status, asked.headers.location]).toEqual([303, '/enter?to=%2Fi%2FF-1']);
    expect(form.text).toContain('name="to" value="/i/F-1"');
    expect([entered.status, entered.headers.location]).toEqual([303, '/i/F-1']);
    expect(inside.text).toContain('action="/leave"');
    expect([again.status, again.headers.location]).toEqual([303, '/outbox']);
    expect([left.status, left.headers.location]).toEqual([303, '/enter']);
    expect((await person.ask('GET', '/outbox')).status).toBe(303);
  });

  it('say what is wrong in one sentence, in both languages, with the policy of all pages', async () => {
    const person = openBrowser(entrance.office, entrance.ip());
    const wrong = (lang: string) =>
      person.send('/enter', { name: 'collector', password: 'wrong', to: '/', lang });

    const [french, english] = [await wrong('fr'), await wrong('en')];

    expect(french.status).toBe(401);
    expect(french.text).toContain('Le nom, le mot de passe ou le code n’est pas le bon.');
    expect(english.text).toContain('The name, the password or the code is not right.');
    expect(english.headers['content-security-policy']).toContain("default-src 'none'");
    expect(english.text).not.toContain('<script');
    // A page that hides its address would make browsers send `Origin: null` with its form.
    expect(english.headers['referrer-policy']).toBe('same-origin');
  });

  it.each([
    '//evil.example',
    'https://evil.example',
    '/\\evil.example',
    '/a\r\nset-cookie: x=1',
    '/\t/evil.example',
  ])('send nobody to another site: %j', async (to) => {
    const person = openBrowser(entrance.office, entrance.ip());

    const answer = await person.send('/enter', { name: 'collector', password, to });

    expect([answer.status, answer.headers.location]).toEqual([303, '/outbox']);
  });

  it('show what somebody typed as text', async () => {
    const person = openBrowser(entrance.office, entrance.ip());

    const { text } = await person.send('/enter', { name: '"><script>alert(1)</script>', password: 'x' });

    expect(text).not.toContain('<script>');
    expect(text).toContain('&lt;script&gt;');
  });

  it('take no key any more', async () => {
    const { office } = entrance;

    const answer = await office.ask('GET', `/enter?key=${office.keys.collector}`, undefined, { as: null });

    expect(answer.status).toBe(200);
    expect(answer.headers['set-cookie']).toBeUndefined();
  });
});
