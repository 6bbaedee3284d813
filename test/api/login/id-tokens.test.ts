import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { client } from '../../fakes/identity-provider.ts';
import { openTokenIssuer } from '../../fakes/token-issuer.ts';
import type { TokenIssuer } from '../../fakes/token-issuer.ts';
import { openBrowser } from '../../setup/browser.ts';
import type { Browser } from '../../setup/browser.ts';
import type { Answer } from '../../setup/office.ts';
import { openEntrance } from './people.ts';
import type { Entrance } from './people.ts';

let theirs: TokenIssuer;
let entrance: Entrance;
beforeAll(async () => {
  theirs = await openTokenIssuer();
  entrance = await openEntrance({
    OIDC_ISSUER: theirs.issuer,
    OIDC_CLIENT_ID: client.client_id,
    OIDC_CLIENT_SECRET: client.client_secret,
  });
  await entrance.office.house.db
    .updateTable('app_user')
    .set({ oidc_issuer: theirs.issuer, oidc_subject: 'sub-legal' })
    .where('id', '=', entrance.office.users.legal)
    .execute();
});
afterAll(async () => {
  await entrance.close();
  await theirs.close();
});

/** Goes there and comes back at once, with whatever ID token is handed over then. */
async function comeBack(claims: object = {}): Promise<{ browser: Browser; answer: Answer }> {
  const browser = openBrowser(entrance.office, entrance.ip());
  const start = await browser.ask('GET', '/v1/oidc/start');
  const there = new URL(start.headers.location as string);
  const [state, nonce] = [there.searchParams.get('state') ?? '', there.searchParams.get('nonce')];
  theirs.claims = { sub: 'sub-legal', email: 'legal@relance.example', nonce, ...claims };
  const query = new URLSearchParams({ code: 'any', state }).toString();
  const answer = await browser.ask('GET', `/v1/oidc/callback?${query}`, undefined, {});
  return { browser, answer };
}

const turnedAway = { status: 303, headers: { location: '/enter?failed=yes' } };

describe('an ID token', () => {
  it('that is signed with the key of the provider lets in whom it names', async () => {
    theirs.signature = 'right';

    const { browser, answer } = await comeBack();

    expect(answer).toMatchObject({ status: 303, headers: { location: '/outbox' } });
    expect((await browser.ask('GET', '/v1/me')).body).toMatchObject({ role: 'legal' });
  });

  it.each(['forged', 'unsigned'] as const)(
    'whose signature is %s opens nothing, though all that it says is right',
    async (how) => {
      theirs.signature = how;

      const { browser, answer } = await comeBack();

      theirs.signature = 'right';
      expect(answer).toMatchObject(turnedAway);
      expect(browser.cookies.size).toBe(0);
    },
  );

  it.each([
    ['for somebody else than us', { aud: 'another-client' }],
    ['by somebody else than our provider', { iss: 'https://evil.example' }],
    ['that is over', { iat: 1_700_000_000, exp: 1_700_000_060 }],
    ['of another login', { nonce: 'N'.repeat(43) }],
  ])('opens nothing: one %s', async (_, claims) => {
    const { browser, answer } = await comeBack(claims);

    expect(answer).toMatchObject(turnedAway);
    expect(browser.cookies.size).toBe(0);
  });
});
