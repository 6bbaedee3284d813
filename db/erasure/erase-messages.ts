import type { Desk } from '../desk.ts';
import { beginningOf } from './sealed-value.ts';

/** What an erased message holds: nothing but when it left, by which way, at what level, and its lines. */
const emptyMessage = {
  recipient: '',
  recipient_mark: null,
  subject: null,
  body_html: null,
  body_text: null,
  figures: '{}',
  sha256: '',
  salt: null,
} as const;

/**
 * Empties every message to a contact, its letter and its pictures, and the samples that name him though they went to one
 * of us; their ids. A draft without its reader is given up: the door composes another for whoever is there.
 */
export async function eraseMessages(
  desk: Desk,
  contactId: string,
  keyIds: readonly string[],
): Promise<{ readonly messageIds: readonly string[]; readonly documentIds: readonly string[] }> {
  const at = new Date(desk.now);
  const rows = await desk.tx
    .updateTable('message')
    .set({ ...emptyMessage, erased_at: at })
    .where(({ and, eb, or }) =>
      or([
        eb('contact_id', '=', contactId),
        ...keyIds.map((id) => and([eb('purpose', '=', 'sample'), eb('recipient', 'like', beginningOf(id))])),
      ]),
    )
    .where('erased_at', 'is', null)
    .returning(['id', 'document_id'])
    .execute();
  const messageIds = rows.map(({ id }) => id);
  const documentIds = rows.flatMap(({ document_id: id }) => id ?? []);
  if (documentIds.length > 0)
    await desk.tx
      .updateTable('document')
      .set({ bytes: Buffer.alloc(0), sha256: '', erased_at: at })
      .where('id', 'in', documentIds)
      .execute();
  if (messageIds.length === 0) return { messageIds, documentIds };
  await desk.tx.deleteFrom('message_part').where('message_id', 'in', messageIds).execute();
  await desk.tx
    .updateTable('message')
    .set({ state: 'cancelled', reason: 'erased', state_at: at })
    .where('id', 'in', messageIds)
    .where('state', '=', 'planned')
    .execute();
  return { messageIds, documentIds };
}
