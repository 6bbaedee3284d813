import { randomBytes } from 'node:crypto';
import { TOTP, Secret } from 'otpauth';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { dear } from '../../../api/login/step-up.ts';
import { policy } from '../../../api/policy.ts';
import { readConfig } from '../../../config.ts';
import { client } from '../../fakes/identity-provider.ts';
import { openTokenIssuer } from '../../fakes/token-issuer.ts';
import type { TokenIssuer } from '../../fakes/token-issuer.ts';
import { openBrowser } from '../../setup/browser.ts';
import type { Browser } from '../../setup/browser.ts';
import type { Answer } from '../../setup/office.ts';
import { minute, openEntrance, password, tokenOf } from './people.ts';
import type { Entrance } from './people.ts';

let theirs: TokenIssuer;
let entrance: Entrance;
beforeAll(async () => {
  theirs = await openTokenIssuer();
  entrance = await openEntrance({
    SECOND_FACTOR: ['credit_manager', 'legal', 'external_firm'],
    OIDC_ISSUER: theirs.issuer,
    OIDC_CLIENT_ID: client.client_id,
    OIDC_CLIENT_SECRET: client.client_secret,
  });
  for (const role of ['legal', 'external_firm', 'auditor', 'sales'] as const)
    await entrance.office.house.db
      .updateTable('app_user')
      .set({ oidc_issuer: theirs.issuer, oidc_subject: role })
      .where('id', '=', entrance.office.users[role])
      .execute();
  // Nobody of the firm has a password here.
  await entrance.office.house.db
    .updateTable('app_user')
    .set({ password_hash: null })
    .where('id', '=', entrance.office.users.external_firm)
    .execute();
});
afterAll(async () => {
  await entrance.close();
  await theirs.close();
});

const codeAt = (secret: string): string =>
  new TOTP({ secret: Secret.fromBase32(secret) }).generate({ timestamp: entrance.machine.now });

/** Comes in through the provider, which says this of him. */
async function throughProvider(sub: string, claims: object = {}, start = '/v1/oidc/start'): Promise<Browser> {
  const browser = openBrowser(entrance.office, entrance.ip());
  const begun = await browser.ask('GET', start);
  const there = new URL(begun.headers.location as string);
  theirs.claims = { sub, email: 'x@relance.example', nonce: there.searchParams.get('nonce'), ...claims };
  const query = new URLSearchParams({ code: 'any', state: there.searchParams.get('state') ?? '' });
  const answer = await browser.ask('GET', `/v1/oidc/callback?${query.toString()}`, undefined, {});
  expect(answer.headers.location).toBe('/outbox');
  return browser;
}

async function setUp(browser: Browser, body: object = { password }): Promise<string> {
  const begun = await browser.ask('POST', '/v1/totp', body);
  const { secret } = begun.body as { secret: string };
  const confirmed = await browser.ask('POST', '/v1/totp/confirmation', { code: codeAt(secret) });
  expect([begun.status, confirmed.status]).toEqual([201, 201]);
  entrance.pass(minute);
  return secret;
}

const statusOf = async (browser: Browser, url = '/v1/me'): Promise<number> =>
  (await browser.ask('GET', url)).status;
const needed = { status: 403, body: { code: 'second-factor-needed' } };

describe('who must have a second factor and has none', () => {
  it('can set one up and do nothing else, by the API and by the pages', async () => {
    const browser = await entrance.enter('credit_manager');

    const [who, read, written] = [
      await browser.ask('GET', '/v1/session'),
      await browser.ask('GET', '/v1/invoices'),
      await browser.ask('PATCH', '/v1/settings', { gapDaysMin: 2 }),
    ];
    const outbox = await browser.ask('GET', '/outbox');
    const account = await browser.ask('GET', outbox.headers.location as string);
    const password1 = await browser.send('/account/password', { current: password });

    expect(who.body).toMatchObject({ lacks: 'set-up', by: 'session' });
    expect([read, written]).toMatchObject([needed, needed]);
    expect([outbox.status, outbox.headers.location]).toEqual([303, '/account?to=%2Foutbox']);
    expect(account.text).toContain('Your role must have a second factor.');
    expect(account.text).not.toContain('/account/password');
    expect([password1.status, password1.headers.location]).toEqual([303, '/account?to=%2Faccount']);
    expect((await browser.ask('POST', '/v1/session/proof', { password })).status).toBe(204);
    expect(await statusOf(browser)).toBe(403);

    await setUp(browser);

    expect([await statusOf(browser), await statusOf(browser, '/v1/invoices')]).toEqual([200, 200]);
    expect((await browser.ask('GET', '/v1/session')).body.lacks).toBeNull();
  });

  it('is not held up when his role is not named, nor when a program of his asks with a key', async () => {
    const { office } = entrance;

    expect(await statusOf(await entrance.enter('collector'))).toBe(200);
    expect((await office.ask('GET', '/v1/me', undefined, { as: 'legal' })).status).toBe(200);
  });

  it('finds nothing open again after he has given it up', async () => {
    const browser = await entrance.enter('legal');
    const secret = await setUp(browser);

    const removed = await browser.ask('POST', '/v1/totp/removal', { password, code: codeAt(secret) });

    expect(removed.status).toBe(204);
    expect(await browser.ask('GET', '/v1/me')).toMatchObject(needed);
  });

  it('sets one up without a password when he has none here, on a proof of the last minutes at his provider', async () => {
    const seconds = entrance.machine.now / 1000;
    const old = await throughProvider('external_firm', { auth_time: Math.floor(seconds) - 3600 });
    const silent = await throughProvider('external_firm');
    const fresh = await throughProvider('external_firm', { auth_time: Math.floor(seconds) });

    const refused = await Promise.all([old, silent].map((browser) => browser.ask('POST', '/v1/totp', {})));
    await setUp(fresh, {});

    for (const answer of refused)
      expect(answer).toMatchObject({ status: 403, body: { code: 'proof-needed' } });
    expect(await statusOf(fresh)).toBe(200);
  });
});

describe('who comes through the identity provider', () => {
  it.each([
    ['says by its methods that he proved himself twice', { amr: ['pwd', 'mfa'] }, 200],
    ['says so by its level', { acr: 'mfa' }, 200],
    ['says that he typed a password', { amr: ['pwd'] }, 403],
    ['says nothing', {}, 403],
    ['says something else than a list', { amr: 'mfa-not' }, 403],
  ])('and must have a second factor, is let in only when it says so: it %s', async (_, claims, status) => {
    expect(await statusOf(await throughProvider('legal', claims))).toBe(status);
  });

  it('gives the code of the factor that he has here, unless the provider has asked for one', async () => {
    const secret = await setUp(await entrance.enter('auditor'));
    const browser = await throughProvider('auditor');
    const before = tokenOf(browser);

    const asked = await browser.ask('GET', '/outbox');
    const form = await browser.ask('GET', asked.headers.location as string);
    const other = await browser.ask('POST', '/v1/totp', { password });
    const wrong = await browser.send('/account/proof', { code: '000000', to: '/outbox', lang: 'en' });
    const right = await browser.send('/account/proof', { code: codeAt(secret), to: '/outbox' });

    expect((await throughProvider('auditor', { amr: ['mfa'] })).cookies.size).toBe(1);
    expect(asked.headers.location).toBe('/account?to=%2Foutbox');
    expect(form.text).toContain('action="/account/proof"');
    expect(form.text).not.toContain('/account/sessions');
    expect(other.status).toBe(409);
    expect([wrong.status, right.status, right.headers.location]).toEqual([400, 303, '/outbox']);
    expect(tokenOf(browser)).not.toBe(before);
    expect(await statusOf(browser, '/outbox')).toBe(200);
    expect(await statusOf(await throughProvider('auditor', { amr: ['mfa'] }))).toBe(200);
  });

  it('is asked there for a new proof where we ask for one', async () => {
    const browser = openBrowser(entrance.office, entrance.ip());

    const [again, once] = [
      await browser.ask('GET', '/v1/oidc/start?again=yes&to=/account'),
      await browser.ask('GET', '/v1/oidc/start'),
    ].map(({ headers }) => new URL(headers.location as string).searchParams);

    expect([again?.get('prompt'), again?.get('max_age')]).toEqual(['login', '0']);
    expect([once?.get('prompt'), once?.get('max_age')]).toEqual([null, null]);
  });
});

describe('the setting of a second factor', () => {
  const read = (more: NodeJS.ProcessEnv) =>
    readConfig({
      DATABASE_URL: 'postgres://a:b@127.0.0.1/c',
      LOGIN_KEYS: randomBytes(32).toString('hex'),
      ...more,
    });

  it('names roles or all, nobody when absent', () => {
    expect(read({}).SECOND_FACTOR).toEqual([]);
    expect(read({ SECOND_FACTOR: 'admin, legal' }).SECOND_FACTOR).toEqual(['admin', 'legal']);
    expect(read({ SECOND_FACTOR: 'all' }).SECOND_FACTOR).toHaveLength(9);
  });

  it.each([
    [{ SECOND_FACTOR: 'everybody' }, 'SECOND_FACTOR'],
    [{ SECOND_FACTOR: 'admin', LOGIN_KEYS: '' }, 'LOGIN_KEYS: give it too'],
  ])('is refused at the start when it cannot hold: %j', (more, words) => {
    expect(() => read(more)).toThrow(words);
  });
});

describe('what is dear', () => {
  const acts = (id: string): Record<string, (browser: Browser) => Promise<Answer>> => ({
    'to end another session': (browser) => browser.ask('DELETE', `/v1/sessions/${id}`),
    'to end all others': (browser) => browser.ask('DELETE', '/v1/sessions'),
    'to let somebody in': (browser) =>
      browser.ask('POST', '/v1/invitations', { user: { name: `New ${Math.random()}`, role: 'auditor' } }),
    'to say where money goes': (browser) =>
      browser.ask('POST', '/v1/creditors', { legalName: `A ${Math.random()}` }),
  });
  const needsProof = { status: 403, body: { code: 'proof-needed' } };

  it.each(Object.keys(acts('')))(
    'is done within ten minutes of a proof, and then asks for another: %s',
    async (what) => {
      const [here, there] = [await entrance.enter('admin'), await entrance.enter('admin')];
      const { body } = await there.ask('GET', '/v1/session');
      const act = acts(body.sessionId as string)[what];
      entrance.pass(10 * minute - 1);
      expect((await here.ask('GET', '/v1/session')).body.provedUntil).toBe(
        new Date(entrance.machine.now + 1).toISOString(),
      );
      entrance.pass(1);

      const refused = await act?.(here);
      const wrong = await here.ask('POST', '/v1/session/proof', { password: 'not my password' });
      const before = tokenOf(here);
      const proved = await here.ask('POST', '/v1/session/proof', { password });
      const done = await act?.(here);

      expect(refused).toMatchObject(needsProof);
      expect([wrong.status, proved.status]).toEqual([403, 204]);
      expect(tokenOf(here)).not.toBe(before);
      expect([201, 204]).toContain(done?.status);
    },
  );

  it('is not to log out, nor to end the session that one sits in', async () => {
    const browser = await entrance.enter('collector');
    const { body } = await browser.ask('GET', '/v1/session');
    entrance.pass(11 * minute);

    expect((await browser.ask('DELETE', `/v1/sessions/${body.sessionId as string}`)).status).toBe(204);
    expect(await statusOf(browser)).toBe(401);
  });

  it('is refused by role first: nobody proves himself for what he may not do', async () => {
    const browser = await entrance.enter('collector');
    entrance.pass(11 * minute);

    const answer = await browser.ask('POST', '/v1/users', { name: 'x', role: 'admin' });

    expect(answer).toMatchObject({ status: 403, body: { code: 'role-forbidden' } });
  });

  it('takes no guesses of the password', async () => {
    const browser = await entrance.enter('resolver');
    const statuses: number[] = [];

    for (let time = 0; time < 6; time += 1)
      statuses.push((await browser.ask('POST', '/v1/session/proof', { password: `guess ${time}` })).status);

    expect(statuses).toEqual([403, 403, 403, 403, 403, 429]);
  });

  it('is nothing that a key could prove, and nothing without a password or a code', async () => {
    const browser = await entrance.enter('accountant');

    const answers = [
      await entrance.office.ask('POST', '/v1/session/proof', { password }, { as: 'accountant' }),
      await browser.ask('POST', '/v1/session/proof', {}),
      await browser.ask('POST', '/v1/session/proof', { code: '123456' }),
    ];

    expect(answers.map(({ status, body }) => [status, body.code as string])).toEqual([
      [403, 'session-needed'],
      [400, 'invalid-request'],
      [409, 'second-factor-none'],
    ]);
  });

  it('names routes that there are', () => {
    const lines = new Set(Object.values(policy).flatMap((section) => Object.keys(section)));

    expect([...dear].filter((route) => !lines.has(route))).toEqual([]);
  });
});
