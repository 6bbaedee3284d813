import { readInsolvency } from '../../db/declaration-reads.ts';
import type { DeclarationRead } from '../../db/declaration-reads.ts';
import type { House } from '../../db/house.ts';
import { toldTo } from '../../db/visible.ts';
import type { Eyes } from '../../db/visible.ts';
import type { Collection } from '../../domain/collection.ts';
import type { Language } from '../../domain/message.ts';
import { dayInWords, moneyInWords } from '../words.ts';
import { markup } from './html.ts';
import type { Html } from './html.ts';

/**
 * The insolvency of the debtor on the page of an invoice that has to be declared in it: by when, and the document to sign.
 *
 * Nothing for what was born after the judgment, and for who is not told of payments. The document states all claims of the
 * creditor, so who sees a part of the files has no link to it.
 */
export async function insolvencyCard(
  eyes: Eyes,
  house: House,
  { invoiceId, creditorId, debtor }: Collection,
  debtorId: string,
  language: Language,
): Promise<Html | false> {
  if (debtor.insolventOn === null || !toldTo(eyes).payments) return false;
  const read = await readInsolvency(eyes, house.db, debtorId);
  const own = (read?.declarations ?? []).filter(
    (one) => one.creditorId === creditorId && one.claims.some((claim) => claim.invoiceId === invoiceId),
  );
  if (!read || own.length === 0) return false;
  const words = texts[language];
  const item = (one: DeclarationRead): Html => {
    const sums = one.totals.map(({ cents, currency }) => moneyInWords(cents, currency, language)).join(' + ');
    const day = one.sentOn === null ? '' : `?sentOn=${one.sentOn}`;
    const link =
      eyes.sees === 'all' &&
      markup` · <a href="/v1/debtors/${debtorId}/insolvency/declarations/${creditorId}${day}">${words.document}</a>`;
    return markup`<li>${standing(one, language)}<br><span class="small">${words.claims(one.claims.length)}, ${sums}${link}</span></li>`;
  };
  return markup`<section class="card"><h2>${words.title}</h2><p>${words.judgment(dayInWords(read.row.judgment_on, language))}</p><ul class="plain">${own.map(item)}</ul></section>`;
}

function standing({ sentOn, dates }: DeclarationRead, language: Language): string {
  const words = texts[language];
  if (sentOn !== null) return words.declared(dayInWords(sentOn, language));
  return dates === null ? words.noDay : words.by(dayInWords(dates.declaration.on, language));
}

const texts = {
  fr: {
    title: 'Procédure collective',
    judgment: (day: string) => `Jugement d’ouverture du ${day} : ce qui était dû avant se déclare.`,
    by: (day: string) => `À déclarer au plus tard le ${day}`,
    noDay:
      'À déclarer ; le dernier jour n’est pas connu tant que la publication au BODACC n’est pas enregistrée',
    declared: (day: string) => `Déclarée le ${day}`,
    claims: (count: number) => `${count} ${count === 1 ? 'créance' : 'créances'}`,
    document: 'la déclaration en PDF',
  },
  en: {
    title: 'Insolvency',
    judgment: (day: string) => `Opening judgment of ${day}: what was owed before it is declared.`,
    by: (day: string) => `To be declared by ${day}`,
    noDay: 'To be declared; the last day is not known before the publication in the BODACC is recorded',
    declared: (day: string) => `Declared on ${day}`,
    claims: (count: number) => `${count} ${count === 1 ? 'claim' : 'claims'}`,
    document: 'the declaration as a PDF (in French)',
  },
} as const;
