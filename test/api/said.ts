import { createHash } from 'node:crypto';
import { composeMail } from '../../activities/compose/mail.ts';
import { composeLetter } from '../../activities/compose/letter.ts';
import { composeSms } from '../../activities/compose/sms.ts';
import { composeCallScript } from '../../activities/compose/call-script.ts';
import { uuidv7 } from '../../db/uuid.ts';
import type { MessageState } from '../../db/schema.ts';
import type { Channel, MessageFigures } from '../../domain/message.ts';
import { figuresOf, formalNotice } from '../activities/compose/figures.ts';
import type { Office } from '../setup/office.ts';

interface Said {
  readonly invoiceId: string;
  readonly debtorId: string;
  readonly creditorId: string;
  readonly channel?: Channel;
  readonly state?: MessageState;
  readonly requestId?: string | null;
  readonly purpose?: 'contact' | 'internal' | 'sample';
  readonly subject?: string;
}

/** A message as the door leaves it: composed for real, stored with its parts, about one invoice. Returns its id. */
export async function say(office: Office, given: Said): Promise<string> {
  const { channel = 'email', state = 'delivered', purpose = 'contact' } = given;
  const id = uuidv7();
  const at = new Date(await office.clock.now());
  const bytes = await composed(channel, office, at);
  await office.house.db
    .insertInto('message')
    .values({
      id,
      key: `test/${id}`,
      purpose,
      creditor_id: given.creditorId,
      debtor_id: given.debtorId,
      channel,
      language: 'fr',
      level: bytes.figures.level,
      template: bytes.figures.template,
      state,
      planned_at: at,
      claimed_at: state === 'planned' ? null : at,
      state_at: at,
      figures: JSON.stringify(bytes.figures),
      recipient: bytes.recipient,
      subject: given.subject ?? bytes.subject,
      body_html: bytes.html,
      body_text: bytes.text,
      document_id: bytes.documentId,
      sha256: createHash('sha256').update(JSON.stringify(bytes)).digest('hex'),
      provider: 'outbox',
    })
    .execute();
  for (const part of bytes.inline)
    await office.house.db
      .insertInto('message_part')
      .values({ message_id: id, cid: part.cid, media_type: part.contentType, bytes: part.bytes })
      .execute();
  const { currency: _, ...sums } = { currency: 'EUR', balance_cents: 120_000, asked_cents: 120_000 };
  const line = {
    message_id: id,
    invoice_id: given.invoiceId,
    request_id: given.requestId ?? null,
    fact: 1,
    ...sums,
    open: state === 'planned',
  };
  await office.house.db.insertInto('message_line').values(line).execute();
  return id;
}

async function composed(channel: Channel, office: Office, at: Date) {
  const none = { html: null, text: null, subject: null, inline: [], documentId: null };
  if (channel === 'sms') {
    const figures = figuresOf({ channel, template: 'sms_reminder', level: 'reminder' });
    return { ...none, figures, recipient: '+33600000000', text: composeSms(figures) };
  }
  if (channel === 'call') {
    const figures = figuresOf({ channel, template: 'call_script' });
    return { ...none, figures, recipient: '+33472000000', text: composeCallScript(figures) };
  }
  if (channel === 'letter' || channel === 'registered_letter') {
    const figures = formalNotice({ channel });
    return {
      ...none,
      figures,
      recipient: figures.debtor.addressLines.join('\n'),
      subject: 'Mise en demeure',
      documentId: await keep(office, figures, at),
    };
  }
  const figures: MessageFigures = figuresOf();
  const mail = await composeMail(figures);
  return {
    ...none,
    figures,
    recipient: 'compta@vercors.example',
    subject: mail.subject,
    html: mail.html,
    text: mail.text,
    inline: mail.inline,
  };
}

async function keep(office: Office, figures: MessageFigures, at: Date): Promise<string> {
  const id = uuidv7();
  const bytes = await composeLetter(figures);
  const sha256 = createHash('sha256').update(bytes).digest('hex');
  await office.house.db
    .insertInto('document')
    .values({
      id,
      kind: 'letter',
      name: 'Mise en demeure – F2026-0117.pdf',
      media_type: 'application/pdf',
      bytes,
      sha256,
      at,
    })
    .execute();
  return id;
}
