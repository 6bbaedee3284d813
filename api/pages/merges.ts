import type { FastifyInstance } from 'fastify';
import type { House } from '../../db/house.ts';
import { previewMerge } from '../../db/merge-preview.ts';
import type { MergePreview, MergeSide } from '../../db/merge-preview.ts';
import { likelyTwins, listMerges } from '../../db/merge-reads.ts';
import type { LikelyTwins, MergeInList } from '../../db/merge-reads.ts';
import type { Language } from '../../domain/message.ts';
import { conflictInWords } from '../merge-words.ts';
import { uuid } from '../shapes.ts';
import { dayInWords, moneyInWords } from '../words.ts';
import { markup } from './html.ts';
import type { Html } from './html.ts';
import { languageOf, sendPage } from './layout.ts';

const shownMax = 100;

/** Debtors who may be one, what would come together, and the merges that can still be taken back. */
export function mergePages(app: FastifyInstance, house: House): void {
  app.get('/merges', { schema: { hide: true } }, async (request, reply) => {
    const language = languageOf(request.query, request.caller.language);
    const { gone, into } = request.query as { gone?: unknown; into?: unknown };
    const words = texts[language];
    const [goneId, intoId] = [uuid.safeParse(gone).data, uuid.safeParse(into).data];
    const preview =
      goneId !== undefined && intoId !== undefined
        ? await previewMerge(house.db, await house.clock.now(), { goneId, intoId })
        : undefined;
    const [twins, merges] = await Promise.all([
      likelyTwins(house.db, {}, shownMax),
      listMerges(house.db, { standing: true }, shownMax),
    ]);
    const body = markup`<h1>${words.title}</h1>
${preview !== undefined && previewCard(preview, language)}
<section class="card scroll"><h2>${words.twins}</h2>${twins.length === 0 ? markup`<p class="last">${words.noTwins}</p>` : markup`<table><thead><tr><th>${words.by}</th><th>${words.older}</th><th>${words.newer}</th><th></th></tr></thead><tbody>${twins.map((pair) => twinsRow(pair, language))}</tbody></table>`}</section>
<section class="card scroll"><h2>${words.merges}</h2>${merges.length === 0 ? markup`<p class="last">${words.noMerges}</p>` : markup`<table><thead><tr><th>${words.gone}</th><th>${words.into}</th><th>${words.on}</th><th>${words.until}</th></tr></thead><tbody>${merges.map((one) => mergeRow(one, language))}</tbody></table>`}</section>`;
    return sendPage(reply, { title: words.title, language, who: request.caller.name, body });
  });
}

function twinsRow({ one, other, by }: LikelyTwins, language: Language): Html {
  const words = texts[language];
  const link = `/merges?gone=${other.id}&into=${one.id}&lang=${language}`;
  return markup`<tr><td>${words.alike[by]}</td><td>${one.name}</td><td>${other.name}</td><td><a href="${link}">${words.compare}</a></td></tr>`;
}

function mergeRow({ gone, into, mergedAt, undoUntil }: MergeInList, language: Language): Html {
  const day = (at: number): string => dayInWords(new Date(at).toISOString().slice(0, 10), language);
  return markup`<tr><td>${gone.name}</td><td>${into.name}</td><td>${day(mergedAt)}</td><td>${day(undoUntil)}</td></tr>`;
}

function previewCard({ gone, into, conflicts }: MergePreview, language: Language): Html {
  const words = texts[language];
  const rows = words.rows.map(
    ([what, title]) =>
      markup`<tr><td>${title}</td><td class="num">${cell(gone, what, language)}</td><td class="num">${cell(into, what, language)}</td></tr>`,
  );
  return markup`<section class="card scroll"><h2>${words.together}</h2>
<table><thead><tr><th></th><th class="num">${words.goes}${gone.name}</th><th class="num">${words.stays}${into.name}</th></tr></thead><tbody>${rows}</tbody></table>
${conflicts.length > 0 && markup`<ul>${conflicts.map(({ code, prevents }) => markup`<li>${prevents && markup`<span class="badge warn">${words.prevents}</span> `}${conflictInWords(code, language)}</li>`)}</ul>`}
<p class="small">${words.how} <code>relance debtor merge ${gone.id} ${into.id}</code></p></section>`;
}

function cell(side: MergeSide, what: Row, language: Language): string {
  if (what === 'siren') return side.twin.siren ?? '–';
  if (what === 'files') return String(side.twin.files);
  if (what === 'owed')
    return (
      side.open
        .map(({ balanceCents, currency }) => moneyInWords(balanceCents, currency, language))
        .join(' + ') || '–'
    );
  if (what === 'credits')
    return (
      side.credits.map(({ cents, currency }) => moneyInWords(cents, currency, language)).join(' + ') || '–'
    );
  return String(side[what]);
}

type Row =
  | 'siren'
  | 'files'
  | 'owed'
  | 'credits'
  | 'contacts'
  | 'holds'
  | 'promises'
  | 'plans'
  | 'disputes'
  | 'litigation'
  | 'tasks';

interface Words {
  readonly title: string;
  readonly twins: string;
  readonly noTwins: string;
  readonly merges: string;
  readonly noMerges: string;
  readonly by: string;
  readonly older: string;
  readonly newer: string;
  readonly gone: string;
  readonly into: string;
  /** Before a name. */
  readonly goes: string;
  readonly stays: string;
  readonly on: string;
  readonly until: string;
  readonly compare: string;
  readonly together: string;
  readonly prevents: string;
  readonly how: string;
  readonly alike: Readonly<Record<LikelyTwins['by'], string>>;
  readonly rows: readonly (readonly [Row, string])[];
}

const texts: Readonly<Record<Language, Words>> = {
  fr: {
    title: 'Débiteurs en double',
    twins: 'Sans doute la même société',
    noTwins: 'Aucun débiteur ne ressemble à un autre.',
    merges: 'Fusions en vigueur',
    noMerges: 'Aucune fusion.',
    by: 'En commun',
    older: 'Le plus ancien',
    newer: 'Le plus récent',
    gone: 'Disparaît',
    into: 'Reste',
    goes: 'Disparaît : ',
    stays: 'Reste : ',
    on: 'Le',
    until: 'Annulable jusqu’au',
    compare: 'Comparer',
    together: 'Ce qui serait réuni',
    prevents: 'empêche la fusion',
    how: 'Un responsable du crédit les fusionne par',
    alike: { siren: 'SIREN', vat: 'Numéro de TVA', name: 'Nom' },
    rows: [
      ['siren', 'SIREN'],
      ['files', 'Factures'],
      ['owed', 'Dû'],
      ['credits', 'Avoir au compte'],
      ['contacts', 'Interlocuteurs'],
      ['holds', 'Suspensions'],
      ['promises', 'Promesses'],
      ['plans', 'Échéanciers'],
      ['disputes', 'Contestations'],
      ['litigation', 'Dossiers contentieux'],
      ['tasks', 'Tâches'],
    ],
  },
  en: {
    title: 'Debtors who stand here twice',
    twins: 'Probably one company',
    noTwins: 'No debtor looks like another.',
    merges: 'Merges that stand',
    noMerges: 'No merges.',
    by: 'In common',
    older: 'The older one',
    newer: 'The newer one',
    gone: 'Goes',
    into: 'Stays',
    goes: 'Goes: ',
    stays: 'Stays: ',
    on: 'On',
    until: 'Can be taken back until',
    compare: 'Compare',
    together: 'What would come together',
    prevents: 'prevents the merge',
    how: 'A credit manager merges them by',
    alike: { siren: 'SIREN', vat: 'VAT number', name: 'Name' },
    rows: [
      ['siren', 'SIREN'],
      ['files', 'Invoices'],
      ['owed', 'Owed'],
      ['credits', 'To his credit'],
      ['contacts', 'Contacts'],
      ['holds', 'Holds'],
      ['promises', 'Promises'],
      ['plans', 'Instalment plans'],
      ['disputes', 'Disputes'],
      ['litigation', 'Litigation files'],
      ['tasks', 'Tasks'],
    ],
  },
};
