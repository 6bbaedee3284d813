import type { Language } from '../message.ts';
import type { LimitationEvent } from './limitation-term.ts';

type InWords = Readonly<Record<Language, string>>;

const ways: Readonly<Record<string, InWords>> = {
  partial_payment: { fr: 'paiement partiel', en: 'partial payment' },
  written_promise: { fr: 'promesse écrite de payer', en: 'written promise to pay' },
  request_for_time: { fr: 'demande de délai', en: 'request for time' },
  statement: { fr: 'reconnaissance de dette', en: 'acknowledgement of the debt' },
  court_claim: { fr: 'demande en justice', en: 'claim in court' },
  declaration: { fr: 'déclaration de créance', en: 'declaration of the claim' },
  enforcement: { fr: 'mesure conservatoire ou d’exécution', en: 'protective measure or enforcement' },
  written_demand: { fr: 'demande écrite de paiement', en: 'written demand for payment' },
  mediation: { fr: 'médiation', en: 'mediation' },
  conciliation: { fr: 'conciliation', en: 'conciliation' },
  small_claims_agreement: {
    fr: 'accord dans la procédure simplifiée de recouvrement',
    en: 'agreement in the small-claims procedure',
  },
};

/** What moved, or did not move, the end of a limitation, as people say it. */
export function eventInWords(event: LimitationEvent, language: Language): string {
  const way = 'by' in event ? event.by : event.kind;
  return ways[way]?.[language] ?? way;
}
