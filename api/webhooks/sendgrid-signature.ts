import { createPublicKey, verify } from 'node:crypto';
import type { KeyObject } from 'node:crypto';
import { minuteMs } from '../../domain/time.ts';
import type { Instant } from '../../domain/time.ts';

/** The headers in which SendGrid signs. */
export const sendgridSignature = 'x-twilio-email-event-webhook-signature';
export const sendgridTimestamp = 'x-twilio-email-event-webhook-timestamp';

/** A request is signed anew at each try, so an old signature is a copy. */
const ageMsMax = 5 * minuteMs;

/** What a provider's signature says of a request. */
export type Verdict = 'genuine' | 'forged' | 'stale';

/**
 * Whether SendGrid has sent these very bytes, and a moment ago.
 *
 * ECDSA on P-256 with SHA-256 over the timestamp and the raw body: after a round trip through a JSON parser it would no
 * longer fit. Any of the keys may have signed. `now` is the machine's time, because the provider's is real too. The age
 * limits the signature alone: the events inside may be a day old.
 */
export function verdictOnSendgrid(
  request: { readonly body: Buffer; readonly signature: string; readonly timestamp: string },
  keys: readonly string[],
  now: Instant,
): Verdict {
  const { body, signature, timestamp } = request;
  if (!/^[0-9]{9,11}$/.test(timestamp) || !/^[A-Za-z0-9+/]{90,100}={0,2}$/.test(signature)) return 'forged';
  const signed = Buffer.concat([Buffer.from(timestamp), body]);
  const der = Buffer.from(signature, 'base64');
  if (!keys.some((key) => hasSigned(key, signed, der))) return 'forged';
  return Math.abs(now - Number(timestamp) * 1_000) > ageMsMax ? 'stale' : 'genuine';
}

function hasSigned(key: string, signed: Buffer, der: Buffer): boolean {
  const publicKey = p256From(key);
  return publicKey !== undefined && verify('sha256', signed, publicKey, der);
}

/** A key that is none vouches for nothing; the settings have said so at the start. */
function p256From(key: string): KeyObject | undefined {
  try {
    const publicKey = createPublicKey({ key: Buffer.from(key, 'base64'), format: 'der', type: 'spki' });
    return publicKey.asymmetricKeyDetails?.namedCurve === 'prime256v1' ? publicKey : undefined;
  } catch {
    return undefined;
  }
}
