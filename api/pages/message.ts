import { deliveryInWords } from '../../activities/compose/delivery-in-words.ts';
import type { FastifyInstance, FastifyRequest } from 'fastify';
import { lawDay } from '../../db/calendars.ts';
import type { House } from '../../db/house.ts';
import { readDocument, readMessage, readMessageParts } from '../../db/message-reads.ts';
import type { WholeMessage } from '../../db/message-reads.ts';
import { restingOnUnvalidated } from '../../db/unvalidated.ts';
import type { Language } from '../../domain/message.ts';
import { unvalidatedInWords } from '../claim-words.ts';
import { sendDocument } from '../documents.ts';
import { Problem } from '../problem.ts';
import { uuid } from '../shapes.ts';
import { namesOfSteps } from '../step-names.ts';
import type { ListedStep } from '../step-names.ts';
import {
  capital,
  channelInWords,
  dayInWords,
  erasedInWords,
  levelInWords,
  moneyInWords,
  momentInWords,
} from '../words.ts';
import { deliveryBadge, levelBadge } from './badges.ts';
import { markup } from './html.ts';
import type { Html } from './html.ts';
import { languageOf, sendPage } from './layout.ts';

/**
 * One message as it looks: the mail in a frame of its own, the text message on a telephone, the letter as PDF, the call
 * as its script; beside it what it states and what became of it.
 *
 * The mail was composed from templates and names of strangers, so its frame may run and load nothing at all.
 */
const frameStyle =
  "default-src 'none'; img-src data:; style-src 'unsafe-inline'; frame-ancestors 'self'; sandbox";

export function messagePages(app: FastifyInstance, house: House): void {
  const find = async ({
    eyes,
    params: { messageId: id },
  }: FastifyRequest<{ Params: { messageId: string } }>): Promise<WholeMessage> => {
    const message = uuid.safeParse(id).success ? await readMessage(eyes, house.db, id) : undefined;
    if (!message) throw Problem.notFound('message', id);
    return message;
  };
  const hide = { schema: { hide: true } };

  app.get<{ Params: { messageId: string } }>('/outbox/:messageId', hide, async (request, reply) => {
    const language = languageOf(request.query, request.caller.language);
    const message = await find(request);
    const title =
      message.subject ??
      `${capital(channelInWords(message.channel, language))} · ${recipientOf(message, language).split('\n')[0] ?? ''}`;
    const today = lawDay(await house.clock.now());
    const unvalidated = await restingOnUnvalidated(house.db, [message.id], today);
    return sendPage(reply, {
      title,
      language,
      who: request.caller.name,
      body: markup`${unvalidated.has(message.id) && markup`<p class="card note">${unvalidatedInWords(language)}</p>`}${bodyOf(message, title, await namesOfSteps(house, message.lines, language), language)}`,
    });
  });

  app.get<{ Params: { messageId: string } }>('/outbox/:messageId/mail', hide, async (request, reply) => {
    const { id, body_html: body } = await find(request);
    if (body === null) throw Problem.notFound('mail', id);
    // The frame has no origin, so it would fetch pictures without the cookie: they come along instead.
    const parts = new Map(
      (await readMessageParts(request.eyes, house.db, id)).map((part) => [
        part.cid,
        `data:${part.media_type};base64,${part.bytes.toString('base64')}`,
      ]),
    );
    const whole = body.replace(/cid:([\w.@+-]+)/g, (found, cid: string) => parts.get(cid) ?? found);
    return reply
      .header('content-type', 'text/html; charset=utf-8')
      .header('content-security-policy', frameStyle)
      .send(whole);
  });

  app.get<{ Params: { messageId: string } }>('/outbox/:messageId/document', hide, async (request, reply) => {
    const { id, documentId } = await find(request);
    const document = documentId === null ? undefined : await readDocument(request.eyes, house.db, documentId);
    if (!document) throw Problem.notFound('document', id);
    return sendDocument(reply, document, document.media_type === 'application/pdf' ? 'inline' : 'attachment');
  });
}

function bodyOf(
  message: WholeMessage,
  title: string,
  nameOf: (line: ListedStep) => string | null,
  language: Language,
): Html {
  const words = texts[language];
  return markup`<p class="small noprint"><a href="/outbox?lang=${language}">${words.back}</a></p>
<h1>${title}</h1>
<p class="lead">${message.level !== null && levelBadge(message.level, levelInWords(message.level, language))} ${deliveryBadge(message.state, deliveryInWords(message.state, language, message.channel))} ${message.purpose === 'sample' && markup`<span class="badge">${words.sample}</span>`} ${message.possible_duplicate && markup`<span class="badge warn">${words.duplicate}</span>`}</p>
${looks(message, language)}
${
  message.lines.length > 0 &&
  markup`<section class="card"><h2>${words.invoices}</h2><div class="scroll"><table>
<thead><tr><th scope="col">${words.number}</th><th scope="col">${words.due}</th><th scope="col" class="num">${words.balance}</th><th scope="col" class="num">${words.asked}</th><th scope="col">${words.step}</th></tr></thead>
<tbody>${message.lines.map(
    (line) =>
      markup`<tr><td><a href="/i/${encodeURIComponent(line.number)}?lang=${language}">${line.number}</a>${line.term > 1 && ` (${line.term})`}</td><td class="nowrap">${dayInWords(line.dueDate, language)}</td><td class="num">${moneyInWords(line.balanceCents, line.currency, language)}</td><td class="num">${line.taken ? moneyInWords(line.askedCents, line.currency, language) : '–'}</td><td>${line.taken ? (nameOf(line) ?? words.sample) : markup`<span class="small">${words.listed}</span>`}</td></tr>`,
  )}</tbody></table></div></section>`
}
<section class="card"><h2>${words.record}</h2><dl class="facts">
${fact(words.to, recipientOf(message, language).split('\n').join(', '))}
${message.debtorName !== null && fact(words.debtor, message.debtorName)}
${message.creditorName !== null && fact(words.creditor, message.creditorName)}
${fact(words.planned, momentInWords(message.plannedAt, message.zone, language))}
${message.claimedAt !== null && fact(words.claimed, momentInWords(message.claimedAt, message.zone, language))}
${message.state !== 'planned' && fact(deliveryInWords(message.state, language, message.channel), momentInWords(message.state_at, message.zone, language))}
${message.reason !== null && fact(words.reason, message.reason)}
${fact(words.template, `${message.template} (${message.language})`)}
${message.provider !== null && fact(words.carrier, [message.provider, message.provider_ref].filter(Boolean).join(' · '))}
${message.sha256 !== '' && markup`<dt>SHA-256</dt><dd><code>${message.sha256}</code></dd>`}
</dl></section>`;
}

/** The thing itself, as its reader gets it. */
function looks(message: WholeMessage, language: Language): Html {
  const words = texts[language];
  const { id, channel, document } = message;
  if (message.erasedAt !== null)
    return markup`<section class="card note"><p class="small">${capital(erasedInWords(message.erasedAt, language))}. ${words.erased}</p></section>`;
  const letter =
    document &&
    markup`<section class="card flush"><p class="mailhead"><a href="/outbox/${id}/document">${words.open} ${document.name}</a> <span class="small">(${document.media_type})</span></p>${document.media_type === 'application/pdf' && markup`<iframe src="/outbox/${id}/document" title="${document.name}"></iframe>`}</section>`;
  if (message.body_html !== null)
    return markup`<section class="card flush"><div class="mailhead"><dl class="facts">${fact(words.to, message.recipient)}${fact(words.subject, message.subject ?? '')}${message.attached.length > 0 && markup`<dt>${words.attached}</dt><dd>${message.attached.map((paper) => markup`<a href="/v1/dispute-documents/${paper.id}">${paper.name}</a> `)}</dd>`}</dl></div><iframe src="/outbox/${id}/mail" title="${words.mail}" sandbox=""></iframe></section>${letter}`;
  if (channel === 'sms')
    return markup`<section class="card"><div class="phone"><p class="small from">${message.recipient}</p><p class="bubble">${message.body_text}</p></div></section>`;
  if (message.body_text !== null && message.body_text !== '')
    return markup`<section class="card"><h2>${channel === 'call' ? words.script : capital(channelInWords(channel, language))}</h2><p class="script">${message.body_text}</p></section>${letter}`;
  return letter ?? markup`<section class="card note"><p class="small">${words.notComposed}</p></section>`;
}

function recipientOf({ erasedAt, recipient }: WholeMessage, language: Language): string {
  return erasedAt === null ? recipient : erasedInWords(erasedAt, language);
}

function fact(name: string, value: string): Html {
  return markup`<dt>${capital(name)}</dt><dd>${value}</dd>`;
}

const texts = {
  fr: {
    back: '← Tous les messages',
    sample: 'essai',
    duplicate: 'peut-être en double',
    erased:
      'Le contenu et le destinataire ont été effacés par un administrateur ; la date, le canal, les montants et l’accusé restent.',
    invoices: 'Factures de ce message',
    number: 'Facture',
    due: 'Échéance',
    balance: 'Reste dû',
    asked: 'Demandé',
    step: 'Étape',
    listed: 'pour information',
    record: 'Ce que l’on en sait',
    to: 'À',
    debtor: 'Débiteur',
    creditor: 'Créancier',
    planned: 'Préparé',
    claimed: 'Envoi',
    reason: 'Raison',
    template: 'Modèle',
    carrier: 'Transporteur',
    open: 'Ouvrir',
    subject: 'Objet',
    attached: 'Pièces jointes',
    mail: 'L’e-mail tel que le débiteur le voit',
    script: 'Ce qu’il y a à dire',
    notComposed: 'Ce message n’est pas encore composé.',
  },
  en: {
    back: '← All messages',
    sample: 'sample',
    duplicate: 'possibly twice',
    erased:
      'Its content and its recipient were erased by an administrator; its date, channel, sums and receipt stay.',
    invoices: 'Invoices on this message',
    number: 'Invoice',
    due: 'Due',
    balance: 'Owed',
    asked: 'Asked',
    step: 'Step',
    listed: 'for information',
    record: 'What is known of it',
    to: 'To',
    debtor: 'Debtor',
    creditor: 'Creditor',
    planned: 'Planned',
    claimed: 'Sent',
    reason: 'Reason',
    template: 'Template',
    carrier: 'Carrier',
    open: 'Open',
    subject: 'Subject',
    attached: 'Attachments',
    mail: 'The e-mail as the debtor sees it',
    script: 'What there is to say',
    notComposed: 'This message is not composed yet.',
  },
} as const;
