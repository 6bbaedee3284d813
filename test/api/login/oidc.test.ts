import { spawn } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { client } from '../../fakes/identity-provider.ts';
import { openBrowser } from '../../setup/browser.ts';
import type { Browser } from '../../setup/browser.ts';
import type { Answer } from '../../setup/office.ts';
import { minute, openEntrance, password } from './people.ts';
import type { Entrance } from './people.ts';

let provider: ChildProcess;
let issuer: string;
let entrance: Entrance;
beforeAll(async () => {
  const script = fileURLToPath(new URL('../../fakes/identity-provider.ts', import.meta.url));
  provider = spawn(process.execPath, ['--import', 'tsx', script], { stdio: ['pipe', 'pipe', 'ignore'] });
  issuer = await addressOf(provider);
  entrance = await openEntrance({
    OIDC_ISSUER: issuer,
    OIDC_CLIENT_ID: client.client_id,
    OIDC_CLIENT_SECRET: client.client_secret,
  });
});
afterAll(async () => {
  await entrance.close();
  const ended = once(provider, 'exit');
  provider.stdin?.end();
  await ended;
});

function addressOf(child: ChildProcess): Promise<string> {
  let said = '';
  return new Promise((resolve, reject) => {
    child.stdout?.on('data', (bytes: Buffer) => {
      said += String(bytes);
      const found = /^(http:\S+)\n/m.exec(said)?.[1];
      if (found !== undefined) resolve(found);
    });
    child.once('exit', () => {
      reject(new Error(`the provider ended: ${said}`));
    });
  });
}

/** Goes to the provider, types a name there and says yes; the address that it sends the browser back to. */
async function logInThere(start: string, name: string): Promise<URL> {
  const jar = new Map<string, string>();
  let next: { readonly url: string; readonly form?: Record<string, string> } = { url: start };
  for (let hop = 0; hop < 12; hop += 1) {
    const response = await fetch(next.url, {
      redirect: 'manual',
      headers: { cookie: [...jar].map(([key, value]) => `${key}=${value}`).join('; ') },
      ...(next.form === undefined ? {} : { method: 'POST', body: new URLSearchParams(next.form) }),
    });
    for (const cookie of response.headers.getSetCookie()) {
      const [pair = ''] = cookie.split(';');
      jar.set(pair.slice(0, pair.indexOf('=')), pair.slice(pair.indexOf('=') + 1));
    }
    const to = response.headers.get('location');
    const page = await response.text();
    if (to?.startsWith(client.redirect_uris[0]!)) return new URL(to);
    if (to !== null) next = { url: new URL(to, next.url).href };
    else {
      const prompt = /name="prompt" value="(\w+)"/.exec(page)?.[1];
      if (prompt === undefined)
        throw new Error(`the provider shows no form: ${response.status} ${page.slice(0, 400)}`);
      next = {
        url: next.url,
        form: { prompt, ...(prompt === 'login' ? { login: name, password: 'any' } : {}) },
      };
    }
  }
  throw new Error('the provider goes round in circles');
}

async function begin(browser: Browser, to = '/outbox'): Promise<string> {
  const answer = await browser.ask('GET', `/v1/oidc/start?to=${encodeURIComponent(to)}`);
  expect(answer.status).toBe(303);
  return answer.headers.location as string;
}

const comeBack = (browser: Browser, at: URL): Promise<Answer> =>
  browser.ask('GET', `${at.pathname}${at.search}`, undefined, { 'sec-fetch-site': 'cross-site' });

async function whole(name: string, to?: string): Promise<{ browser: Browser; answer: Answer }> {
  const browser = openBrowser(entrance.office, entrance.ip());
  const at = await logInThere(await begin(browser, to), name);
  return { browser, answer: await comeBack(browser, at) };
}

let made = 0;
/** Somebody who was invited and has not come yet. */
async function invite(
  email: string,
  role = 'collector',
): Promise<{ id: string; name: string; token: string }> {
  made += 1;
  const name = `Invited ${made}`;
  const { body } = await entrance.office.ask(
    'POST',
    '/v1/invitations',
    { user: { name, email, role, ...(role === 'collector' ? { portfolio: 'all' } : {}) } },
    { as: 'admin' },
  );
  return { id: body.userId, name, token: new URL(body.link).hash.slice(1) };
}

const turnedAway = { status: 303, headers: { location: '/enter?failed=yes' } };

describe('a login at the provider of the organisation', () => {
  it('sends the browser there with PKCE, a state and a nonce, and remembers it in a cookie of ten minutes', async () => {
    const browser = openBrowser(entrance.office);

    const answer = await browser.ask('GET', '/v1/oidc/start?to=/i/F-1');

    const there = new URL(answer.headers.location as string);
    expect(there.origin).toBe(issuer);
    expect(Object.fromEntries(there.searchParams)).toMatchObject({
      response_type: 'code',
      code_challenge_method: 'S256',
      scope: 'openid email',
      redirect_uri: client.redirect_uris[0],
    });
    for (const one of ['state', 'nonce', 'code_challenge'])
      expect(there.searchParams.get(one)?.length).toBeGreaterThan(40);
    expect(answer.headers['set-cookie']).toMatch(
      /^__Host-relance-oidc=[\w-]{43}; Path=\/; HttpOnly; SameSite=Lax; Secure; Max-Age=600$/,
    );
  });

  it('lets in who was invited under the same, verified address, with the role that he has here', async () => {
    const person = await invite('claire@maison.example', 'auditor');

    const { browser, answer } = await whole('sub-claire|Claire@Maison.example|verified', '/i/F-1');

    expect(answer).toMatchObject({ status: 303, headers: { location: '/i/F-1' } });
    expect((await browser.ask('GET', '/v1/session')).body.user).toMatchObject({
      id: person.id,
      role: 'auditor',
    });
    expect((await browser.ask('GET', '/v1/sessions')).body.items[0]).toMatchObject({ openedBy: 'oidc' });
    expect(browser.cookies.has('__Host-relance-oidc')).toBe(false);
  });

  it('knows him by their id from then on, whatever his address is here', async () => {
    const { id } = await invite('paul@maison.example');
    await whole('sub-paul|paul@maison.example|verified');
    const moved = { email: 'paul.durand@maison.example' };
    await entrance.office.house.db.updateTable('app_user').set(moved).where('id', '=', id).execute();

    const again = await whole('sub-paul|paul@maison.example|verified');
    const impostor = await whole('sub-other|paul.durand@maison.example|verified');

    expect((await again.browser.ask('GET', '/v1/session')).status).toBe(200);
    expect(impostor.answer).toMatchObject(turnedAway);
  });

  it('leaves nothing on record of a way back that nobody began', async () => {
    const rows = async () =>
      (await entrance.office.house.db.selectFrom('journal').select('seq').execute()).length;
    const before = await rows();

    const answer = await openBrowser(entrance.office).ask('GET', '/v1/oidc/callback?code=x&state=y');

    expect([answer.status, answer.headers.location]).toEqual([303, '/enter?failed=yes']);
    expect(await rows()).toBe(before);
  });

  it('uses his invitation up', async () => {
    const { token } = await invite('once@maison.example');
    await whole('sub-once|once@maison.example|verified');

    const link = await openBrowser(entrance.office).ask('POST', '/v1/invitations/acceptance', {
      token,
      password,
    });

    expect(link).toMatchObject({ status: 404, body: { code: 'invitation-unknown' } });
  });

  it.each([
    ['whose address is not verified', 'sub-a|unverified@maison.example|'],
    ['whom nobody invited', 'sub-b|stranger@maison.example|verified'],
    ['who is here, and was never invited by a link', 'sub-c|admin@relance.example|verified'],
    ['without an address', 'sub-d||verified'],
  ])('turns away somebody %s', async (_, name) => {
    if (name.includes('unverified@')) await invite('unverified@maison.example');

    const { browser, answer } = await whole(name);

    expect(answer).toMatchObject(turnedAway);
    expect(browser.cookies.size).toBe(0);
    const added = await entrance.office.house.db
      .selectFrom('app_user')
      .select('id')
      .where('email', '=', 'stranger@maison.example')
      .execute();
    expect(added).toEqual([]);
  });

  it('turns away whom we have shut out', async () => {
    const { id } = await invite('left@maison.example');
    await whole('sub-left|left@maison.example|verified');
    await entrance.office.ask('PATCH', `/v1/users/${id}`, { disabled: true }, { as: 'admin' });

    const { browser, answer } = await whole('sub-left|left@maison.example|verified');

    expect(answer).toMatchObject(turnedAway);
    expect(browser.cookies.size).toBe(0);
  });

  it('opens a session of its own, whatever the browser brought', async () => {
    await invite('fresh@maison.example');
    const browser = openBrowser(entrance.office, entrance.ip());
    browser.cookies.set('__Host-relance', 'A'.repeat(43));

    await comeBack(
      browser,
      await logInThere(await begin(browser), 'sub-fresh|fresh@maison.example|verified'),
    );

    expect(browser.cookies.get('__Host-relance')).not.toBe('A'.repeat(43));
    expect((await browser.ask('GET', '/v1/me')).status).toBe(200);
  });
});

describe('a login at the provider is begun by a click on a page of ours', () => {
  const start = '/v1/oidc/start?to=/i/F-1';
  const page = { status: 303, headers: { location: '/enter?to=%2Fi%2FF-1' } };

  it.each([
    ['a link of another site', { 'sec-fetch-site': 'cross-site', referer: 'http://localhost/enter' }],
    ['a neighbour’s site', { 'sec-fetch-site': 'same-site' }],
    ['the address bar, or a mail', { 'sec-fetch-site': 'none' }],
    ['an old browser on another site', { referer: 'https://evil.example/enter' }],
    ['who says nothing', {}],
  ])('and leads to that page from elsewhere: %s', async (_, headers) => {
    const browser = openBrowser(entrance.office, entrance.ip());

    expect(await browser.ask('GET', start, undefined, headers)).toMatchObject(page);
    expect(browser.cookies.size).toBe(0);
  });

  it.each([
    ['says so', { 'sec-fetch-site': 'same-origin' }],
    ['is old, and names our page', { referer: 'http://localhost/enter' }],
  ])('by a browser that %s', async (_, headers) => {
    const browser = openBrowser(entrance.office, entrance.ip());

    const answer = await browser.ask('GET', start, undefined, headers);

    expect(answer.headers.location).toContain(issuer);
    expect(browser.cookies.size).toBe(1);
  });
});

describe('a way back that is not as it was begun', () => {
  const person = 'sub-tamper|tamper@maison.example|verified';
  let browser: Browser;
  let at: URL;
  beforeAll(async () => {
    await invite('tamper@maison.example');
    await whole(person);
  });

  const arrive = async (): Promise<void> => {
    browser = openBrowser(entrance.office, entrance.ip());
    at = await logInThere(await begin(browser), person);
  };
  const isTurnedAway = async (): Promise<void> => {
    expect(await comeBack(browser, at)).toMatchObject(turnedAway);
    expect(browser.cookies.size).toBe(0);
  };

  it('opens, untouched', async () => {
    await arrive();
    expect((await comeBack(browser, at)).headers.location).toBe('/outbox');
    expect((await browser.ask('GET', '/v1/me')).status).toBe(200);
  });

  it.each([
    ['another state', (query: URLSearchParams) => void query.set('state', 'B'.repeat(43))],
    ['no state', (query: URLSearchParams) => void query.delete('state')],
    ['another code', (query: URLSearchParams) => void query.set('code', 'C'.repeat(43))],
    ['no code', (query: URLSearchParams) => void query.delete('code')],
    ['another issuer', (query: URLSearchParams) => void query.set('iss', 'https://evil.example')],
    ['no issuer', (query: URLSearchParams) => void query.delete('iss')],
    ['an error beside the code', (query: URLSearchParams) => void query.set('error', 'access_denied')],
  ])('opens nothing: %s', async (_, tamper) => {
    await arrive();
    tamper(at.searchParams);
    await isTurnedAway();
  });

  it.each([
    ['another nonce', { nonce: 'N'.repeat(43) }],
    ['another verifier', { verifier: 'V'.repeat(43) }],
  ])('opens nothing: %s than was sent there', async (_, change) => {
    await arrive();
    await entrance.office.house.db.updateTable('oidc_attempt').set(change).execute();
    await isTurnedAway();
  });

  it('opens nothing: two states, of which one might be right', async () => {
    await arrive();
    at.searchParams.append('state', 'B'.repeat(43));

    const answer = await comeBack(browser, at);

    expect(answer.status).toBe(400);
    expect(browser.cookies.has('__Host-relance')).toBe(false);
  });

  // Login CSRF: somebody sends his own way back to another, who would then work under his name.
  it('opens nothing in another browser, with an attempt of its own or none', async () => {
    await arrive();
    browser = openBrowser(entrance.office, entrance.ip());
    await isTurnedAway();
    await begin(browser);
    await isTurnedAway();
  });

  it('opens once, also when it comes twice at once', async () => {
    await arrive();
    const cookie = browser.header();

    const answers = await Promise.all(
      Array.from({ length: 5 }, () =>
        openBrowser(entrance.office, entrance.ip()).ask('GET', `${at.pathname}${at.search}`, undefined, {
          cookie,
        }),
      ),
    );

    expect(answers.filter(({ headers }) => headers.location === '/outbox')).toHaveLength(1);
  });

  it('opens nothing after ten minutes', async () => {
    await arrive();
    entrance.pass(10 * minute + 1);
    await isTurnedAway();
  });

  it('sends nobody to another site afterwards', async () => {
    const { answer } = await whole(person, 'https://evil.example');

    expect(answer.headers.location).toBe('/outbox');
  });
});

describe('an installation', () => {
  it('without a provider has no such way in, and offers none', async () => {
    const other = await openEntrance();
    const browser = openBrowser(other.office);

    const answers = await Promise.all(
      ['/v1/oidc/start', '/v1/oidc/callback'].map((url) => browser.ask('GET', url, undefined, {})),
    );

    expect(answers.map(({ status, body }) => [status, body.code])).toEqual([
      [404, 'oidc-off'],
      [404, 'oidc-off'],
    ]);
    expect((await browser.ask('GET', '/enter')).text).not.toContain('oidc');
    expect((await openBrowser(entrance.office).ask('GET', '/enter')).text).toContain('/v1/oidc/start');
    await other.close();
  });

  it('whose provider is away says so, and lets people in by their passwords', async () => {
    const other = await openEntrance({
      OIDC_ISSUER: 'http://127.0.0.1:9',
      OIDC_CLIENT_ID: 'relance',
      OIDC_CLIENT_SECRET: client.client_secret,
    });

    const answer = await openBrowser(other.office).ask('GET', '/v1/oidc/start');

    expect(answer).toMatchObject({ status: 503, body: { code: 'oidc-unavailable' } });
    expect((await other.enter()).cookies.has('__Host-relance')).toBe(true);
    await other.close();
  });
});
