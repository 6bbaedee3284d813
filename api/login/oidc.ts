import {
  allowInsecureRequests,
  authorizationCodeGrant,
  buildAuthorizationUrl,
  calculatePKCECodeChallenge,
  ClientSecretBasic,
  discovery,
  enableNonRepudiationChecks,
  fetchUserInfo,
  randomNonce,
  randomPKCECodeVerifier,
  randomState,
} from 'openid-client';
import type { Configuration } from 'openid-client';
import type { OidcAttempt, TheirPerson } from '../../db/oidc-logins.ts';
import type { Instant } from '../../domain/time.ts';
import type { OidcSettings } from './settings.ts';

/**
 * The other house that knows our people, by OpenID Connect: the way there, and what it says when somebody comes back.
 *
 * The authorization code with PKCE, a state and a nonce: a code that was caught, or put into another browser, opens
 * nothing. The house is asked for its addresses at the first login, so ours starts while it is away.
 */
export interface OidcHouse {
  /**
   * Where to send the browser, and what to remember until it is back; throws when the house does not answer. `again`: it
   * is to ask for a proof, also of whom it knows to be logged in.
   */
  wayThere(
    redirectUri: string,
    how: { readonly again: boolean },
  ): Promise<{ readonly url: string; readonly attempt: Omit<OidcAttempt, 'goTo'> }>;
  /** Who came back to this address, and how he proved himself; throws when anything of it is not as it was begun. */
  whoCame(url: URL, attempt: OidcAttempt): Promise<TheirPerson & TheirProof>;
}

/** What the house says of how somebody proved himself. What it does not say was not: then he is asked here. */
export interface TheirProof {
  readonly secondFactor: boolean;
  /** By its own clock; null where it does not say. */
  readonly provedAt: Instant | null;
}

export function oidcHouse({ issuer, clientId, clientSecret, secondFactor }: OidcSettings): OidcHouse {
  let found: Promise<Configuration> | undefined;
  const house = async (): Promise<Configuration> => {
    // Marked so that nobody takes it for the network; the settings let only this machine be asked without TLS.
    // eslint-disable-next-line @typescript-eslint/no-deprecated
    const plain = issuer.startsWith('http:') ? [allowInsecureRequests] : [];
    // The ID token's signature is checked as well, though it comes over TLS from the house itself.
    const execute = [enableNonRepudiationChecks, ...plain];
    found ??= discovery(new URL(issuer), clientId, undefined, ClientSecretBasic(clientSecret), {
      execute,
      timeout: 10,
    });
    try {
      return await found;
    } catch (fault) {
      found = undefined;
      throw fault;
    }
  };

  return {
    wayThere: async (redirectUri, { again }) => {
      const attempt = {
        state: randomState(),
        nonce: randomNonce(),
        verifier: randomPKCECodeVerifier(),
      };
      const url = buildAuthorizationUrl(await house(), {
        redirect_uri: redirectUri,
        scope: 'openid email',
        state: attempt.state,
        nonce: attempt.nonce,
        code_challenge: await calculatePKCECodeChallenge(attempt.verifier),
        code_challenge_method: 'S256',
        // With a greatest age it must say when he proved himself, which is believed, and not that it was asked to.
        ...(again ? { prompt: 'login', max_age: '0' } : {}),
      });
      return { url: url.href, attempt };
    },
    whoCame: async (url, { state, nonce, verifier }) => {
      const configuration = await house();
      const tokens = await authorizationCodeGrant(configuration, url, {
        expectedState: state,
        expectedNonce: nonce,
        pkceCodeVerifier: verifier,
        idTokenExpected: true,
      });
      const claims = tokens.claims();
      if (!claims) throw new Error('the answer holds no ID token');
      // Many houses tell the address only to who asks for it.
      const { email, email_verified: verified } =
        claims['email'] === undefined
          ? await fetchUserInfo(configuration, tokens.access_token, claims.sub)
          : claims;
      const verifiedEmail = verified === true && typeof email === 'string' ? email : null;
      return {
        issuer: claims.iss,
        subject: claims.sub,
        verifiedEmail,
        secondFactor:
          secondFactor === 'always' || secondFactor.some((value) => saidOf(claims).includes(value)),
        provedAt: claims.auth_time === undefined ? null : claims.auth_time * 1000,
      };
    },
  };
}

/** By which methods he proved himself (RFC 8176), and by which of the house's own levels. */
function saidOf({ amr, acr }: Readonly<Record<string, unknown>>): readonly unknown[] {
  return [...(Array.isArray(amr) ? (amr as unknown[]) : []), acr];
}
