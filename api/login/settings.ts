import type { Config } from '../../config.ts';
import { machineTime } from '../../db/clock.ts';
import type { SessionLimits } from '../../db/sessions.ts';
import { hourMs, minuteMs } from '../../domain/time.ts';
import type { Role } from '../../domain/role.ts';
import type { Instant } from '../../domain/time.ts';
import { sealWith } from './seal.ts';
import type { Seal } from './seal.ts';

/**
 * How people come in here, as the operator decided.
 *
 * Sessions, links and waits go by the machine's time, not by the house's clock: a demonstration may live a day in six
 * seconds, and what these guard against (a thief, somebody who guesses) lives in ours. `machine` is a port, for tests.
 */
export interface LoginSettings {
  readonly machine: () => Instant;
  readonly limits: SessionLimits;
  /** The cookies travel without TLS, on this machine alone. */
  readonly plainHttp: boolean;
  /** The origin by which browsers reach us; null: by the name that they asked for. */
  readonly publicUrl: string | null;
  /** Null: second factors can't be kept here. */
  readonly seal: Seal | null;
  /** Whose sessions open nothing without a second factor. */
  readonly secondFactorOf: readonly Role[];
  readonly oidc: OidcSettings | null;
}

export interface OidcSettings {
  readonly issuer: string;
  readonly clientId: string;
  readonly clientSecret: string;
  /** By which values of `amr` or `acr` it says that somebody proved himself twice; `always`: it lets nobody in with less. */
  readonly secondFactor: 'always' | readonly string[];
}

type Given = Partial<
  Pick<
    Config,
    | 'SESSION_IDLE_MINUTES'
    | 'SESSION_HOURS'
    | 'PLAIN_HTTP'
    | 'PUBLIC_URL'
    | 'LOGIN_KEYS'
    | 'SECOND_FACTOR'
    | 'OIDC_ISSUER'
    | 'OIDC_CLIENT_ID'
    | 'OIDC_CLIENT_SECRET'
    | 'OIDC_SECOND_FACTOR'
  >
>;

/** The settings of the login; what is not given is as strict as it can be. */
export function loginSettings(given: Given, machine: () => Instant = machineTime): LoginSettings {
  const { OIDC_ISSUER: issuer, OIDC_CLIENT_ID: clientId, OIDC_CLIENT_SECRET: clientSecret } = given;
  const secondFactor = saidBy(given.OIDC_SECOND_FACTOR ?? 'mfa');
  return {
    machine,
    limits: {
      idleMs: (given.SESSION_IDLE_MINUTES ?? 30) * minuteMs,
      wholeMs: (given.SESSION_HOURS ?? 12) * hourMs,
    },
    plainHttp: given.PLAIN_HTTP ?? false,
    publicUrl: given.PUBLIC_URL ?? null,
    seal: given.LOGIN_KEYS ? sealWith(given.LOGIN_KEYS) : null,
    secondFactorOf: given.SECOND_FACTOR ?? [],
    oidc: issuer && clientId && clientSecret ? { issuer, clientId, clientSecret, secondFactor } : null,
  };
}

function saidBy(setting: string): OidcSettings['secondFactor'] {
  if (setting === 'always') return setting;
  return setting
    .split(',')
    .map((value) => value.trim())
    .filter(Boolean);
}

export type GivenToLogin = Given;
