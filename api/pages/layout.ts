import type { FastifyReply } from 'fastify';
import type { Language } from '../../domain/message.ts';
import { eyesOf } from '../../db/visible.ts';
import { litigators, mayAudit } from '../policy.ts';
import { Html, markup } from './html.ts';

declare module 'fastify' {
  interface FastifyRequest {
    /** How many questions wait for the yes of whoever reads the page (`approvals.ts`). */
    questionsWaiting?: number | null;
  }
}

/** What surrounds every plain page: its head, the way to the others, and who is looking. */
export interface PageParts {
  readonly title: string;
  readonly language: Language;
  /** The name of the user; null before he has entered. */
  readonly who: string | null;
  /** How many questions wait for his yes; null where he reads none. */
  readonly waiting?: number | null;
  /** Whether he is told of litigation. */
  readonly litigates?: boolean;
  /** Whether he sees all files, and so who stands here twice. */
  readonly seesTwins?: boolean;
  /** Whether he may ask what was done, by whom and why. */
  readonly audits?: boolean;
  readonly body: Html;
}

export function pageOf({
  title,
  language,
  who,
  waiting = null,
  litigates = false,
  seesTwins = false,
  audits = false,
  body,
}: PageParts): string {
  const words = texts[language];
  const page = markup`<!doctype html>
<html lang="${language}">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>${title} · Relance</title>
<link rel="stylesheet" href="/style.css">
<link rel="icon" href="/icon.svg" type="image/svg+xml">
</head>
<body>
<a class="skip" href="#content">${words.skip}</a>
<header class="top"><div>
<a class="name" href="/outbox">Relance</a>
${who !== null && markup`<nav aria-label="${words.pages}"><a href="/outbox">${words.outbox}</a> ${waiting !== null && markup`<a href="/approvals">${words.approvals}${waiting > 0 && markup` <span class="badge warn">${waiting}</span>`}</a> `}${litigates && markup`<a href="/litigation">${words.litigation}</a> `}<a href="/causes">${words.causes}</a> ${seesTwins && markup`<a href="/merges">${words.twins}</a> `}${audits && markup`<a href="/audit">Audit</a> `}<a href="/docs">API</a></nav><a class="who" href="/account?lang=${language}" title="${words.account}">${who}</a><form method="post" action="/leave"><button class="plain">${words.leave}</button></form>`}
</div></header>
<main id="content">
${language === 'fr' ? unbroken(body) : body}
</main>
</body>
</html>
`;
  return page.text;
}

/**
 * French sets a space before its double marks and inside its quotes, and none of them may begin or end a line alone.
 *
 * Only what is read changes: tags stay as they are, and so does what a form would send back.
 */
export function unbroken({ text }: Html): Html {
  const pieces = text.split(/(<textarea.*?<\/textarea>|<[^>]*>)/s);
  return new Html(
    pieces
      .map((piece) =>
        piece.startsWith('<')
          ? piece
          : piece.replace(/ (?=[:;!?»%€](?:\s|[.,)]|$))/g, '\u00a0').replace(/« /g, '«\u00a0'),
      )
      .join(''),
  );
}

/** Sends a page; the policy of the whole API (nothing but our own style) holds for it. */
export function sendPage(reply: FastifyReply, parts: PageParts, status = 200): FastifyReply {
  const { questionsWaiting: waiting = null, caller } = reply.request;
  // Nobody is behind a page from before he has entered.
  const litigates = parts.who !== null && litigators.includes(caller.role);
  const audits = parts.who !== null && mayAudit.includes(caller.role);
  const seesTwins = parts.who !== null && eyesOf(caller).sees === 'all';
  return reply
    .code(status)
    .header('content-type', 'text/html; charset=utf-8')
    .send(pageOf({ waiting, litigates, seesTwins, audits, ...parts }));
}

/** The language asked for, or the user's own. */
export function languageOf(query: unknown, fallback: Language): Language {
  const { lang } = query as { lang?: unknown };
  return lang === 'fr' || lang === 'en' ? lang : fallback;
}

const texts = {
  fr: {
    skip: 'Aller au contenu',
    pages: 'Pages',
    outbox: 'Messages',
    approvals: 'Accords',
    litigation: 'Contentieux',
    causes: 'Contestations',
    twins: 'Doublons',
    leave: 'Se déconnecter',
    account: 'Mon compte',
  },
  en: {
    skip: 'Skip to the content',
    pages: 'Pages',
    outbox: 'Messages',
    approvals: 'Approvals',
    litigation: 'Litigation',
    causes: 'Disputes',
    twins: 'Duplicates',
    leave: 'Log out',
    account: 'My account',
  },
} as const;
