import { proofOf } from '../../db/audit/message-proof.ts';
import type { Desk } from '../../db/desk.ts';
import type { DoorRecords } from '../../db/door.ts';
import { sealedMessage, sealedPaper } from '../../db/erasure/sealed-message.ts';
import { newSalt, sha256Of } from '../../db/sha256.ts';
import { uuidv7 } from '../../db/uuid.ts';
import { addressFor, reachOf } from '../../domain/contact.ts';
import type { Group } from '../../domain/plan-contacts.ts';
import type { Composed } from './compose-message.ts';
import type { Figures } from './figures.ts';

/** A message as it was written, and its proof for the journal. */
export interface Written {
  readonly id: string;
  readonly proof: ReturnType<typeof proofOf>;
}

/** Writes a message with its lines, parts and paper, as a draft (`planned`) or as what leaves now (`claimed`). */
export async function writeMessage(
  desk: Desk,
  records: DoorRecords,
  group: Group,
  { figures, invoices }: Figures,
  composed: Composed,
  state: 'planned' | 'claimed',
): Promise<Written> {
  const id = uuidv7();
  const at = new Date(desk.now);
  const contact = records.view.contacts.find((candidate) => candidate.contactId === group.contactId);
  const recipient = (contact && addressFor(contact, reachOf(group.channel))) ?? '';
  const documentId = composed.pdf
    ? await writeLetter(desk, group.contactId, {
        name: nameOf(group, figures),
        bytes: composed.pdf,
        sha256: composed.sha256,
      })
    : null;
  const left = { salt: newSalt(), channel: group.channel, recipient, sha256: composed.sha256 };
  const sealed = await sealedMessage(
    desk.tx,
    group.contactId,
    group.channel,
    {
      recipient,
      subject: composed.subject,
      body_html: composed.html,
      body_text: composed.text,
      figures: JSON.stringify(figures),
    },
    at,
  );
  await desk.tx
    .insertInto('message')
    .values({
      id,
      key: await messageKey(desk, group, state),
      purpose: 'contact',
      creditor_id: group.creditorId,
      debtor_id: records.debtor.id,
      contact_id: group.contactId,
      language: group.language,
      level: group.level,
      template: figures.template,
      state,
      planned_at: at,
      claimed_at: state === 'claimed' ? at : null,
      state_at: at,
      ...left,
      ...sealed,
      document_id: documentId,
    })
    .execute();
  for (const part of composed.inline)
    await desk.tx
      .insertInto('message_part')
      .values({ message_id: id, cid: part.cid, media_type: part.contentType, bytes: part.bytes })
      .execute();

  const requestOf = new Map(group.requests.map((request) => [request.invoiceId, request.requestId]));
  const lines = invoices.map(({ row, collection }, place) => ({
    message_id: id,
    invoice_id: row.id,
    request_id: requestOf.get(row.id) ?? null,
    fact: collection.fact,
    balance_cents: collection.balanceCents,
    asked_cents: figures.lines[place]?.askedCents ?? 0,
    open: requestOf.has(row.id),
    interest_cents: figures.lines[place]?.claim?.interest?.cents ?? null,
    lump_sum_cents: figures.lines[place]?.claim?.lumpSumCents ?? null,
  }));
  await desk.tx.insertInto('message_line').values(lines).execute();
  if (state === 'claimed')
    await desk.tx
      .updateTable('contact_request')
      .set({ state: 'claimed' })
      .where('id', 'in', [...requestOf.values()])
      .execute();
  return { id, proof: proofOf(left) };
}

/** One key per set of requests and try: a second message for the same askings can only come after the first was given up. */
async function messageKey(desk: Desk, group: Group, state: 'planned' | 'claimed'): Promise<string> {
  const [first, ...others] = [...group.requests].sort((a, b) => (a.requestId < b.requestId ? -1 : 1));
  if (!first) throw new Error('a message needs a request');
  const hash = sha256Of([first, ...others].map((request) => request.requestId).join('|')).slice(0, 32);
  const { tries } = await desk.tx
    .selectFrom('message_line')
    .select(({ fn }) => fn.countAll<number>().as('tries'))
    .where('invoice_id', '=', first.invoiceId)
    .where('request_id', '=', first.requestId)
    .executeTakeFirstOrThrow();
  return `${state}/${hash}/${tries + 1}`;
}

/** What the letter is, and the day that stands on it. */
function nameOf(group: Group, { today }: Figures['figures']): string {
  return `${group.level === 'formal_notice' ? 'mise-en-demeure' : 'lettre'}-${today}.pdf`;
}

/** Keeps a letter to a contact as a document, sealed; its id. */
export async function writeLetter(
  desk: Desk,
  contactId: string,
  { name, bytes, sha256 }: { readonly name: string; readonly bytes: Buffer; readonly sha256: string },
): Promise<string> {
  const id = uuidv7();
  const at = new Date(desk.now);
  await desk.tx
    .insertInto('document')
    .values({
      id,
      kind: 'letter',
      name,
      media_type: 'application/pdf',
      bytes: await sealedPaper(desk.tx, contactId, bytes, at),
      sha256,
      at,
    })
    .execute();
  return id;
}
