import type { FastifyInstance } from 'fastify';
import { allCauses, causesBy } from '../../db/dispute-causes.ts';
import type { Cause, CauseBy } from '../../db/dispute-causes.ts';
import type { House } from '../../db/house.ts';
import { departmentInWords, reasonInWords } from '../../domain/dispute/reason.ts';
import type { Language } from '../../domain/message.ts';
import { moneyInWords } from '../words.ts';
import { markup } from './html.ts';
import type { Html } from './html.ts';
import { languageOf, sendPage } from './layout.ts';

/** Why debtors contest, counted: so that whoever made the cause can mend it. */
const ways: readonly CauseBy[] = ['reason', 'department', 'debtor'];

export function causesPages(app: FastifyInstance, house: House): void {
  app.get('/causes', { schema: { hide: true } }, async (request, reply) => {
    const language = languageOf(request.query, request.caller.language);
    const { by: asked } = request.query as { by?: unknown };
    const by = ways.find((one) => one === asked) ?? 'reason';
    const [causes, totals] = await Promise.all([
      causesBy(request.eyes, house.db, by, {}),
      allCauses(request.eyes, house.db, {}),
    ]);
    const words = texts[language];
    const sums = totals.map(
      ({ disputes, contestedCents, currency }) =>
        `${words.disputes(disputes)}, ${moneyInWords(contestedCents, currency, language)}`,
    );
    const body = markup`<h1>${words.title}</h1><p class="lead">${sums.length > 0 ? sums.join(' · ') : words.none}</p>
<ul class="tabs">${ways.map((one) => markup`<li><a href="/causes?by=${one}&amp;lang=${language}"${one === by && markup` aria-current="page"`}>${words.by[one]}</a></li>`)}</ul>
${causes.length > 0 && markup`<div class="card scroll"><table><thead><tr><th>${words.by[by]}</th>${words.columns.map((title) => markup`<th class="num">${title}</th>`)}</tr></thead><tbody>${causes.map((cause) => row(cause, by, language))}</tbody></table></div>`}`;
    return sendPage(reply, { title: words.title, language, who: request.caller.name, body });
  });
}

function row(cause: Cause, by: CauseBy, language: Language): Html {
  const { key, debtorName, currency, disputes, contestedCents, open, rejected, granted, grantedCents } =
    cause;
  const named =
    by === 'reason'
      ? reasonInWords(key, language)
      : by === 'department'
        ? departmentInWords(key, language)
        : (debtorName ?? key);
  const cells = [
    String(disputes),
    moneyInWords(contestedCents, currency, language),
    String(open),
    String(rejected),
    granted === 0 ? '0' : `${granted} (${moneyInWords(grantedCents, currency, language)})`,
  ];
  const name = by === 'debtor' ? markup`<span data-debtor="${key}">${named}</span>` : named;
  return markup`<tr><td>${name}</td>${cells.map((text) => markup`<td class="num">${text}</td>`)}</tr>`;
}

const texts = {
  fr: {
    title: 'Causes des contestations',
    none: 'Aucune contestation.',
    disputes: (count: number) => `${count} ${count === 1 ? 'contestation' : 'contestations'}`,
    by: { reason: 'Motif', department: 'Service', debtor: 'Débiteur' },
    columns: ['Contestations', 'Contesté', 'Ouvertes', 'Rejetées', 'Acceptées'],
  },
  en: {
    title: 'Causes of disputes',
    none: 'No disputes.',
    disputes: (count: number) => `${count} ${count === 1 ? 'dispute' : 'disputes'}`,
    by: { reason: 'Reason', department: 'Department', debtor: 'Debtor' },
    columns: ['Disputes', 'Contested', 'Open', 'Rejected', 'Granted'],
  },
} as const;
