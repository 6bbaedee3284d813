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

/** The settings of the login, out of all that the operator set. */
export function loginSettings(config: Config, machine: () => Instant = machineTime): LoginSettings {
  const { OIDC_ISSUER: issuer, OIDC_CLIENT_ID: clientId, OIDC_CLIENT_SECRET: clientSecret } = config;
  const secondFactor = saidBy(config.OIDC_SECOND_FACTOR);
  return {
    machine,
    limits: { idleMs: config.SESSION_IDLE_MINUTES * minuteMs, wholeMs: config.SESSION_HOURS * hourMs },
    plainHttp: config.PLAIN_HTTP,
    publicUrl: config.PUBLIC_URL ?? null,
    seal: config.LOGIN_KEYS ? sealWith(config.LOGIN_KEYS) : null,
    secondFactorOf: config.SECOND_FACTOR,
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
