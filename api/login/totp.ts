import { randomInt } from 'node:crypto';
import { Secret, TOTP } from 'otpauth';
import { toString as drawn } from 'qrcode';
import { hashOfToken } from '../../db/token.ts';
import type { Instant } from '../../domain/time.ts';

/**
 * The second factor: a code of six digits that an app counts every 30 seconds (RFC 6238), and codes on paper for the day
 * the telephone is lost.
 *
 * A code of the step before or after still opens, since clocks differ; each step opens once (`db/credentials.ts`).
 */
const shape = { algorithm: 'SHA1', digits: 6, period: 30 } as const;

export interface NewTotp {
  readonly secret: string;
  /** What an app reads, as text and as a picture. */
  readonly uri: string;
  readonly qrSvg: string;
}

export async function newTotp(account: string): Promise<NewTotp> {
  const secret = new Secret({ size: 20 });
  const uri = new TOTP({ ...shape, issuer: 'Relance', label: account, secret }).toString();
  const qrSvg = await drawn(uri, { type: 'svg', errorCorrectionLevel: 'M', margin: 2 });
  return { secret: secret.base32, uri, qrSvg };
}

/** The step whose code this is, at the machine's time; undefined when it is none. */
export function totpStep(secret: string, code: string, machine: Instant): number | undefined {
  const token = code.replace(/\s/g, '');
  if (!/^\d{6}$/.test(token)) return undefined;
  const totp = new TOTP({ ...shape, secret: Secret.fromBase32(secret) });
  const delta = totp.validate({ token, timestamp: machine, window: 1 });
  return delta === null ? undefined : totp.counter({ timestamp: machine }) + delta;
}

/** Without 0, 1, I and O: people copy them from paper. */
const letters = '23456789ABCDEFGHJKLMNPQRSTUVWXYZ';
const codes = 10;
const lettersEach = 24;

/** Ten codes of 120 bits, so that a plain hash keeps them, as they are shown once. */
export function newRecoveryCodes(): readonly string[] {
  return Array.from({ length: codes }, () => {
    const code = Array.from({ length: lettersEach }, () => letters[randomInt(letters.length)]).join('');
    return code.replace(/(.{4})(?=.)/g, '$1-');
  });
}

/** How a recovery code is kept; as it is typed, with or without hyphens, in any case of letters. */
export function digestOfRecoveryCode(typed: string): Buffer {
  return hashOfToken(typed.toUpperCase().replace(/[^0-9A-Z]/g, ''));
}
