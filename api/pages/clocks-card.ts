import type { Collection } from '../../domain/collection.ts';
import { dayAt } from '../../domain/calendar.ts';
import { clockInWords } from '../../domain/law/clock-in-words.ts';
import type { Law } from '../../domain/law/law-value.ts';
import type { LegalDate } from '../../domain/law/legal-date.ts';
import { eventInWords } from '../../domain/law/limitation-in-words.ts';
import { clocksOfFile } from '../../domain/legal-clocks/clocks-of-file.ts';
import type { Language } from '../../domain/message.ts';
import type { Instant } from '../../domain/time.ts';
import { dayInWords } from '../words.ts';
import { markup } from './html.ts';
import type { Html } from './html.ts';

/** The legal dates of an invoice with their computation, the first one first; nothing when it has none, or is over. */
export function clocksCard(law: Law, collection: Collection, now: Instant, language: Language): Html | false {
  if (collection.end !== null || collection.balanceCents <= 0) return false;
  const { dates, limitation } = clocksOfFile(law, collection, now);
  if (dates.length === 0) return false;
  const words = texts[language];
  const today = dayAt(collection.calendar, now);
  const day = (on: string): string => dayInWords(on, language);
  const item = (date: LegalDate): Html => {
    const { interruptedBy } = limitation ?? {};
    const cause =
      date.clock.startsWith('limitation') && interruptedBy
        ? eventInWords(interruptedBy, language)
        : (words.because[date.because] ?? date.because.replaceAll('_', ' '));
    const notes = [
      ...(today > date.on ? [words.passed] : []),
      ...(date.clock === 'limitation_possible' ? [words.sectorUnknown] : []),
    ];
    const source = words.source(date.source);
    return markup`<li><strong>${day(date.on)}</strong> · ${clockInWords(date.clock, language)}${notes.length > 0 && ` (${notes.join(', ')})`}<br><span class="small">${words.term(date.term.count, date.term.unit)} ${words.from} ${day(date.from)}, ${cause}${source !== null && ` · ${source}`}</span></li>`;
  };
  return markup`<section class="card"><h2>${words.title}</h2><ul class="plain">${dates.map(item)}</ul></section>`;
}

/** What our own rules say needs no citation: the scenario stands above by its name, the notice among the letters. */
function cited(source: string, policy: string): string | null {
  if (source.startsWith('scenario ') || source === 'formal notice') return null;
  return source.startsWith('policy ') ? `${policy} ${source.slice('policy '.length)}` : source;
}

const units = {
  fr: { days: ['jour', 'jours'], months: ['mois', 'mois'], years: ['an', 'ans'] },
  en: { days: ['day', 'days'], months: ['month', 'months'], years: ['year', 'years'] },
} as const;

const texts = {
  fr: {
    title: 'Délais légaux',
    from: 'à compter du',
    passed: 'passé',
    sectorUnknown: 'délai du transport, s’il s’applique : dites dans les réglages du créancier ce qu’il vend',
    source: (source: string) => cited(source, 'police d’assurance-crédit'),
    term: (count: number, unit: keyof typeof units.fr) => `${count} ${units.fr[unit][count === 1 ? 0 : 1]}`,
    because: {
      collection_began: 'début de la phase amiable',
      letter_presented: 'première présentation du recommandé',
      performed: 'exécution de la prestation',
      invoiced: 'date de la facture',
      fell_due: 'échéance',
      insolvency_opened: 'jugement d’ouverture',
      interrupted: 'interruption',
      declared_to_insurer: 'demande à l’assureur-crédit',
    } as Readonly<Record<string, string>>,
  },
  en: {
    title: 'Legal dates',
    from: 'from',
    passed: 'passed',
    sectorUnknown: 'the term of transport, if it applies: say in the settings of the creditor what he sells',
    source: (source: string) => cited(source, 'credit insurance policy'),
    term: (count: number, unit: keyof typeof units.en) => `${count} ${units.en[unit][count === 1 ? 0 : 1]}`,
    because: {
      collection_began: 'beginning of the amicable phase',
      letter_presented: 'first presentation of the registered letter',
      performed: 'day of performance',
      invoiced: 'day of the invoice',
      fell_due: 'due date',
      insolvency_opened: 'opening judgment',
      declared_to_insurer: 'word to the insurer',
    } as Readonly<Record<string, string>>,
  },
} as const;
