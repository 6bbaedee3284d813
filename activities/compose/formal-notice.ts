/**
 * What a formal notice must say whatever words a person chose: the demand, its deadline, the rights that run, what follows.
 *
 * The law asks for a sufficient demand (art. 1344 C. civ.) and has no list; ours follows practice. These sentences are
 * layout, not template, so that no edit can lose one. Amounts that the law adds are named beside the principal, never
 * inside it, and nothing looks like an act of a court.
 */
import type { InvoiceLine, Language, MessageFigures } from '../../domain/message.ts';
import { claimedInWords } from './claim-view.ts';
import { dayInWords, daysAfter } from './day-in-words.ts';
import { moneyInWords } from './money-in-words.ts';
import { typographic } from './plain-text.ts';
import { askedInWords } from './template-scope.ts';
import type { Regime } from '../../domain/law/regime.ts';

const noticeDaysUsual = 8;

export interface FormalNotice {
  readonly heading: string;
  /** The demand itself, with its deadline. */
  readonly demand: string;
  /** What runs as of right beside the principal. */
  readonly rights: readonly string[];
  readonly consequences: string;
}

/** The sentences of the formal notice for these figures. Throws when the level is another. */
export function formalNoticeOf(figures: MessageFigures): FormalNotice {
  if (figures.level !== 'formal_notice')
    throw new Error(`A message of level ${figures.level} is no formal notice.`);
  const { language } = figures;
  const { heading, demand, rights, consequences } =
    language === 'fr' ? inFrench(figures) : inEnglish(figures);
  return {
    heading,
    demand: typographic(demand, language),
    rights: rights.map((right) => typographic(right, language)),
    consequences: typographic(consequences, language),
  };
}

function inFrench(figures: MessageFigures): FormalNotice {
  const taken = takenLines(figures);
  const law = lawOf(figures);
  const beside = besideIn(taken);
  const contested = contestedInWords(taken, 'fr');
  const indemnity = indemnityInWords(figures);
  const rights: string[] = [];
  if (law === 'commercial') {
    rights.push(
      'Conformément à l’article L. 441-10 du Code de commerce, des pénalités de retard sont exigibles de plein droit, sans qu’un rappel soit nécessaire, à compter du jour suivant la date de règlement figurant sur chaque facture, et jusqu’à complet paiement. ' +
        (beside.interest ? inCount.fr : 'Elles vous seront décomptées séparément.'),
      'Tout professionnel en situation de retard de paiement est en outre débiteur de plein droit d’une indemnité forfaitaire pour frais de recouvrement' +
        `${indemnity} par facture (articles L. 441-10 et D. 441-5 du Code de commerce). ` +
        (beside.lumpSum ? inSum.fr : 'Elle s’ajoute au principal réclamé ci-dessus.'),
    );
  } else if (law === 'public') {
    rights.push(
      'Conformément à l’article L. 2192-13 du Code de la commande publique, le dépassement du délai de paiement fait courir de plein droit, et sans autre formalité, des intérêts moratoires jusqu’à la date de mise en paiement du principal, incluse. ' +
        (beside.interest ? inCount.frMasculine : 'Ils seront décomptés séparément.'),
      'Il ouvre en outre droit, pour chaque facture, à une indemnité forfaitaire pour frais de recouvrement' +
        `${indemnity} (articles L. 2192-13 et D. 2192-35 du même code). ` +
        (beside.lumpSum ? inSum.fr : 'Elle s’ajoute au principal réclamé ci-dessus.'),
    );
  } else if (law === 'civil') {
    rights.push(
      'La présente lettre vaut mise en demeure au sens des articles 1344 et 1231-6 du Code civil : à compter de celle-ci, la somme due porte intérêt au taux légal.',
    );
  } else if (law === 'foreign') {
    rights.push(
      beside.interest || beside.lumpSum
        ? 'Les intérêts de retard et les frais prévus par la loi applicable et par nos conditions continuent de courir jusqu’à complet paiement ; ceux qui sont dus à ce jour figurent au décompte ci-dessus.'
        : 'Les intérêts de retard et les frais prévus par la loi applicable et par nos conditions s’ajoutent au principal réclamé ci-dessus ; ils vous seront décomptés séparément.',
    );
  }
  const consequences =
    law === 'public'
      ? 'À défaut de paiement dans ce délai, nous nous réservons de demander le mandatement d’office de la somme lorsque cette procédure est ouverte, ou de saisir le juge administratif d’une demande de provision (article R. 541-1 du Code de justice administrative).'
      : 'À défaut de règlement ou de réponse motivée dans ce délai, nous transmettrons le dossier au contentieux et nous nous réservons le droit d’engager, sans autre avis, toute action en justice utile au recouvrement de notre créance.';
  return {
    heading: 'MISE EN DEMEURE',
    demand: `En conséquence, nous vous mettons en demeure de nous régler la somme de ${claimedInWords(figures) ?? `${askedInWords(taken, 'fr')}${contested === null ? '' : ','}`}${contested === null ? '' : ' partie non contestée de notre créance,'} ${deadline(figures)}`,
    rights: [
      ...(contested === null
        ? []
        : [
            `La présente mise en demeure ne porte pas sur la partie que vous contestez (${contested}), qui est examinée séparément.`,
          ]),
      ...rights,
    ],
    consequences,
  };
}

function inEnglish(figures: MessageFigures): FormalNotice {
  const taken = takenLines(figures);
  const contested = contestedInWords(taken, 'en');
  const indemnity = indemnityInWords(figures);
  const law = lawOf(figures);
  const beside = besideIn(taken);
  const rights: string[] = [];
  if (law === 'commercial') {
    rights.push(
      'Under article L. 441-10 of the French Commercial Code, late-payment penalties are due as of right, without any reminder, from the day after the payment date stated on each invoice until payment in full. ' +
        (beside.interest ? inCount.en : 'They will be charged separately.'),
      'A professional who pays late also owes, as of right, a fixed indemnity for recovery costs' +
        `${indemnity} per invoice (articles L. 441-10 and D. 441-5 of the French Commercial Code). ` +
        (beside.lumpSum ? inSum.en : 'It comes in addition to the principal claimed above.'),
    );
  } else if (law === 'public') {
    rights.push(
      'Under article L. 2192-13 of the French Public Procurement Code, once the payment period has ended, interest runs as of right and without further formality until the principal is put into payment. ' +
        (beside.interest ? inCount.enSingular : 'It will be charged separately.'),
      'Each invoice also gives rise to a fixed indemnity for recovery costs' +
        `${indemnity} (articles L. 2192-13 and D. 2192-35 of the same code). ` +
        (beside.lumpSum ? inSum.en : 'It comes in addition to the principal claimed above.'),
    );
  } else if (law === 'civil') {
    rights.push(
      'This letter is a formal notice under articles 1344 and 1231-6 of the French Civil Code: from its date on, the sum due bears interest at the legal rate.',
    );
  } else if (law === 'foreign') {
    rights.push(
      beside.interest || beside.lumpSum
        ? 'Late-payment interest and the recovery costs provided for by the applicable law and by our terms go on running until payment in full; those due today are in the statement above.'
        : 'Late-payment interest and the recovery costs provided for by the applicable law and by our terms come in addition to the principal claimed above; they will be charged separately.',
    );
  }
  return {
    heading: 'FORMAL NOTICE TO PAY',
    demand: `We therefore give you formal notice to pay us the sum of ${claimedInWords(figures) ?? `${askedInWords(taken, 'en')}${contested === null ? '' : ','}`}${contested === null ? '' : ' the undisputed part of our claim,'} ${deadline(figures)}`,
    rights: [
      ...(contested === null
        ? []
        : [
            `This formal notice does not cover the part that you dispute (${contested}), which is being examined separately.`,
          ]),
      ...rights,
    ],
    consequences:
      'Failing payment or a reasoned reply within this period, we will hand this file over for litigation and reserve the right to take, without further notice, any legal action needed to recover our claim.',
  };
}

/**
 * Until when the debtor may pay. A posted notice counts from its first presentation, which nobody knows when it is
 * written: the planned day holds unless the letter comes later than planned, and the letter says so.
 */
function deadline(figures: MessageFigures): string {
  const { language, answerBy, channel } = figures;
  const days = figures.noticeDays ?? noticeDaysUsual;
  const posted = channel === 'letter' || channel === 'registered_letter';
  const span = daysSpelled(days, language);
  if (!answerBy) {
    if (language === 'fr')
      return posted
        ? `dans un délai de ${span} à compter de la première présentation de cette lettre.`
        : `dans un délai de ${span} à compter de ce jour.`;
    return posted ? `within ${span} of the first presentation of this letter.` : `within ${span} of today.`;
  }
  const day = dayInWords(answerBy, language);
  const planned = dayInWords(daysAfter(answerBy, -days), language);
  if (language === 'fr') {
    const later = posted
      ? ` Si cette lettre vous est présentée après le ${planned}, ce délai est porté à ${span} à compter de sa première présentation.`
      : '';
    return `au plus tard le ${day}.${later}`;
  }
  const later = posted
    ? ` Should this letter be presented to you after ${planned}, the period is extended to ${span} from its first presentation.`
    : '';
  return `by ${day} at the latest.${later}`;
}

type Law = 'commercial' | 'public' | 'civil' | 'foreign' | 'none';

const lawUnder = {
  business: 'commercial',
  public: 'public',
  consumer: 'civil',
  eu: 'foreign',
  none: 'none',
} as const satisfies Record<Regime, Law>;

/**
 * Which law the mentions rest on: that by which the sums above them were worked out.
 *
 * Drafts of before say no regime: there the debtor's country alone tells whether French law may be cited.
 */
function lawOf({ debtor, regime }: MessageFigures): Law {
  if (regime !== undefined) return lawUnder[regime];
  if (debtor.country.toUpperCase() !== 'FR') return 'foreign';
  if (debtor.kind === 'public') return 'public';
  return debtor.kind === 'consumer' ? 'civil' : 'commercial';
}

/** What the statement above holds beside the price. */
function besideIn(lines: readonly InvoiceLine[]): { readonly interest: boolean; readonly lumpSum: boolean } {
  return {
    interest: lines.some(({ claim }) => (claim?.interest?.cents ?? 0) > 0),
    lumpSum: lines.some(({ claim }) => (claim?.lumpSumCents ?? 0) > 0),
  };
}

/** ` de 40 €`, as the law has it on the day; nothing where nobody worked it out: the article says it. */
function indemnityInWords({ language, indemnityCents, lines }: MessageFigures): string {
  const cents = indemnityCents ?? lines.find(({ claim }) => claim?.lumpSumCents)?.claim?.lumpSumCents;
  if (!cents) return '';
  const amount = moneyInWords(cents, 'EUR', language).replace(/[.,]00/, '');
  return language === 'fr' ? ` de ${amount}` : ` of ${amount}`;
}

const inCount = {
  fr: 'Celles qui ont couru à ce jour figurent au décompte ci-dessus.',
  frMasculine: 'Ceux qui ont couru à ce jour figurent au décompte ci-dessus.',
  en: 'Those accrued to date are in the statement above.',
  enSingular: 'What has accrued to date is in the statement above.',
} as const;

const inSum = {
  fr: 'Elle est comprise dans la somme réclamée ci-dessus.',
  en: 'It is part of the sum claimed above.',
} as const;

function takenLines(figures: MessageFigures): InvoiceLine[] {
  return figures.lines.filter((line) => line.stepTaken);
}

/** What the debtor contests of these invoices, and the notice therefore leaves out; null when nothing is. */
function contestedInWords(lines: readonly InvoiceLine[], language: Language): string | null {
  const contested = lines
    .filter((line) => line.contestedCents > 0)
    .map((line) => ({ ...line, askedCents: Math.min(line.contestedCents, line.balanceCents) }));
  return contested.length === 0 ? null : askedInWords(contested, language);
}

function daysSpelled(days: number, language: Language): string {
  const spelled: Readonly<Record<number, string>> =
    language === 'fr' ? { 8: 'huit', 15: 'quinze' } : { 8: 'eight', 15: 'fifteen' };
  return `${spelled[days] ?? days}\u00a0${language === 'fr' ? 'jours' : 'days'}`;
}
