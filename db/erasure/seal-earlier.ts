import { sql } from 'kysely';
import type { Db } from '../database.ts';
import { keyOfContact } from './key-of-contact.ts';
import { sealedMessage } from './sealed-message.ts';
import { keyIdOf, sealedBytes } from './sealed-value.ts';

/**
 * Seals messages and letters of before there were keys, some at a time; how many, 0 when none is left in clear.
 *
 * One that is being sent is left for the next time. Two processes that do it at once take different rows.
 */
export async function sealEarlier(db: Db, at: Date, most = 100): Promise<number> {
  return db.transaction().execute(async (tx) => {
    const rows = await tx
      .selectFrom('message')
      .select(['id', 'contact_id', 'channel', 'recipient', 'subject', 'body_html', 'body_text', 'figures'])
      .select('document_id')
      .where('sealed_at', 'is', null)
      .where('erased_at', 'is', null)
      .where('contact_id', 'is not', null)
      .where('state', '!=', 'claimed')
      .orderBy('id')
      .limit(most)
      .forUpdate()
      .skipLocked()
      .execute();
    for (const { id, contact_id: contactId, channel, document_id: documentId, ...plain } of rows) {
      if (contactId === null) continue;
      const figures = JSON.stringify(plain.figures);
      const sealed = await sealedMessage(tx, contactId, channel, { ...plain, figures }, at);
      await tx.updateTable('message').set(sealed).where('id', '=', id).execute();
      if (documentId !== null) await sealPaper(tx, contactId, documentId, at);
    }
    return rows.length;
  });
}

async function sealPaper(
  tx: Parameters<typeof keyOfContact>[0],
  contactId: string,
  documentId: string,
  at: Date,
): Promise<void> {
  const { rows } = await sql<{ bytes: Buffer; beginning: string }>`
    select bytes, encode(substring(bytes for 16), 'escape') as beginning from document where id = ${documentId}`.execute(
    tx,
  );
  const [paper] = rows;
  // Read through the connection that opens: sealed already, it begins with the mark all the same.
  if (!paper || paper.beginning.startsWith('relance-sealed-1') || keyIdOf(paper.bytes) !== undefined) return;
  const { id, key } = await keyOfContact(tx, contactId, at);
  const bytes = sealedBytes(id, key, paper.bytes);
  await tx.updateTable('document').set({ bytes }).where('id', '=', documentId).execute();
}
