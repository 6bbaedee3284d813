import { deliveryInWords } from '../../activities/compose/delivery-in-words.ts';
import type { FastifyInstance } from 'fastify';
import type { House } from '../../db/house.ts';
import { listMessages } from '../../db/message-reads.ts';
import type { MessageFilter, MessageInList } from '../../db/message-reads.ts';
import type { Language } from '../../domain/message.ts';
import { cursorAfter, pageOf, readCursor } from '../cursor.ts';
import { capital, channelInWords, erasedInWords, levelInWords, momentInWords } from '../words.ts';
import { deliveryBadge, levelBadge } from './badges.ts';
import { markup } from './html.ts';
import type { Html } from './html.ts';
import { languageOf, sendPage } from './layout.ts';

/** Everything that left or would leave, newest first, one line each. */
const shown = 50;

const views: Readonly<Record<string, MessageFilter>> = {
  all: {},
  drafts: { drafts: true },
  debtors: { purposes: ['contact', 'word'] },
  samples: { purposes: ['sample'] },
  internal: { purposes: ['internal'] },
};

export function outboxPages(app: FastifyInstance, house: House): void {
  app.get('/outbox', { schema: { hide: true } }, async (request, reply) => {
    const language = languageOf(request.query, request.caller.language);
    const { view: asked = 'all', cursor } = request.query as { view?: string; cursor?: unknown };
    const view = Object.hasOwn(views, asked) ? asked : 'all';
    const after = readCursor(`outbox/${view}`, cursor) as [number, string] | undefined;
    const rows = await listMessages(request.eyes, house.db, views[view] ?? {}, shown, after);
    const { items, nextCursor } = pageOf(
      rows,
      shown,
      (row) => line(row, language),
      (row) => cursorAfter(`outbox/${view}`, [row.plannedAt, row.id]),
    );
    const words = texts[language];
    const body = markup`<h1>${words.title}</h1><p class="lead">${words.lead}</p>
<ul class="tabs">${Object.keys(views).map((one) => markup`<li><a href="/outbox?view=${one}&amp;lang=${language}"${one === view && markup` aria-current="page"`}>${words.views[one as keyof typeof words.views]}</a></li>`)}</ul>
<div class="card flush">${items.length === 0 ? markup`<p class="empty">${words.empty}</p>` : markup`<ul class="list">${items}</ul>`}</div>
${nextCursor !== null && markup`<p class="noprint"><a href="/outbox?view=${view}&amp;lang=${language}&amp;cursor=${nextCursor}" rel="next">${words.older}</a></p>`}
<p class="small noprint">${words.files} <a href="/v1/exports/invoices?open=true&amp;language=${language}" download>${words.invoices}</a> · <a href="/v1/exports/tasks?language=${language}" download>${words.tasks}</a></p>`;
    return sendPage(reply, { title: words.title, language, who: request.caller.name, body });
  });
}

function line(row: MessageInList, language: Language): Html {
  const what = row.subject ?? capital(channelInWords(row.channel, language));
  const numbers = row.invoices.filter(({ taken }) => taken).map(({ number }) => number);
  return markup`<li><a class="row" href="/outbox/${row.id}?lang=${language}">
<span class="small"><time datetime="${new Date(row.claimedAt ?? row.plannedAt).toISOString()}">${momentInWords(row.claimedAt ?? row.plannedAt, row.zone, language)}</time><br>${capital(channelInWords(row.channel, language))}</span>
<span><strong>${what}</strong><br><span class="small">${row.debtorName ?? texts[language].ourselves} · ${row.erasedAt === null ? row.recipient.split('\n')[0] : erasedInWords(row.erasedAt, language)}${numbers.length > 0 && ` · ${numbers.slice(0, 4).join(', ')}${numbers.length > 4 ? ` +${numbers.length - 4}` : ''}`}</span></span>
<span class="badges">${row.level !== null && levelBadge(row.level, levelInWords(row.level, language))}${deliveryBadge(row.state, deliveryInWords(row.state, language, row.channel))}</span>
</a></li>`;
}

const texts = {
  fr: {
    title: 'Messages',
    lead: 'Chaque e-mail, SMS, courrier et appel tel qu’il part, le plus récent en premier.',
    views: {
      all: 'Tous',
      drafts: 'À valider',
      debtors: 'Aux débiteurs',
      samples: 'Essais',
      internal: 'Internes',
    },
    empty: 'Rien ici pour le moment.',
    older: 'Messages plus anciens',
    ourselves: 'Interne',
    files: 'Pour un tableur :',
    invoices: 'factures ouvertes',
    tasks: 'tâches ouvertes',
  },
  en: {
    title: 'Messages',
    lead: 'Each e-mail, text message, letter and call as it leaves, newest first.',
    views: {
      all: 'All',
      drafts: 'To approve',
      debtors: 'To debtors',
      samples: 'Samples',
      internal: 'Internal',
    },
    empty: 'Nothing here yet.',
    older: 'Older messages',
    ourselves: 'Internal',
    files: 'For a spreadsheet:',
    invoices: 'open invoices',
    tasks: 'open tasks',
  },
} as const;
