import type { FastifyInstance } from 'fastify';
import { listAccesses } from '../../db/audit/accesses.ts';
import type { AccessInList, AfterAccess } from '../../db/audit/accesses.ts';
import { namedIn } from '../../db/audit/named.ts';
import type { House } from '../../db/house.ts';
import type { Language } from '../../domain/message.ts';
import { cursorAfter, readCursor } from '../cursor.ts';
import { momentInWords } from '../words.ts';
import { auditTexts } from './audit-texts.ts';
import { markup } from './html.ts';
import type { Html } from './html.ts';
import { languageOf, sendPage } from './layout.ts';

const shownMax = 100;
const order = 'entries/accesses';

/** Who looked at what, the newest first. */
export function accessesPage(app: FastifyInstance, house: House): void {
  app.get('/audit/accesses', { schema: { hide: true } }, async (request, reply) => {
    const language = languageOf(request.query, request.caller.language);
    const words = auditTexts[language];
    const { cursor } = request.query as { cursor?: unknown };
    const after = readCursor(order, cursor) as AfterAccess | undefined;
    const rows = await listAccesses(house.db, {}, shownMax, after);
    const { invoices } = await namedIn(house.db, {
      people: [],
      invoices: rows.flatMap(({ about }) => about.map((row) => row.replace(/^invoice\//, ''))),
    });
    const last = rows.length > shownMax ? rows[shownMax - 1] : undefined;
    const body = markup`<p class="noprint"><a href="/audit?lang=${language}">${words.title}</a></p><h1>${words.accesses}</h1><p class="lead">${words.accessesLead}</p>
<section class="card"><div class="scroll"><table><thead><tr>${words.accessColumns.map((title) => markup`<th class="nowrap">${title}</th>`)}</tr></thead><tbody>${rows.slice(0, shownMax).map((one) => row(one, invoices, language))}</tbody></table></div>
${last && markup`<p class="last"><a href="/audit/accesses?lang=${language}&amp;cursor=${cursorAfter(order, [last.at, last.subject, last.seq])}">${words.next}</a></p>`}</section>`;
    return sendPage(reply, { title: words.accesses, language, who: request.caller.name, body });
  });
}

function row(one: AccessInList, invoices: ReadonlyMap<string, string>, language: Language): Html {
  const who = one.by === 'operator' ? auditTexts[language].operator : (one.byName ?? one.by);
  const about = one.about.map((place) => invoices.get(place.replace(/^invoice\//, '')) ?? place);
  return markup`<tr><td class="nowrap">${momentInWords(one.at, 'Europe/Paris', language)}</td><td>${who}</td><td class="nowrap"><code>${one.what}</code></td><td class="small">${about.join(', ')}</td><td class="small">${one.filters.join(', ')}</td></tr>`;
}
