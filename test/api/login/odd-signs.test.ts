import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { openBrowser } from '../../setup/browser.ts';
import { openEntrance, password } from './people.ts';
import type { Entrance } from './people.ts';

let entrance: Entrance;
beforeAll(async () => {
  entrance = await openEntrance();
});
afterAll(() => entrance.close());

describe('the login page', () => {
  it.each(['a\0b', '', ' ', 'a\nb', 'a'.repeat(255)])('knows nobody by the name %j', async (name) => {
    const browser = openBrowser(entrance.office, entrance.ip());

    const answer = await browser.send('/enter', { name, password, to: '/outbox' });

    expect(answer.status).toBe(401);
    expect(answer.text).toContain('role="alert"');
    expect(browser.cookies.size).toBe(0);
  });

  // No header can hold them, and the session would be open behind the failure.
  it.each(['/%C4%80', '/%00x', '/%0d%0aSet-Cookie:x=y', '/a%20b', '/%E2%82%AC', '//evil.example'])(
    'goes on to no way such as %s, whoever is logged in or logs in',
    async (way) => {
      const inside = await entrance.enter('auditor');
      const newcomer = openBrowser(entrance.office, entrance.ip());

      const known = await inside.ask('GET', `/enter?to=${way}`);
      const to = decodeURIComponent(way);
      const fresh = await newcomer.send('/enter', { name: 'auditor', password, to });

      for (const answer of [known, fresh])
        expect([answer.status, answer.headers.location]).toEqual([303, '/outbox']);
    },
  );

  it('goes on to a page of ours, whatever signs stand escaped in its address', async () => {
    const inside = await entrance.enter('auditor');

    const answer = await inside.ask('GET', `/enter?to=${encodeURIComponent('/i/F%C4%80%20001?x=1#y')}`);

    expect([answer.status, answer.headers.location]).toEqual([303, '/i/F%C4%80%20001?x=1#y']);
  });
});
