import type { FastifyInstance } from 'fastify';
import { listAnchors } from '../../db/audit/anchor/list-anchors.ts';
import { questions } from '../../db/audit/questions/all.ts';
import type { QuestionKey } from '../../db/audit/questions/all.ts';
import type { AfterFound, Period } from '../../db/audit/questions/question.ts';
import { lawDay } from '../../db/calendars.ts';
import type { House } from '../../db/house.ts';
import type { Language } from '../../domain/message.ts';
import { addDays } from '../../domain/time.ts';
import { questionTexts } from '../audit/question-texts.ts';
import { isToldOfPeople, questionsFor } from '../audit/told-of-people.ts';
import { dayInWords } from '../words.ts';
import { accessesPage } from './audit-accesses.ts';
import { daysAsked, daysForm, periodOf } from './audit-days.ts';
import { asItWasForm, asItWasPage } from './audit-as-it-was.ts';
import { questionPage } from './audit-question.ts';
import { auditTexts } from './audit-texts.ts';
import { markup } from './html.ts';
import type { Html } from './html.ts';
import { languageOf, sendPage } from './layout.ts';

/** The auditor's own pages: the questions with what they find, the portfolio of a past day, the anchors, and who looked. */
export function auditPages(app: FastifyInstance, house: House): void {
  app.get('/audit', { schema: { hide: true } }, async (request, reply) => {
    const language = languageOf(request.query, request.caller.language);
    const words = auditTexts[language];
    const now = await house.clock.now();
    const days = daysAsked(request.query, now);
    const [counts, anchors] = await Promise.all([
      countsOf(house, questionsFor(request.caller.role), periodOf(days)),
      listAnchors(house.db, shownAnchors, undefined),
    ]);
    const body = markup`<h1>${words.title}</h1><p class="lead">${words.lead}</p>
<section class="card"><h2>${words.questions}</h2>${daysForm('/audit', days, language)}
<div class="scroll"><table><tbody>${counts.map(
      ({ key, count, isAll }) =>
        markup`<tr><td><a href="/audit/questions/${key}?from=${days.from}&amp;to=${days.to}&amp;lang=${language}">${questionTexts[language][key].asks}</a></td><td class="num">${isAll ? String(count) : words.atLeast(count)}</td></tr>`,
    )}</tbody></table></div></section>
<section class="card"><h2>${words.asItWas}</h2><p>${words.asItWasLead}</p>${asItWasForm(addDays(`${lawDay(now).slice(0, 7)}-01`, -1), 'then', language)}</section>
<section class="card"><h2>${words.anchors}</h2>${anchorsTable(anchors.slice(0, shownAnchors), language)}<p class="small">${words.anchorsMore} <code>npm run audit -- verify</code></p></section>
${isToldOfPeople(request.caller.role) && markup`<p><a href="/audit/accesses?lang=${language}">${words.accesses}</a></p>`}`;
    return sendPage(reply, { title: words.title, language, who: request.caller.name, body });
  });
  questionPage(app, house);
  asItWasPage(app, house);
  accessesPage(app, house);
}

const shownAnchors = 5;

/** A page says how many there are of each, up to so many; who wants more asks the question itself. */
const countedMax = 100;

async function countsOf(house: House, keys: readonly QuestionKey[], period: Period) {
  const counts: { key: QuestionKey; count: number; isAll: boolean }[] = [];
  // One after the other: a page must not take all connections of the house.
  for (const key of keys) {
    let [count, after, isAll]: [number, AfterFound | null, boolean] = [0, null, true];
    do {
      const { found, next } = await questions[key].find(house, period, countedMax, after);
      count += found.length;
      [after, isAll] = [next, next === null];
    } while (after !== null && count < countedMax);
    counts.push({ key, count, isAll });
  }
  return counts;
}

function anchorsTable(anchors: Awaited<ReturnType<typeof listAnchors>>, language: Language): Html {
  const words = auditTexts[language];
  if (anchors.length === 0) return markup`<p>${words.noAnchors}</p>`;
  const said = (is: boolean): string => (is ? words.yes : words.no);
  return markup`<div class="scroll"><table><thead><tr>${words.anchorColumns.map((title) => markup`<th>${title}</th>`)}</tr></thead><tbody>${anchors.map(
    ({ n, day, chains, entries, root, signature, time_stamp: stamp }) =>
      markup`<tr><td>${n}</td><td class="nowrap">${dayInWords(day, language)}</td><td>${chains}</td><td>${entries}</td><td class="nowrap"><code>${root.slice(0, 16)}…</code></td><td>${said(signature !== null)}</td><td>${said(stamp !== null)}</td></tr>`,
  )}</tbody></table></div>`;
}
