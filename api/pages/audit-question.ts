import type { FastifyInstance } from 'fastify';
import { namedIn } from '../../db/audit/named.ts';
import type { Named } from '../../db/audit/named.ts';
import { questionKeys, questions } from '../../db/audit/questions/all.ts';
import type { QuestionKey } from '../../db/audit/questions/all.ts';
import type { AfterFound, Found } from '../../db/audit/questions/question.ts';
import type { House } from '../../db/house.ts';
import { shippedStepNames } from '../../domain/shipped-step-names.ts';
import type { ShippedStep } from '../../domain/shipped-step-names.ts';
import type { Language } from '../../domain/message.ts';
import { isCivilDate } from '../../domain/time.ts';
import { questionTexts, whyInWords } from '../audit/question-texts.ts';
import { cursorAfter, readCursor } from '../cursor.ts';
import { Problem } from '../problem.ts';
import { reasonCodeInWords } from '../reason-words.ts';
import {
  actInWords,
  authorInWords,
  channelInWords,
  dayInWords,
  levelInWords,
  moneyInWords,
  momentInWords,
  outcomeInWords,
  taskInWords,
} from '../words.ts';
import { auditTexts } from './audit-texts.ts';
import { daysAsked, daysForm, periodOf } from './audit-days.ts';
import { markup } from './html.ts';
import type { Html } from './html.ts';
import { languageOf, sendPage } from './layout.ts';

const shownMax = 50;

/** One question with what it finds, each line with the entries that prove it. */
export function questionPage(app: FastifyInstance, house: House): void {
  app.get('/audit/questions/:key', { schema: { hide: true } }, async (request, reply) => {
    const language = languageOf(request.query, request.caller.language);
    const { key: named } = request.params as { key: string };
    const key = questionKeys.find((one) => one === named);
    if (!key) throw Problem.notFound('question', named);
    const order = `questions/${key}`;
    const { cursor } = request.query as { cursor?: unknown };
    const after = (readCursor(order, cursor) ?? null) as AfterFound | null;
    const days = daysAsked(request.query, await house.clock.now());
    const { found, next } = await questions[key].find(house, periodOf(days), shownMax, after);
    const names = await namedIn(house.db, {
      people: found.flatMap(({ by }) => by?.id ?? []),
      invoices: found.flatMap(({ invoiceId }) => invoiceId ?? []),
    });
    const [words, text] = [auditTexts[language], questionTexts[language][key]];
    const link = `/audit/questions/${key}?from=${days.from}&to=${days.to}&lang=${language}`;
    const body = markup`<p class="noprint"><a href="/audit?lang=${language}">${words.title}</a></p><h1>${text.asks}</h1>
<section class="card"><dl class="facts"><dt>${words.proves}</dt><dd>${text.proves}</dd><dt>${words.provesNot}</dt><dd>${text.provesNot}</dd></dl></section>
<section class="card">${daysForm(`/audit/questions/${key}`, days, language)}
${found.length === 0 ? markup`<p class="last">${words.none}</p>` : markup`<div class="scroll"><table><thead><tr>${words.findingColumns.map((title) => markup`<th>${title}</th>`)}</tr></thead><tbody>${found.map((one) => row(key, one, names, language))}</tbody></table></div>`}
${next !== null && markup`<p class="last"><a href="${link}&amp;cursor=${cursorAfter(order, next)}">${words.next}</a></p>`}</section>`;
    return sendPage(reply, { title: text.asks, language, who: request.caller.name, body });
  });
}

function row(key: QuestionKey, one: Found, { people, invoices }: Named, language: Language): Html {
  const { by, invoiceId } = one;
  const number = invoiceId === null ? undefined : invoices.get(invoiceId);
  const who =
    by === null
      ? '–'
      : by.id === 'operator'
        ? auditTexts[language].operator
        : (people.get(by.id) ?? authorInWords(by.kind, language));
  return markup`<tr><td class="nowrap">${momentInWords(one.at, 'Europe/Paris', language)}</td>
<td>${number === undefined ? '–' : markup`<a href="/i/${encodeURIComponent(number)}?lang=${language}">${number}</a>`}</td><td>${who}</td>
<td>${whyInWords(key, one.why, language)}</td><td class="small">${details(one, language)}</td>
<td class="small">${one.entries.map(([subject, seq], place) => markup`${place > 0 && ', '}<a href="/v1/audit/entries?subject=${encodeURIComponent(subject)}" title="${subject}">${seq}</a>`)}</td></tr>`;
}

/** What else is known, as `label value`, without ids that people cannot read. */
function details({ more }: Found, language: Language): Html {
  const words = auditTexts[language];
  const currency = typeof more['currency'] === 'string' ? more['currency'] : 'EUR';
  const said = Object.entries(more).flatMap(([name, value]) => {
    const label = words.more[name];
    if (label === undefined || value === null) return [];
    if (name === 'messageId')
      return [markup`<a href="/outbox/${String(value)}?lang=${language}">${label}</a>`];
    return [markup`${label} ${valueInWords(name, value, currency, language)}`];
  });
  return markup`${said.map((one, place) => markup`${place > 0 && ' · '}${one}`)}`;
}

function valueInWords(name: string, value: string | number, currency: string, language: Language): string {
  if (typeof value === 'number')
    return name.endsWith('Cents') ? moneyInWords(value, currency, language) : String(value);
  if (isCivilDate(value)) return dayInWords(value, language);
  switch (name) {
    case 'step':
      return value in shippedStepNames ? shippedStepNames[value as ShippedStep][language] : value;
    case 'reason':
      return reasonCodeInWords(value, language);
    case 'act':
      return actInWords(value, language);
    case 'channel':
      return channelInWords(value, language);
    case 'level':
      return levelInWords(value, language);
    case 'outcome':
      return outcomeInWords(value, language);
    case 'task':
      return taskInWords(value, language);
    case 'askedAs':
      return auditTexts[language].acts[value] ?? value;
    default:
      return value;
  }
}
