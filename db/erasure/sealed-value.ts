import { KeyObject } from 'node:crypto';
import { openBytes, sealBytes } from '../sealed-bytes.ts';
import type { FoundKey } from './person-keys.ts';

/**
 * A value that is sealed with the key of the person whom it names, as its column holds it.
 *
 * A text says so of itself, and names the key; what it opens to was a text or JSON. Bytes begin with a mark and the key.
 * Once the key is destroyed nobody can read any copy of it, not in a backup either.
 */
const mark = 'sealed:1:';
const bytesMark = Buffer.from('relance-sealed-1');
const keyIdLength = 36;

/** What stands for a text that does not open with its key: it, or the key, was changed or taken away. */
const illegible = '\uFFFD illegible';

/** Whether a text that was read is none, but says why it cannot be. */
export function isIllegible(text: string | null): boolean {
  return text?.startsWith('\uFFFD ') === true;
}

export function sealedText(keyId: string, key: KeyObject, plain: string): string {
  return `${mark}${keyId}:t:${sealBytes(key, [mark, keyId], Buffer.from(plain)).toString('base64')}`;
}

/** JSON, as the text of a JSON string: what a `jsonb` column takes. */
export function sealedJson(keyId: string, key: KeyObject, plain: string): string {
  const sealed = sealBytes(key, [mark, keyId], Buffer.from(plain)).toString('base64');
  return JSON.stringify(`${mark}${keyId}:j:${sealed}`);
}

export function sealedBytes(keyId: string, key: KeyObject, plain: Buffer): Buffer {
  return Buffer.concat([bytesMark, Buffer.from(keyId), sealBytes(key, [mark, keyId], plain)]);
}

/** How every text begins that is sealed with that key, for `like`. */
export function beginningOf(keyId: string): string {
  return `${mark}${keyId}:%`;
}

/** The key that a value is sealed with; undefined for one in clear. */
export function keyIdOf(value: unknown): string | undefined {
  if (typeof value === 'string')
    return value.startsWith(mark) ? value.slice(mark.length, mark.length + keyIdLength) : undefined;
  if (!Buffer.isBuffer(value) || !value.subarray(0, bytesMark.length).equals(bytesMark)) return undefined;
  return value.toString('latin1', bytesMark.length, bytesMark.length + keyIdLength);
}

/**
 * What a sealed value holds: empty where its key was destroyed, `illegible` where it does not open. Where what wraps the key is
 * not in the ring of this process, the text says so, and what to do.
 *
 * One that was changed must not hide the others: lists and `verify` go on, and name it by its hash. Nobody sends it.
 */
export function openedValue(value: string | Buffer, found: FoundKey): unknown {
  const keyId = keyIdOf(value) ?? '';
  const key = found instanceof KeyObject ? found : undefined;
  if (Buffer.isBuffer(value)) {
    const sealed = value.subarray(bytesMark.length + keyIdLength);
    return (key && openBytes(key, [mark, keyId], sealed)) ?? Buffer.alloc(0);
  }
  const isJson = value.startsWith('j:', mark.length + keyIdLength + 1);
  if (found === 'destroyed') return isJson ? {} : '';
  const sealed = Buffer.from(value.slice(mark.length + keyIdLength + 3), 'base64');
  const plain = key && openBytes(key, [mark, keyId], sealed);
  if (isJson) return plain ? (JSON.parse(plain.toString('utf8')) as unknown) : {};
  if (plain) return plain.toString('utf8');
  return typeof found === 'object' && 'wrappedBy' in found
    ? `\uFFFD illegible without the key ${found.wrappedBy}, which is not in the ring of this process: put it back into its PAYLOAD_KEYS_FILE`
    : illegible;
}
