import type { FastifyInstance } from 'fastify';
import type { House } from '../../db/house.ts';
import { listLitigation } from '../../db/litigation-reads.ts';
import { litigationWith } from '../../db/litigation.ts';
import { toldTo } from '../../db/visible.ts';
import type { Eyes } from '../../db/visible.ts';
import { statusInWords } from '../../domain/litigation/status.ts';
import type { Language } from '../../domain/message.ts';
import { litigationOf, litigationsInList } from '../litigation-shapes.ts';
import type { LitigationSaid } from '../litigation-shapes.ts';
import { litigationStateInWords, outcomeInWords, pieceInWords, routeInWords } from '../litigation-words.ts';
import { Problem } from '../problem.ts';
import { uuid } from '../shapes.ts';
import { dayInWords, moneyInWords } from '../words.ts';
import { markup } from './html.ts';
import type { Html } from './html.ts';
import { languageOf, sendPage } from './layout.ts';

/** How many files the page of the list shows. */
const listedMax = 200;

type InList = Awaited<ReturnType<typeof litigationsInList>>[number];

/**
 * Litigation files on pages: the list of those that are seen, and one whole file with what is claimed, the way that is
 * proposed and why, what is missing of its pack, and what its partner has said.
 */
export function litigationPages(app: FastifyInstance, house: House): void {
  app.get('/litigation', { schema: { hide: true } }, async (request, reply) => {
    const language = languageOf(request.query, request.caller.language);
    const words = texts[language];
    const rows = (await listLitigation(request.eyes, house.db, {}, listedMax)).slice(0, listedMax);
    const files = await litigationsInList(house.db, rows);
    const body = markup`<h1>${words.files}</h1><p class="lead">${files.length > 0 ? words.count(files.length) : words.none}</p>
${files.length > 0 && markup`<div class="card scroll"><table><thead><tr>${words.columns.map((title, place) => markup`<th${place === 3 && markup` class="num"`}>${title}</th>`)}</tr></thead><tbody>${files.map((file) => listed(file, language))}</tbody></table></div>`}`;
    return sendPage(reply, { title: words.files, language, who: request.caller.name, body });
  });

  app.get<{ Params: { litigationId: string } }>(
    '/litigation/:litigationId',
    { schema: { hide: true } },
    async (request, reply) => {
      const { litigationId } = request.params;
      const row = uuid.safeParse(litigationId).success
        ? await litigationWith(house.db, litigationId)
        : undefined;
      if (!row) throw Problem.notFound('litigation', litigationId);
      const language = languageOf(request.query, request.caller.language);
      const file = await litigationOf(house.db, row, await house.clock.now(), language);
      const title = `${texts[language].file} ${file.reference}`;
      return sendPage(reply, { title, language, who: request.caller.name, body: page(file, language) });
    },
  );
}

/** The litigation file in which an invoice is, on the invoice's page; nothing for who is not told of litigation. */
export async function litigationCard(
  eyes: Eyes,
  house: House,
  invoiceId: string,
  language: Language,
): Promise<Html | false> {
  if (!toldTo(eyes).litigation) return false;
  const rows = await listLitigation(eyes, house.db, { invoiceId }, 1);
  const [file] = await litigationsInList(house.db, rows);
  if (!file) return false;
  const words = texts[language];
  const about = [
    ...(file.route === null ? [] : [routeInWords(file.route, language)]),
    ...(file.firm === null ? [] : [file.firm.name]),
    ...(file.status === null ? [] : [statusInWords(file.status, language)]),
  ];
  return markup`<section class="card"><h2>${words.file} ${badge(file, language)}</h2>
<p><a href="/litigation/${file.id}?lang=${language}">${file.reference}</a>${about.length > 0 && ` · ${about.join(' · ')}`}<br><span class="small">${words.together(file.invoices, money(file.open, language))}</span></p></section>`;
}

function listed(file: InList, language: Language): Html {
  return markup`<tr><td><a href="/litigation/${file.id}?lang=${language}">${file.reference}</a></td><td>${file.debtor.name}<br><span class="small">${file.creditor.name}</span></td><td>${badge(file, language)}</td><td class="num">${money(file.open, language)}</td><td>${file.firm?.name ?? '–'}<br><span class="small">${file.route === null ? '' : routeInWords(file.route, language)}</span></td><td>${file.status === null ? '–' : statusInWords(file.status, language)}<br><span class="small">${file.statusOn === null ? '' : dayInWords(file.statusOn, language)}</span></td></tr>`;
}

function page(file: LitigationSaid, language: Language): Html {
  const words = texts[language];
  return markup`<h1>${words.file} ${file.reference}</h1>
<p class="lead">${file.debtor.name} · ${words.for} ${file.creditor.name}</p>
<p>${badge(file, language)}${file.firm !== null && ` ${file.firm.name}`} · <a href="/litigation?lang=${language}">${words.all}</a></p>
<section class="card"><dl class="sums">
<div class="main"><dt>${words.claimed}</dt><dd>${file.claimed === null ? '–' : money(file.claimed, language)}</dd></div>
<div><dt>${words.principal}</dt><dd>${money(file.open, language)}</dd></div>
<div><dt>${words.recovered}</dt><dd>${money(file.recovered, language)}</dd></div>
<div><dt>${words.held}</dt><dd>${money(file.held, language)}${file.remitBy !== null && markup`<br><span class="small">${words.remitBy(dayInWords(file.remitBy, language))}</span>`}</dd></div>
<div><dt>${words.costs}</dt><dd>${money(file.costs, language)}</dd></div>
</dl>${file.lawMissing !== null && markup`<p>${file.lawMissing}</p>`}</section>
${ways(file, language)}
${readiness(file, language)}
<section class="card scroll"><h2>${words.invoices}</h2><table><thead><tr>${words.invoiceColumns.map((title, place) => markup`<th${(place === 2 || place === 3) && markup` class="num"`}>${title}</th>`)}</tr></thead><tbody>${file.invoices.map(
    (one) =>
      markup`<tr><td><a href="/i/${encodeURIComponent(one.number)}?id=${one.id}&amp;lang=${language}">${one.number}</a></td><td>${dayInWords(one.dueDate, language)}</td><td class="num">${money(one.balance, language)}</td><td class="num">${one.claimed === null ? '–' : money(one.claimed, language)}</td><td>${one.limitedOn === null ? '–' : dayInWords(one.limitedOn, language)}</td></tr>`,
  )}</tbody></table></section>
${entries(file, language)}`;
}

function ways({ ways: given, state, route, consentOn }: LitigationSaid, language: Language): Html | false {
  const words = texts[language];
  if (state !== 'preparing')
    return (
      route !== null &&
      markup`<section class="card"><h2>${words.way}</h2><p>${routeInWords(route, language)}${consentOn !== null && ` · ${words.agreed(dayInWords(consentOn, language))}`}</p></section>`
    );
  if (given === null) return false;
  const { proposed, others, closed } = given;
  const why = (one: (typeof others)[number]): string => one.reasons.map(({ text }) => text).join(', ');
  const list = (title: string, all: typeof others): Html | false =>
    all.length > 0 &&
    markup`<details><summary>${title}</summary><ul class="plain">${all.map((one) => markup`<li>${one.named} <span class="small">${why(one)}</span></li>`)}</ul></details>`;
  return markup`<section class="card note"><h2>${words.proposed}</h2><p><strong>${proposed.named}</strong><br><span class="small">${why(proposed)}</span></p>
${proposed.needsConsent && markup`<p class="small">${consentOn === null ? words.needsConsent : words.agreed(dayInWords(consentOn, language))}</p>`}
${list(words.others, others)}${list(words.closedWays, closed)}</section>`;
}

function readiness(file: LitigationSaid, language: Language): Html {
  const words = texts[language];
  const link = markup`<a href="/v1/litigation/${file.id}/pack">${words.pack}</a>`;
  const missing = file.missing.map(
    ({ text, number }) => markup`<li>${text}${number !== null && ` · ${number}`}</li>`,
  );
  const pieces = file.pieces.map((one) => {
    const named = pieceInWords(one.piece, language);
    const name =
      one.documentId === null
        ? markup`<span class="small">${words.notNeeded} ${one.notNeededBecause ?? ''}</span>`
        : markup`<a href="/v1/documents/${one.documentId}">${one.name ?? ''}</a>`;
    return markup`<li>${named} · ${name}</li>`;
  });
  return markup`<section class="card"><h2>${words.pieces} <span class="badge ${file.ready ? 'good' : 'warn'}">${file.ready ? words.ready : words.notReady(file.missing.length)}</span></h2>
${missing.length > 0 && markup`<p><strong>${words.missing}</strong></p><ul class="plain">${missing}</ul>`}
${pieces.length > 0 && markup`<p><strong>${words.given}</strong></p><ul class="plain">${pieces}</ul>`}
${file.incompleteBecause !== null && markup`<p class="small">${words.without} ${file.incompleteBecause}</p>`}
<p>${link}</p></section>`;
}

function entries(file: LitigationSaid, language: Language): Html | false {
  const words = texts[language];
  const shown = file.entries.filter(({ kind }) => kind !== 'told');
  return (
    shown.length > 0 &&
    markup`<section class="card scroll"><h2>${words.partner}</h2><table><thead><tr>${words.entryColumns.map((title, place) => markup`<th${place === 2 && markup` class="num"`}>${title}</th>`)}</tr></thead><tbody>${shown.map(
      (one) =>
        markup`<tr><td>${dayInWords(one.on, language)}</td><td>${words.kinds[one.kind]}${one.kind === 'status' && `${language === 'fr' ? '\u00a0: ' : ': '}${statusInWords(one.code ?? '', language)}`}</td><td class="num">${one.amount === null ? '' : money(one.amount, language)}</td><td>${one.remitBy === null ? '' : words.remitBy(dayInWords(one.remitBy, language))}</td></tr>`,
    )}</tbody></table></section>`
  );
}

function badge({ state, outcome }: Pick<InList, 'state' | 'outcome'>, language: Language): Html {
  const tone =
    state === 'preparing' ? 'warn' : state === 'handed' ? 'brand' : outcome === 'recovered' ? 'good' : '';
  const said = outcome === null ? litigationStateInWords(state, language) : outcomeInWords(outcome, language);
  return markup`<span class="badge ${tone}">${said}</span>`;
}

function money(given: { readonly amount: number; readonly currency: string }, language: Language): string {
  return moneyInWords(given.amount, given.currency, language);
}

const texts = {
  fr: {
    files: 'Dossiers contentieux',
    file: 'Dossier contentieux',
    none: 'Aucun dossier.',
    count: (count: number) => `${count} ${count === 1 ? 'dossier' : 'dossiers'}`,
    columns: ['Dossier', 'Débiteur', 'État', 'Principal', 'Partenaire', 'Dernier statut'],
    together: (count: number, sum: string) =>
      `${count} ${count === 1 ? 'facture' : 'factures'}, ${sum} en principal`,
    for: 'pour',
    all: 'tous les dossiers',
    claimed: 'Réclamé à ce jour',
    principal: 'Principal',
    recovered: 'Encaissé par le partenaire',
    held: 'À reverser',
    remitBy: (day: string) => `au plus tard le ${day}`,
    costs: 'Frais',
    way: 'Voie choisie',
    proposed: 'Voie proposée',
    others: 'Autres voies ouvertes',
    closedWays: 'Voies fermées, et pourquoi',
    needsConsent: 'Un tribunal ou un officier intervient : l’accord du créancier est à enregistrer.',
    agreed: (day: string) => `accord du créancier le ${day}`,
    pieces: 'Pièces',
    ready: 'complet',
    notReady: (count: number) => `${count} ${count === 1 ? 'manque' : 'manquent'}`,
    missing: 'Il manque',
    given: 'Versées au dossier',
    notNeeded: 'non nécessaire :',
    without: 'Transmis sans elles :',
    pack: 'Télécharger l’archive des pièces',
    invoices: 'Factures',
    invoiceColumns: ['Facture', 'Échéance', 'Reste dû', 'Réclamé', 'Prescription au plus tôt'],
    partner: 'Ce que dit le partenaire',
    entryColumns: ['Jour', 'Quoi', 'Montant', ''],
    kinds: {
      status: 'statut',
      cost: 'frais',
      recovery: 'encaissement',
      remittance: 'reversement',
      told: 'information',
    },
  },
  en: {
    files: 'Litigation files',
    file: 'Litigation file',
    none: 'No files.',
    count: (count: number) => `${count} ${count === 1 ? 'file' : 'files'}`,
    columns: ['File', 'Debtor', 'State', 'Principal', 'Partner', 'Last status'],
    together: (count: number, sum: string) =>
      `${count} ${count === 1 ? 'invoice' : 'invoices'}, ${sum} of principal`,
    for: 'for',
    all: 'all files',
    claimed: 'Claimed today',
    principal: 'Principal',
    recovered: 'Received by the partner',
    held: 'To be passed on',
    remitBy: (day: string) => `by ${day}`,
    costs: 'Costs',
    way: 'Way chosen',
    proposed: 'Way proposed',
    others: 'Other ways that are open',
    closedWays: 'Closed ways, and why',
    needsConsent: 'A court or its officers act: the word of the creditor is to be recorded.',
    agreed: (day: string) => `agreed by the creditor on ${day}`,
    pieces: 'Pieces',
    ready: 'complete',
    notReady: (count: number) => `${count} missing`,
    missing: 'Missing',
    given: 'In the file',
    notNeeded: 'not needed:',
    without: 'Handed over without them:',
    pack: 'Download the archive of the pieces',
    invoices: 'Invoices',
    invoiceColumns: ['Invoice', 'Due', 'Owed', 'Claimed', 'Limitation at the earliest'],
    partner: 'What the partner says',
    entryColumns: ['Day', 'What', 'Amount', ''],
    kinds: {
      status: 'status',
      cost: 'costs',
      recovery: 'received',
      remittance: 'passed on',
      told: 'told',
    },
  },
} as const;
