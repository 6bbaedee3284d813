import { performance } from 'node:perf_hooks';
import type { Selectable } from 'kysely';
import { atTheDesk } from '../../db/desk.ts';
import type { Desk } from '../../db/desk.ts';
import { readDoor } from '../../db/door.ts';
import { sealedMessage, sealedPaper } from '../../db/erasure/sealed-message.ts';
import type { House } from '../../db/house.ts';
import { codeOf } from '../../db/retrying.ts';
import type { MessageTable } from '../../db/schema.ts';
import { uuidv7 } from '../../db/uuid.ts';
import { contactFor, reachOf } from '../../domain/contact.ts';
import type { InternalNotice, MessageFigures } from '../../domain/message.ts';
import type { Instant } from '../../domain/time.ts';
import { composeInternalMail } from '../compose/internal-mail.ts';
import type { Workshop } from '../workshop.ts';
import { carry } from './carry.ts';
import { composeMessage, composed } from './compose-message.ts';
import type { Composed } from './compose-message.ts';
import { figuresFor } from './figures.ts';

/** In real time: the limits of carriers know no other. */
const againAfterMs = 60_000;

/**
 * Sends what is addressed to our own people: reminders of their tasks, and samples of what a debtor would get.
 *
 * It takes the same way as every message, claim, attempt, outcome, but no caps, no window and no step: nothing in it
 * concerns the debtor's patience. Says when to try again what could not leave; null when nothing stayed.
 */
export async function sendOwnMail(workshop: Workshop, debtorId: string): Promise<Instant | null> {
  const { house } = workshop;
  const planned = await house.db
    .selectFrom('message')
    .selectAll()
    .where('debtor_id', '=', debtorId)
    .where('state', '=', 'planned')
    .where('purpose', 'in', ['internal', 'sample'])
    .orderBy('id')
    .execute();
  for (const message of planned) {
    const started = performance.now();
    const carried = await claimOwn(workshop, debtorId, message).catch((fault: unknown) =>
      giveUp(workshop, message, fault),
    );
    if (carried) await carry(workshop, message.id, started);
  }
  if (planned.length === 0 || !(await somePlanned(house, debtorId))) return null;
  return (await house.clock.now()) + againAfterMs * house.clock.settings.speed;
}

/** A mail of our own that cannot be made must not stand between the debtor and his messages; one without a database waits. */
async function giveUp(
  { house, tell }: Workshop,
  message: Selectable<MessageTable>,
  fault: unknown,
): Promise<false> {
  if (codeOf(fault) !== undefined) throw fault;
  tell('a mail of our own cannot be composed', { messageId: message.id, fault: String(fault) });
  const at = new Date(await house.clock.now());
  await house.db
    .updateTable('message')
    .set({ state: 'cancelled', reason: 'cannot_be_composed', state_at: at })
    .where('id', '=', message.id)
    .where('state', '=', 'planned')
    .execute();
  return false;
}

/** A carrier that turned a mail away may take it later. */
async function somePlanned({ db }: House, debtorId: string): Promise<boolean> {
  const own = db
    .selectFrom('message')
    .select('id')
    .where('debtor_id', '=', debtorId)
    .where('state', '=', 'planned')
    .where('purpose', 'in', ['internal', 'sample']);
  return (await own.limit(1).executeTakeFirst()) !== undefined;
}

/** Composes and claims one of them; false when another delivery has it, or it became a document that nobody has to carry. */
async function claimOwn(
  { house }: Workshop,
  debtorId: string,
  message: Selectable<MessageTable>,
): Promise<boolean> {
  return atTheDesk(house, [debtorId], async (desk) => {
    const { state } = await desk.tx
      .selectFrom('message')
      .select('state')
      .where('id', '=', message.id)
      .executeTakeFirstOrThrow();
    if (state !== 'planned') return false;
    await desk.tx.deleteFrom('message_part').where('message_id', '=', message.id).execute();
    const { figures, parts, contactId } =
      message.purpose === 'internal' ? internal(message) : await sample(desk, house, debtorId, message);
    const at = new Date(desk.now);
    const plain = {
      recipient: message.recipient,
      subject: parts.subject,
      body_html: parts.html,
      body_text: parts.text,
      figures: JSON.stringify(figures),
    };
    // A sample names the contact to whom it does not go.
    const kept =
      contactId === null ? plain : await sealedMessage(desk.tx, contactId, message.channel, plain, at);
    const byMail =
      parts.pdf === null &&
      (message.channel === 'email' || message.channel === 'sms' || message.channel === 'internal');
    const documentId = parts.pdf ? uuidv7() : null;
    if (documentId && parts.pdf)
      await desk.tx
        .insertInto('document')
        .values({
          id: documentId,
          kind: 'sample',
          name: 'specimen.pdf',
          media_type: 'application/pdf',
          bytes: contactId === null ? parts.pdf : await sealedPaper(desk.tx, contactId, parts.pdf, at),
          sha256: parts.sha256,
          at,
        })
        .execute();
    for (const part of parts.inline)
      await desk.tx
        .insertInto('message_part')
        .values({ message_id: message.id, cid: part.cid, media_type: part.contentType, bytes: part.bytes })
        .execute();
    await desk.tx
      .updateTable('message')
      .set({
        ...kept,
        document_id: documentId,
        sha256: parts.sha256,
        state: byMail ? 'claimed' : 'delivered',
        provider: byMail ? null : 'outbox',
        claimed_at: at,
        state_at: at,
      })
      .where('id', '=', message.id)
      .execute();
    return byMail;
  });
}

interface OwnMail {
  readonly figures: InternalNotice | MessageFigures;
  readonly parts: Composed;
  /** The contact whom it names. */
  readonly contactId: string | null;
}

function internal(message: Selectable<MessageTable>): OwnMail {
  const notice = message.figures as InternalNotice;
  return { figures: notice, parts: composed(composeInternalMail(notice)), contactId: null };
}

/** What the debtor would get today for that step, whatever the state of the invoice. */
async function sample(
  { tx, now }: Desk,
  house: House,
  debtorId: string,
  message: Selectable<MessageTable>,
): Promise<OwnMail> {
  const line = await tx
    .selectFrom('message_line')
    .select('invoice_id')
    .where('message_id', '=', message.id)
    .executeTakeFirst();
  const { level, channel: way } = message;
  const shown = line && level ? [{ invoice_id: line.invoice_id, level, channel: way }] : [];
  const records = await readDoor(tx, house, debtorId, now, shown);
  const channel = message.channel === 'internal' ? 'email' : message.channel;
  const contact =
    records && (contactFor(records.view.contacts, reachOf(channel), 'billing') ?? records.view.contacts[0]);
  if (!records || !contact || !line || !message.creditor_id || !message.level)
    throw new Error(`sample ${message.id} names no debtor, contact, invoice or level`);
  const language = message.language === 'en' ? 'en' : 'fr';
  const occasion = {
    creditorId: message.creditor_id,
    contactId: contact.contactId,
    channel,
    language,
    level: message.level,
    template: message.template,
    taking: new Set([line.invoice_id]),
  } as const;
  const { figures } = figuresFor(records, occasion);
  return { figures, parts: await composeMessage(figures), contactId: contact.contactId };
}
