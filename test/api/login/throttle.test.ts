import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { waitAfter } from '../../../db/login-throttle.ts';
import { openBrowser } from '../../setup/browser.ts';
import type { Answer } from '../../setup/office.ts';
import { hour, openEntrance, password } from './people.ts';
import type { Entrance } from './people.ts';

let entrance: Entrance;
beforeAll(async () => {
  entrance = await openEntrance();
});
afterAll(() => entrance.close());

const logIn = (ip: string, name: string, typed: string): Promise<Answer> =>
  openBrowser(entrance.office, ip).ask('POST', '/v1/session', { name, password: typed });

async function fail(ip: string, name: string, times: number): Promise<readonly number[]> {
  const statuses: number[] = [];
  for (let time = 0; time < times; time += 1)
    statuses.push((await logIn(ip, name, 'not his password')).status);
  return statuses;
}

describe('somebody who guesses', () => {
  it('waits after five wrong passwords for one name, longer each time', async () => {
    const ip = entrance.ip();

    const free = await fail(ip, 'collector', 5);
    const sixth = await logIn(ip, 'collector', 'not his password');
    entrance.pass(1001);
    const seventh = await logIn(ip, 'collector', 'not his password');
    const eighth = await logIn(ip, 'collector', 'not his password');

    expect(free).toEqual([401, 401, 401, 401, 401]);
    expect(sixth).toMatchObject({
      status: 429,
      body: { code: 'login-too-often' },
      headers: { 'retry-after': '1' },
    });
    expect(seventh.status).toBe(401);
    expect(eighth).toMatchObject({ status: 429, headers: { 'retry-after': '2' } });
  });

  it('waits a quarter of an hour at most, and twice as long each time until then', () => {
    const waits = Array.from({ length: 40 }, (_, failures) => waitAfter('both', failures));

    expect(waits.slice(0, 8)).toEqual([0, 0, 0, 0, 0, 1000, 2000, 4000]);
    expect(Math.max(...waits)).toBe(15 * 60_000);
    expect(waits).toEqual([...waits].sort((one, other) => one - other));
  });

  it('is not let in with the right password while he waits', async () => {
    const ip = entrance.ip();
    await fail(ip, 'legal', 5);

    expect((await logIn(ip, 'legal', password)).status).toBe(429);
    entrance.pass(1001);
    expect((await logIn(ip, 'legal', password)).status).toBe(201);
  });

  it('is stopped at his address when he tries one password with many names', async () => {
    const ip = entrance.ip();
    const statuses: number[] = [];

    for (let name = 0; name < 22; name += 1) statuses.push(...(await fail(ip, `somebody-${name}`, 1)));

    expect(statuses.slice(0, 20).every((status) => status === 401)).toBe(true);
    expect(statuses.slice(20)).toEqual([429, 429]);
  });

  // The count is taken before the password is looked at: else all of these would be free.
  it('gains nothing by asking forty times at once', async () => {
    const ip = entrance.ip();

    const answers = await Promise.all(
      Array.from({ length: 40 }, () => logIn(ip, 'sales', 'not his password')),
    );

    const looked = answers.filter(({ status }) => status === 401).length;
    expect(looked).toBe(5);
    expect(answers.filter(({ status }) => status === 429)).toHaveLength(35);
  });

  it('does not wash his address clean by logging in as himself', async () => {
    const ip = entrance.ip();
    const statuses: number[] = [];

    for (let turn = 0; turn < 25; turn += 1) {
      statuses.push((await logIn(ip, `victim-${turn}`, 'guess number one')).status);
      await logIn(ip, 'auditor', password);
    }

    expect(statuses.filter((status) => status === 429).length).toBeGreaterThan(3);
  });

  it('has one address with the whole half of a network that IPv6 gives to a house', async () => {
    await fail('2001:db8:1:2::1', 'resolver', 3);
    await fail('2001:db8:1:2:ffff::9', 'resolver', 2);

    expect((await logIn('2001:db8:1:2:abcd::7', 'resolver', password)).status).toBe(429);
    expect((await logIn('2001:db8:1:3::1', 'resolver', password)).status).toBe(201);
  });

  it('does not go on from the next of the thousand networks that are his', async () => {
    const statuses: number[] = [];
    for (let network = 0; network < 60; network += 1)
      statuses.push(...(await fail(`2001:db8:9:${network.toString(16)}::1`, 'rotated', 1)));

    expect(statuses.slice(0, 50).every((status) => status === 401)).toBe(true);
    expect(statuses.slice(50).every((status) => status === 429)).toBe(true);
  });

  it('is forgotten an hour later', async () => {
    const ip = entrance.ip();
    await fail(ip, 'external_firm', 5);
    expect((await logIn(ip, 'external_firm', password)).status).toBe(429);

    entrance.pass(hour + 2000);

    expect(await fail(ip, 'external_firm', 5)).toEqual([401, 401, 401, 401, 401]);
  });
});

describe('a named user whom others try to lock out', () => {
  it('comes in from his own network, however many failed elsewhere', async () => {
    for (let network = 0; network < 30; network += 1) await fail(entrance.ip(), 'credit_manager', 1);

    const home = await logIn(entrance.ip(), 'credit_manager', password);

    expect(home.status).toBe(201);
  });

  it('may mistype at home, however many failed elsewhere', async () => {
    for (let network = 0; network < 31; network += 1) await fail(entrance.ip(), 'credit_manager', 1);
    const home = entrance.ip();

    expect(await fail(home, 'credit_manager', 2)).toEqual([401, 401]);
    expect((await logIn(home, 'credit_manager', password)).status).toBe(201);
  });

  it('comes in by the browser that he used before, whatever others do in his network', async () => {
    const ip = entrance.ip();
    const own = openBrowser(entrance.office, ip);
    const come = (typed: string): Promise<Answer> =>
      own.ask('POST', '/v1/session', { name: 'legal', password: typed });
    expect((await come(password)).status).toBe(201);
    await fail(ip, 'legal', 8);
    for (let name = 0; name < 25; name += 1) await fail(ip, `nobody-${name}`, 1);
    expect((await logIn(ip, 'legal', password)).status).toBe(429);

    expect((await come('mistyped once')).status).toBe(401);
    expect((await come(password)).status).toBe(201);
  });

  it('is guessed at no faster by a browser that he used: it waits by a count of its own', async () => {
    const own = openBrowser(entrance.office, entrance.ip());
    const come = (typed: string): Promise<Answer> =>
      own.ask('POST', '/v1/session', { name: 'auditor', password: typed });
    await come(password);

    const statuses: number[] = [];
    for (let time = 0; time < 7; time += 1) statuses.push((await come('not his password')).status);

    expect(statuses).toEqual([401, 401, 401, 401, 401, 429, 429]);
  });

  it('gains nothing by the sign of somebody else, nor by his own after another password was chosen', async () => {
    const ip = entrance.ip();
    const own = openBrowser(entrance.office, ip);
    await own.ask('POST', '/v1/session', { name: 'resolver', password });
    const others = openBrowser(entrance.office, ip);
    for (const [name, value] of own.cookies) if (name.includes('browser')) others.cookies.set(name, value);
    await fail(ip, 'collector', 6);
    const asOther = await others.ask('POST', '/v1/session', { name: 'collector', password });
    await entrance.office.house.db.deleteFrom('known_browser').execute();
    await fail(ip, 'resolver', 6);
    const forgotten = await own.ask('POST', '/v1/session', { name: 'resolver', password });

    expect(asOther.status).toBe(429);
    expect(forgotten.status).toBe(429);
  });

  it('is one account by his name and by his address', async () => {
    const { house } = entrance.office;
    await house.db
      .updateTable('app_user')
      .set({ email: 'sales@example.com' })
      .where('name', '=', 'sales')
      .execute();
    const ip = entrance.ip();

    const statuses = [...(await fail(ip, 'sales', 3)), ...(await fail(ip, 'Sales@Example.com', 3))];

    expect(statuses).toEqual([401, 401, 401, 401, 401, 429]);
  });

  it('is protected all the same: each of their networks has three guesses, and then the wait of the account', async () => {
    const ips = Array.from({ length: 30 }, () => entrance.ip());
    for (const ip of ips) await fail(ip, 'accountant', 3);

    const again = await Promise.all(ips.map((ip) => logIn(ip, 'accountant', 'not his password')));

    expect(again.filter(({ status }) => status !== 429)).toEqual([]);
  });
});

describe('nobody learns which names there are:', () => {
  it('an unknown name, a wrong password, no password and a user who is shut out are answered alike', async () => {
    const { office } = entrance;
    await office.ask('POST', '/v1/users', { name: 'keys alone', role: 'sales' }, { as: 'admin' });
    const gone = await office.ask('POST', '/v1/users', { name: 'gone', role: 'sales' }, { as: 'admin' });
    await office.ask(
      'PATCH',
      `/v1/users/${gone.body.user.id as string}`,
      { disabled: true },
      { as: 'admin' },
    );

    const answers = await Promise.all(
      ['nobody here', 'collector', 'keys alone', 'gone'].map((name) =>
        logIn(entrance.ip(), name, 'not his password'),
      ),
    );

    const [first, ...others] = answers.map(({ status, body, headers }) => ({
      status,
      body,
      headers: Object.keys(headers)
        .filter((name) => name !== 'date')
        .sort(),
    }));
    expect(first?.status).toBe(401);
    for (const other of others) expect(other).toEqual(first);
  });

  it('the wait comes for an unknown name as for a known one', async () => {
    const [known, unknown] = [entrance.ip(), entrance.ip()];

    const statuses = [await fail(known, 'admin', 6), await fail(unknown, 'no-such-admin', 6)];

    expect(statuses[0]).toEqual(statuses[1]);
    expect(statuses[0]?.at(-1)).toBe(429);
  });

  // Argon2 takes most of the time of a login; a name that skips it would answer in a tenth.
  it('both take about as long', async () => {
    const times = { collector: [] as number[], 'nobody at all': [] as number[] };
    // By turns, so that a machine which is busy for a while is so for both.
    for (let time = 0; time < 9; time += 1)
      for (const name of Object.keys(times) as (keyof typeof times)[]) {
        const began = performance.now();
        await logIn(entrance.ip(), name, 'not his password');
        times[name].push(performance.now() - began);
      }
    const [known = 0, unknown = 0] = Object.values(times).map(
      (all) => all.sort((one, other) => one - other)[4],
    );

    expect(Math.min(known, unknown) / Math.max(known, unknown)).toBeGreaterThan(0.25);
  });
});

describe('what the throttle keeps', () => {
  it('is digests: no name, no address', async () => {
    await fail('198.51.100.42', 'Mme Durand', 1);

    const rows = await entrance.office.house.db.selectFrom('login_failure').selectAll().execute();

    expect(rows.length).toBeGreaterThan(3);
    expect(
      rows.every(({ key }) => /^(network|site|account|both|factor|browser):[0-9a-f:-]+$/.test(key)),
    ).toBe(true);
  });
});
