import type { Db, Tx } from '../database.ts';
import type { Channel } from '../../domain/message.ts';
import { addressSecret, markOf } from './erased-marks.ts';
import { keyOfContact } from './key-of-contact.ts';
import type { PersonKey } from './person-keys.ts';
import { sealedBytes, sealedJson, sealedText } from './sealed-value.ts';

/** What of a message names or addresses a person. */
export interface PersonalColumns {
  readonly recipient: string;
  readonly subject: string | null;
  readonly body_html: string | null;
  readonly body_text: string | null;
  /** As JSON. */
  readonly figures: string;
}

/** The same columns as they are kept; readers get them opened. */
export interface SealedColumns extends PersonalColumns {
  readonly recipient_mark: string | null;
  readonly sealed_at: Date;
}

/** Seals a message with the key of the contact whom it is to. */
export async function sealedMessage(
  tx: Tx,
  contactId: string,
  channel: Channel,
  plain: PersonalColumns,
  at: Date,
): Promise<SealedColumns> {
  const person = await keyOfContact(tx, contactId, at);
  const { id, key } = person;
  const text = (value: string): string => sealedText(id, key, value);
  return {
    recipient: text(plain.recipient),
    subject: plain.subject === null ? null : text(plain.subject),
    body_html: plain.body_html === null ? null : text(plain.body_html),
    body_text: plain.body_text === null ? null : text(plain.body_text),
    figures: sealedJson(id, key, plain.figures),
    recipient_mark: channel === 'sms' ? await recipientMark(tx, plain.recipient) : null,
    sealed_at: at,
  };
}

/** Seals the bytes of a paper with the key of the contact whom it is to. */
export async function sealedPaper(tx: Tx, contactId: string, bytes: Buffer, at: Date): Promise<Buffer> {
  const { id, key }: PersonKey = await keyOfContact(tx, contactId, at);
  return sealedBytes(id, key, bytes);
}

/**
 * By what a text message is found again by the number that it went to, which is sealed: a keyed hash, so that nobody who
 * has a copy of the messages alone can try all numbers.
 */
export async function recipientMark(db: Db | Tx, recipient: string): Promise<string> {
  return markOf(await addressSecret(db), recipient);
}
