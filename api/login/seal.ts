import { createCipheriv, createDecipheriv, randomBytes } from 'node:crypto';
import { sha256Of } from '../../db/sha256.ts';

/**
 * Seals what the database must keep and nobody who reads it may use: the secrets of second factors.
 *
 * AES-256-GCM; `about` (whose secret it is) is sealed in, so that one can't be put in the place of another. The first key
 * seals, all open: a new one is put before the old, which goes once nothing is sealed with it.
 */
export interface Seal {
  seal(text: string, about: string): string;
  /** Throws when it was changed, belongs to something else, or its key is not among ours. */
  open(sealed: string, about: string): string;
}

/** `keys` as the setting LOGIN_KEYS holds them: 32 bytes each. */
export function sealWith(keys: readonly Buffer[]): Seal {
  const byName = new Map(keys.map((key) => [nameOf(key), key]));
  const [first] = byName;
  if (!first) throw new Error('a seal needs a key');
  return {
    seal: (text, about) => {
      const [name, key] = first;
      const nonce = randomBytes(12);
      const cipher = createCipheriv('aes-256-gcm', key, nonce).setAAD(Buffer.from(about));
      const sealed = Buffer.concat([cipher.update(text, 'utf8'), cipher.final(), cipher.getAuthTag()]);
      return ['v1', name, nonce.toString('base64url'), sealed.toString('base64url')].join('.');
    },
    open: (text, about) => {
      const [version, name = '', nonce = '', sealed = ''] = text.split('.');
      const key = byName.get(name);
      if (version !== 'v1' || !key) throw new Error(`sealed with a key that is not among ours (${name})`);
      const bytes = Buffer.from(sealed, 'base64url');
      const decipher = createDecipheriv('aes-256-gcm', key, Buffer.from(nonce, 'base64url'), {
        authTagLength: 16,
      });
      decipher.setAAD(Buffer.from(about)).setAuthTag(bytes.subarray(-16));
      return Buffer.concat([decipher.update(bytes.subarray(0, -16)), decipher.final()]).toString('utf8');
    },
  };
}

function nameOf(key: Buffer): string {
  return sha256Of(key).slice(0, 8);
}
