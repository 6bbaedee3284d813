import { dayInZone } from '../../db/calendars.ts';
import type { Desk } from '../../db/desk.ts';
import { ourselves } from '../../db/desk.ts';
import { discountToSay } from '../../db/discount-words.ts';
import type { DiscountToSay } from '../../db/discount-words.ts';
import type { DoorRecords } from '../../db/door.ts';
import { sealedMessage } from '../../db/erasure/sealed-message.ts';
import { newSalt } from '../../db/sha256.ts';
import { uuidv7 } from '../../db/uuid.ts';
import { noteWord, papersOf, wordToSay } from '../../db/words.ts';
import type { WordToSay } from '../../db/words.ts';
import { dayAt } from '../../domain/calendar.ts';
import { addressFor } from '../../domain/contact.ts';
import type { DiscountFigures, WordFigures } from '../../domain/message.ts';
import type { WordPlan } from '../../domain/plan-words.ts';
import { taskDueOn } from '../../domain/task.ts';
import { composeDiscountLetter, composeDiscountMail } from '../compose/discount-message.ts';
import { composeDisputeMail } from '../compose/dispute-mail.ts';
import { composed } from './compose-message.ts';
import type { Composed } from './compose-message.ts';
import { creditorIn, paymentReferenceOf } from './figures.ts';
import { writeLetter } from './write-message.ts';

type Ready = NonNullable<WordPlan['ready']>;

/** Who says it, to whom, and on which day. */
type Said = Pick<WordFigures, 'language' | 'today' | 'creditor' | 'contact'>;

/**
 * Composes what is to be said about a dispute or a discount, and takes the right to send it; null when nothing has to be
 * carried: it is not to be said, or it became a letter for a person to post.
 *
 * Its words stand apart and may have been erased while it waited: then it is cancelled. The row is planned until here, so
 * whoever reads it before has the words from where they are kept, and nowhere else.
 */
export async function claimWord(desk: Desk, records: DoorRecords, ready: Ready): Promise<string | null> {
  const { word, contactId, channel, language } = ready;
  const { messageId } = word;
  const [aboutDispute, aboutDiscount] = [
    await wordToSay(desk.tx, messageId),
    await discountToSay(desk.tx, messageId),
  ];
  const reached = records.view.contacts.find((candidate) => candidate.contactId === contactId);
  const at = new Date(desk.now);
  const message = desk.tx.updateTable('message').where('id', '=', messageId);
  if (aboutDispute?.text === null) {
    await message.set({ state: 'cancelled', reason: 'erased', state_at: at }).execute();
    return null;
  }
  const { figures, parts } = aboutDispute
    ? await disputeParts(desk, records, ready, aboutDispute)
    : aboutDiscount
      ? await discountParts(records, ready, aboutDiscount)
      : missing(messageId);
  const isLetter = channel === 'letter';
  // Planned again after a carrier turned it away, it has the picture of its first try.
  await desk.tx.deleteFrom('message_part').where('message_id', '=', messageId).execute();
  for (const { cid, contentType, bytes } of parts.inline)
    await desk.tx
      .insertInto('message_part')
      .values({ message_id: messageId, cid, media_type: contentType, bytes })
      .execute();
  const name = `${language === 'fr' ? 'remise' : 'discount'}-${figures.today}.pdf`;
  const documentId = parts.pdf
    ? await writeLetter(desk, contactId, { name, bytes: parts.pdf, sha256: parts.sha256 })
    : null;
  const left = {
    salt: newSalt(),
    channel,
    recipient: (reached && addressFor(reached, channel)) ?? '',
    sha256: parts.sha256,
  };
  const sealed = await sealedMessage(
    desk.tx,
    contactId,
    channel,
    {
      recipient: left.recipient,
      subject: parts.subject,
      body_html: parts.html,
      body_text: parts.text,
      figures: JSON.stringify(figures),
    },
    at,
  );
  await message
    .set({
      state: isLetter ? 'accepted' : 'claimed',
      ...(isLetter ? { provider: 'person' } : {}),
      reason: null,
      deferred_until: null,
      restart_at: null,
      contact_id: contactId,
      language,
      ...left,
      ...sealed,
      document_id: documentId,
      claimed_at: at,
      state_at: at,
    })
    .execute();
  if (!isLetter) return messageId;
  await noteWord(desk, { id: messageId, ...left }, 'wordHanded');
  await askToPost(desk, word.invoiceId, messageId);
  return null;
}

async function disputeParts(
  desk: Desk,
  records: DoorRecords,
  ready: Ready,
  said: WordToSay,
): Promise<{ figures: WordFigures; parts: Composed }> {
  const papers = await papersOf(desk.tx, said.messageId);
  const figures: WordFigures = {
    template: 'dispute_word',
    ...saidTo(records, ready),
    debtorName: records.debtor.name,
    ...(said.writtenBy === null ? {} : { writtenBy: said.writtenBy }),
    invoice: { number: said.invoice.number, term: said.invoice.term },
    contestedCents: said.contestedCents,
    currency: said.invoice.currency,
    reason: said.reason,
    reference: referenceOf(said.disputeId),
    text: said.text ?? '',
    ...(papers.length === 0 ? {} : { attachments: papers.map(({ name }) => name) }),
  };
  return { figures, parts: composed(composeDisputeMail(figures)) };
}

async function discountParts(
  records: DoorRecords,
  ready: Ready,
  { says, invoice: { currency, ...invoice }, ...offer }: DiscountToSay,
): Promise<{ figures: DiscountFigures; parts: Composed }> {
  const { debtor } = records;
  const reached = records.view.contacts.find(({ contactId }) => contactId === ready.contactId);
  const address = reached && addressFor(reached, 'letter');
  const figures: DiscountFigures = {
    template: says === 'offered' ? 'discount_offer' : 'discount_taken',
    says,
    ...saidTo(records, ready),
    channel: ready.channel,
    debtor: {
      name: debtor.name,
      ...(debtor.siren ? { siren: debtor.siren } : {}),
      addressLines: address ? address.split('\n') : [],
      country: debtor.country,
    },
    invoice,
    currency,
    payCents: offer.payCents,
    discountCents: offer.discountCents,
    payBy: offer.payBy,
    paymentReference: paymentReferenceOf(debtor.id, ready.word.creditorId),
  };
  if (ready.channel === 'letter')
    return { figures, parts: composed({ pdf: await composeDiscountLetter(figures) }) };
  return { figures, parts: composed(composeDiscountMail(figures)) };
}

function saidTo(records: DoorRecords, { word, contactId, language }: Ready): Said {
  const creditor = records.creditors.find(({ id }) => id === word.creditorId);
  const contact = records.contacts.find(({ id }) => id === contactId);
  if (!creditor || !contact) return missing(word.messageId);
  return {
    language,
    today: dayInZone(creditor.zone, records.view.now),
    creditor: creditorIn(creditor),
    contact: {
      ...(contact.name ? { name: contact.name } : {}),
      ...(contact.email ? { email: contact.email } : {}),
    },
  };
}

function missing(messageId: string): never {
  throw new Error(`the word ${messageId} is not planned, or its creditor or contact is not here`);
}

/** No step waits for this letter: whoever posts it says so, and that is all. */
async function askToPost(desk: Desk, invoiceId: string, messageId: string): Promise<void> {
  const file = await desk.file(invoiceId);
  if (!file) throw new Error(`message ${messageId} has no invoice`);
  const taskId = uuidv7();
  const dueOn = taskDueOn(file.collection, 'post', dayAt(file.collection.calendar, desk.now));
  await desk.state(
    invoiceId,
    { type: 'taskOpened', taskId, task: 'post', about: messageId, dueOn },
    ourselves,
  );
  await desk.tx.updateTable('task').set({ message_id: messageId }).where('id', '=', taskId).execute();
}

/** By which people name a dispute to each other: the end of its id is random, and short enough to be read out. */
function referenceOf(disputeId: string): string {
  return `C-${disputeId.slice(-8).toUpperCase()}`;
}
