import { createPrivateKey, createPublicKey, sign, verify } from 'node:crypto';
import type { KeyObject } from 'node:crypto';
import type { Signer } from '../../../db/audit/anchor/anchors.ts';

/** The private key in a PEM file, which must be one of Ed25519 (RFC 8032); throws when it is another. */
export function readSigningKey(pem: Buffer | string): KeyObject {
  const key = createPrivateKey(pem);
  if (key.asymmetricKeyType !== 'ed25519') throw new Error('it is no key of Ed25519');
  return key;
}

/** Signs with this key. */
export function signerWith(key: KeyObject): Signer {
  return {
    publicKey: publicKeyOf(key),
    sign: (text) => sign(null, Buffer.from(text), key).toString('base64'),
  };
}

/** The public half of a key, in PEM. */
export function publicKeyOf(key: KeyObject): string {
  return createPublicKey(key).export({ type: 'spki', format: 'pem' }).toString();
}

/** Whether whoever has the private half of that key has signed this text. */
export function isSignedBy(publicKey: KeyObject, text: string, signature: Buffer): boolean {
  return verify(null, Buffer.from(text), publicKey, signature);
}
