import { TOTP, Secret } from 'otpauth';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { browserNamed } from '../../../api/pages/browser-names.ts';
import { openBrowser } from '../../setup/browser.ts';
import type { Browser } from '../../setup/browser.ts';
import { minute, openEntrance, password, tokenOf } from './people.ts';
import type { Entrance } from './people.ts';

let entrance: Entrance;
beforeAll(async () => {
  entrance = await openEntrance();
});
afterAll(() => entrance.close());

const another = 'sept lanternes bleues au port';
const codeAt = (secret: string, at = entrance.machine.now): string =>
  new TOTP({ secret: Secret.fromBase32(secret) }).generate({ timestamp: at });
const isIn = async (browser: Browser): Promise<boolean> =>
  (await browser.ask('GET', '/v1/me')).status === 200;
const page = async (browser: Browser, lang = 'en'): Promise<string> =>
  (await browser.ask('GET', `/account?lang=${lang}`)).text;

describe('the page of one’s own account', () => {
  it('is reached from every page, in both languages, and has neither a script nor a secret', async () => {
    const browser = await entrance.enter('auditor');

    const outbox = await browser.ask('GET', '/outbox');
    const [french, english] = [await page(browser, 'fr'), await page(browser, 'en')];

    expect(outbox.text).toContain('href="/account?lang=en"');
    for (const words of ['Mon compte', 'Second facteur', 'Sessions ouvertes', 'Celle-ci'])
      expect(french).toContain(words);
    for (const words of ['My account', 'Second factor', 'Open sessions', 'This one'])
      expect(english).toContain(words);
    expect(english).not.toMatch(/<script|style="/);
    expect(english).not.toContain(tokenOf(browser));
  });

  it('is for who is logged in: others are sent to the login page, a key opens nothing of it', async () => {
    const stranger = await openBrowser(entrance.office, entrance.ip()).ask('GET', '/account');
    const program = await entrance.office.ask('GET', '/account', undefined, { as: 'sales' });

    expect([stranger.status, stranger.headers.location]).toEqual([303, '/enter?to=%2Faccount']);
    expect(program.status).toBe(403);
  });

  it('changes the password with the present one, and says in one sentence what is wrong', async () => {
    const [here, there] = [await entrance.enter('auditor'), await entrance.enter('auditor')];
    const change = (current: string, chosen: string, again = chosen) =>
      here.send('/account/password', { current, password: chosen, again, lang: 'en' });

    const differ = await change(password, another, `${another}!`);
    const wrong = await change('not my password', another);
    const weak = await change(password, 'password1234');
    const before = tokenOf(here);
    const done = await change(password, another);

    expect([differ, wrong, weak, done].map(({ status }) => status)).toEqual([400, 403, 400, 303]);
    expect(differ.text).toContain('The two new passwords are not the same.');
    expect(wrong.text).toContain('The present password is not right.');
    expect(weak.text).toContain('one of the first that anybody would try');
    expect(done.headers.location).toBe('/account?done=password-changed&lang=en');
    expect(tokenOf(here)).not.toBe(before);
    expect([await isIn(here), await isIn(there)]).toEqual([true, false]);
    expect((await here.send('/account/password', { current: 'x', password, again: password })).status).toBe(
      403,
    );
  });

  it('sets up a second factor with a picture, a link and a key, shows recovery codes once, and takes it away', async () => {
    const browser = await entrance.enter('accountant');

    const refused = await browser.send('/account/factor', { current: 'not my password' });
    const begun = await browser.send('/account/factor', { current: password, lang: 'en' });
    const secret = /<code class="key">([A-Z2-7 ]+)<\/code>/.exec(begun.text)?.[1]?.replaceAll(' ', '') ?? '';
    const wrong = await browser.send('/account/factor/confirmation', { code: '000000', lang: 'en' });
    const confirmed = await browser.send('/account/factor/confirmation', {
      code: codeAt(secret),
      lang: 'en',
    });
    const codes = [...confirmed.text.matchAll(/<code class="key">([0-9A-Z-]{29})<\/code>/g)].map(
      ([, code]) => code,
    );
    const after = await page(browser);

    expect(refused.status).toBe(403);
    expect(begun.text).toContain('<svg');
    expect(begun.text).toContain(`href="otpauth://totp/Relance:accountant?`);
    expect(wrong.status).toBe(400);
    expect(wrong.text).not.toContain(secret);
    expect(codes).toHaveLength(10);
    for (const secretly of [secret, ...codes]) expect(after).not.toContain(secretly);
    expect(after).toContain('>On</span>');

    entrance.pass(minute);
    const kept = await browser.send('/account/factor/removal', { current: password, code: '123456' });
    const removed = await browser.send('/account/factor/removal', {
      current: password,
      code: codes[0] ?? '',
    });

    expect([kept.status, removed.status]).toEqual([400, 303]);
    expect(await page(browser)).toContain('>Off</span>');
  });

  it('lists where one is logged in, and ends one or all others', async () => {
    const here = await entrance.enter('resolver');
    const others = [
      await entrance.enter('resolver'),
      await entrance.enter('resolver'),
      await entrance.enter('resolver'),
    ];
    const ids = [...(await page(here)).matchAll(/name="end" value="([0-9a-f-]{36})"/g)].map(
      ([, id]) => id ?? '',
    );

    const one = await here.send('/account/sessions', { end: ids[0] ?? '', lang: 'en' });
    const afterOne = await Promise.all(others.map(isIn));
    const all = await here.send('/account/sessions', { end: 'others' });
    const afterAllOfThem = await Promise.all(others.map(isIn));

    expect(ids).toHaveLength(3);
    expect([one.status, one.headers.location]).toEqual([303, '/account?done=session-ended&lang=en']);
    expect(afterOne).toEqual([true, true, false]);
    expect(all.status).toBe(303);
    expect([...afterAllOfThem, await isIn(here)]).toEqual([false, false, false, true]);
  });

  it('ends nobody else’s session', async () => {
    const [here, his] = [await entrance.enter('resolver'), await entrance.enter('legal')];
    const { body } = await his.ask('GET', '/v1/session');

    await here.send('/account/sessions', { end: body.sessionId as string });

    expect(await isIn(his)).toBe(true);
  });

  it('asks for the password before it ends sessions on an old proof', async () => {
    const [here, there] = [await entrance.enter('sales'), await entrance.enter('sales')];
    entrance.pass(11 * minute);

    const asked = await here.send('/account/sessions', { end: 'others', lang: 'en' });
    const stillThere = await isIn(there);
    const wrong = await here.send('/account/sessions', {
      end: 'others',
      current: 'not my password',
      lang: 'en',
    });
    const done = await here.send('/account/sessions', { end: 'others', current: password, lang: 'en' });

    expect(asked.text).toContain('Prove that it is you');
    expect(asked.text).toContain('name="end" value="others"');
    expect([stillThere, wrong.status, done.status]).toEqual([true, 403, 303]);
    expect([await isIn(here), await isIn(there)]).toEqual([true, false]);
  });

  it('does nothing for a page of others', async () => {
    const browser = await entrance.enter('legal');
    const foreign = { origin: 'https://evil.example', 'sec-fetch-site': 'cross-site' };

    const answers = await Promise.all(
      ['password', 'factor', 'factor/confirmation', 'factor/removal', 'proof', 'sessions'].map((form) =>
        browser.send(`/account/${form}`, { end: 'others', current: password, code: '123456' }, foreign),
      ),
    );

    expect(answers.map(({ status }) => status)).toEqual([403, 403, 403, 403, 403, 403]);
  });
});

describe('a browser in the list', () => {
  it.each([
    [
      'Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/140.0 Safari/537.36 Edg/140.0',
      'Edge · Windows',
    ],
    ['Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0', 'Firefox · Linux'],
    [
      'Mozilla/5.0 (iPhone; CPU iPhone OS 19_0 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/19.0 Mobile/15E148 Safari/604.1',
      'Safari · iPhone',
    ],
    [
      'Mozilla/5.0 (Linux; Android 15) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/140.0 Mobile Safari/537.36',
      'Chrome · Android',
    ],
    ['curl/8.0', null],
  ])('is called as its owner would: %s', (userAgent, name) => {
    expect(browserNamed(userAgent)).toBe(name);
  });
});
