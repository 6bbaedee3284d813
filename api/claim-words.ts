import type { InterestLine } from '../domain/law/interest-run.ts';
import type { Penalties, PenaltyNotice } from '../domain/law/penalties.ts';
import type { PenaltyRate } from '../domain/law/penalty-rate.ts';
import type { Language } from '../domain/message.ts';
import { moneyInWords } from './words.ts';

/**
 * How penalties come about, in the words of people: each line as it would be worked out by hand.
 */
export function computationInWords(
  { baseCents, rate, days, yearDays, cents }: InterestLine,
  currency: string,
  language: Language,
): string {
  const [base, amount] = [baseCents, cents].map((sum) => moneyInWords(sum, currency, language));
  const counted = language === 'fr' ? (days === 1 ? 'jour' : 'jours') : days === 1 ? 'day' : 'days';
  return `${base} × ${percentInWords(rate.hundredths, language)} × ${days} ${counted} / ${yearDays} = ${amount}`;
}

/** `12,15 %`, `12.15%`. */
export function percentInWords(hundredths: number, language: Language): string {
  const digits = (hundredths / 100).toFixed(2);
  return language === 'fr' ? `${digits.replace('.', ',')} %` : `${digits}%`;
}

/** What a rate is, with its parts: `BCE 2,15 % + 10,00 points`. */
export function rateInWords(rate: PenaltyRate, language: Language): string {
  const [first, margin] = rate.of.map(({ hundredths }) => percentInWords(hundredths, language));
  if (rate.kind === 'contract') return language === 'fr' ? 'taux convenu' : 'agreed rate';
  if (rate.kind === 'legal' || rate.kind === 'judgment')
    return language === 'fr' ? 'taux d’intérêt légal' : 'legal interest rate';
  return language === 'fr' ? `BCE ${first} + ${margin}` : `ECB ${first} + ${margin}`;
}

/** What somebody must know of a computation that is right all the same. */
export function noticeInWords(notice: PenaltyNotice, language: Language): string {
  const fr = language === 'fr';
  if (notice.code === 'contract_rate_without_effect')
    return fr
      ? 'La loi fixe le taux : celui qui a été convenu ne compte pas.'
      : 'The law fixes the rate: the one that was agreed does not count.';
  const [rate, floor] = [notice.hundredths, notice.floorHundredths].map((one) =>
    percentInWords(one, language),
  );
  if (notice.code === 'below_floor')
    return fr
      ? `Le taux convenu (${rate}) est inférieur au minimum légal du semestre ${notice.semester} (${floor}) : il est réclamé tel que convenu.`
      : `The agreed rate (${rate}) is below the legal minimum of ${notice.semester} (${floor}): it is claimed as agreed.`;
  return fr
    ? `Au semestre ${notice.semester}, le taux supplétif (${rate}) est lui-même inférieur à trois fois le taux légal (${floor}) : il est appliqué, sans décision de justice connue.`
    : `In ${notice.semester} the default rate (${rate}) is itself below three times the legal rate (${floor}): it is applied, no ruling being known.`;
}

/** What whoever looks at sums, or says yes to a formal act, must know of the values of the law that they rest on. */
export function unvalidatedInWords(language: Language): string {
  return language === 'fr'
    ? 'Aucun juriste n’a validé les valeurs légales dont ces sommes découlent : un administrateur les confirme parmi les valeurs légales.'
    : 'No lawyer has validated the values of the law that these sums rest on: an administrator confirms them among the values of the law.';
}

/** Why no interest runs, or why it no longer does; nothing while it runs. */
export function interestInWords(because: Penalties['interest'], language: Language): string {
  return interest[because][language];
}

/** Why no fixed indemnity is owed; nothing when it is. */
export function lumpSumInWords(because: Penalties['lumpSum']['reason'], language: Language): string {
  return lumpSum[because][language];
}

type InWords = Readonly<Record<Language, string>>;

const interest: Readonly<Record<Penalties['interest'], InWords>> = {
  runs: { fr: '', en: '' },
  not_late: { fr: 'Aucun jour de retard ne porte intérêt.', en: 'No day of delay bears interest.' },
  no_rule: {
    fr: 'Aucune règle de retard de paiement connue ne s’applique : seul le prix est réclamé.',
    en: 'No rule of late payment that is known applies: only the price is claimed.',
  },
  no_notice: {
    fr: 'Un consommateur ne doit d’intérêts qu’après réception de la mise en demeure.',
    en: 'A consumer owes interest only once he has received the formal notice.',
  },
  insolvency: {
    fr: 'Le jugement d’ouverture a arrêté le cours des intérêts.',
    en: 'The opening judgment has stopped interest.',
  },
  closed: { fr: 'Le dossier est clos : rien ne court plus.', en: 'The file is over: nothing runs any more.' },
};

const lumpSum: Readonly<Record<Penalties['lumpSum']['reason'], InWords>> = {
  owed: { fr: '', en: '' },
  not_late: { fr: 'non due : pas de retard', en: 'not owed: not late' },
  consumer: { fr: 'non due par un consommateur', en: 'not owed by a consumer' },
  no_rule: { fr: 'non due', en: 'not owed' },
  insolvency: {
    fr: 'non due : le paiement était interdit à l’échéance',
    en: 'not owed: payment was forbidden when it fell due',
  },
  waived: { fr: 'abandonnée', en: 'waived' },
  closed: { fr: 'non réclamée : dossier clos', en: 'not claimed: the file is over' },
};
