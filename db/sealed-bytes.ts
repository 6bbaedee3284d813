import { createCipheriv, createDecipheriv, randomBytes } from 'node:crypto';
import type { KeyObject } from 'node:crypto';

const cipher = 'aes-256-gcm';
const ivBytes = 12;
const tagBytes = 16;

/**
 * Seals bytes with a key, as `iv | ciphertext | tag` of AES-256-GCM, bound to what `about` says: elsewhere they do not open.
 *
 * The IV is random: a key is good for four thousand million of them, which is a hundred years of a large house.
 */
export function sealBytes(key: KeyObject, about: readonly string[], plain: Uint8Array): Buffer {
  const iv = randomBytes(ivBytes);
  const sealing = createCipheriv(cipher, key, iv, { authTagLength: tagBytes });
  sealing.setAAD(boundTo(about));
  return Buffer.concat([iv, sealing.update(plain), sealing.final(), sealing.getAuthTag()]);
}

/** Opens what was sealed; undefined when it was changed, belongs elsewhere, or was sealed with another key. */
export function openBytes(key: KeyObject, about: readonly string[], sealed: Buffer): Buffer | undefined {
  if (sealed.length < ivBytes + tagBytes) return undefined;
  const opening = createDecipheriv(cipher, key, sealed.subarray(0, ivBytes), { authTagLength: tagBytes });
  opening.setAAD(boundTo(about));
  opening.setAuthTag(sealed.subarray(-tagBytes));
  try {
    return Buffer.concat([opening.update(sealed.subarray(ivBytes, -tagBytes)), opening.final()]);
  } catch {
    return undefined;
  }
}

function boundTo(about: readonly string[]): Buffer {
  return Buffer.from(JSON.stringify(about));
}
