import { createHash, randomBytes } from 'node:crypto';

/**
 * A secret that opens something by being shown: a session, a one-time link, the way back from a login elsewhere.
 *
 * 256 bits of chance, given out once; the database has the SHA-256 alone, which is enough because nobody can try so many.
 */
export interface Token {
  readonly token: string;
  readonly sha256: Buffer;
}

export function newToken(): Token {
  const token = randomBytes(32).toString('base64url');
  return { token, sha256: hashOfToken(token) };
}

/** As the columns have it that say by which secret something opens. */
export function hashOfToken(token: string): Buffer {
  return createHash('sha256').update(token).digest();
}
