/**
 * The fixed words of the layout, in each language: headings, labels and short phrases around the figures.
 *
 * No word here says that anything is late: the same layout carries the courtesy before the due date.
 */
import type { InvoiceLine, Language } from '../../domain/message.ts';
import { oneLine, typographic } from './plain-text.ts';

const french = {
  colon: '\u00a0:',
  greeting: 'Bonjour,',
  formalGreeting: 'Madame, Monsieur,',
  greetingTo: (name: string) => `Bonjour ${name},`,
  letterClosing: 'Veuillez agréer, Madame, Monsieur, l’expression de nos salutations distinguées.',
  toPay: 'À régler',
  formallyAsked: 'Principal réclamé',
  invoicesAsked: (count: number): string => (count === 1 ? 'Facture à régler' : 'Factures à régler'),
  invoicesAnnounced: (count: number): string => (count === 1 ? 'Facture à échéance' : 'Factures à échéance'),
  invoicesClaimed: (count: number): string => (count === 1 ? 'Facture impayée' : 'Factures impayées'),
  otherInvoices: (count: number): string =>
    count === 1
      ? 'Pour information, votre autre facture ouverte'
      : 'Pour information, vos autres factures ouvertes',
  invoice: 'Facture',
  issued: 'Date',
  due: 'Échéance',
  situation: 'Situation',
  amount: 'Montant',
  openAmount: 'Montant dû',
  issuedOn: (day: string) => `du ${day}`,
  order: (number: string) => `commande ${number}`,
  notYetDue: 'à échoir',
  dueToday: 'échoit aujourd’hui',
  dueFor: (days: string) => `échue depuis ${days}`,
  partlyPaid: (amount: string) => `sur ${amount} facturés`,
  contested: (amount: string) => `${amount} contestés, non réclamés`,
  contestedOf: (amount: string) => `dont ${amount} contestés`,
  totalAsked: 'Total à régler',
  totalClaimed: 'Total en principal',
  claimTitle: (day: string) => `Décompte arrêté au ${day}`,
  claimedOn: (day: string) => `Somme réclamée au ${day}`,
  principal: 'Principal',
  interest: 'Intérêts de retard',
  interestRan: 'Intérêts courus',
  interestPaid: 'Intérêts déjà réglés',
  interestWaived: 'Intérêts abandonnés',
  lumpSums: (count: number, each: string): string =>
    count === 1
      ? 'Indemnité forfaitaire pour frais de recouvrement'
      : `Indemnités forfaitaires pour frais de recouvrement (${count} × ${each})`,
  period: 'Période',
  days: 'Jours',
  base: 'Assiette',
  rate: 'Taux annuel',
  fromTo: (from: string, to: string): string => (from === to ? from : `${from} au ${to}`),
  perDay: (amount: string) => `Chaque jour de retard supplémentaire ajoute ${amount} d’intérêts.`,
  totalDue: 'Total échu à ce jour',
  totalOpen: 'Total de vos factures ouvertes',
  credits: 'Avoirs et règlements à imputer',
  balance: 'Solde de votre compte',
  creditsNote: (amount: string) =>
    `Vous disposez de ${amount} d’avoirs ou de règlements non encore imputés : dites-nous sur quelles factures les imputer, leur montant viendra en déduction.`,
  payTitle: 'Comment régler',
  paySepa:
    'Par virement, en indiquant la référence ci-dessous : elle nous permet d’affecter aussitôt votre règlement.',
  paySwift:
    'Par virement international (SWIFT), en indiquant la référence ci-dessous et en prenant les frais à votre charge (option « OUR »), afin que le montant nous parvienne en entier.',
  beneficiary: 'Bénéficiaire',
  reference: 'Référence',
  qrCaption: (amount: string) =>
    `Scannez ce code avec l’application de votre banque : le virement de ${amount} y est déjà rempli.`,
  qrShort: 'À scanner avec l’application de votre banque',
  qrAlt: (amount: string) => `Code QR de virement SEPA, ${amount}`,
  attached: (count: number): string => (count === 1 ? 'Pièce jointe' : 'Pièces jointes'),
  siren: 'SIREN',
  vat: 'TVA',
  attention: (name: string) => `À l’attention de ${name}`,
  subject: 'Objet',
  ourReference: 'Nos références',
  debtor: 'Débiteur',
  placeAndDay: (place: string, day: string) => (place ? `${place}, le ${day}` : `Le ${day}`),
  page: (page: number, pages: number) => `Page ${page} sur ${pages}`,
  registered: 'Lettre recommandée avec avis de réception',
  phone: 'Tél.',
  and: 'et',
};

const english: typeof french = {
  colon: ':',
  greeting: 'Dear Sir or Madam,',
  formalGreeting: 'Dear Sir or Madam,',
  greetingTo: (name) => `Dear ${name},`,
  letterClosing: 'Yours faithfully,',
  toPay: 'Amount to pay',
  formallyAsked: 'Principal claimed',
  invoicesAsked: (count) => (count === 1 ? 'Invoice to pay' : 'Invoices to pay'),
  invoicesAnnounced: (count) => (count === 1 ? 'Invoice falling due' : 'Invoices falling due'),
  invoicesClaimed: (count) => (count === 1 ? 'Unpaid invoice' : 'Unpaid invoices'),
  otherInvoices: (count) =>
    count === 1 ? 'For information, your other open invoice' : 'For information, your other open invoices',
  invoice: 'Invoice',
  issued: 'Date',
  due: 'Due date',
  situation: 'Status',
  amount: 'Amount',
  openAmount: 'Amount due',
  issuedOn: (day) => `of ${day}`,
  order: (number) => `order ${number}`,
  notYetDue: 'not yet due',
  dueToday: 'due today',
  dueFor: (days) => `${days} past due`,
  partlyPaid: (amount) => `of ${amount} invoiced`,
  contested: (amount) => `${amount} disputed, not asked for`,
  contestedOf: (amount) => `of which ${amount} disputed`,
  totalAsked: 'Total to pay',
  totalClaimed: 'Total principal',
  claimTitle: (day) => `Statement of the claim as of ${day}`,
  claimedOn: (day) => `Amount claimed as of ${day}`,
  principal: 'Principal',
  interest: 'Late-payment interest',
  interestRan: 'Interest that has run',
  interestPaid: 'Interest paid already',
  interestWaived: 'Interest waived',
  lumpSums: (count, each) =>
    count === 1
      ? 'Fixed indemnity for recovery costs'
      : `Fixed indemnities for recovery costs (${count} × ${each})`,
  period: 'Period',
  days: 'Days',
  base: 'Base',
  rate: 'Rate per year',
  fromTo: (from, to) => (from === to ? from : `${from} to ${to}`),
  perDay: (amount) => `Each further day of delay adds ${amount} of interest.`,
  totalDue: 'Total due to date',
  totalOpen: 'Total of your open invoices',
  credits: 'Credits and payments to allocate',
  balance: 'Balance of your account',
  creditsNote: (amount) =>
    `You have ${amount} of credits or payments that are not allocated yet: tell us which invoices they are for, and they will be deducted.`,
  payTitle: 'How to pay',
  paySepa: 'By bank transfer, quoting the reference below, which lets us match your payment at once.',
  paySwift:
    'By international transfer (SWIFT), quoting the reference below and with all charges borne by you (option “OUR”), so that the full amount reaches us.',
  beneficiary: 'Beneficiary',
  reference: 'Reference',
  qrCaption: (amount) =>
    `Scan this code with your banking app: the transfer of ${amount} is already filled in.`,
  qrShort: 'Scan it with your banking app',
  qrAlt: (amount) => `QR code for a SEPA transfer of ${amount}`,
  attached: (count) => (count === 1 ? 'Attachment' : 'Attachments'),
  siren: 'Company number (SIREN)',
  vat: 'VAT',
  attention: (name) => `For the attention of ${name}`,
  subject: 'Subject',
  ourReference: 'Our reference',
  debtor: 'Debtor',
  placeAndDay: (place, day) => (place ? `${place}, ${day}` : day),
  page: (page, pages) => `Page ${page} of ${pages}`,
  registered: 'Registered letter with acknowledgement of receipt',
  phone: 'Tel.',
  and: 'and',
};

export type Vocabulary = typeof french;

export const vocabulary: Readonly<Record<Language, Vocabulary>> = {
  fr: withTypography(french, 'fr'),
  en: withTypography(english, 'en'),
};

/** Words above are typed with plain spaces; the ones that keep punctuation on its line are set here, once. */
function withTypography(words: Vocabulary, language: Language): Vocabulary {
  const set = (word: unknown): unknown => {
    if (typeof word === 'string') return typographic(word, language);
    return (...values: unknown[]) =>
      typographic((word as (...values: unknown[]) => string)(...values), language);
  };
  return Object.fromEntries(Object.entries(words).map(([key, word]) => [key, set(word)])) as Vocabulary;
}

/** Small numbers in words, as inside a sentence: `deux`, `seize`, `17`. Feminine where French has one. */
export function countInWords(count: number, language: Language): string {
  return smallNumbers[language][count - 1] ?? String(count);
}

const smallNumbers: Readonly<Record<Language, readonly string[]>> = {
  fr: 'une deux trois quatre cinq six sept huit neuf dix onze douze treize quatorze quinze seize'.split(' '),
  en: 'one two three four five six seven eight nine ten eleven twelve'.split(' '),
};

/** `1 jour`, `28 jours`; `1 day`, `28 days`. French counts zero as singular, English as plural. */
export function countedDays(days: number, language: Language): string {
  const one = language === 'fr' ? days < 2 : days === 1;
  const unit = language === 'fr' ? (one ? 'jour' : 'jours') : one ? 'day' : 'days';
  return `${days}\u00a0${unit}`;
}

/** `a, b et c`. */
export function listInWords(items: readonly string[], language: Language): string {
  const [last, ...before] = [...items].reverse();
  if (last === undefined || before.length === 0) return last ?? '';
  return `${before.reverse().join(', ')} ${vocabulary[language].and} ${last}`;
}

/** The number of an invoice, with the rank of its due date when it has several. */
export function invoiceLabel(line: Pick<InvoiceLine, 'number' | 'term'>, language: Language): string {
  const number = oneLine(line.number);
  if (line.term <= 1) return number;
  return language === 'fr' ? `${number} (échéance ${line.term})` : `${number} (instalment ${line.term})`;
}
