import type { FastifyInstance } from 'fastify';
import { namesOf } from '../../db/audit/portfolio.ts';
import { lawDay } from '../../db/calendars.ts';
import type { House } from '../../db/house.ts';
import { ageBands } from '../../domain/audit/ageing.ts';
import type { Language } from '../../domain/message.ts';
import { addDays, isCivilDate } from '../../domain/time.ts';
import type { CivilDate } from '../../domain/time.ts';
import { portfolioOfDay } from '../audit/portfolio-of-day.ts';
import type { Known, PortfolioOfDay } from '../audit/portfolio-of-day.ts';
import { cursorAfter, readCursor } from '../cursor.ts';
import { dayInWords, levelInWords, moneyInWords, momentInWords, stateInWords } from '../words.ts';
import { auditTexts } from './audit-texts.ts';
import { markup } from './html.ts';
import type { Html } from './html.ts';
import { languageOf, sendPage } from './layout.ts';

const shownMax = 100;

type Total = PortfolioOfDay['totals'][number];

/** The portfolio of a past day: its aged balance, states and levels, and its invoices. */
export function asItWasPage(app: FastifyInstance, house: House): void {
  app.get('/audit/as-it-was', { schema: { hide: true } }, async (request, reply) => {
    const language = languageOf(request.query, request.caller.language);
    const { on, known: how, cursor } = request.query as Readonly<Record<string, unknown>>;
    const known: Known = how === 'today' ? 'today' : 'then';
    const yesterday = addDays(lawDay(await house.clock.now()), -1);
    const day = typeof on === 'string' && isCivilDate(on) ? on : yesterday;
    const [after = null] = (readCursor(`portfolio/${known}`, cursor) ?? []) as [string?];
    const words = auditTexts[language];
    const found =
      day > yesterday ? words.notOver(dayInWords(yesterday, language)) : await read(house, day, known, after);
    const body = markup`<p class="noprint"><a href="/audit?lang=${language}">${words.title}</a></p><h1>${words.asItWas}, ${dayInWords(day, language)}</h1>
<section class="card">${asItWasForm(day, known, language)}</section>
${typeof found === 'string' ? markup`<p class="card note">${found}</p>` : found === undefined ? markup`<p class="card note">${words.notSettled}</p>` : shown(found, { day, known, language })}`;
    return sendPage(reply, { title: words.asItWas, language, who: request.caller.name, body });
  });
}

/** Which day, and as it was known when. */
export function asItWasForm(day: CivilDate, known: Known, language: Language): Html {
  const words = auditTexts[language];
  return markup`<form class="days noprint" method="get" action="/audit/as-it-was"><input type="hidden" name="lang" value="${language}"><label for="on">${words.day}</label><input id="on" type="date" name="on" value="${day}"><label for="known">${words.knownLabel}</label><select id="known" name="known">${(['then', 'today'] as const).map((one) => markup`<option value="${one}"${one === known && markup` selected`}>${words.known[one]}</option>`)}</select><button>${words.show}</button></form>`;
}

/** With the names of invoices, debtors and creditors. */
async function read(house: House, day: CivilDate, known: Known, after: string | null) {
  const found = await portfolioOfDay(house, { day, known }, shownMax, after);
  if (!found) return undefined;
  const creditors = await house.db.selectFrom('creditor').select(['id', 'key', 'legal_name']).execute();
  const names = await namesOf(house.db, found.lines.slice(0, shownMax));
  const creditorOf = new Map(creditors.map(({ id, key, legal_name }) => [id, legal_name ?? key]));
  return { ...found, names, creditorOf };
}

interface Asked {
  readonly day: CivilDate;
  readonly known: Known;
  readonly language: Language;
}

function shown(
  { totals, lines, names, creditorOf, snapshot }: NonNullable<Awaited<ReturnType<typeof read>>>,
  { day, known, language }: Asked,
): Html {
  const words = auditTexts[language];
  const from =
    snapshot === null
      ? words.byValue
      : words.writtenDown(
          momentInWords(snapshot.takenAt, 'Europe/Paris', language),
          snapshot.sha256.slice(0, 16),
        );
  const last = lines.length > shownMax ? lines[shownMax - 1] : undefined;
  const more = last && cursorAfter(`portfolio/${known}`, [last.invoiceId]);
  if (totals.length === 0)
    return markup`<section class="card"><p class="last">${words.nothingOwed}</p></section>`;
  return markup`${totals.map((total) => totalCard(total, creditorOf.get(total.creditorId) ?? '', language))}
<p class="small">${from}</p>
<section class="card"><h2>${words.lines}</h2><div class="scroll"><table><thead><tr>${words.columns.map((title, place) => markup`<th${place > 2 && place < 5 && markup` class="num"`}>${title}</th>`)}</tr></thead><tbody>${lines
    .slice(0, shownMax)
    .map((line) => {
      const name = names.get(line.invoiceId);
      return markup`<tr><td><a href="/i/${encodeURIComponent(name?.number ?? '')}?lang=${language}">${name?.number ?? ''}</a></td><td>${name?.debtor ?? ''}</td><td class="nowrap">${dayInWords(line.dueDate, language)}</td><td class="num">${words.days(line.daysLate)}</td><td class="num">${moneyInWords(line.balanceCents, line.currency, language)}</td><td>${line.state === undefined ? '–' : stateInWords(line.state, language)}${line.level !== undefined && line.level !== null && ` · ${levelInWords(line.level, language)}`}</td></tr>`;
    })}</tbody></table></div>${more !== undefined && markup`<p class="last"><a href="/audit/as-it-was?on=${day}&amp;known=${known}&amp;lang=${language}&amp;cursor=${more}">${words.next}</a></p>`}</section>`;
}

function totalCard(total: Total, creditor: string, language: Language): Html {
  const words = auditTexts[language];
  const money = ({ amount }: { amount: number }): string => moneyInWords(amount, total.currency, language);
  const part = (sum: Total['contested']): string =>
    sum === null
      ? '–'
      : sum.invoices === 0
        ? money({ amount: 0 })
        : `${money(sum.amount)} (${words.invoices(sum.invoices)})`;
  return markup`<section class="card"><h2>${creditor} · ${total.currency}</h2>
<div class="scroll"><table><thead><tr>${ageBands.map((band) => markup`<th class="num">${words.ages[band]}</th>`)}<th class="num">${words.total}</th></tr></thead><tbody>
<tr>${ageBands.map((band) => markup`<td class="num">${money(total.ages[band].amount)}</td>`)}<td class="num"><strong>${money(total.all.amount)}</strong></td></tr>
<tr class="small">${ageBands.map((band) => markup`<td class="num">${words.invoices(total.ages[band].invoices)}</td>`)}<td class="num">${words.invoices(total.all.invoices)}</td></tr></tbody></table></div>
<dl class="facts"><dt>${words.contested}</dt><dd>${part(total.contested)}</dd><dt>${words.promised}</dt><dd>${part(total.promised)}</dd><dt>${words.held}</dt><dd>${part(total.held)}</dd><dt>${words.unallocated}</dt><dd>${money(total.unallocated)}</dd>
${total.states !== null && markup`<dt>${words.states}</dt><dd>${inWords(total.states, (state) => stateInWords(state, language), part)}</dd>`}
${total.levels !== null && markup`<dt>${words.levels}</dt><dd>${inWords(total.levels, (level) => (level === 'none' ? words.noLevel : levelInWords(level, language)), part)}</dd>`}</dl></section>`;
}

function inWords(
  sums: NonNullable<Total['states']>,
  name: (key: string) => string,
  part: (sum: Total['contested']) => string,
): string {
  return Object.entries(sums)
    .map(([key, sum]) => `${name(key)} ${part(sum)}`)
    .join(' · ');
}
