import { lawDay } from '../../db/calendars.ts';
import type { Accessory } from '../../db/accessory-reads.ts';
import { claimOfFile } from '../../db/claim-of-file.ts';
import { lumpSumCurrency } from '../../db/claims.ts';
import type { Claim } from '../../db/claims.ts';
import type { House } from '../../db/house.ts';
import { toldTo } from '../../db/visible.ts';
import type { Eyes } from '../../db/visible.ts';
import { usualAsks } from '../../domain/claim/asked.ts';
import type { Collection } from '../../domain/collection.ts';
import { MissingLawValue, missingIn } from '../../domain/law/law-value.ts';
import type { Level } from '../../domain/level.ts';
import type { Language } from '../../domain/message.ts';
import type { Instant } from '../../domain/time.ts';
import {
  interestInWords,
  lumpSumInWords,
  noticeInWords,
  percentInWords,
  rateInWords,
  unvalidatedInWords,
} from '../claim-words.ts';
import { dayInWords, levelInWords, moneyInWords } from '../words.ts';
import { markup } from './html.ts';
import type { Html } from './html.ts';

/**
 * What late payment of the invoice costs today, each line with its computation; nothing before it is late, and nothing
 * for those who are told of no payments.
 *
 * The sums are those of the letters and of the API. Where a value of the law is missing, the card says which.
 */
export async function claimCard(
  eyes: Eyes,
  house: House,
  collection: Collection,
  now: Instant,
  language: Language,
): Promise<Html | false> {
  const words = texts[language];
  const today = lawDay(now);
  if (!toldTo(eyes).bank || collection.dueDate >= today) return false;
  const found = await claimOfFile(house.db, collection, today, today).catch(missingIn);
  if (found instanceof MissingLawValue)
    return markup`<section class="card note"><h2>${words.title}</h2><p class="last">${words.missing(found.semester ?? dayInWords(found.day, language))}</p></section>`;
  const { claim, accessory } = found;
  return accessory ? accessoryCard(claim, accessory, language) : card(claim, collection, language);
}

/** The price is settled; what was claimed beside it was not. */
function accessoryCard({ penalties, currency }: Claim, accessory: Accessory, language: Language): Html {
  const words = texts[language];
  const settledOn = dayInWords(accessory.settled_on, language);
  return markup`<section class="card"><h2>${words.accessories}</h2><dl class="sums">
<div><dt>${words.interest}</dt><dd>${moneyInWords(accessory.interest_cents, accessory.currency, language)}</dd></div>
<div><dt>${words.lumpSum}</dt><dd>${moneyInWords(accessory.lump_sum_cents, lumpSumCurrency, language)}</dd></div>
</dl>
${penalties.smallDifferenceCents > 0 && markup`<p>${words.small(moneyInWords(penalties.smallDifferenceCents, currency, language))}</p>`}
<p class="small last">${words.settledOn(settledOn)} ${words.became[accessory.state]}</p></section>`;
}

function card(claim: Claim, { scenario }: Collection, language: Language): Html | false {
  const { penalties, currency, until } = claim;
  const words = texts[language];
  const money = (cents: number): string => moneyInWords(cents, currency, language);
  const { interestFrom, lumpSumFrom } = scenario.asks ?? usualAsks;
  const why = interestInWords(penalties.interest, language);
  if (penalties.principalCents === 0 && penalties.totalCents === 0 && penalties.smallDifferenceCents === 0)
    return false;
  return markup`<section class="card"><h2>${words.title}</h2><dl class="sums">
<div><dt>${words.principal}</dt><dd>${money(penalties.principalCents)}</dd></div>
<div><dt>${words.interest}</dt><dd>${money(penalties.interestDueCents)}${penalties.interestPaidCents > 0 && markup`<br><span class="small">${words.paid(money(penalties.interestPaidCents))}</span>`}</dd></div>
<div><dt>${words.lumpSum}</dt><dd>${moneyInWords(penalties.lumpSum.cents, lumpSumCurrency, language)}${penalties.lumpSum.reason !== 'owed' && markup`<br><span class="small">${lumpSumInWords(penalties.lumpSum.reason, language)}</span>`}</dd></div>
<div class="main"><dt>${words.total(dayInWords(until, language))}</dt><dd>${money(claim.totalCents)}</dd></div>
</dl>
${penalties.smallDifferenceCents > 0 && markup`<p>${words.small(money(penalties.smallDifferenceCents))}</p>`}
${why !== '' && markup`<p>${why}</p>`}
${penalties.lines.length > 0 && lines(claim, language)}
${!penalties.lawyerValidated && markup`<p class="note small">${unvalidatedInWords(language)}</p>`}
<p class="small last">${claim.contractHundredths !== null && claim.agreedWith !== null && markup`${words.agreed[claim.agreedWith](percentInWords(claim.contractHundredths, language))}<br>`}${penalties.notices.map((notice) => markup`${noticeInWords(notice, language)}<br>`)}${penalties.perDayCents > 0 && markup`${words.perDay(money(penalties.perDayCents))} `}${words.asked(interestFrom, lumpSumFrom)}</p></section>`;
}

function lines({ penalties, currency }: Claim, language: Language): Html {
  const words = texts[language];
  const money = (cents: number): string => moneyInWords(cents, currency, language);
  return markup`<div class="scroll"><table><thead><tr><th>${words.period}</th><th class="num">${words.days}</th><th class="num">${words.base}</th><th>${words.rate}</th><th class="num">${words.interest}</th></tr></thead><tbody>
${penalties.lines.map((line) => markup`<tr><td>${words.fromTo(dayInWords(line.from, language), dayInWords(line.to, language))}</td><td class="num">${line.days} / ${line.yearDays}</td><td class="num">${money(line.baseCents)}</td><td>${percentInWords(line.rate.hundredths, language)}<br><span class="small">${rateInWords(line.rate, language)}</span></td><td class="num">${money(line.cents)}</td></tr>`)}
</tbody></table></div>`;
}

const from =
  (language: Language, always: (level: string) => string, never: string) =>
  (level: Level | null): string =>
    level === null ? never : always(levelInWords(level, language));

const texts = {
  fr: {
    title: 'Ce que coûte le retard',
    missing: (when: string) =>
      `Il manque une valeur légale pour ${when} : aucun montant n’est deviné. Un administrateur l’ajoute aux valeurs légales.`,
    principal: 'Principal',
    interest: 'Intérêts de retard',
    paid: (amount: string) => `${amount} déjà réglés`,
    lumpSum: 'Indemnité forfaitaire',
    total: (day: string) => `Total au ${day}`,
    small: (amount: string) => `Petit écart de ${amount} : affiché, non relancé.`,
    perDay: (amount: string) => `Chaque jour ajoute ${amount}.`,
    agreed: {
      debtor: (rate: string) => `Taux convenu avec ce débiteur : ${rate}.`,
      all: (rate: string) => `Taux convenu avec tous les clients : ${rate}.`,
    },
    accessories: 'Pénalités réclamées avant le règlement',
    settledOn: (day: string) => `Le principal a été réglé le ${day} ; ces pénalités avaient été réclamées.`,
    became: {
      open: 'Elles restent dues par le débiteur, à son compte.',
      paid: 'Elles sont réglées.',
      waived: 'Elles sont abandonnées.',
      reopened: '',
    },
    period: 'Période',
    days: 'Jours',
    base: 'Assiette',
    rate: 'Taux annuel',
    fromTo: (first: string, last: string) => (first === last ? first : `du ${first} au ${last}`),
    asked: (interest: Level | null, lumpSum: Level | null) =>
      askedFrench(interest) === askedFrench(lumpSum)
        ? `Intérêts et indemnité : ${askedFrench(interest)}.`
        : `Intérêts : ${askedFrench(interest)} ; indemnité : ${askedFrench(lumpSum)}.`,
  },
  en: {
    title: 'What late payment costs',
    missing: (when: string) =>
      `A value of the law is missing for ${when}: no amount is guessed. An administrator adds it to the values of the law.`,
    principal: 'Principal',
    interest: 'Late-payment interest',
    paid: (amount: string) => `${amount} paid already`,
    lumpSum: 'Fixed indemnity',
    total: (day: string) => `Total on ${day}`,
    small: (amount: string) => `Small difference of ${amount}: shown, not chased.`,
    perDay: (amount: string) => `Each day adds ${amount}.`,
    agreed: {
      debtor: (rate: string) => `Rate agreed with this debtor: ${rate}.`,
      all: (rate: string) => `Rate agreed with all customers: ${rate}.`,
    },
    accessories: 'Penalties claimed before the settlement',
    settledOn: (day: string) => `The principal was settled on ${day}; these penalties had been claimed.`,
    became: {
      open: 'They stay owed by the debtor, on his account.',
      paid: 'They are paid.',
      waived: 'They are waived.',
      reopened: '',
    },
    period: 'Period',
    days: 'Days',
    base: 'Base',
    rate: 'Rate per year',
    fromTo: (first: string, last: string) => (first === last ? first : `${first} to ${last}`),
    asked: (interest: Level | null, lumpSum: Level | null) =>
      askedEnglish(interest) === askedEnglish(lumpSum)
        ? `Interest and indemnity: ${askedEnglish(interest)}.`
        : `Interest: ${askedEnglish(interest)}; indemnity: ${askedEnglish(lumpSum)}.`,
  },
} as const;

const askedFrench = from('fr', (level) => `demandés à partir du niveau « ${level} »`, 'jamais demandés');
const askedEnglish = from('en', (level) => `asked for from the level “${level}” on`, 'never asked for');
