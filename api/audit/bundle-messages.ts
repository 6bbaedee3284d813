import { htmlWithPictures } from '../../activities/compose/mail.ts';
import type { ArchivedFile } from '../../activities/compose/litigation-archive.ts';
import { pathPart } from '../../activities/compose/litigation-archive.ts';
import { dayInZone } from '../../db/calendars.ts';
import { contentDigest } from '../../db/audit/message-proof.ts';
import type { MessageSaid } from '../../db/audit/messages-to-debtor.ts';
import type { Fact } from '../../domain/fact.ts';
import { jsonFile, numbered } from './bundle-file.ts';
import type { BundleFile } from './bundle-file.ts';
import type { PlacedPaper } from './bundle-papers.ts';

/** Where the files of a message stand in the bundle: `messages/03-2026-04-02-email-reminder`. */
export function folderOf({ message, line }: MessageSaid, place: number, zone: string): string {
  const day = dayInZone(zone, message.claimed_at ?? message.planned_at);
  const what = message.level ?? (line.request_id === null ? 'word' : 'message');
  return `messages/${numbered(place)}-${day}-${message.channel}-${what}`;
}

/** The file in which a person reads what was said: the letter, the mail with its pictures, the text. */
export function readablePath(
  { message, parts }: MessageSaid,
  folder: string,
  papers: readonly PlacedPaper[],
): string {
  const letter = papers.find(({ paper }) => paper.id === message.document_id)?.path;
  if (letter) return letter;
  if (message.body_html === null) return `${folder}/body.txt`;
  return parts.length > 0 ? `${folder}/as-seen.html` : `${folder}/body.html`;
}

/** What was reported of the message: `receipts/` under the name of its folder. */
export function receiptPath(folder: string): string {
  return `receipts/${folder.slice('messages/'.length)}.json`;
}

/**
 * A message as it was said, and what was reported of it.
 *
 * Its bodies are byte for byte what left; `headers.json` says to whom, when, by whose account and under which reference, and
 * holds what its hash in the journal is made of. Where a third person stands in it, it is given masked, without its hashes.
 */
export function messageFiles(
  bundle: BundleFile,
  said: MessageSaid,
  place: number,
  papers: readonly PlacedPaper[],
): readonly ArchivedFile[] {
  const { third, record } = bundle;
  const { message, line, events } = said;
  const folder = folderOf(said, place, record.file.creditor.zone);
  const [subject, html, text] = [message.subject, message.body_html, message.body_text].map((body) =>
    body === null ? null : third.composed(body),
  );
  // An erased one has lost all that it was proved by.
  const isErased = message.sha256 === '';
  const isMasked = [subject, html, text].some((body) => body?.isMasked === true);
  const letter = papers.find(({ paper }) => paper.id === message.document_id);
  const inOrder = pictureOrder(said);
  const headers = {
    messageId: message.id,
    state: isErased ? 'erased' : isMasked ? 'masked' : 'whole',
    purpose: message.purpose,
    channel: message.channel,
    level: message.level,
    step: said.step,
    template: message.template,
    language: message.language,
    recipient: message.recipient,
    contactId: message.contact_id,
    subject: subject?.text ?? null,
    plannedAt: instant(message.planned_at),
    claimedAt: message.claimed_at === null ? null : instant(message.claimed_at),
    outcome: message.state,
    outcomeAt: instant(message.state_at),
    reason: message.reason,
    possibleDuplicate: message.possible_duplicate,
    account: message.account,
    provider: message.provider,
    providerReference: message.provider_ref,
    atFact: line.fact,
    takesStep: line.request_id !== null,
    balanceCents: line.balance_cents,
    askedCents: line.asked_cents,
    interestCents: line.interest_cents,
    lumpSumCents: line.lump_sum_cents,
    contentSha256: isMasked || isErased ? null : message.sha256,
    salt: isMasked || isErased ? null : message.salt,
    content: {
      html: html ? `${folder}/body.html` : null,
      text: text ? `${folder}/body.txt` : null,
      pictures: inOrder.map((part) => picturePath(folder, part)),
      // By which the mail names them.
      cids: Object.fromEntries(inOrder.map((part) => [picturePath(folder, part), part.cid])),
      letter: letter?.path ?? null,
    },
    attached: said.attached.map((id) => ({
      documentId: id,
      path: papers.find(({ paper }) => paper.id === id)?.path ?? null,
    })),
  };
  return [
    jsonFile(`${folder}/headers.json`, headers),
    ...(html ? [file(`${folder}/body.html`, html.text)] : []),
    ...(html && inOrder.length > 0 ? [file(`${folder}/as-seen.html`, asSeen(html.text, said))] : []),
    ...(text ? [file(`${folder}/body.txt`, text.text)] : []),
    ...inOrder.map((part) => ({ path: picturePath(folder, part), bytes: part.bytes })),
    jsonFile(receiptPath(folder), {
      messageId: message.id,
      provider: message.provider,
      providerReference: message.provider_ref,
      reports: events.map((event) => ({
        eventId: event.event_id,
        kind: event.kind,
        occurredAt: instant(event.occurred_at),
        receivedAt: instant(event.received_at),
        reason: event.reason === null ? null : (third.freeWords(event.reason)?.text ?? null),
        rawSha256: event.raw_sha256,
      })),
      facts: factsAbout(record.past.entries, message.id, said.step),
    }),
  ];
}

type Part = MessageSaid['parts'][number];

/** The hash is over the pictures in the order in which they were drawn, which no column says. */
function pictureOrder({ message, parts }: MessageSaid): readonly Part[] {
  const { subject, body_html: html, body_text: text } = message;
  const isHashed = (inline: readonly Part[]): boolean =>
    contentDigest({ subject, html, text, inline, pdf: null }) === message.sha256;
  return ordersOf(parts).find(isHashed) ?? parts;
}

/** A mail has a logo and a code to pay by at most: beyond a few, nobody tries. */
const picturesMax = 4;

function ordersOf(parts: readonly Part[]): readonly (readonly Part[])[] {
  if (parts.length < 2 || parts.length > picturesMax) return [parts];
  return parts.flatMap((first) =>
    ordersOf(parts.filter((part) => part !== first)).map((rest) => [first, ...rest]),
  );
}

function picturePath(folder: string, { cid, media_type: type }: Part): string {
  return `${folder}/${pathPart(cid)}.${type === 'image/png' ? 'png' : 'bin'}`;
}

/** The mail as its reader saw it, for a browser: the bytes that left are in `body.html`. */
function asSeen(html: string, { parts }: MessageSaid): string {
  const inline = parts.map(({ cid, bytes }) => ({
    cid,
    filename: cid,
    contentType: 'image/png' as const,
    bytes,
  }));
  return htmlWithPictures({ html, inline });
}

/** What the journal says of its delivery: the facts that name it, and those of its step that the post or a person gave. */
export function factsAbout(
  entries: BundleFile['record']['past']['entries'],
  messageId: string,
  step: string | null,
): readonly Fact[] {
  const ofStep: readonly Fact['type'][] = ['stepPosted', 'stepDelivered', 'stepFailed', 'letterReported'];
  return entries.flatMap(({ fact }) => {
    if (!fact) return [];
    const names = 'messageId' in fact && fact.messageId === messageId;
    const isStep = step !== null && 'step' in fact && fact.step === step && ofStep.includes(fact.type);
    return names || isStep ? [fact] : [];
  });
}

function file(path: string, text: string): ArchivedFile {
  return { path, bytes: Buffer.from(text) };
}

function instant(at: number): string {
  return new Date(at).toISOString();
}
