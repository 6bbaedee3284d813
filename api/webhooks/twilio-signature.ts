import { createHmac, timingSafeEqual } from 'node:crypto';
import type { Verdict } from './sendgrid-signature.ts';

/** The header in which Twilio signs. */
export const twilioSignature = 'x-twilio-signature';

/**
 * Whether Twilio has sent this form to this address.
 *
 * HMAC-SHA1 with the account's token over the address as Twilio knows it and the parameters in the order of their names.
 * The address is the configured one: behind a proxy, `Host` is whatever the proxy or a stranger says. There is no time
 * in it, so a copy is as good as the first: what it says is stored once, and never lowers a state.
 */
export function verdictOnTwilio(
  request: { readonly url: string; readonly form: URLSearchParams; readonly signature: string },
  tokens: readonly string[],
): Verdict {
  const parameters = inOrder(request.form);
  const given = Buffer.from(request.signature);
  const isSigned = addressesOf(request.url)
    .flatMap((address) => tokens.map((token) => signatureOf(token, address + parameters)))
    .some((signature) => signature.length === given.length && timingSafeEqual(signature, given));
  return isSigned ? 'genuine' : 'forged';
}

/** As base64 text: several texts stand for the same bytes, and only one of them is what Twilio writes. */
function signatureOf(token: string, signed: string): Buffer {
  return Buffer.from(createHmac('sha1', token).update(signed, 'utf8').digest('base64'));
}

/** Names in the order of their characters; of a name that comes several times each value once, in order too. */
function inOrder(form: URLSearchParams): string {
  const names = [...new Set(form.keys())].sort();
  return names
    .flatMap((name) => [...new Set(form.getAll(name))].sort().map((value) => name + value))
    .join('');
}

/** Twilio signs some addresses with their port and some without, whatever was configured. */
function addressesOf(url: string): readonly string[] {
  const [, scheme = '', host = '', port = '', rest = ''] =
    /^(https?:\/\/)([^/?#]*?)(:[0-9]+)?([/?#].*)?$/i.exec(url) ?? [];
  const standard = scheme.toLowerCase() === 'https://' ? ':443' : ':80';
  return [scheme + host + rest, scheme + host + (port || standard) + rest];
}
