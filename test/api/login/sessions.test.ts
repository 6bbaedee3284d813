import { createHash } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { fromOurPage, openBrowser } from '../../setup/browser.ts';
import { hour, minute, openEntrance, password, tokenOf } from './people.ts';
import type { Entrance } from './people.ts';

let entrance: Entrance;
beforeAll(async () => {
  entrance = await openEntrance();
});
afterAll(() => entrance.close());

describe('a login', () => {
  it('opens a session whose cookie no script reads, no other site sends and no network sees', async () => {
    const browser = openBrowser(entrance.office, entrance.ip());

    const answer = await browser.ask('POST', '/v1/session', { name: 'collector', password });

    expect(answer.status).toBe(201);
    expect(answer.headers['set-cookie']).toEqual([
      expect.stringMatching(/^__Host-relance=[\w-]{43}; Path=\/; HttpOnly; SameSite=Lax; Secure$/),
      // By this one the browser is known again; it opens nothing.
      expect.stringMatching(
        /^__Host-relance-browser=[\w-]{43}; Path=\/; HttpOnly; SameSite=Lax; Secure; Max-Age=15552000$/,
      ),
    ]);
    expect(answer.text).not.toContain(tokenOf(browser));
    expect((await browser.ask('GET', '/v1/me')).body).toMatchObject({ role: 'collector' });
    expect((await browser.ask('GET', '/v1/session')).body).toMatchObject({
      by: 'session',
      user: { name: 'collector' },
    });
  });

  it.each(['COLLECTOR', ' collector ', 'collector@relance.example', 'Collector@Relance.example'])(
    'knows a person by name and by mail address, however they are written: %j',
    async (name) => {
      const answer = await openBrowser(entrance.office, entrance.ip()).ask('POST', '/v1/session', {
        name,
        password,
      });

      expect(answer.status).toBe(201);
    },
  );

  it('keeps the SHA-256 of its token and nothing that opens', async () => {
    const browser = await entrance.enter();
    const token = tokenOf(browser);

    const rows = await entrance.office.house.db.selectFrom('session').selectAll().execute();

    const kept = rows.map((row) => row.token_sha256.toString('hex'));
    expect(kept).toContain(createHash('sha256').update(token).digest('hex'));
    expect(JSON.stringify(rows)).not.toContain(token);
    expect(kept.every((digest) => digest.length === 64)).toBe(true);
  });

  // Fixation: somebody puts a cookie of his into the browser of another, who logs in with it.
  it('never takes a token that the browser brought', async () => {
    const planted = 'A'.repeat(43);
    const browser = openBrowser(entrance.office, entrance.ip());
    browser.cookies.set('__Host-relance', planted);

    await browser.ask('POST', '/v1/session', { name: 'collector', password });

    expect(tokenOf(browser)).not.toBe(planted);
    const thief = openBrowser(entrance.office, entrance.ip());
    thief.cookies.set('__Host-relance', planted);
    expect((await thief.ask('GET', '/v1/me')).status).toBe(401);
  });

  it('ends the session that the browser was in, whosever it was', async () => {
    const browser = await entrance.enter('collector');
    const before = tokenOf(browser);

    await browser.ask('POST', '/v1/session', { name: 'accountant', password });

    expect((await browser.ask('GET', '/v1/me')).body.role).toBe('accountant');
    const old = openBrowser(entrance.office, entrance.ip());
    old.cookies.set('__Host-relance', before);
    expect((await old.ask('GET', '/v1/me')).status).toBe(401);
  });

  it('opens a session of its own each time', async () => {
    const [one, other] = [await entrance.enter(), await entrance.enter()];

    expect(tokenOf(one)).not.toBe(tokenOf(other));
    expect((await one.ask('GET', '/v1/me')).status).toBe(200);
    expect((await other.ask('GET', '/v1/me')).status).toBe(200);
  });

  // Another application on this machine may use the plain name; it must not count where TLS is.
  it('takes no cookie by another name, and none where there are two', async () => {
    const token = tokenOf(await entrance.enter());
    const ask = (cookie: string) =>
      openBrowser(entrance.office, entrance.ip()).ask('GET', '/v1/me', undefined, { cookie });

    expect((await ask(`relance=${token}`)).status).toBe(401);
    expect((await ask(`__Host-relance=${token}`)).status).toBe(200);
    expect((await ask(`__Host-relance=${'A'.repeat(43)}; __Host-relance=${token}`)).status).toBe(401);
  });
});

describe('a session', () => {
  it('sleeps in after thirty minutes without a request, to the second', async () => {
    const browser = await entrance.enter();

    entrance.pass(30 * minute - 1000);
    const awake = await browser.ask('GET', '/v1/me');
    entrance.pass(30 * minute);
    const asleep = await browser.ask('GET', '/v1/me');

    expect(awake.status).toBe(200);
    expect(asleep).toMatchObject({ status: 401, body: { code: 'session-ended' } });
  });

  it('ends after twelve hours, however busy', async () => {
    const browser = await entrance.enter();
    const statuses: number[] = [];

    for (let passed = 0; passed < 12 * hour - 20 * minute; passed += 20 * minute) {
      entrance.pass(20 * minute);
      statuses.push((await browser.ask('GET', '/v1/me')).status);
    }
    entrance.pass(20 * minute);

    expect(new Set(statuses)).toEqual(new Set([200]));
    expect(statuses.length).toBe(35);
    expect((await browser.ask('GET', '/v1/me')).status).toBe(401);
  });

  // A demonstration lives a day in six seconds; its people would be logged out while they read.
  it('goes by the machine, not by the clock of the house', async () => {
    const browser = await entrance.enter();

    entrance.office.clock.set('2026-12-24');

    expect((await browser.ask('GET', '/v1/me')).status).toBe(200);
  });

  it('is over when its owner logs out, and the cookie is taken back', async () => {
    const browser = await entrance.enter();
    const token = tokenOf(browser);

    const answer = await browser.ask('DELETE', '/v1/session');

    expect(answer.status).toBe(204);
    expect(answer.headers['set-cookie']).toMatch(/^__Host-relance=; .*Max-Age=0$/);
    expect(tokenOf(browser)).toBe('');
    browser.cookies.set('__Host-relance', token);
    expect((await browser.ask('GET', '/v1/me')).status).toBe(401);
  });

  it('is listed to its owner with where and since when, and with no token', async () => {
    const browser = await entrance.enter('legal');
    await entrance.enter('legal');

    const { body, text } = await browser.ask('GET', '/v1/sessions');

    expect(body.items).toHaveLength(2);
    expect(body.items.map((one: { current: boolean }) => one.current)).toEqual([false, true]);
    expect(body.items[0]).toMatchObject({
      openedBy: 'password',
      secondFactor: false,
      userAgent: 'Firefox/140',
    });
    expect(text).not.toContain(tokenOf(browser));
    expect(body.items[1].endsAt).toBe(new Date(entrance.machine.now + 12 * hour).toISOString());
  });

  it('is ended by its owner from another browser', async () => {
    const [here, there] = [await entrance.enter('resolver'), await entrance.enter('resolver')];
    const { body } = await here.ask('GET', '/v1/sessions');
    const other = body.items.find((one: { current: boolean }) => !one.current) as { id: string };

    const answer = await here.ask('DELETE', `/v1/sessions/${other.id}`);

    expect(answer.status).toBe(204);
    expect((await there.ask('GET', '/v1/me')).status).toBe(401);
    expect((await here.ask('GET', '/v1/me')).status).toBe(200);
  });

  it('is not ended by somebody else, who does not learn that it is there', async () => {
    const [mine, his] = [await entrance.enter('collector'), await entrance.enter('sales')];
    const { body } = await his.ask('GET', '/v1/session');

    const answer = await mine.ask('DELETE', `/v1/sessions/${body.sessionId as string}`);

    expect(answer).toMatchObject({ status: 404, body: { code: 'not-found' } });
    expect((await his.ask('GET', '/v1/me')).status).toBe(200);
  });

  it('is listed and ended by an administrator, one or all', async () => {
    const { office } = entrance;
    const browsers = [
      await entrance.enter('external_firm'),
      await entrance.enter('external_firm'),
      await entrance.enter('external_firm'),
    ];
    const url = `/v1/users/${office.users.external_firm}/sessions`;
    const { body } = await office.ask('GET', url, undefined, { as: 'admin' });

    const end = (of: string, id: string) => office.ask('DELETE', `${of}/${id}`, undefined, { as: 'admin' });
    const asHisOwn = await end('/v1/sessions', body.items[0].id);
    const ofAnother = await end(`/v1/users/${office.users.sales}/sessions`, body.items[0].id);
    const one = await end(url, body.items[0].id);
    const afterOne = await Promise.all(browsers.map((browser) => browser.ask('GET', '/v1/me')));
    const all = await office.ask('DELETE', url, undefined, { as: 'admin' });
    const afterAllOfThem = await Promise.all(browsers.map((browser) => browser.ask('GET', '/v1/me')));

    expect(body.items).toHaveLength(3);
    expect([asHisOwn.status, ofAnother.status, one.status, all.status]).toEqual([404, 404, 204, 204]);
    expect(afterOne.map(({ status }) => status)).toEqual([200, 200, 401]);
    expect(afterAllOfThem.map(({ status }) => status)).toEqual([401, 401, 401]);
    expect((await office.ask('GET', url, undefined, { as: 'credit_manager' })).status).toBe(403);
  });

  it('ends with the standing of its user: another role, or none', async () => {
    const { office } = entrance;
    const url = `/v1/users/${office.users.accountant}`;
    const first = await entrance.enter('accountant');

    await office.ask('PATCH', url, { role: 'collector' }, { as: 'admin' });
    const afterRole = await first.ask('GET', '/v1/me');
    await office.ask('PATCH', url, { role: 'accountant' }, { as: 'admin' });
    const second = await entrance.enter('accountant');
    const shutOut = await office.ask('PATCH', url, { disabled: true }, { as: 'admin' });

    expect(afterRole.status).toBe(401);
    expect(shutOut.status).toBe(204);
    expect((await second.ask('GET', '/v1/me')).status).toBe(401);
    expect((await office.ask('GET', '/v1/me', undefined, { as: 'accountant' })).status).toBe(401);
    const again = await openBrowser(office, entrance.ip()).ask('POST', '/v1/session', {
      name: 'accountant',
      password,
    });
    expect(again).toMatchObject({ status: 401, body: { code: 'login-failed' } });
    await office.ask('PATCH', url, { disabled: false }, { as: 'admin' });
    expect((await second.ask('GET', '/v1/me')).status).toBe(401);
    expect(tokenOf(await entrance.enter('accountant'))).toMatch(/^[\w-]{43}$/);
  });

  it('leaves the last administrator in', async () => {
    const { office } = entrance;
    const url = `/v1/users/${office.users.admin}`;

    const answers = await Promise.all(
      [{ disabled: true }, { role: 'auditor' }].map((change) =>
        office.ask('PATCH', url, change, { as: 'admin' }),
      ),
    );

    expect(answers.map(({ status, body }) => [status, body.code])).toEqual([
      [409, 'last-administrator'],
      [409, 'last-administrator'],
    ]);
    expect((await office.ask('GET', '/v1/me', undefined, { as: 'admin' })).status).toBe(200);
  });
});

describe('without TLS, on this machine alone,', () => {
  it('the cookie has a name and attributes that browsers take there', async () => {
    const plain = await openEntrance({ PLAIN_HTTP: true });
    const browser = openBrowser(plain.office);

    const answer = await browser.ask('POST', '/v1/session', { name: 'collector', password }, fromOurPage);

    expect([answer.headers['set-cookie']].flat()[0]).toMatch(
      /^relance=[\w-]{43}; Path=\/; HttpOnly; SameSite=Lax$/,
    );
    expect((await browser.ask('GET', '/v1/me')).status).toBe(200);
    await plain.close();
  });
});

describe('the journal', () => {
  it('says who came, went and failed, and holds neither names, addresses nor what was typed', async () => {
    const { office } = entrance;
    const browser = await entrance.enter('auditor');
    await browser.ask('DELETE', '/v1/session');
    const stranger = openBrowser(office, '203.0.113.77');
    await stranger.ask('POST', '/v1/session', { name: 'auditor', password: 'my secret dog Rex' });
    await stranger.ask('POST', '/v1/session', { name: 'nobody-of-ours', password: 'my secret dog Rex' });

    const entries = await office.house.db
      .selectFrom('journal')
      .select(['subject', 'type', 'body'])
      .where((row) =>
        row.or([row('subject', '=', `user/${office.users.auditor}`), row('subject', '=', 'login')]),
      )
      .execute();

    const types = entries.map(({ type }) => type);
    for (const type of ['loggedIn', 'loggedOut', 'loginFailed']) expect(types).toContain(type);
    expect(entries.filter(({ subject }) => subject === 'login').map(({ body }) => body)).toContain('{}');
    const text = JSON.stringify(entries);
    for (const word of ['nobody-of-ours', 'Rex', '203.0.113', 'relance.example', 'Firefox'])
      expect(text).not.toContain(word);
  });
});
