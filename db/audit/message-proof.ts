import type { MessageTable } from '../schema.ts';
import type { Selectable } from 'kysely';
import { saltedHashOf, sha256Of } from '../sha256.ts';

/** What the proof of a message is made of; `salt` is null in rows of before there were proofs. */
export type WhatLeft = Pick<Selectable<MessageTable>, 'salt' | 'channel' | 'recipient' | 'sha256'>;

/**
 * The proof of what left, as the journal keeps it: whom it went to, by which channel, and the hash of its bytes.
 *
 * The row of a message can be written anew by whoever holds the database, its hash with it; the entry that names this
 * digest can't. Its salt stands in the row and goes with the content when that is erased: then nobody can find out by trying
 * what was said, or to whom. SHA-256 over lines: the salt, the channel, the SHA-256 of salt and recipient, the hash of the bytes. Null
 * without a salt.
 */
export function messageProof({ salt, channel, recipient, sha256 }: WhatLeft): string | null {
  if (salt === null) return null;
  return sha256Of([salt, channel, saltedHashOf(salt, recipient), sha256].join('\n'));
}

/** The same as the field of a fact or a note; no field where there is no salt. */
export function proofOf(message: WhatLeft): { readonly messageProof?: string } {
  const proof = messageProof(message);
  return proof === null ? {} : { messageProof: proof };
}

/** Everything that a message consists of, whatever its channel. */
export interface Content {
  readonly subject: string | null;
  readonly html: string | null;
  readonly text: string | null;
  /** By their content ids. */
  readonly inline: readonly { readonly bytes: Buffer }[];
  readonly pdf: Buffer | null;
}

/** SHA-256 over the bytes of a message: subject, HTML and text, each with a zero behind it, then pictures and paper. */
export function contentDigest({ subject, html, text, inline, pdf }: Content): string {
  const texts = [subject, html, text].flatMap((part) => [part ?? '', '\0']);
  return sha256Of(...texts, ...inline.map(({ bytes }) => bytes), pdf ?? '');
}
