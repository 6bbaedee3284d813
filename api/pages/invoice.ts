import type { FastifyInstance } from 'fastify';
import { securitiesOf } from '../../db/debtor-reads.ts';
import { keptRateOf } from '../../db/kept-rate.ts';
import { namesBefore } from '../../db/merge-reads.ts';
import { lawIn } from '../../db/law.ts';
import { readDoorNow } from '../../db/door-reads.ts';
import type { DoorNow } from '../../db/door-reads.ts';
import type { House } from '../../db/house.ts';
import { toldTo } from '../../db/visible.ts';
import type { Eyes } from '../../db/visible.ts';
import { invoicesNumbered, readInvoice } from '../../db/invoice-reads.ts';
import type { InvoiceInList } from '../../db/invoice-reads.ts';
import { stopsOver } from '../../db/stops.ts';
import type { StopInForce } from '../../db/stops.ts';
import { readPast } from '../../db/timeline.ts';
import { dayAt } from '../../domain/calendar.ts';
import { askedCentsOf, contestedCentsOf } from '../../domain/collection.ts';
import type { Collection } from '../../domain/collection.ts';
import { decide } from '../../domain/decide.ts';
import { lifeAhead } from '../../domain/life-ahead.ts';
import type { Language } from '../../domain/message.ts';
import { stepName } from '../../domain/scenario.ts';
import { levelReached } from '../../domain/schedule.ts';
import { daysBetween } from '../../domain/time.ts';
import type { Instant } from '../../domain/time.ts';
import { doorSentence, stopSentence } from '../door-reasons.ts';
import { examiners } from '../policy.ts';
import { Problem } from '../problem.ts';
import { line } from '../shapes.ts';
import { contextOf, foreseenSentence, sentenceOf } from '../reasons.ts';
import { storyOf } from '../story.ts';
import type { StoryEntry } from '../story.ts';
import {
  authorInWords,
  channelInWords,
  dayInWords,
  levelInWords,
  moneyInWords,
  momentInWords,
  stateInWords,
} from '../words.ts';
import { levelBadge, stateBadge } from './badges.ts';
import { claimCard } from './claim-card.ts';
import { discountCard } from './discount-card.ts';
import { clocksCard } from './clocks-card.ts';
import { disputesCard } from './disputes-card.ts';
import { markup } from './html.ts';
import type { Html } from './html.ts';
import { languageOf, sendPage } from './layout.ts';
import { insolvencyCard } from './insolvency-card.ts';
import { litigationCard } from './litigation.ts';
import { planCard } from './plan-card.ts';

/**
 * The story of one invoice on one page: what is owed, where it stands and why, what happened, what comes.
 *
 * Its past comes from the journal, its present from `decide`, its future from the same rules lived forward; so the page
 * can't say anything that the engine would not do.
 */
export function invoicePages(app: FastifyInstance, house: House): void {
  app.get<{ Params: { number: string } }>(
    '/i/:number',
    { schema: { hide: true } },
    async (request, reply) => {
      const { number } = request.params;
      if (!line(200).safeParse(number).success) throw Problem.notFound('invoice', number);
      const language = languageOf(request.query, request.caller.language);
      const who = request.caller.name;
      const named = await invoicesNumbered(request.eyes, house.db, number);
      const chosen = (request.query as { id?: string }).id ?? (named.length === 1 ? named[0]?.id : undefined);
      if (named.length === 0) throw Problem.notFound('invoice', number);
      const title = `${texts[language].invoice} ${number}`;
      const found = named.some(({ id }) => id === chosen)
        ? await readInvoice(request.eyes, house.db, house, chosen ?? '')
        : undefined;
      if (!found) return sendPage(reply, { title, language, who, body: choice(number, named, language) });
      return sendPage(reply, {
        title,
        language,
        who,
        body: await story(request.eyes, house, found.row, found.collection, language, {
          takesAll: examiners.includes(request.caller.role),
        }),
      });
    },
  );
}

async function story(
  eyes: Eyes,
  house: House,
  row: InvoiceInList,
  collection: Collection,
  language: Language,
  { takesAll }: { readonly takesAll: boolean },
): Promise<Html> {
  const now = await house.clock.now();
  const [past, door, disputes, plan, discount, litigation, stops, claim] = await Promise.all([
    readPast(eyes, house.db, house, row.id),
    readDoorNow(eyes, house.db, house, row.debtorId, now),
    disputesCard(eyes, house, collection, language),
    planCard(eyes, house, row.id, dayAt(collection.calendar, now), language),
    discountCard(house, row.id, collection.currency, language),
    litigationCard(eyes, house, row.id, language),
    toldTo(eyes).stops ? stopsOver(house.db, row.id) : [],
    claimCard(eyes, house, collection, now, language),
  ]);
  const [{ depositSince, guarantee, guaranteeUntil }, kept, insolvency] = await Promise.all([
    securitiesOf(house.db, row.debtorId),
    keptRateOf(eyes, house.db, row.debtorId),
    insolvencyCard(eyes, house, collection, row.debtorId, language),
  ]);
  const twins = eyes.sees === 'all' ? await namesBefore(house.db, row.debtorId) : [];
  const words = texts[language];
  const { currency } = collection;
  const money = (cents: number): string => moneyInWords(cents, currency, language);
  const daysLate = daysBetween(row.dueDate, dayAt(collection.calendar, now));
  const contested = contestedCentsOf(collection);
  const { state } = decide(collection, now);
  const level = levelReached(collection, now);
  return markup`<h1>${words.invoice} ${row.number}${row.term > 1 && ` (${words.term} ${row.term})`}</h1>
<p class="lead">${row.debtorName}${twins.length > 0 && markup` <span class="small">(${words.merged} ${twins.join(', ')})</span>`} · ${words.for} ${row.creditorName}</p>
<p>${stateBadge(state, stateInWords(state, language))} ${level !== null && levelBadge(level, levelInWords(level, language))} ${depositSince !== null && markup`<span class="badge warn">${words.deposit(dayInWords(depositSince, language))}</span>`} ${guarantee !== null && markup`<span class="badge">${words.guarantee(guarantee, guaranteeUntil === null ? null : dayInWords(guaranteeUntil, language))}</span>`}</p>
<section class="card"><dl class="sums">
<div class="main"><dt>${words.balance}</dt><dd>${money(collection.balanceCents)}</dd></div>
${contested > 0 && markup`<div><dt>${words.contested}</dt><dd>${money(contested)}</dd></div><div><dt>${words.asked}</dt><dd>${money(askedCentsOf(collection))}</dd></div>`}
<div><dt>${words.amount}</dt><dd>${money(collection.amountCents)}</dd></div>
<div><dt>${words.due}</dt><dd>${dayInWords(row.dueDate, language)}<br><span class="small">${row.open ? words.late(daysLate) : ''}</span></dd></div>
${kept.map(({ currency: of, due, kept: times }) => markup`<div><dt>${words.kept}${kept.length > 1 && ` (${of})`}</dt><dd>${words.keptOf(times, due)}</dd></div>`)}
<div><dt>${words.scenario}</dt><dd>${collection.scenario.name[language]}</dd></div>
</dl></section>
<section class="card note"><h2>${words.whyNow}</h2>${reasons(collection, door, stops, now, language)}</section>
${disputes}
${plan}
${discount}
${insolvency}
${litigation}
${claim}
${clocksCard(await lawIn(house.db), collection, now, language)}
<section class="card"><h2>${words.story}</h2><ol class="life">
${storyOf(past, collection, language).map((entry) => pastItem(entry, collection, language))}
<li class="now"><span class="when">${momentInWords(now, collection.calendar.zone, language)}</span>${words.now}${stateInWords(state, language)}</li>
${ahead(eyes, collection, now, language)}
</ol>${takesAll && markup`<p class="small last noprint"><a href="/v1/invoices/${row.id}/bundle?language=${language}">${words.bundle}</a></p>`}</section>`;
}

function reasons(
  collection: Collection,
  door: DoorNow,
  stops: readonly StopInForce[],
  now: Instant,
  language: Language,
): Html {
  const { zone } = collection.calendar;
  const context = contextOf(collection, language);
  const own = decide(collection, now).reasons.map((reason) => sentenceOf(reason, context));
  const atTheDoor = door.waiting.flatMap(({ invoiceId: id, reason, until, missing }) =>
    // The stops themselves say more.
    id === collection.invoiceId && reason !== null && !(reason === 'stopped' && stops.length > 0)
      ? [doorSentence({ reason, until }, { language, zone, missing })]
      : [],
  );
  const stopped = stops.map((stop) => stopSentence(stop, language));
  return markup`<ul class="plain">${[...own, ...stopped, ...atTheDoor].map((text) => markup`<li>${text}</li>`)}</ul>`;
}

function pastItem(entry: StoryEntry, collection: Collection, language: Language): Html {
  const when = momentInWords(Date.parse(entry.at), collection.calendar.zone, language);
  const who =
    entry.author === null ? '' : ` · ${entry.author.name ?? authorInWords(entry.author.kind, language)}`;
  const text =
    entry.kind === 'message'
      ? markup`<a href="/outbox/${entry.messageId}?lang=${language}">${entry.text}</a>`
      : entry.text;
  return markup`<li${entry.kind === 'message' && markup` class="message"`}><span class="when"><time datetime="${entry.at}">${when}</time>${who}</span>${text}${entry.words !== null && markup`<q>${entry.words}</q>`}</li>`;
}

/** The steps to come if nobody answers, and why the story then ends. */
function ahead(eyes: Eyes, collection: Collection, now: Instant, language: Language): readonly Html[] {
  const { zone } = collection.calendar;
  const context = contextOf(collection, language);
  const { steps: all, then } = lifeAhead(collection, now);
  const steps = all.filter(({ level }) => level !== 'litigation' || toldTo(eyes).litigation);
  const planned = steps.map(
    ({ at, step, channel, mode }) =>
      markup`<li class="ahead"><span class="when"><time datetime="${new Date(at).toISOString()}">${momentInWords(at, zone, language)}</time> · ${texts[language].ifNothing}</span>${plannedWords(stepName(collection.scenario, step, language), channelInWords(channel, language))}${mode === 'review' && `, ${texts[language].review}`}</li>`,
  );
  const end =
    steps.length === 0
      ? []
      : then.map((reason) => markup`<li class="ahead">${foreseenSentence(reason, context)}</li>`);
  return [...planned, ...end];
}

/** A step may be called by its channel: nobody needs to hear of a call by call. */
function plannedWords(name: string, channel: string): string {
  return name.toLowerCase() === channel ? name : `${name}, ${channel}`;
}

function choice(
  number: string,
  named: readonly { id: string; term: number; creditorName: string }[],
  language: Language,
): Html {
  return markup`<h1>${texts[language].invoice} ${number}</h1><p class="lead">${texts[language].several}</p>
<div class="card flush"><ul class="list">${named.map(({ id, term, creditorName }) => markup`<li><a class="row" href="/i/${encodeURIComponent(number)}?id=${id}&amp;lang=${language}"><strong>${creditorName}</strong><span>${texts[language].term} ${term}</span></a></li>`)}</ul></div>`;
}

const texts = {
  fr: {
    invoice: 'Facture',
    term: 'échéance',
    for: 'pour',
    merged: 'réuni avec',
    balance: 'Reste dû',
    contested: 'Contesté',
    asked: 'Demandé',
    amount: 'Montant',
    due: 'Échéance',
    scenario: 'Scénario',
    kept: 'Parole tenue',
    keptOf: (kept: number, due: number) => `${kept} sur ${due} (${Math.round((100 * kept) / due)} %)`,
    late: (days: number) =>
      days > 0
        ? `${days} ${days === 1 ? 'jour' : 'jours'} de retard`
        : days === 0
          ? 'aujourd’hui'
          : `dans ${-days} ${days === -1 ? 'jour' : 'jours'}`,
    deposit: (day: string) => `acompte exigé depuis le ${day}`,
    guarantee: (what: string, until: string | null) =>
      `garantie : ${what}${until === null ? '' : `, jusqu’au ${until}`}`,
    whyNow: 'Pourquoi, maintenant',
    story: 'L’histoire de la facture',
    bundle: 'Télécharger tout le dossier, à lire et à vérifier hors ligne (tiers masqués)',
    now: 'Maintenant : ',
    ifNothing: 'si rien ne vient',
    review: 'après validation',
    several: 'Plusieurs factures portent ce numéro :',
  },
  en: {
    invoice: 'Invoice',
    term: 'term',
    for: 'for',
    merged: 'one with',
    balance: 'Owed',
    contested: 'Disputed',
    asked: 'Asked',
    amount: 'Amount',
    due: 'Due',
    scenario: 'Scenario',
    kept: 'Word kept',
    keptOf: (kept: number, due: number) => `${kept} of ${due} (${Math.round((100 * kept) / due)}%)`,
    late: (days: number) =>
      days > 0
        ? `${days} ${days === 1 ? 'day' : 'days'} late`
        : days === 0
          ? 'today'
          : `in ${-days} ${days === -1 ? 'day' : 'days'}`,
    deposit: (day: string) => `deposit required since ${day}`,
    guarantee: (what: string, until: string | null) =>
      `guarantee: ${what}${until === null ? '' : `, until ${until}`}`,
    whyNow: 'Why, now',
    story: 'The story of the invoice',
    bundle: 'Download the whole file, to be read and verified offline (third persons masked)',
    now: 'Now: ',
    ifNothing: 'if nothing comes',
    review: 'after approval',
    several: 'Several invoices have this number:',
  },
} as const;
