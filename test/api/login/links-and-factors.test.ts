import { createHash } from 'node:crypto';
import { TOTP, Secret } from 'otpauth';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { inviteUser } from '../../../db/invitations.ts';
import { openBrowser } from '../../setup/browser.ts';
import type { Browser } from '../../setup/browser.ts';
import type { Answer } from '../../setup/office.ts';
import type { Role } from '../../../domain/role.ts';
import { hour, openEntrance, password, tokenOf } from './people.ts';
import type { Entrance } from './people.ts';

let entrance: Entrance;
beforeAll(async () => {
  entrance = await openEntrance();
});
afterAll(() => entrance.close());

const another = 'sept lanternes bleues au port';
const stranger = (): Browser => openBrowser(entrance.office, entrance.ip());
const logIn = (name: string, typed: string, code?: string): Promise<Answer> =>
  stranger().ask('POST', '/v1/session', { name, password: typed, ...(code === undefined ? {} : { code }) });
const admin = (method: 'GET' | 'POST' | 'PATCH' | 'DELETE', url: string, body?: object): Promise<Answer> =>
  entrance.office.ask(method, url, body, { as: 'admin' });
const accept = (token: string, more: object = {}): Promise<Answer> =>
  stranger().ask('POST', '/v1/invitations/acceptance', { token, password: another, ...more });

let made = 0;
async function invited(): Promise<{ name: string; id: string; token: string; link: string }> {
  made += 1;
  const name = `Newcomer ${made}`;
  const { body } = await admin('POST', '/v1/invitations', {
    user: { name, email: `newcomer-${made}@maison.example`, role: 'collector', portfolio: 'all' },
  });
  return { name, id: body.userId, link: body.link, token: new URL(body.link).hash.slice(1) };
}

describe('a one-time link', () => {
  it('lets somebody new choose a password and log in with it', async () => {
    const { name, token, link } = await invited();

    const before = await logIn(name, another);
    const accepted = await accept(token);
    const after = await logIn(name, another);

    expect(link).toMatch(/^https:\/\/localhost:80\/invitation#[\w-]{43}$/);
    expect([before.status, accepted.status, after.status]).toEqual([401, 204, 201]);
  });

  // Programs of mail gateways open every link before its reader does.
  it('is not used up by looking at it, which tells nothing of whose it is', async () => {
    const { name, token } = await invited();
    const pages = await Promise.all(Array.from({ length: 3 }, () => stranger().ask('GET', '/invitation')));

    expect(pages.map(({ status }) => status)).toEqual([200, 200, 200]);
    expect(pages[0]!.text).not.toContain(name);
    expect(pages[0]!.text).not.toContain(token);
    expect((await accept(token)).status).toBe(204);
  });

  it('carries its token where browsers send it to nobody, and its page runs nothing but what reads it', async () => {
    const { token, link } = await invited();

    const { text, headers } = await stranger().ask('GET', `/invitation?token=${token}`);

    expect(new URL(link)).toMatchObject({ pathname: '/invitation', search: '', hash: `#${token}` });
    const scripts = [...text.matchAll(/<script>([^<]*)<\/script>/g)].map(([, script = '']) => script);
    expect(scripts).toHaveLength(1);
    const hash = createHash('sha256').update(scripts[0]!).digest('base64');
    expect(headers['content-security-policy']).toContain(`;script-src 'sha256-${hash}'`);
    expect(headers['referrer-policy']).toBe('same-origin');
    // What stands in a query is not read: no link of ours has one.
    expect(text).not.toContain(token);
  });

  it('works where no script runs: its holder pastes it, whole or what stands behind the sign', async () => {
    const [whole, part] = [await invited(), await invited()];
    const choose = (pasted: string) =>
      stranger().send('/invitation', { token: pasted, password: another, again: another });

    const answers = [await choose(` ${whole.link} `), await choose(part.token), await choose('no link')];

    expect(answers.map(({ status }) => status)).toEqual([303, 303, 404]);
    expect((await logIn(whole.name, another)).status).toBe(201);
  });

  it('has one winner when fifty use it at once', async () => {
    const { token } = await invited();

    const answers = await Promise.all(Array.from({ length: 50 }, () => accept(token)));

    const statuses = answers.map(({ status }) => status);
    expect(statuses.filter((status) => status === 204)).toHaveLength(1);
    expect(statuses.filter((status) => status === 404)).toHaveLength(49);
  });

  it('opens nothing a second time', async () => {
    const { token, name } = await invited();
    await accept(token);

    const again = await accept(token, { password: 'huit renards sous la lune' });

    expect(again).toMatchObject({ status: 404, body: { code: 'invitation-unknown' } });
    expect((await logIn(name, 'huit renards sous la lune')).status).toBe(401);
  });

  it('is worthless after its week, to the millisecond', async () => {
    const [early, late] = [await invited(), await invited()];

    entrance.pass(7 * 24 * hour - 1);
    const inTime = await accept(early.token);
    entrance.pass(1);
    const tooLate = await accept(late.token);

    expect([inTime.status, tooLate.status]).toEqual([204, 404]);
  });

  it('is worthless after a later one, and after its user was shut out', async () => {
    const { id, token } = await invited();
    const { body } = await admin('POST', '/v1/invitations', { userId: id });
    const gone = await invited();
    await admin('PATCH', `/v1/users/${gone.id}`, { disabled: true });

    expect((await accept(token)).status).toBe(404);
    expect((await accept(gone.token)).status).toBe(404);
    expect((await accept(new URL(body.link).hash.slice(1))).status).toBe(204);
    expect(await admin('POST', '/v1/invitations', { userId: gone.id })).toMatchObject({
      status: 409,
      body: { code: 'user-disabled' },
    });
  });

  it('stays good when the password may not be chosen, nor another name', async () => {
    const { name, token } = await invited();

    const short = await accept(token, { password: 'elf letters' });
    const renamed = await accept(token, { name: 'Claire Petit' });
    const good = await accept(token, { name });

    expect(short).toMatchObject({ status: 400, body: { field: 'password' } });
    expect(renamed).toMatchObject({ status: 400, body: { field: 'name' } });
    expect(good.status).toBe(204);
    expect((await logIn('Claire Petit', another)).status).toBe(401);
    expect((await logIn(name, another)).status).toBe(201);
  });

  it('ends the sessions of who lost his password, whoever has them', async () => {
    const thief = await entrance.enter('legal');
    const { body } = await admin('POST', '/v1/invitations', {
      userId: entrance.office.users.legal,
      purpose: 'reset',
    });

    await accept(new URL(body.link).hash.slice(1));

    expect((await thief.ask('GET', '/v1/me')).status).toBe(401);
    expect((await logIn('legal', password)).status).toBe(401);
    expect((await logIn('legal', another)).status).toBe(201);
  });

  it('is shown once, kept as a digest, and made by administrators alone', async () => {
    const { office } = entrance;
    const ask = () =>
      office.ask(
        'POST',
        '/v1/invitations',
        { userId: office.users.sales },
        { as: 'admin', headers: { 'idempotency-key': 'once-1' } },
      );
    const [first, repeat] = [await ask(), await ask()];
    const refused = await office.ask('POST', '/v1/invitations', { userId: office.users.sales });
    const rows = await office.house.db.selectFrom('invitation').selectAll().execute();
    const kept = await office.house.db.selectFrom('idempotency').selectAll().execute();

    const token = new URL(first.body.link).hash.slice(1);
    expect(repeat.body).toEqual({ ...first.body, link: null });
    expect(refused.status).toBe(403);
    expect(JSON.stringify([rows, kept])).not.toContain(token);
  });

  it('works as a page: the two must be the same, and then one logs in', async () => {
    const { token, name } = await invited();
    const person = stranger();

    const differ = await person.send('/invitation', {
      token,
      password: another,
      again: 'something else entirely',
      lang: 'en',
    });
    const weak = await person.send('/invitation', {
      token,
      password: 'password1234',
      again: 'password1234',
      lang: 'en',
    });
    const done = await person.send('/invitation', { token, password: another, again: another, lang: 'en' });
    const used = await person.send('/invitation', { token, password: another, again: another, lang: 'fr' });

    expect([differ.status, weak.status, done.status, used.status]).toEqual([400, 400, 303, 404]);
    expect(differ.text).toContain('The two are not the same.');
    expect(done.headers.location).toBe('/enter?chosen=yes&lang=en');
    expect(used.text).toContain('Ce lien a servi');
    expect((await logIn(name, another)).status).toBe(201);
  });

  it('of the first administrator lasts a day', async () => {
    const { office, machine } = entrance;
    const { token } = await office.house.db
      .transaction()
      .execute((tx) =>
        inviteUser(tx, machine.now, machine.now, office.users.external_firm, 'first-admin', 'test'),
      );

    entrance.pass(24 * hour);

    expect((await accept(token)).status).toBe(404);
  });
});

describe('a password', () => {
  it.each([
    ['eleven chars', 'elevenchar!'],
    ['129 characters', 'ab cd ef'.repeat(17).slice(0, 129)],
    ['a common one', 'unbelievable'],
    ['a common one that grew', 'Football2026!'],
    ['a common one in signs', 'P@ssw0rd2026'],
    ['one typed twice', 'dragonballdragonball'],
    ['a run of the keyboard', 'qwertyuiopasd'],
    ['a run of digits', '567890123456'],
    ['few signs', 'aaaabbbbaaaab'],
    ['his own name', 'Accountant-1234'],
    ['our name', 'Relance-2026!!'],
  ])('may not be %s', async (_, chosen) => {
    const browser = await entrance.enter('accountant');

    const answer = await browser.ask('POST', '/v1/password', { current: password, password: chosen });

    expect(answer).toMatchObject({ status: 400, body: { code: 'invalid-request', field: 'password' } });
    expect(answer.text).not.toContain(chosen);
  });

  it('may have 12 characters of any script, and 128, and opens however its letters are composed', async () => {
    const browser = await entrance.enter('resolver');
    const composed = 'été à Nîmes ñ';

    const long = await browser.ask('POST', '/v1/password', {
      current: password,
      password: `${'lapin vert, '.repeat(10)}12345678`,
    });
    const short = await browser.ask('POST', '/v1/password', {
      current: `${'lapin vert, '.repeat(10)}12345678`,
      password: composed.normalize('NFC'),
    });

    expect([long.status, short.status]).toEqual([204, 204]);
    expect((await logIn('resolver', composed.normalize('NFD'))).status).toBe(201);
  });

  it('is changed with the present one: the session goes on under another token, all others end', async () => {
    const [here, there] = [await entrance.enter('auditor'), await entrance.enter('auditor')];
    const before = tokenOf(here);

    const wrong = await here.ask('POST', '/v1/password', { current: 'not my password', password: another });
    const changed = await here.ask('POST', '/v1/password', { current: password, password: another });

    expect(wrong).toMatchObject({ status: 403, body: { code: 'password-wrong' } });
    expect(changed.status).toBe(204);
    expect(tokenOf(here)).not.toBe(before);
    expect((await here.ask('GET', '/v1/me')).status).toBe(200);
    expect((await there.ask('GET', '/v1/me')).status).toBe(401);
    const old = stranger();
    old.cookies.set('__Host-relance', before);
    expect((await old.ask('GET', '/v1/me')).status).toBe(401);
    expect((await logIn('auditor', password)).status).toBe(401);
  });

  it('cannot be guessed in a session left open', async () => {
    const browser = await entrance.enter('credit_manager');
    const statuses: number[] = [];

    for (let time = 0; time < 6; time += 1)
      statuses.push(
        (await browser.ask('POST', '/v1/password', { current: `guess ${time}`, password: another })).status,
      );

    expect(statuses).toEqual([403, 403, 403, 403, 403, 429]);
  });

  it('is not changed with a key', async () => {
    const answer = await entrance.office.ask(
      'POST',
      '/v1/password',
      { current: password, password: another },
      { as: 'sales' },
    );

    expect(answer).toMatchObject({ status: 403, body: { code: 'session-needed' } });
  });

  it('is kept as Argon2id with the parameters that OWASP advises, each with a salt of its own', async () => {
    const hashes = await entrance.office.house.db
      .selectFrom('app_user')
      .select('password_hash')
      .where('password_hash', 'is not', null)
      .execute();

    expect(
      hashes.every(({ password_hash: hash }) => hash?.startsWith('$argon2id$v=19$m=19456,t=2,p=1$')),
    ).toBe(true);
    expect(JSON.stringify(hashes)).not.toContain(another);
  });
});

describe('a second factor', () => {
  const codeAt = (secret: string, at: number): string =>
    new TOTP({ secret: Secret.fromBase32(secret) }).generate({ timestamp: at });

  async function enrolled(
    as: Role,
  ): Promise<{ browser: Browser; secret: string; recoveryCodes: string[]; before: string }> {
    const browser = await entrance.enter(as);
    const begun = await browser.ask('POST', '/v1/totp', { password });
    expect(begun.status).toBe(201);
    const before = tokenOf(browser);
    const { secret } = begun.body as { secret: string };
    const confirmed = await browser.ask('POST', '/v1/totp/confirmation', {
      code: codeAt(secret, entrance.machine.now),
    });
    expect(confirmed.status).toBe(201);
    entrance.pass(60_000);
    return { browser, secret, recoveryCodes: confirmed.body.recoveryCodes, before };
  }

  it('is begun with a picture, counts once it is confirmed, and is then asked for', async () => {
    const browser = await entrance.enter('collector');
    const begun = await browser.ask('POST', '/v1/totp', { password });
    const { secret, uri, qrSvg } = begun.body as { secret: string; uri: string; qrSvg: string };

    const meanwhile = await logIn('collector', password);
    const wrong = await browser.ask('POST', '/v1/totp/confirmation', { code: '000000' });
    const confirmed = await browser.ask('POST', '/v1/totp/confirmation', {
      code: codeAt(secret, entrance.machine.now),
    });
    entrance.pass(60_000);

    expect(uri).toMatch(/^otpauth:\/\/totp\/Relance:collector\?/);
    expect(qrSvg).toContain('<svg');
    expect([meanwhile.status, wrong.status, confirmed.status]).toEqual([201, 400, 201]);
    expect(confirmed.body.recoveryCodes).toHaveLength(10);
    const [without, withWrong, withRight] = [
      await logIn('collector', password),
      await logIn('collector', password, '123456'),
      await logIn('collector', password, codeAt(secret, entrance.machine.now)),
    ];
    expect([without.status, withWrong.status, withRight.status]).toEqual([401, 401, 201]);
    // Whoever guessed the password must not learn that he did.
    expect(without.body).toEqual((await logIn('collector', 'not his password')).body);
    expect(await browser.ask('POST', '/v1/totp', { password })).toMatchObject({
      status: 409,
      body: { code: 'second-factor-there' },
    });
  });

  it('puts the session that added it under another token', async () => {
    const { browser, before, secret } = await enrolled('accountant');
    const old = stranger();
    old.cookies.set('__Host-relance', before);

    expect(tokenOf(browser)).not.toBe(before);
    expect((await browser.ask('GET', '/v1/sessions')).body.items[0].secondFactor).toBe(true);
    expect((await old.ask('GET', '/v1/me')).status).toBe(401);
    await browser.ask('POST', '/v1/totp/removal', { password, code: codeAt(secret, entrance.machine.now) });
    expect((await logIn('accountant', password)).status).toBe(201);
  });

  it('takes each code once, in logins at once or one after the other, and none of an earlier step', async () => {
    const { secret } = await enrolled('admin');
    const code = codeAt(secret, entrance.machine.now);

    const atOnce = await Promise.all(Array.from({ length: 4 }, () => logIn('admin', password, code)));
    const later = await logIn('admin', password, code);
    const earlier = await logIn('admin', password, codeAt(secret, entrance.machine.now - 30_000));
    entrance.pass(5_000);
    const next = await logIn('admin', password, codeAt(secret, entrance.machine.now + 30_000));

    expect(atOnce.filter(({ status }) => status === 201)).toHaveLength(1);
    expect([later.status, earlier.status, next.status]).toEqual([401, 401, 201]);
  });

  it('takes no code of a step that is further off than one', async () => {
    const { secret } = await enrolled('sales');
    const at = entrance.machine.now;

    expect((await logIn('sales', password, codeAt(secret, at - 90_000))).status).toBe(401);
    expect((await logIn('sales', password, codeAt(secret, at + 90_000))).status).toBe(401);
    expect((await logIn('sales', password, codeAt(secret, at + 30_000))).status).toBe(201);
  });

  it('is replaced by a recovery code, each once, in whatever writing', async () => {
    const { office } = entrance;
    const { recoveryCodes } = await enrolled('external_firm');
    const [first = '', second = ''] = recoveryCodes;

    const used = await Promise.all(Array.from({ length: 3 }, () => logIn('external_firm', password, first)));
    const again = await logIn('external_firm', password, first);
    const other = await logIn('external_firm', password, second.toLowerCase().replaceAll('-', ' '));

    expect(used.filter(({ status }) => status === 201)).toHaveLength(1);
    expect([again.status, other.status]).toEqual([401, 201]);
    const kept = await office.house.db
      .selectFrom('app_user')
      .select('recovery_codes')
      .where('id', '=', office.users.external_firm)
      .executeTakeFirstOrThrow();
    expect(kept.recovery_codes).toHaveLength(8);
    expect(JSON.stringify(kept)).not.toContain(first);
  });

  it('cannot be guessed by who has the password, from however many networks', async () => {
    const name = 'Newcomer with a factor';
    const { body } = await admin('POST', '/v1/invitations', { user: { name, role: 'legal' } });
    await accept(new URL(body.link).hash.slice(1));
    const browser = stranger();
    await browser.ask('POST', '/v1/session', { name, password: another });
    const begun = await browser.ask('POST', '/v1/totp', { password: another });
    await browser.ask('POST', '/v1/totp/confirmation', {
      code: codeAt(begun.body.secret, entrance.machine.now),
    });
    entrance.pass(60_000);
    for (let time = 0; time < 5; time += 1) await logIn(name, another, '123456');

    const right = await logIn(name, another, codeAt(begun.body.secret, entrance.machine.now));
    entrance.pass(30_000);
    const later = await logIn(name, another, codeAt(begun.body.secret, entrance.machine.now));

    expect([right.status, later.status]).toEqual([401, 201]);
  });

  it('is sealed: the database holds no secret', async () => {
    const { office } = entrance;
    const rows = await office.house.db
      .selectFrom('app_user')
      .select(['id', 'name', 'totp_secret'])
      .where('totp_secret', 'is not', null)
      .execute();
    const sealed = rows.map(({ totp_secret: secret }) => secret ?? '');

    expect(sealed.length).toBeGreaterThan(2);
    expect(sealed.every((text) => /^v1\.[0-9a-f]{8}\.[\w-]{16}\.[\w-]+$/.test(text))).toBe(true);
    expect(new Set(sealed).size).toBe(sealed.length);
  });

  it('is taken away by an administrator, which ends the sessions', async () => {
    const { office } = entrance;
    const { body } = await admin('GET', '/v1/users');
    const his = body.items.find((user: { name: string }) => user.name === 'sales');

    const removed = await admin('DELETE', `/v1/users/${office.users.sales}/totp`);
    const again = await admin('DELETE', `/v1/users/${office.users.sales}/totp`);

    expect(his).toMatchObject({ hasPassword: true, hasSecondFactor: true });
    expect([removed.status, again.status]).toEqual([204, 404]);
    expect((await logIn('sales', password)).status).toBe(201);
  });
});

describe('a key', () => {
  const makeKey = (terms: object): Promise<Answer> =>
    admin('POST', `/v1/users/${entrance.office.users.collector}/keys`, terms);
  const me = (key: string): Promise<Answer> => entrance.office.ask('GET', '/v1/me', undefined, { key });
  const listed = async (prefix: string): Promise<Record<string, unknown>> => {
    const { body } = await admin('GET', '/v1/keys');
    return body.items.find((key: { prefix: string }) => key.prefix === prefix);
  };

  it('opens until it expires, to the millisecond', async () => {
    const expiresAt = new Date(entrance.machine.now + hour).toISOString();
    const { body } = await makeKey({ name: 'Accounting', expiresAt });

    entrance.pass(hour - 1);
    const before = await me(body.key);
    entrance.pass(1);
    const after = await me(body.key);

    expect(before.status).toBe(200);
    expect(after).toMatchObject({ status: 401, body: { code: 'key-unknown' } });
  });

  it('expires in a year unless told otherwise, and never when told so', async () => {
    const [year, never] = [await makeKey({}), await makeKey({ expiresAt: null })];

    expect((await listed(year.body.prefix))['expiresAt']).toBe(
      new Date(entrance.machine.now + 365 * 24 * hour).toISOString(),
    );
    expect((await listed(never.body.prefix))['expiresAt']).toBeNull();
    entrance.pass(366 * 24 * hour);
    expect([(await me(year.body.key)).status, (await me(never.body.key)).status]).toEqual([401, 200]);
  });

  it('is listed with what it is for, its areas and its last use, and never whole', async () => {
    const { body } = await makeKey({ name: 'ERP', areas: ['read', 'money'] });
    const unused = await listed(body.prefix);
    await me(body.key);

    const used = await listed(body.prefix);

    expect(unused).toMatchObject({
      name: 'ERP',
      areas: ['read', 'money'],
      lastUsedAt: null,
      user: { name: 'collector' },
    });
    expect(used['lastUsedAt']).toBe(new Date(entrance.machine.now).toISOString());
    expect(JSON.stringify(used)).not.toContain(body.key);
  });

  it.each([
    [{ areas: [] }],
    [{ areas: ['everything'] }],
    [{ areas: ['read', 'read'] }],
    [{ expiresAt: '2020-01-01T00:00:00Z' }],
    [{ scope: 'read' }],
  ])('is not made on terms such as %j', async (terms) => {
    expect((await makeKey(terms)).status).toBe(400);
  });
});
