/**
 * Words in cells that stand for one of our codes: yes and no, kinds of debtor, payment methods, languages, documents.
 *
 * A word that is not known is `undefined`, never the nearest code; what that means for the row is decided in
 * `read-row.ts`.
 */
export type DebtorKind = 'company' | 'public' | 'consumer' | 'internal';
export const paymentMethods = [
  'direct_debit',
  'bill_of_exchange',
  'transfer',
  'cheque',
  'card',
  'other',
] as const;
export type PaymentMethod = (typeof paymentMethods)[number];
export type DocumentKind = 'invoice' | 'credit_note' | 'payment';
/** What the cells of a column about payments are: sums of money, or whether the invoice is settled. */
export type PaidMeaning = 'amounts' | 'yes-no';

export function yesOrNo(value: string): boolean | undefined {
  return lookUp(answers, value);
}

export function debtorKindOf(value: string): DebtorKind | undefined {
  return lookUp(kinds, value);
}

/**
 * The payment method that a cell names, alone or with its delay: `LCR 30j fin de mois`, `PRLV SEPA`.
 *
 * Undefined when it names two, or takes one back (`rejet prélèvement`): whether an invoice is chased hangs on it.
 */
export function paymentMethodOf(value: string): PaymentMethod | undefined {
  const known = lookUp(methods, value);
  if (known !== undefined) return known;
  const words = plain(value).replace(/(\p{L})(?=\d)/gu, '$1 ');
  if (/\b(non|not|no|hors|sans|sauf|ou|or|rejete?\w*|impaye\w*|refuse\w*|returned|failed)\b/.test(words))
    return undefined;
  const named = methodWords.flatMap(([method, pattern]) => (pattern.test(words) ? [method] : []));
  return named.length === 1 ? named[0] : undefined;
}

/** One way of writing for words that differ only in case, accents, punctuation and small words. */
export function sameWord(value: string): string {
  return folded(value);
}

/** Whether an invoice is settled, in a column called `Payée`, `Réglé (O/N)` or `Soldé`. */
export function isSettledWord(value: string): boolean | undefined {
  return yesOrNo(value) ?? lookUp(settledWords, value);
}

/** ISO 639-1, from a code, a locale (`fr-FR`) or the name of a language in French, English or itself. */
export function languageOf(value: string): string | undefined {
  return lookUp(languages, value) ?? lookUp(languages, value.split(/[-_]/)[0] ?? '');
}

export function documentKindOf(value: string): DocumentKind | undefined {
  return lookUp(documents, value);
}

function lookUp<Code>(words: ReadonlyMap<string, Code>, value: string): Code | undefined {
  return words.get(folded(value));
}

function folded(value: string): string {
  return plain(value)
    .split(' ')
    .filter((word) => word !== '' && !['de', 'd', 'a', 'par', 'by', 'le', 'la'].includes(word))
    .join('');
}

/** In small letters without accents, one space between the words. */
function plain(value: string): string {
  return value
    .normalize('NFKD')
    .replace(/\p{M}/gu, '')
    .toLowerCase()
    .split(/[^\p{L}\p{N}]+/u)
    .join(' ')
    .trim();
}

/** Each code with the words that mean it, separated by commas; a word may hold spaces. */
function wordsFor<Code>(lists: readonly (readonly [Code, string])[]): ReadonlyMap<string, Code> {
  return new Map(
    lists.flatMap(([code, words]) => words.split(',').map((word) => [folded(word), code] as const)),
  );
}

const answers = wordsFor([
  [true, 'oui,o,yes,y,true,t,vrai,v,1,x,ok'],
  [false, 'non,n,no,false,f,faux,0,aucun,aucune,none,néant,neant,ko'],
]);

const settledWords = wordsFor([
  [
    true,
    'payé,payée,réglé,réglée,soldé,soldée,encaissé,encaissée,acquitté,acquittée,paid,settled,paid in full',
  ],
  [
    false,
    'impayé,impayée,non payé,non payée,non réglé,non réglée,non soldé,non soldée,à payer,à régler,unpaid,not paid,open,not settled',
  ],
]);

const kinds = wordsFor<DebtorKind>([
  [
    'company',
    'entreprise,société,professionnel,pro,privé,personne morale,company,business,corporate,b2b,company b2b',
  ],
  [
    'public',
    'public,secteur public,administration,collectivité,collectivité publique,organisme public,public sector,public body,government,b2g',
  ],
  [
    'consumer',
    'particulier,particuliers,part,partic,consommateur,personne physique,individual,consumer,person,private person,b2c',
  ],
  ['internal', 'interne,intragroupe,intra-groupe,groupe,filiale,internal,intercompany,intragroup,group'],
]);

const methods = wordsFor<PaymentMethod>([
  [
    'direct_debit',
    'prélèvement,prélèvement automatique,prélèvement sepa,prelv,prlv,prel,sdd,sepa dd,direct debit,sepa direct debit,direct_debit,sepa_direct_debit',
  ],
  [
    'bill_of_exchange',
    'traite,traite acceptée,lcr,lcr acceptée,lcr magnétique,lcr directe,effet,effet de commerce,lettre de change,lettre de change relevé,bor,billet à ordre,bill of exchange,bill_of_exchange,draft,promissory note',
  ],
  [
    'transfer',
    'virement,virement bancaire,virement sepa,vir,vrt,vir sepa,transfer,bank transfer,wire,wire transfer,credit transfer,sepa credit transfer,sct,ach',
  ],
  ['cheque', 'chèque,chq,chèque bancaire,cheque,check'],
  ['card', 'carte,carte bancaire,cb,carte bleue,carte de crédit,card,credit card,debit card,bank card'],
  ['other', 'autre,autres,other,espèces,esp,cash,compensation,netting,paypal'],
]);

/** SEPA alone is in no list: transfers are SEPA as well. */
const methodWords: readonly (readonly [PaymentMethod, RegExp])[] = [
  [
    'direct_debit',
    /\b(prelev\w*|prlvt?|prelv|prel|sdd|direct ?debits?|sepa direct|domiciliations?|lastschrift)\b/,
  ],
  [
    'bill_of_exchange',
    /\b(lcr|traites?|effets?|bor|billets? a ordre|lettres? de change|bills? of exchange|promissory notes?)\b/,
  ],
  ['transfer', /\b(virements?|virt?|vrt|transfers?|wire|sct)\b/],
  ['cheque', /\b(cheques?|chqs?|checks?)\b/],
  ['card', /\b(cartes?|cb|cards?|visa|mastercard)\b/],
  ['other', /\b(especes?|cash|compensation|netting|paypal)\b/],
];

const languages = wordsFor<string>([
  ['fr', 'fr,fra,fre,français,french'],
  ['en', 'en,eng,anglais,english'],
  ['de', 'de,deu,ger,allemand,german,deutsch'],
  ['es', 'es,spa,espagnol,spanish,español'],
  ['it', 'it,ita,italien,italian,italiano'],
  ['nl', 'nl,nld,dut,néerlandais,hollandais,dutch,flamand,nederlands'],
  ['pt', 'pt,por,portugais,portuguese,português'],
  ['pl', 'pl,pol,polonais,polish,polski'],
]);

const documents = wordsFor<DocumentKind>([
  [
    'invoice',
    'facture,fac,fact,fa,f,ft,fc,facture client,facture de vente,invoice,inv,sales invoice,customer invoice,380,acompte,facture acompte,deposit,deposit invoice,386',
  ],
  [
    'credit_note',
    "avoir,av,a,avoir client,facture d'avoir,avoir sur facture,note de crédit,credit note,credit memo,cn,cm,creditnote,crn,381,credit",
  ],
  ['payment', 'règlement,reglement,paiement,encaissement,payment,receipt,rg,rgl,pmt,cash receipt'],
]);
