import { dayInZone } from '../../db/calendars.ts';
import type { Desk } from '../../db/desk.ts';
import type { DoorRecords } from '../../db/door.ts';
import { papersOf, wordToSay } from '../../db/words.ts';
import { addressFor } from '../../domain/contact.ts';
import type { WordFigures } from '../../domain/message.ts';
import type { WordPlan } from '../../domain/plan-words.ts';
import { composeDisputeMail } from '../compose/dispute-mail.ts';
import { composed } from './compose-message.ts';
import { creditorIn } from './figures.ts';

/**
 * Composes what a person has to say about a dispute, and takes the right to send it; null when it is not to be said.
 *
 * Its words stand apart and may have been erased while it waited: then it is cancelled. The row is planned until here, so
 * whoever reads it before has the words from where they are kept, and nowhere else.
 */
export async function claimWord(
  desk: Desk,
  records: DoorRecords,
  { word, contactId, language }: NonNullable<WordPlan['ready']>,
): Promise<string | null> {
  const said = await wordToSay(desk.tx, word.messageId);
  const creditor = records.creditors.find(({ id }) => id === word.creditorId);
  const contact = records.contacts.find(({ id }) => id === contactId);
  const reached = records.view.contacts.find((candidate) => candidate.contactId === contactId);
  if (!said || !creditor || !contact || !reached)
    throw new Error(`the word ${word.messageId} is not planned, or its creditor or contact is not here`);

  const at = new Date(desk.now);
  const message = desk.tx.updateTable('message').where('id', '=', word.messageId);
  if (said.text === null) {
    await message.set({ state: 'cancelled', reason: 'erased', state_at: at }).execute();
    return null;
  }
  const papers = await papersOf(desk.tx, word.messageId);
  const figures: WordFigures = {
    template: 'dispute_word',
    language,
    today: dayInZone(creditor.zone, desk.now),
    creditor: creditorIn(creditor),
    debtorName: records.debtor.name,
    contact: {
      ...(contact.name ? { name: contact.name } : {}),
      ...(contact.email ? { email: contact.email } : {}),
    },
    ...(said.writtenBy === null ? {} : { writtenBy: said.writtenBy }),
    invoice: { number: said.invoice.number, term: said.invoice.term },
    contestedCents: said.contestedCents,
    currency: said.invoice.currency,
    reason: said.reason,
    reference: referenceOf(said.disputeId),
    text: said.text,
    ...(papers.length === 0 ? {} : { attachments: papers.map(({ name }) => name) }),
  };
  const { subject, html, text, sha256 } = composed(composeDisputeMail(figures));
  await message
    .set({
      state: 'claimed',
      reason: null,
      deferred_until: null,
      restart_at: null,
      contact_id: contactId,
      language,
      recipient: addressFor(reached, 'email') ?? '',
      figures: JSON.stringify(figures),
      subject,
      body_html: html,
      body_text: text,
      sha256,
      claimed_at: at,
      state_at: at,
    })
    .execute();
  return word.messageId;
}

/** By which people name a dispute to each other: the end of its id is random, and short enough to be read out. */
function referenceOf(disputeId: string): string {
  return `C-${disputeId.slice(-8).toUpperCase()}`;
}
