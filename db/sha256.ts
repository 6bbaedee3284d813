import { createHash, randomBytes } from 'node:crypto';

/**
 * The SHA-256 of these parts, one behind the other, in hexadecimal: by it the journal, lists of files and columns name bytes
 * and texts, and say later whether they are still the same.
 */
export function sha256Of(...parts: readonly (string | Uint8Array)[]): string {
  const hash = createHash('sha256');
  for (const part of parts) hash.update(part);
  return hash.digest('hex');
}

/** A new salt: 128 random bits, in hexadecimal. */
export function newSalt(): string {
  return randomBytes(16).toString('hex');
}

/** SHA-256 over a salt, a line feed and a text: it proves what was said, and whoever lacks the salt finds nothing by trying. */
export function saltedHashOf(salt: string, text: string): string {
  return sha256Of(`${salt}\n${text}`);
}
