import type { Tx } from './database.ts';
import { newSalt, saltedHashOf } from './sha256.ts';
import { uuidv7 } from './uuid.ts';

/** A free text as the journal names it: nothing of what it says, and proof of what it said. */
export interface TextRef {
  readonly textId: string;
  /** SHA-256 over the salt, a line feed and the text. */
  readonly sha256: string;
}

/**
 * Keeps the words of people outside the journal: notes, descriptions of disputes, reasons in full.
 *
 * Facts and entries carry the id and a salted hash, so that a text can be erased for good and the chain still holds;
 * the salt, which goes with the text, keeps anybody from guessing a short one by its hash.
 */
export async function keepText(tx: Tx, subject: string, content: string): Promise<TextRef> {
  const salt = newSalt();
  const textId = uuidv7();
  const sha256 = saltedHashOf(salt, content);
  await tx.insertInto('private_text').values({ id: textId, subject, salt, sha256, content }).execute();
  return { textId, sha256 };
}
